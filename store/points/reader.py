"""Reading points of many sequences: segments and tail put together.

A read pins a snapshot, takes the unsealed points from memory and the sealed ones from
those files that may hold the wanted sequences. A step that occurs more than once keeps
the point that was logged last: later generation first, later arrival within one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from store.database import INTEGERS, Database, json_list
from store.models import Series
from store.points.frames import PointColumns
from store.points.grouping import group_bounds, sorted_points
from store.points.longreads import LongReader, LongSequence
from store.points.parquet import POINT_COLUMNS, point_columns, quoted
from store.points.sampling import positions_by_extremes, positions_by_step
from store.points.segments import Segment, SegmentCatalogue, Snapshot

Method = Literal["steps", "minmax"]
StepRange = tuple[int, int]
"""First and last step, both inclusive."""

MAX_PRUNED_NAMES = 16
"""With more names than these, files are not searched by name."""


class PointReader:
    """Reads points. Any thread may call anything."""

    def __init__(self, database: Database, catalogue: SegmentCatalogue) -> None:
        self._database = database
        self.catalogue = catalogue
        """What is read."""
        self._long_reader = LongReader(database, catalogue.folder)

    def read_many(
        self,
        sequence_ids: Collection[int],
        *,
        density: int = 0,
        method: Method = "steps",
        step_range: StepRange | None = None,
        names: Collection[str] | None = None,
    ) -> dict[int, Series]:
        """The points of sequences, each ascending by step.

        Args:
            sequence_ids: Which sequences.
            density: At most so many points of each; 0 for all.
            method: "steps" picks by the rules of the wire, "minmax" keeps extremes.
            step_range: First and last step, both inclusive.
            names: Names of all these sequences, from whoever knows them already.

        Returns:
            One series for each id, empty where there is no point. Cost grows with the
            points of these sequences, and with the segments that may hold some.
        """
        wanted = np.unique(np.fromiter(sequence_ids, np.int32, len(sequence_ids)))
        if not len(wanted):
            return {}
        with self.catalogue.pin() as snapshot:
            if density > 0 and len(wanted) == 1:
                long = self._long_reader.find(snapshot, int(wanted[0]), step_range)
                if long is not None:
                    points = self._read_long(snapshot, long, density, method, step_range)
                    return {long.sequence_id: _series(points)}
            points = self.read_snapshot(snapshot, wanted, step_range, names=names)
        return split_series(points, wanted, density, method)

    def _read_long(
        self,
        snapshot: Snapshot,
        long: LongSequence,
        density: int,
        method: Method,
        step_range: StepRange | None,
    ) -> PointColumns:
        wanted = np.array([long.sequence_id], np.int32)
        tail = self.read_snapshot(snapshot, wanted, step_range, with_segments=False)
        if len(tail) and tail.steps[0] <= long.last:
            # Sealed points are being rewritten: only the whole tells what is valid.
            return thinned(self.read_snapshot(snapshot, wanted, step_range), density, method)
        if method == "steps":
            return self._long_reader.sampled(long, tail, density)
        last = int(tail.steps[-1]) if len(tail) else long.last
        sealed = self._long_reader.extremes(long, last, density)
        return thinned(PointColumns.joined([sealed, tail]), density, method)

    def read_snapshot(
        self,
        snapshot: Snapshot,
        wanted: NDArray[np.int32],
        step_range: StepRange | None = None,
        *,
        with_segments: bool = True,
        names: Collection[str] | None = None,
    ) -> PointColumns:
        """All points of these sequences (ascending ids) sorted by sequence and step."""
        parts = []
        segments = snapshot.segments_with(wanted) if with_segments else []
        if segments:
            parts.extend(self._read_segments(segments, wanted, step_range, names))
        parts.extend(
            generation.read(wanted, step_range)
            for generation in snapshot.generations
            if generation.point_count
        )
        return sorted_points(PointColumns.joined([part for part in parts if len(part)]))

    def _read_segments(
        self,
        segments: Sequence[Segment],
        wanted: NDArray[np.int32],
        step_range: StepRange | None,
        known_names: Collection[str] | None,
    ) -> list[PointColumns]:
        names = self._names(wanted) if known_names is None else _few(sorted(set(known_names)))
        if names == []:
            # The metadata knows of no sealed sequence, or of no such sequence any more.
            return []
        if not any(segment.has_overlap for segment in segments[1:]):
            return [self._query(segments, wanted, names, step_range)]
        # Only the order of the files says which point of a step is the last one.
        return [self._query([segment], wanted, names, step_range) for segment in segments]

    def _query(
        self,
        segments: Sequence[Segment],
        wanted: NDArray[np.int32],
        names: list[str] | None,
        step_range: StepRange | None,
    ) -> PointColumns:
        folder = self.catalogue.folder
        files = ", ".join(quoted(folder / segment.path) for segment in segments)
        sql = (
            f"SELECT {POINT_COLUMNS} FROM read_parquet([{files}]) WHERE sequence IN {INTEGERS}"
        )
        params: list[object] = [json_list(wanted.tolist())]
        if names:
            # Files are sorted by name, at least in blocks: this skips most row groups.
            sql += f" AND name IN ({', '.join('?' * len(names))})"
            params.extend(names)
        if step_range is not None:
            sql += " AND step BETWEEN ? AND ?"
            params.extend(step_range)
        return point_columns(self._database.columns(sql, params))

    def _names(self, wanted: NDArray[np.int32]) -> list[str] | None:
        """Names of the sealed ones of these sequences; None when there are many."""
        sql = (
            f"SELECT DISTINCT name FROM sequences WHERE id IN {INTEGERS} ORDER BY name LIMIT ?"
        )
        params = [json_list(wanted.tolist()), MAX_PRUNED_NAMES + 1]
        return _few([row[0] for row in self._database.rows(sql, params)])


def _few(names: list[str]) -> list[str] | None:
    return names if len(names) <= MAX_PRUNED_NAMES else None


def split_series(
    points: PointColumns, wanted: NDArray[np.int32], density: int, method: Method
) -> dict[int, Series]:
    """Cut sorted points into one series for each wanted id, and thin them."""
    found = dict.fromkeys(wanted.tolist(), _series(PointColumns.empty()))
    starts, stops = group_bounds(points.sequences)
    ids = points.sequences[starts].tolist()
    for sequence_id, start, stop in zip(ids, starts.tolist(), stops.tolist(), strict=True):
        part = points.take(slice(start, stop))
        if density > 0:
            part = thinned(part, density, method)
        found[sequence_id] = _series(part)
    return found


def thinned(points: PointColumns, density: int, method: Method) -> PointColumns:
    """At most `density` of the points of one sequence."""
    if method == "minmax":
        if len(points) <= density:
            return points
        return points.take(positions_by_extremes(points.steps, points.values, density))
    return points.take(positions_by_step(points.steps, density))


def _series(points: PointColumns) -> Series:
    return Series(points.steps, points.values, points.epochs, points.times)
