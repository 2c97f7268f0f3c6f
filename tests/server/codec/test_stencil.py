"""Trees that are filled in: their bytes are those of the same tree written in full."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, strategies as st

from server.codec import FLOAT, INT, Stencil, encode_records, encode_tree
from server.codec.encode import CHUNK_BYTES
from tests.strategies import json_leaves

NUMBERS = st.one_of(
    st.floats().map(lambda number: (FLOAT, number)),
    st.integers(-(2**31), 2**31 - 1).map(lambda number: (INT, number)),
)
TREES = st.recursive(
    st.one_of(NUMBERS, json_leaves),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
    max_leaves=30,
)


def split(tree: Any, numbers: list[float]) -> tuple[Any, Any]:
    """A drawn tree with holes, and in full; its numbers are added to the list."""
    if isinstance(tree, tuple):
        numbers.append(tree[1])
        return tree
    if isinstance(tree, dict):
        pairs = {key: split(value, numbers) for key, value in tree.items()}
        return {k: v[0] for k, v in pairs.items()}, {k: v[1] for k, v in pairs.items()}
    if isinstance(tree, list):
        items = [split(value, numbers) for value in tree]
        return [item[0] for item in items], [item[1] for item in items]
    return tree, tree


@given(
    st.lists(TREES, max_size=3) | st.dictionaries(st.text(), TREES, min_size=1, max_size=3),
    st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=4),
)
def test_bytes_are_those_of_the_tree_in_full(tree: Any, keys: list[str]) -> None:
    numbers: list[float] = []
    with_holes, in_full = split(tree, numbers)
    stencil = Stencil(with_holes)
    for key in keys:
        filled = stencil.filled(numbers)
        assert filled is not None
        written = b"".join(encode_tree({key: {"a": 1, "b": [filled, filled], "c": 2}}))
        expected = b"".join(encode_tree({key: {"a": 1, "b": [in_full, in_full], "c": 2}}))
        assert written == expected


@pytest.mark.parametrize(
    "numbers",
    [(0.5, 2**31), (0.5, -(2**31) - 1), (None, 1), (0.5, None), ("0.5", 1), (0.5, 1.5)],
)
def test_what_the_wire_writes_otherwise_is_not_filled_in(numbers: Any) -> None:
    assert Stencil([FLOAT, INT]).filled(numbers) is None


def test_numbers_that_are_not_finite_are_filled_in() -> None:
    numbers = [math.nan, math.inf, -math.inf, -0.0]
    filled = Stencil([FLOAT] * 4).filled(numbers)
    assert b"".join(encode_tree({"r": filled})) == b"".join(encode_tree({"r": numbers}))


def test_a_stencil_may_be_larger_than_a_chunk() -> None:
    names = [f"metric {number} {'x' * 500}" for number in range(2_000)]
    filled = Stencil([{"name": name, "last": FLOAT} for name in names]).filled([0.5] * 2_000)
    in_full = [{"name": name, "last": 0.5} for name in names]
    assert b"".join(encode_tree({"r": filled})) == b"".join(encode_tree({"r": in_full}))


def test_chunks_of_filled_trees_stay_small() -> None:
    stencil = Stencil([{"name": f"metric {number}", "last": FLOAT} for number in range(20)])
    records = ((f"run {number}", {"a": stencil.filled([0.5] * 20)}) for number in range(500))
    sizes = [
        len(chunk) for chunk in encode_records((key, {**tree, "b": 1}) for key, tree in records)
    ]
    assert len(sizes) > 3
    assert max(sizes) < 2.5 * CHUNK_BYTES
