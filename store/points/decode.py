"""Reading a log: frames one after the other, and the points of all of them at once.

There may be a hundred thousand frames of a few points. Each is only checked and noted; the
columns are then gathered from the whole file in a handful of NumPy calls.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from store.models import Context, SequenceKind, SequenceRef
from store.points.frames import (
    DEFINITIONS,
    F64,
    FRAME,
    HEADER,
    I32,
    I64,
    MAGIC,
    MAX_PAYLOAD_BYTES,
    PAYLOAD,
    POINTS,
    Definition,
    LogContents,
    PointColumns,
)
from store.points.grouping import range_positions

_WORD = 8


def decode_log(data: bytes | memoryview) -> LogContents | None:
    """Read a log up to its first damaged frame; None if it is no log at all."""
    view = memoryview(data)
    if len(view) < HEADER.size:
        return None
    magic, generation = HEADER.unpack_from(view)
    if magic != MAGIC:
        return None
    contents = LogContents(generation, good_bytes=HEADER.size)
    frames: list[tuple[int, int, int]] = []
    for start, payload in _payloads(view):
        kind, batches, points, body_bytes = PAYLOAD.unpack_from(payload)
        if kind == POINTS and len(payload) == PAYLOAD.size + 8 * batches + 32 * points:
            frames.append((start, batches, points))
        elif kind == DEFINITIONS and len(payload) == PAYLOAD.size + body_bytes:
            for row in json.loads(bytes(payload[PAYLOAD.size :])):
                contents.definitions[row["id"]] = _definition(row)
        else:
            break
        contents.good_bytes = start + len(payload)
        contents.frame_count += 1
    contents.points = _points(view, frames)
    return contents


def _payloads(view: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Where each whole payload starts, and the payload."""
    start = HEADER.size + FRAME.size
    size = len(view)
    while start <= size:
        length, crc = FRAME.unpack_from(view, start - FRAME.size)
        if not PAYLOAD.size <= length <= min(MAX_PAYLOAD_BYTES, size - start):
            return
        payload = view[start : start + length]
        # Whole words, or the frames behind it could not be gathered.
        if length % _WORD or zlib.crc32(payload) != crc:
            return
        yield start, payload
        start += length + FRAME.size


def _points(view: memoryview, frames: list[tuple[int, int, int]]) -> PointColumns:
    """The points of frames, of which start, number of batches and of points are given."""
    if not frames:
        return PointColumns.empty()
    starts, batches, points = np.array(frames, np.int64).T
    longs = np.frombuffer(view, I64, len(view) // _WORD)
    halves, doubles = longs.view(I32), longs.view(F64)
    first = (starts + PAYLOAD.size) // _WORD
    ids = halves[range_positions(2 * first, 2 * first + batches)]
    lengths = halves[range_positions(2 * first + batches, 2 * (first + batches))]
    places = range_positions(first + batches, first + batches + points)
    # From one column of a frame to the next.
    width = np.repeat(points, points)
    return PointColumns(
        np.repeat(ids, lengths),
        longs[places],
        doubles[places + width],
        doubles[places + 2 * width],
        doubles[places + 3 * width],
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
