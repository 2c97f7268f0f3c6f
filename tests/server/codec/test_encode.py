"""Bytes on the wire: the published examples, and what the web UI's decoder must never see."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from server.codec import (
    Progress,
    decode,
    decode_records,
    encode_pairs,
    encode_records,
    encode_tree,
    number_array,
)
from tests.strategies import json_leaves, params


def tree_bytes(tree: Any) -> bytes:
    return b"".join(encode_tree(tree))


def from_hex(*lines: str) -> bytes:
    return bytes.fromhex("".join(lines).replace("|", "").replace(" ", ""))


def round_trip(tree: dict[Any, Any]) -> dict[Any, Any]:
    return dict(decode_records(encode_tree(tree)))


def test_a_progress_frame_has_the_published_bytes() -> None:
    expected = from_hex(
        "0b000000 | 70726f67726573735f30 fe | 01000000 | 06",
        "15000000 | 70726f67726573735f30 fe fe0000000000000000 fe | 09000000 | 02 0000000000000000",
        "15000000 | 70726f67726573735f30 fe fe0000000000000001 fe | 09000000 | 02 0200000000000000",
    )
    assert len(expected) == 96
    assert tree_bytes({"progress_0": (0, 2)}) == expected
    assert b"".join(encode_records([Progress(0, 2)])) == expected


def test_a_run_record_has_the_published_bytes() -> None:
    tree = {
        "r1": {
            "props": {
                "name": "demo",
                "active": True,
                "end_time": None,
                "creation_time": 1707723600.5,
            },
            "params": {"lr": 0.01, "bs": 32, "tags": {}, "layers": [64]},
        }
    }
    expected = from_hex(
        "0e000000 | 7231fe 70726f7073fe 6e616d65fe | 05000000 | 04 64656d6f",
        "10000000 | 7231fe 70726f7073fe 616374697665fe | 02000000 | 01 01",
        "12000000 | 7231fe 70726f7073fe 656e645f74696d65fe | 01000000 | 00",
        "17000000 | 7231fe 70726f7073fe 6372656174696f6e5f74696d65fe | 09000000 | 03 000020d47272d941",
        "0d000000 | 7231fe 706172616d73fe 6c72fe | 09000000 | 03 7b14ae47e17a843f",
        "0d000000 | 7231fe 706172616d73fe 6273fe | 09000000 | 02 2000000000000000",
        "0f000000 | 7231fe 706172616d73fe 74616773fe | 01000000 | 07",
        "11000000 | 7231fe 706172616d73fe 6c6179657273fe | 01000000 | 06",
        "1b000000 | 7231fe 706172616d73fe 6c6179657273fe fe0000000000000000fe | 09000000 | 02 4000000000000000",
    )
    assert len(expected) == 274
    assert tree_bytes(tree) == expected


def test_a_column_of_numbers_has_the_published_bytes() -> None:
    tree = {"r1": {"traces": [{"name": "loss", "values": number_array([1.0, 0.5, 0.25])}]}}
    first = "7231fe 747261636573fe fe0000000000000000fe"
    expected = from_hex(
        "0a000000 | 7231fe 747261636573fe | 01000000 | 06",
        f"19000000 | {first} 6e616d65fe | 05000000 | 04 6c6f7373",
        f"20000000 | {first} 76616c756573fe 74797065fe | 06000000 | 04 6e756d7079",
        f"21000000 | {first} 76616c756573fe 7368617065fe | 09000000 | 02 0300000000000000",
        f"21000000 | {first} 76616c756573fe 6474797065fe | 08000000 | 04 666c6f61743634",
        f"20000000 | {first} 76616c756573fe 626c6f62fe | 19000000 | 05 000000000000f03f 000000000000e03f 000000000000d03f",
    )
    assert len(expected) == 267
    assert tree_bytes(tree) == expected


def test_log_lines_have_the_published_bytes() -> None:
    expected = from_hex(
        "0a000000 | fe0000000000000000fe | 08000000 | 04 65706f63682031",
        "0a000000 | fe0000000000000001fe | 08000000 | 04 65706f63682032",
    )
    assert len(expected) == 52
    assert b"".join(encode_pairs([(0, "epoch 1"), (1, "epoch 2")])) == expected


def test_log_records_have_the_published_bytes() -> None:
    record = {
        "message": "hi",
        "log_level": "INFO",
        "timestamp": 1707723600.0,
        "args": None,
        "logger_info": ["f.py", 3],
        "is_notified": True,
    }
    zero = "fe0000000000000000fe"
    expected = from_hex(
        "12000000 | 6c6f675f7265636f7264735f636f756e74fe | 09000000 | 02 0200000000000000",
        f"12000000 | {zero} 6d657373616765fe | 03000000 | 04 6869",
        f"14000000 | {zero} 6c6f675f6c6576656cfe | 05000000 | 04 494e464f",
        f"14000000 | {zero} 74696d657374616d70fe | 09000000 | 03 000000d47272d941",
        f"0f000000 | {zero} 61726773fe | 01000000 | 00",
        f"16000000 | {zero} 6c6f676765725f696e666ffe | 01000000 | 06",
    )
    written = b"".join(encode_pairs([("log_records_count", 2), (0, record)]))
    assert written.startswith(expected)
    assert list(decode([written]))[-1] == ((0, "is_notified"), True)


def test_a_blob_has_the_published_bytes() -> None:
    written = b"".join(encode_pairs([("s3://b/k", bytes.fromhex("89504e47"))]))
    assert written == from_hex("09000000 | 73333a2f2f622f6b fe | 05000000 | 05 89504e47")
    assert len(written) == 22


def test_empty_and_nested_containers_survive() -> None:
    tree = {"r": {"a": {}, "b": [], "c": [[1, []], {}], "d": {"e": {"f": ()}}}}
    assert round_trip(tree) == {
        "r": {"a": {}, "b": [], "c": [[1, []], {}], "d": {"e": {"f": []}}}
    }


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (True, True),
        (None, None),
        (-7, -7),
        (2**31 - 1, 2**31 - 1),
        (2**31, 2.0**31),
        (-(2**31), -(2**31)),
        (-(2**31) - 1, -(2.0**31) - 1),
        (2**63 - 1, 2.0**63),
        (1707723600000, 1707723600000.0),
        (10**400, str(10**400)),
        (math.inf, math.inf),
        ("", ""),
        ("é\udce9", "é?"),
        (b"\xfe\x00", b"\xfe\x00"),
        (np.float32(0.5), 0.5),
        (np.int64(5), 5),
        (1 + 2j, "(1+2j)"),
    ],
)
def test_a_value_arrives_as_the_web_ui_can_read_it(sent: object, received: object) -> None:
    arrived = round_trip({"r": {"value": sent}})["r"]["value"]
    assert arrived == received
    assert type(arrived) is type(received)


def test_equal_values_of_other_types_stay_apart_however_often_they_come() -> None:
    values = [1, True, 1.0, "1", b"1", 0, False, 0.0, -0.0, "", 2047, 2048, 2048.0]
    arrived = round_trip({"r": {"values": values * 3}})["r"]["values"]
    assert [(type(each), str(each)) for each in arrived] == [
        (type(each), str(each)) for each in values * 3
    ]


def test_very_many_texts_arrive() -> None:
    texts = [f"text {number}" for number in range(25_000)] * 2
    assert round_trip({"r": {"texts": texts}})["r"]["texts"] == texts


def test_nan_arrives_as_nan() -> None:
    assert math.isnan(round_trip({"r": {"value": math.nan}})["r"]["value"])


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ({"": 1}, {"_": 1}),
        ({"": 1, "_": 2}, {"__": 1, "_": 2}),
        ({"a.b": 1}, {"a.b": 1}),
        ({5: "x"}, {5: "x"}),
        ({-1: "x"}, {"-1": "x"}),
        ({2**31: "x"}, {str(2**31): "x"}),
        ({True: "x", None: "y", 1.5: "z"}, {"True": "x", "None": "y", "1.5": "z"}),
        ({"ключ": 1}, {"ключ": 1}),
    ],
)
def test_a_key_arrives_as_the_web_ui_can_read_it(
    sent: dict[Any, Any], received: dict[Any, Any]
) -> None:
    assert round_trip({"r": {"params": sent}})["r"]["params"] == received


def test_a_run_whose_hash_looks_like_progress_stays_data() -> None:
    records = list(decode_records(encode_records([("progress_7", {"props": {"name": "x"}})])))
    assert records == [("_progress_7", {"props": {"name": "x"}})]


def test_a_generator_is_written_as_it_comes() -> None:
    asked = 0

    def lines() -> Iterator[str]:
        nonlocal asked
        for number in range(200_000):
            asked = number
            yield f"line {number}"

    chunks = encode_tree({"r": {"lines": lines()}})
    first = next(chunks)
    assert asked < 3_000
    assert len(first) > 16_000
    sizes = [len(first), *(len(chunk) for chunk in chunks)]
    assert max(sizes) < 200_000


def test_a_tree_may_be_deeper_than_python_recurses() -> None:
    tree: dict[str, Any] = {}
    for _ in range(3_000):
        tree = {"k": tree}
    assert next(decode(encode_tree({"r": tree})))[0] == ("r", *["k"] * 3_000)


def test_large_values_end_a_chunk() -> None:
    chunks = list(encode_pairs((f"blob-{n}", b"x" * 50_000) for n in range(10)))
    assert len(chunks) == 5


@given(st.dictionaries(st.sampled_from(["a1", "b2", "c3"]), params(), min_size=1))
def test_params_survive_the_round_trip(trees: dict[str, Any]) -> None:
    assert round_trip(trees) == {key: on_the_wire(tree) for key, tree in trees.items()}


@given(st.dictionaries(st.text(max_size=3), json_leaves, max_size=5))
def test_no_path_part_is_ever_empty_and_none_repeats(tree: dict[str, Any]) -> None:
    paths = [path for path, _ in decode(encode_tree({"r": tree}))]
    assert len(set(paths)) == len(paths)
    assert all(part != "" for path in paths for part in path)


def on_the_wire(tree: Any) -> Any:
    """What a JSON tree looks like after the wire's limits."""
    if isinstance(tree, dict):
        return {key: on_the_wire(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [on_the_wire(value) for value in tree]
    if type(tree) is int and not -(2**31) <= tree < 2**31:
        return float(tree)
    return tree
