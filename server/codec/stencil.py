"""Trees of one shape that come again and again: all but path and numbers is written once.

    stencil = Stencil([{"name": "loss", "last": FLOAT, "last_step": INT}])
    tree = {"traces": stencil.filled([0.5, 99])}

The bytes are those of the same tree written in full.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from server.codec.encode import INT_LIMIT, Filled, Tree, Writer


class Hole(Struct, frozen=True):
    """A place for a number."""

    code: str
    """In the language of the module `struct`."""


FLOAT, INT = Hole("d"), Hole("q")

_LENGTH_BYTES = 4
_NUMBER_BYTES = 8
_BEFORE_NUMBER = _LENGTH_BYTES + 1
"""A number follows on its length and its type."""


class _Cut(Struct, frozen=True):
    """The bytes of a stencil for paths of one length."""

    between: list[bytes]
    """What stands between one occurrence of the path and the next, ends included."""
    places: NDArray[np.intp]
    """Where the bytes of all numbers are."""


class Stencil:
    """A tree with holes for numbers. Any thread may fill it."""

    def __init__(self, tree: Tree) -> None:
        """Take a tree whose numbers that change are `FLOAT` and `INT`."""
        self._tree = _without_holes(tree)
        self._leaves = list(_leaves(tree))
        codes = [leaf.code for leaf in self._leaves if isinstance(leaf, Hole)]
        self._numbers = struct.Struct("<" + "".join(codes))
        self._ints = [place for place, code in enumerate(codes) if code == INT.code]
        self._cuts: dict[int, _Cut] = {}

    def filled(self, numbers: Sequence[float]) -> Filled | None:
        """The tree with these numbers in its holes, in order.

        None if the wire has another form for one of them: a large integer, or no number.
        """
        try:
            packed = self._numbers.pack(*numbers)
        except struct.error:
            return None
        if not all(-INT_LIMIT <= numbers[place] < INT_LIMIT for place in self._ints):
            return None
        return Filled(lambda path: self._below(path, packed))

    def _below(self, path: bytes, packed: bytes) -> bytes:
        cut = self._cuts.get(len(path))
        if cut is None:
            cut = self._cuts[len(path)] = self._cut(len(path))
        body = bytearray(path).join(cut.between)
        np.frombuffer(body, np.uint8)[cut.places] = np.frombuffer(packed, np.uint8)
        return bytes(body)

    def _cut(self, path_length: int) -> _Cut:
        writer = _Whole()
        key = "x" * (path_length - 1)
        for _ in writer.write(b"", iter([(key, self._tree)])):
            pass
        between, size = [b""], 0
        places: list[int] = []
        triples = zip(*[iter(writer.pieces)] * 3, strict=True)
        for (length, path, data), leaf in zip(triples, self._leaves, strict=True):
            between[-1] += length
            between.append(path[path_length:] + data)
            if isinstance(leaf, Hole):
                start = size + len(length) + len(path) + _BEFORE_NUMBER
                places.extend(range(start, start + _NUMBER_BYTES))
            size += len(length) + len(path) + len(data)
        return _Cut(between, np.array(places, np.intp))


class _Whole(Writer):
    """Keeps its pieces apart however many they are."""

    def take(self) -> bytes:
        return b""


def _leaves(tree: Tree) -> Iterator[Any]:
    """What is written of a tree, in order; None for the mark of a list."""
    if isinstance(tree, dict) and tree:
        for value in tree.values():
            yield from _leaves(value)
    elif isinstance(tree, list):
        yield None
        for value in tree:
            yield from _leaves(value)
    else:
        yield tree


def _without_holes(tree: Tree) -> Tree:
    if isinstance(tree, dict):
        return {key: _without_holes(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_without_holes(value) for value in tree]
    if isinstance(tree, Hole):
        return 0.0 if tree == FLOAT else 0
    return tree
