"""Reading streams: chunk borders, damaged bytes, columns, progress."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from server.codec import (
    BrokenStreamError,
    Progress,
    decode,
    decode_records,
    encode_pairs,
    encode_records,
    encode_tree,
    number_array,
    read_progress,
)
from tests.strategies import params


def in_chunks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(params(), st.integers(1, 50))
def test_chunk_borders_carry_no_meaning(tree: dict[str, Any], size: int) -> None:
    data = b"".join(encode_tree({"r": tree, "s": {"x": 1}}))
    assert list(decode_records(in_chunks(data, size))) == list(decode_records([data]))


def test_an_empty_body_is_an_empty_result() -> None:
    assert list(decode_records([])) == []


def test_a_stream_cut_inside_a_pair_is_broken() -> None:
    data = b"".join(encode_tree({"r": {"name": "demo"}}))
    with pytest.raises(BrokenStreamError, match="inside a pair"):
        list(decode([data[:-1]]))


@given(st.binary(max_size=60))
def test_any_bytes_give_pairs_or_a_broken_stream(data: bytes) -> None:
    try:
        for path, _ in decode([data]):
            assert isinstance(path, tuple)
    except BrokenStreamError:
        pass


def test_a_column_comes_back_as_an_array() -> None:
    values = np.array([1.5, np.nan, -np.inf])
    tree = {"r": {"traces": [{"values": number_array(values), "iters": number_array([])}]}}
    (_, decoded), *_ = decode_records(encode_tree(tree))
    np.testing.assert_array_equal(decoded["traces"][0]["values"], values)
    assert len(decoded["traces"][0]["iters"]) == 0


def test_steps_of_another_server_may_be_integers() -> None:
    blob = np.array([0, 1, 2], dtype="<i8").tobytes()
    tree = {"type": "numpy", "shape": 3, "dtype": "int64", "blob": blob}
    (_, decoded), *_ = decode_records(encode_tree({"r": {"iters": tree}}))
    assert decoded["iters"].tolist() == [0.0, 1.0, 2.0]


def test_records_and_progress_come_in_order() -> None:
    stream = encode_records([Progress(0, 1), ("a1", {"n": 1}), Progress(1, 1)])
    records = list(decode_records(stream))
    assert [key for key, _ in records] == ["progress_0", "a1", "progress_1"]
    assert [read_progress(key, tree) for key, tree in records] == [
        Progress(0, 1),
        None,
        Progress(1, 1),
    ]


def test_interleaved_records_stay_apart() -> None:
    stream = encode_pairs([("a", {"n": 1}), ("b", {"n": 2}), ("a", {"n": 3})])
    assert list(decode_records(stream)) == [("a", {"n": 1}), ("b", {"n": 2}), ("a", {"n": 3})]


def test_lines_keep_their_steps_as_keys() -> None:
    assert list(decode_records(encode_pairs([(3, "x"), (9, "y")]))) == [(3, "x"), (9, "y")]
