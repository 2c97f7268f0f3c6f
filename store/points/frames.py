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
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from store.models import SequenceRef

MAGIC = b"RFPOINT1"
HEADER = struct.Struct("<8sQ")
FRAME = struct.Struct("<II")
PAYLOAD = struct.Struct("<IIII")
POINTS = 1
DEFINITIONS = 2
MAX_PAYLOAD_BYTES = 1 << 30
_PIECE_BYTES = 5_000
_SMALL_BYTES = 100_000

I32 = np.dtype("<i4")
I64 = np.dtype("<i8")
F64 = np.dtype("<f8")


class SequenceBatch(Struct, frozen=True, eq=False):
    """Points of one sequence on their way in, in the order of their arrival."""

    sequence_id: int
    steps: NDArray[np.int64]
    """A negative step stands for the last step of the sequence plus one."""
    values: NDArray[np.float64]
    epochs: NDArray[np.float64]
    """NaN where unknown."""
    times: NDArray[np.float64]
    """Seconds since the epoch, kept to the millisecond; NaN where unknown."""


class PointBlock(Struct, frozen=True, eq=False):
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


class PointColumns(Struct, frozen=True, eq=False):
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


class Definition(Struct, frozen=True):
    """What a log has to know about a sequence."""

    ref: SequenceRef
    run_hash: str


class LogContents(Struct):
    """Everything that was read from one log."""

    generation: int
    definitions: dict[int, Definition] = field(default_factory=dict)
    """By sequence id."""
    points: PointColumns = field(default_factory=PointColumns.empty)
    """In the order of their arrival."""
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
        PAYLOAD.pack(POINTS, len(ids), len(columns), 0),
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
    return _framed(PAYLOAD.pack(DEFINITIONS, len(rows), 0, len(text)) + text)


def _framed(payload: bytes) -> bytes:
    return FRAME.pack(len(payload), _checksum(payload)) + payload


def _checksum(payload: bytes) -> int:
    if len(payload) > _SMALL_BYTES:
        return zlib.crc32(payload)
    # Pieces this small are summed without giving the interpreter lock away, which for a
    # small frame takes far less time than getting it back.
    crc = 0
    for start in range(0, len(payload), _PIECE_BYTES):
        crc = zlib.crc32(payload[start : start + _PIECE_BYTES], crc)
    return crc
