"""Writing: trees to chunks of about 64 KB.

What the web UI's decoder cannot read never reaches the wire:

* integers outside 32 bits become floats, or text when too large for a float;
* the empty key of a mapping becomes `_` (with more underscores when that is taken);
* keys that are neither text nor an integer from 0 to 2^31-1 become text;
* the key of a record that starts with `progress` gets an underscore in front.

Any iterator may stand where a list may; it is consumed while writing, never collected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from struct import Struct as Format
from typing import Any

from msgspec import Struct

Tree = Any
"""Nested mappings, lists, iterators and scalars."""

CHUNK_BYTES = 64 * 1024

_CHUNK_PIECES = 3 * 1_400
"""So many pieces of small pairs make about a chunk; large values are counted apart."""
_LARGE_VALUE_BYTES = 256
_SHORT_TEXT_BYTES = 64
_MAX_TEXTS = 20_000
INT_LIMIT = 2**31
"""From here on an integer is none that the web UI's decoder can read."""
_END = b"\xfe"
_EMPTY_OBJECT = b"\x01\x00\x00\x00\x07"
_ARRAY = b"\x01\x00\x00\x00\x06"
_NULL = b"\x01\x00\x00\x00\x00"
_TRUE = b"\x02\x00\x00\x00\x01\x01"
_FALSE = b"\x02\x00\x00\x00\x01\x00"

_length = Format("<I").pack
_position = Format(">q").pack
_float = partial(Format("<IBd").pack, 9, 3)
_small_int = partial(Format("<IBq").pack, 9, 2)


class _Lengths(dict[int, bytes]):
    """Packed lengths: the usual ones ready, others made when asked for."""

    def __missing__(self, length: int) -> bytes:
        return _length(length)


_LENGTHS = _Lengths({length: _length(length) for length in range(2048)})
_POSITIONS = tuple(_END + _position(number) + _END for number in range(2048))
_NAMES: dict[str, bytes] = {}
_MAX_NAMES = 20_000
"""Path components repeat from record to record; beyond this many they are not kept."""


def _int(value: int) -> bytes:
    if -INT_LIMIT <= value < INT_LIMIT:
        return _small_int(value)
    try:
        return _float(float(value))
    except OverflowError:
        return _text(str(value))


def _text(value: str) -> bytes:
    data = value.encode("utf-8", "replace")
    return _LENGTHS[len(data) + 1] + b"\x04" + data


class _Texts(dict[str, bytes]):
    """Texts as they are written. Short ones repeat from record to record and are kept."""

    def __missing__(self, value: str) -> bytes:
        data = _text(value)
        if len(data) <= _SHORT_TEXT_BYTES:
            if len(self) >= _MAX_TEXTS:
                self.clear()
            self[value] = data
        return data


class _Ints(dict[int, bytes]):
    """Integers as they are written: small ones ready, others made when asked for."""

    def __missing__(self, value: int) -> bytes:
        return _int(value)


def _raw(value: bytes) -> bytes:
    return _length(len(value) + 1) + b"\x05" + value


_SCALARS: dict[type, Callable[[Any], bytes]] = {
    str: _Texts().__getitem__,
    float: _float,
    int: _Ints({number: _small_int(number) for number in range(2048)}).__getitem__,
    bool: lambda value: _TRUE if value else _FALSE,
    type(None): lambda _: _NULL,
    bytes: _raw,
}
_CONTAINERS = frozenset({dict, list, tuple})


def _component(key: object, *, is_kept: bool) -> bytes:
    """One part of a path: text, or a position."""
    if isinstance(key, int) and not isinstance(key, bool) and 0 <= key < INT_LIMIT:
        return _POSITIONS[key] if key < len(_POSITIONS) else _END + _position(key) + _END
    text = key if isinstance(key, str) else str(key)
    name = (text or "_").encode("utf-8", "replace") + _END
    if is_kept and type(key) is str and len(_NAMES) < _MAX_NAMES:
        _NAMES[key] = name
    return name


def _members(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Keys and values of what is no scalar, the empty key replaced by one that is free."""
    if type(tree) is not dict:
        return enumerate(tree)
    if "" not in tree:
        return iter(tree.items())
    name = "_"
    while name in tree:
        name += "_"
    return ((name if key == "" else key, value) for key, value in tree.items())


def _plain(value: object) -> Any:
    """A value of an unusual type as one of those that the wire knows."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list | tuple | Iterator):
        return list(value) if isinstance(value, list | tuple) else value
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    as_python = getattr(value, "item", None)
    return as_python() if callable(as_python) else str(value)


class Filled(Struct, frozen=True):
    """A tree that knows its own bytes; made by a `Stencil`."""

    below: Callable[[bytes], bytes]
    """The bytes of the tree under a path."""


class Writer:
    """Turns members into pieces of bytes and joins them when there are enough."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self._large_bytes = 0

    def take(self) -> bytes:
        """Everything written since the last time."""
        chunk = b"".join(self.pieces)
        self.pieces.clear()
        self._large_bytes = 0
        return chunk

    def write(self, prefix: bytes, members: Iterator[tuple[Any, Any]]) -> Iterator[bytes]:
        """Write members below a prefix; yields a chunk whenever one is full."""
        pieces, lengths, names, scalars = self.pieces, _LENGTHS, _NAMES, _SCALARS
        # The stack instead of recursion: a tree may be deeper than Python's own limit.
        above: list[tuple[bytes, Iterator[tuple[Any, Any]]]] = []
        while True:
            for key, value in members:
                # Keys of records are as many as runs, and each comes once.
                path = prefix + (names.get(key) or _component(key, is_kept=bool(above)))
                scalar = scalars.get(type(value))
                if scalar is None:
                    if type(value) is Filled:
                        data = value.below(path)
                        pieces.append(data)
                        self._large_bytes += len(data)
                        continue
                    if type(value) not in _CONTAINERS:
                        value = _plain(value)  # noqa: PLW2901 - the same value, usual type
                        scalar = scalars.get(type(value))
                if scalar is not None:
                    data = scalar(value)
                    pieces += (lengths[len(path)], path, data)
                    if len(data) > _LARGE_VALUE_BYTES:
                        self._large_bytes += len(data)
                    if len(pieces) >= _CHUNK_PIECES or self._large_bytes >= CHUNK_BYTES:
                        yield self.take()
                    continue
                if type(value) is not dict:
                    pieces += (lengths[len(path)], path, _ARRAY)
                elif not value:
                    pieces += (lengths[len(path)], path, _EMPTY_OBJECT)
                    continue
                above.append((prefix, members))
                prefix, members = path, _members(value)
                break
            else:
                if not above:
                    return
                prefix, members = above.pop()


def encode_tree(tree: Mapping[Any, Tree]) -> Iterator[bytes]:
    """Chunks of one tree, as it is: no key of it is taken for a record's key."""
    writer = Writer()
    yield from writer.write(b"", _members(_plain(tree)))
    if writer.pieces:
        yield writer.take()


def encode_pairs(pairs: Iterable[tuple[object, Tree]]) -> Iterator[bytes]:
    """Chunks of (key, scalar or tree) pairs in the order in which they come."""
    writer = Writer()
    yield from writer.write(b"", iter(pairs))
    if writer.pieces:
        yield writer.take()
