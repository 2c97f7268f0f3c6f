"""How points lie in a log: frames of raw little-endian columns.

    file    = header frame*
    header  = magic (8 bytes)  generation (u64)
    frame   = payload length (u32)  crc32 of the payload (u32)  payload
    payload = kind (u32) batches (u32) points (u32) body length (u32)
              kind 1, points:       sequence ids i32[batches], lengths i32[batches],
                                    steps i64[points], values, epochs, times f64[points]
              kind 2, definitions:  JSON list, padded with blanks to a multiple of 8

A frame is written and found as a whole or not at all. A sequence is defined by a frame of
kind 2 before its first points, unless the metadata knows it. Reading stops at the first
frame whose length or crc is wrong: what follows was never acknowledged.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.models import Context, SequenceKind, SequenceRef

MAGIC = b"RFPOINT1"
HEADER = struct.Struct("<8sQ")
_FRAME = struct.Struct("<II")
_PAYLOAD = struct.Struct("<IIII")
_POINTS = 1
_DEFINITIONS = 2
MAX_PAYLOAD_BYTES = 1 << 30
_PIECE_BYTES = 5_000
_SMALL_BYTES = 100_000

I32 = np.dtype("<i4")
I64 = np.dtype("<i8")
F64 = np.dtype("<f8")


@dataclass(frozen=True, slots=True, eq=False)
class SequenceBatch:
    """Points of one sequence on their way in, in the order of their arrival."""

    sequence_id: int
    steps: NDArray[np.int64]
    """A negative step stands for the last step of the sequence plus one."""
    values: NDArray[np.float64]
    epochs: NDArray[np.float64]
    """NaN where unknown."""
    times: NDArray[np.float64]
    """Seconds since the epoch, kept to the millisecond; NaN where unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class PointBlock:
    """Points of several sequences on their way in: one sequence after the other."""

    ids: Sequence[int]
    """The sequences."""
    lengths: Sequence[int]
    """The number of points of each."""
    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    epochs: NDArray[np.float64]
    times: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.steps)

    @classmethod
    def of(cls, batches: Sequence[SequenceBatch]) -> PointBlock:
        """The batches one after the other, at least one."""
        return cls(
            [batch.sequence_id for batch in batches],
            [len(batch.steps) for batch in batches],
            np.concatenate([batch.steps for batch in batches], dtype=np.int64),
            np.concatenate([batch.values for batch in batches], dtype=np.float64),
            np.concatenate([batch.epochs for batch in batches], dtype=np.float64),
            np.concatenate([batch.times for batch in batches], dtype=np.float64),
        )

    @classmethod
    def joined(cls, blocks: Sequence[PointBlock]) -> PointBlock:
        """The blocks one after the other, at least one."""
        return cls(
            [sequence_id for block in blocks for sequence_id in block.ids],
            [length for block in blocks for length in block.lengths],
            np.concatenate([block.steps for block in blocks], dtype=np.int64),
            np.concatenate([block.values for block in blocks], dtype=np.float64),
            np.concatenate([block.epochs for block in blocks], dtype=np.float64),
            np.concatenate([block.times for block in blocks], dtype=np.float64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class PointColumns:
    """Points of many sequences as columns of one length, in the order of their arrival."""

    sequences: NDArray[np.int32]
    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    epochs: NDArray[np.float64]
    times: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.sequences)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> PointColumns:
        """The points at these positions."""
        return PointColumns(
            self.sequences[index],
            self.steps[index],
            self.values[index],
            self.epochs[index],
            self.times[index],
        )

    @classmethod
    def empty(cls) -> PointColumns:
        """No points."""
        nothing = np.empty(0)
        return cls(np.empty(0, np.int32), np.empty(0, np.int64), nothing, nothing, nothing)

    @classmethod
    def joined(cls, parts: Sequence[PointColumns]) -> PointColumns:
        """The parts one after the other."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls.empty()
        return cls(
            np.concatenate([part.sequences for part in parts]),
            np.concatenate([part.steps for part in parts]),
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.epochs for part in parts]),
            np.concatenate([part.times for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Definition:
    """What a log has to know about a sequence."""

    ref: SequenceRef
    run_hash: str


@dataclass(slots=True)
class LogContents:
    """Everything that was read from one log."""

    generation: int
    definitions: dict[int, Definition] = field(default_factory=dict)
    """By sequence id."""
    parts: list[PointColumns] = field(default_factory=list)
    good_bytes: int = 0
    """Where the last whole frame ends."""
    frame_count: int = 0


def encode_header(generation: int) -> bytes:
    """The first bytes of a log."""
    return HEADER.pack(MAGIC, generation)


def encode_points(
    ids: NDArray[np.int32], lengths: NDArray[np.int32], columns: PointColumns
) -> bytes:
    """One frame with points of `len(ids)` batches."""
    body = (
        _PAYLOAD.pack(_POINTS, len(ids), len(columns), 0),
        ids.astype(I32, copy=False).tobytes(),
        lengths.astype(I32, copy=False).tobytes(),
        columns.steps.astype(I64, copy=False).tobytes(),
        columns.values.astype(F64, copy=False).tobytes(),
        columns.epochs.astype(F64, copy=False).tobytes(),
        columns.times.astype(F64, copy=False).tobytes(),
    )
    return _framed(b"".join(body))


def encode_definitions(definitions: Iterable[Definition]) -> bytes:
    """One frame that makes sequences known."""
    rows = [
        {
            "id": item.ref.id,
            "run_id": item.ref.run_id,
            "run": item.run_hash,
            "kind": item.ref.kind.value,
            "name": item.ref.name,
            "context": item.ref.context.text,
            "dtype": item.ref.dtype,
        }
        for item in definitions
    ]
    # Plain ASCII, so that lone surrogates in a name survive as they are.
    text = json.dumps(rows, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    return _framed(_PAYLOAD.pack(_DEFINITIONS, len(rows), 0, len(text)) + text)


def decode_log(data: bytes | memoryview) -> LogContents | None:
    """Read a log up to its first damaged frame; None if it is no log at all."""
    view = memoryview(data)
    if len(view) < HEADER.size:
        return None
    magic, generation = HEADER.unpack_from(view)
    if magic != MAGIC:
        return None
    contents = LogContents(generation, good_bytes=HEADER.size)
    for payload in _payloads(view):
        if not _decode_payload(payload, contents):
            break
        contents.good_bytes += _FRAME.size + len(payload)
        contents.frame_count += 1
    return contents


def _framed(payload: bytes) -> bytes:
    return _FRAME.pack(len(payload), _checksum(payload)) + payload


def _checksum(payload: bytes) -> int:
    if len(payload) > _SMALL_BYTES:
        return zlib.crc32(payload)
    # Pieces this small are summed without giving the interpreter lock away, which for a
    # small frame takes far less time than getting it back.
    crc = 0
    for start in range(0, len(payload), _PIECE_BYTES):
        crc = zlib.crc32(payload[start : start + _PIECE_BYTES], crc)
    return crc


def _payloads(view: memoryview) -> Iterator[memoryview]:
    position = HEADER.size
    while position + _FRAME.size <= len(view):
        length, crc = _FRAME.unpack_from(view, position)
        start = position + _FRAME.size
        if not _PAYLOAD.size <= length <= min(MAX_PAYLOAD_BYTES, len(view) - start):
            return
        payload = view[start : start + length]
        if zlib.crc32(payload) != crc:
            return
        yield payload
        position = start + length


def _decode_payload(payload: memoryview, contents: LogContents) -> bool:
    """Add one payload to the contents; False if it makes no sense."""
    kind, batches, points, body_bytes = _PAYLOAD.unpack_from(payload)
    if kind == _POINTS:
        if len(payload) != _PAYLOAD.size + 8 * batches + 32 * points:
            return False
        contents.parts.append(_decode_points(payload, batches, points))
        return True
    if kind == _DEFINITIONS:
        text = bytes(payload[_PAYLOAD.size : _PAYLOAD.size + body_bytes])
        for row in json.loads(text):
            contents.definitions[row["id"]] = _definition(row)
        return True
    return False


def _decode_points(payload: memoryview, batches: int, points: int) -> PointColumns:
    at = _PAYLOAD.size
    ids = np.frombuffer(payload, I32, batches, at)
    lengths = np.frombuffer(payload, I32, batches, at + 4 * batches)
    at += 8 * batches
    doubles = np.frombuffer(payload, F64, 3 * points, at + 8 * points)
    return PointColumns(
        np.repeat(ids, lengths),
        np.frombuffer(payload, I64, points, at),
        doubles[:points],
        doubles[points : 2 * points],
        doubles[2 * points :],
    )


def _definition(row: dict[str, Any]) -> Definition:
    ref = SequenceRef(
        id=row["id"],
        run_id=row["run_id"],
        kind=SequenceKind(row["kind"]),
        name=row["name"],
        context=Context(row["context"]),
        dtype=row["dtype"],
    )
    return Definition(ref, row["run"])
