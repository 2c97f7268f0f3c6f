"""Reading: chunks of any size back to pairs, and pairs back to trees.

Reads what any matyan or Aim server writes. Memory is bounded by the largest record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import Struct
from typing import Any

from server.codec.arrays import read_number_array

Path = tuple[str | int, ...]

MAX_KEY_BYTES = 1024 * 1024
MAX_VALUE_BYTES = 1024 * 1024 * 1024

_length = Struct("<I").unpack_from
_position = Struct(">q").unpack_from
_int = Struct("<q").unpack_from
_float = Struct("<d").unpack_from
_END = 0xFE


class BrokenStreamError(ValueError):
    """The bytes are no stream of pairs, or the stream ends inside a pair."""


class _Marker:
    """Stands for the opening of an array or an object."""

    __slots__ = ("make",)

    def __init__(self, make: type) -> None:
        self.make = make


_ARRAY = _Marker(list)
_OBJECT = _Marker(dict)


class _Paths:
    """Reads paths; what follows the record's key is remembered, as records repeat it."""

    MAX_KEPT = 20_000

    def __init__(self) -> None:
        self._kept: dict[bytes, Path] = {}

    def read(self, data: bytes) -> Path:
        """Parts of a path."""
        end = 9 if data[:1] == b"\xfe" else data.find(b"\xfe")
        rest = data[end + 1 :]
        below = self._kept.get(rest)
        if below is None:
            below = _read_parts(rest)
            if len(self._kept) < self.MAX_KEPT:
                self._kept[rest] = below
        return (*_read_parts(data[: end + 1]), *below)


def _read_parts(data: bytes) -> Path:
    parts: list[str | int] = []
    at, size = 0, len(data)
    while at < size:
        if data[at] == _END:
            if at + 10 > size or data[at + 9] != _END:
                raise BrokenStreamError("a position in a path is cut short")
            parts.append(_position(data, at + 1)[0])
            at += 10
            continue
        end = data.find(b"\xfe", at)
        if end < 0:
            raise BrokenStreamError("a path has no end")
        parts.append(data[at:end].decode("utf-8", "replace"))
        at = end + 1
    return tuple(parts)


def _read_value(data: bytes) -> Any:
    tag = data[0] if data else -1
    if tag == 4:
        return data[1:].decode("utf-8", "replace")
    if tag in (2, 3):
        if len(data) != 9:
            raise BrokenStreamError("a number is not eight bytes long")
        return (_float if tag == 3 else _int)(data, 1)[0]
    if tag == 0:
        return None
    if tag == 1 and len(data) == 2:
        return data[1] != 0
    if tag == 5:
        return data[1:]
    if tag == 6:
        return _ARRAY
    if tag in (7, 8):
        return _OBJECT
    raise BrokenStreamError(f"a value has the unknown type {tag}")


def _raw_pairs(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Undecoded pairs; raises at the end of a stream that stops inside a pair."""
    buffer = b""
    for chunk in chunks:
        buffer = buffer + chunk if buffer else bytes(chunk)
        at, size = 0, len(buffer)
        while at + 4 <= size:
            key_size = _length(buffer, at)[0]
            if key_size > MAX_KEY_BYTES:
                raise BrokenStreamError("a path is too long")
            value_at = at + 8 + key_size
            if value_at > size:
                break
            value_size = _length(buffer, value_at - 4)[0]
            if value_size > MAX_VALUE_BYTES:
                raise BrokenStreamError("a value is too long")
            if value_at + value_size > size:
                break
            yield (
                buffer[at + 4 : value_at - 4],
                buffer[value_at : value_at + value_size],
            )
            at = value_at + value_size
        buffer = buffer[at:]
    if buffer:
        raise BrokenStreamError("the stream ends inside a pair")


def _decoded(chunks: Iterable[bytes]) -> Iterator[tuple[Path, Any]]:
    paths = _Paths()
    for key, value in _raw_pairs(chunks):
        yield paths.read(key), _read_value(value)


def decode(chunks: Iterable[bytes]) -> Iterator[tuple[Path, Any]]:
    """Pairs of path and value; an opening of an array or object is `[]` or `{}`.

    Raises:
        BrokenStreamError: If the bytes are damaged or end inside a pair.
    """
    for path, value in _decoded(chunks):
        yield path, value.make() if isinstance(value, _Marker) else value


def decode_records(chunks: Iterable[bytes]) -> Iterator[tuple[str | int, Any]]:
    """Records in the order in which they come: key and tree.

    A record ends where the first part of the path changes. Columns of numbers come as
    numpy arrays. Progress frames are records too (`read_progress`).

    Raises:
        BrokenStreamError: If the bytes are damaged or end inside a pair.
    """
    key: str | int | None = None
    root: dict[str | int, Any] = {}
    for path, value in _decoded(chunks):
        if not path:
            raise BrokenStreamError("a path is empty")
        if path[0] != key:
            if key is not None:
                yield key, _finish(root[key])
            key, root = path[0], {}
        _put(root, path, value)
    if key is not None:
        yield key, _finish(root[key])


def _put(root: dict[str | int, Any], path: Path, value: Any) -> None:
    """Put a value into the tree; lists are kept as `_Items` until they are complete."""
    node = root
    for part in path[:-1]:
        below = node.get(part)
        if not isinstance(below, dict):
            below = node[part] = {}
        node = below
    if isinstance(value, _Marker):
        value = _Items() if value is _ARRAY else {}
    node[path[-1]] = value


class _Items(dict[str | int, Any]):
    """Elements of a list by position."""


def _finish(tree: Any) -> Any:
    """Lists and columns of a tree that is complete."""
    if not isinstance(tree, dict):
        return tree
    if isinstance(tree, _Items):
        return [_finish(value) for value in tree.values()]
    if len(tree) == 4 and (column := read_number_array(tree)) is not None:
        return column
    return {key: _finish(value) for key, value in tree.items()}
