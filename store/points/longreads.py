"""Sampled reads of very long sequences, without fetching all their points.

Which steps shall be shown is worked out first: from arithmetic where every step exists,
from the column of steps otherwise, or, for extremes, by one aggregation over buckets in
SQL. Then only those points are read. Sequences whose points were rewritten across
segments are left to the ordinary read.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from store.database import Database, json_list
from store.points.frames import PointColumns
from store.points.parquet import POINT_COLUMNS, point_columns, quoted
from store.points.sampling import BUCKETS_FROM, positions_by_step, targets
from store.points.segments import Segment, Snapshot

LONG_POINTS = 500_000
"""A sampled read of one sequence with more sealed points than this is done in SQL."""

_STEPS = """(SELECT unnest(from_json(?, '["BIGINT"]')))"""


class LongSequence(Struct, frozen=True):
    """The sealed part of a long sequence, cut to the range of steps asked for."""

    sequence_id: int
    name: str
    segments: tuple[Segment, ...]
    first: int
    last: int
    is_dense: bool
    """Whether every step between first and last exists."""


class LongReader:
    """Finds out whether a sequence is long, and thins its sealed points."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def find(
        self, snapshot: Snapshot, sequence_id: int, step_range: tuple[int, int] | None
    ) -> LongSequence | None:
        """The sequence if it is long inside the range and its segments do not overlap."""
        segments = snapshot.segments_with(np.array([sequence_id], np.int32))
        if sum(segment.point_count for segment in segments) < LONG_POINTS:
            return None
        row = self._database.row(
            "SELECT name, count, first_step, last_step FROM sequences WHERE id = ?",
            [sequence_id],
        )
        if row is None or row[1] < LONG_POINTS:
            return None
        name, count, first, last = row
        is_dense = last - first + 1 == count
        low, high = step_range or (first, last)
        if max(low, first) > first or min(high, last) < last:
            if is_dense or high - low < LONG_POINTS:
                first, last = max(low, first), min(high, last)
            else:
                first, last = self._bounds(segments, sequence_id, name, low, high)
        if last - first < LONG_POINTS:
            return None
        if any(segment.has_overlap for segment in segments[1:]) and self._is_rewritten(
            segments, sequence_id, name
        ):
            return None
        return LongSequence(sequence_id, name, tuple(segments), first, last, is_dense)

    def sampled(self, long: LongSequence, tail: PointColumns, density: int) -> PointColumns:
        """The points that a trace of this density has, by the rules of the wire.

        Args:
            long: The sealed part.
            tail: Points after it, ascending by step.
            density: The size of the trace.
        """
        last = int(tail.steps[-1]) if len(tail) else long.last
        if long.is_dense and (
            not len(tail) or (tail.steps[0] == long.last + 1 and _is_dense(tail.steps))
        ):
            chosen = dense_choice(long.first, last, density)
        else:
            steps = np.concatenate((self._steps(long), tail.steps))
            chosen = steps[positions_by_step(steps, density)]
        sealed = self._points_at(long, chosen[chosen <= long.last])
        return PointColumns.joined([sealed, tail.take(np.isin(tail.steps, chosen))])

    def extremes(self, long: LongSequence, last: int, density: int) -> PointColumns:
        """Sealed points that hold the first and the last step and every bucket's extremes.

        Args:
            long: The sealed part.
            last: The last step of the trace, tail included; it sets the buckets.
            density: The size of the trace.
        """
        buckets = max(1, (density - 2) // 2)
        width = max(1, last - long.first - 1)
        # A product of large steps and buckets needs more than 64 bits.
        kind = "HUGEINT" if width >= (2**63 - 1) // buckets else "BIGINT"
        sql = f"""
            SELECT min(step) AS first_step, arg_min(step, finite) AS low,
                   arg_max(step, finite) AS high
            FROM (SELECT step, CASE WHEN isfinite(value) THEN value END AS finite,
                         (step - ?)::{kind} * {buckets} // {width} AS bucket
                  FROM {self._source(long.segments)}
                  WHERE {_WHERE} AND step BETWEEN ? AND ?)
            GROUP BY bucket ORDER BY first_step"""
        columns = self._database.columns(
            sql,
            [long.first + 1, long.name, long.sequence_id, long.first + 1, long.last - 1],
        )
        firsts = np.asarray(columns["first_step"], np.int64)
        chosen = [np.array([long.first, long.last], np.int64)]
        for name in ("low", "high"):
            found = np.ma.asarray(columns[name])
            # A bucket without a finite value has no extremes and keeps its first point.
            chosen.append(np.where(np.ma.getmaskarray(found), firsts, found.filled(0)))
        return self._points_at(long, np.unique(np.concatenate(chosen)))

    def _points_at(self, long: LongSequence, steps: NDArray[np.int64]) -> PointColumns:
        sql = f"""SELECT {POINT_COLUMNS} FROM {self._source(long.segments)}
                  WHERE {_WHERE} AND step IN {_STEPS} ORDER BY step"""
        params = [long.name, long.sequence_id, json_list(steps.tolist())]
        return point_columns(self._database.columns(sql, params))

    def _steps(self, long: LongSequence) -> NDArray[np.int64]:
        sql = f"""SELECT step FROM {self._source(long.segments)}
                  WHERE {_WHERE} AND step BETWEEN ? AND ?"""
        columns = self._database.columns(
            sql, [long.name, long.sequence_id, long.first, long.last]
        )
        return np.sort(np.asarray(columns["step"], np.int64))

    def _bounds(
        self, segments: list[Segment], sequence_id: int, name: str, low: int, high: int
    ) -> tuple[int, int]:
        sql = f"""SELECT min(step), max(step) FROM {self._source(segments)}
                  WHERE {_WHERE} AND step BETWEEN ? AND ?"""
        row = self._database.row(sql, [name, sequence_id, low, high])
        return (0, -1) if row is None or row[0] is None else (row[0], row[1])

    def _is_rewritten(self, segments: list[Segment], sequence_id: int, name: str) -> bool:
        """Whether the steps of one segment reach into those of another."""
        ranges = []
        for segment in segments:
            sql = f"SELECT min(step), max(step) FROM {self._source([segment])} WHERE {_WHERE}"
            row = self._database.row(sql, [name, sequence_id])
            if row is not None and row[0] is not None:
                ranges.append(row)
        ranges.sort()
        return any(later[0] <= earlier[1] for earlier, later in pairwise(ranges))

    def _source(self, segments: Sequence[Segment]) -> str:
        files = ", ".join(quoted(self._folder / segment.path) for segment in segments)
        return f"read_parquet([{files}])"


_WHERE = "name = ? AND sequence = ?"


def _is_dense(steps: NDArray[np.int64]) -> bool:
    return int(steps[-1] - steps[0]) + 1 == len(steps)


def dense_choice(first: int, last: int, density: int) -> NDArray[np.int64]:
    """What `positions_by_step` chooses when every step from first to last exists."""
    if density <= 1 or first == last:
        return np.array([first], np.int64)
    if density < BUCKETS_FROM:
        return targets(first, last, density)
    buckets = density - 2
    width = max(1, last - first - 1)
    # The smallest step whose bucket number is i.
    starts = [first + 1 - (-i * width // buckets) for i in range(buckets)]
    chosen = np.array([first, *starts, last], np.int64)
    return np.unique(np.minimum(chosen, last))
