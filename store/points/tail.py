"""Points in memory that are not sealed yet: one `Generation` for each log.

Points lie in chunks in the order of their arrival. Only the committer appends: it fills
the columns of the last chunk and then moves its length, so any thread may read without a
lock and sees whole points. A full chunk is replaced by a copy that is sorted by sequence
(arrival order kept within) and has an index, hence reading some sequences costs a binary
search in each full chunk and one pass over the last.

There is nothing for each sequence here: a million sequences with one point each cost no
more than one with a million.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from store.points.frames import PointColumns
from store.points.grouping import Positions, group_bounds, group_order, range_positions

CHUNK_POINTS = 65_536

StepRange = tuple[int, int] | None


class _OpenChunk:
    """The chunk that is being filled."""

    def __init__(self) -> None:
        # Untouched pages take no memory, so a quiet store does not pay for the capacity.
        self._columns = PointColumns(
            np.empty(CHUNK_POINTS, np.int32),
            np.empty(CHUNK_POINTS, np.int64),
            np.empty(CHUNK_POINTS, np.float64),
            np.empty(CHUNK_POINTS, np.float64),
            np.empty(CHUNK_POINTS, np.float64),
        )
        self.length = 0

    def append(self, points: PointColumns) -> None:
        """Add points; there must be room."""
        start, stop = self.length, self.length + len(points)
        columns = self._columns
        columns.sequences[start:stop] = points.sequences
        columns.steps[start:stop] = points.steps
        columns.values[start:stop] = points.values
        columns.epochs[start:stop] = points.epochs
        columns.times[start:stop] = points.times
        # Last, because it is what makes the points visible to other threads.
        self.length = stop

    def columns(self) -> PointColumns:
        """The points so far."""
        return self._columns.take(slice(0, self.length))

    def read(self, wanted: NDArray[np.int32], steps: StepRange) -> PointColumns:
        points = self.columns()
        if not len(points):
            return points
        flags = np.zeros(max(int(points.sequences.max()), int(wanted[-1])) + 1, np.bool_)
        flags[wanted] = True
        return _cut(points, np.flatnonzero(flags[points.sequences]), steps)


class _SortedChunk:
    """A full chunk, sorted by sequence."""

    def __init__(self, points: PointColumns) -> None:
        self._columns = points.take(group_order(points.sequences))
        self._starts, self._stops = group_bounds(self._columns.sequences)
        self._ids = self._columns.sequences[self._starts]
        self._last_steps = np.maximum.reduceat(self._columns.steps, self._starts)
        self.length = len(points)

    def columns(self) -> PointColumns:
        return self._columns

    def read(self, wanted: NDArray[np.int32], steps: StepRange) -> PointColumns:
        places = np.searchsorted(self._ids, wanted)
        places[places == len(self._ids)] = 0
        places = places[self._ids[places] == wanted]
        if steps is not None:
            # A watcher asks for the newest points: most chunks have none for him.
            places = places[self._last_steps[places] >= steps[0]]
        if not len(places):
            return PointColumns.empty()
        if len(places) == 1 and steps is None:
            place = places[0]
            return self._columns.take(slice(self._starts[place], self._stops[place]))
        positions = range_positions(self._starts[places], self._stops[places])
        return _cut(self._columns, positions, steps)


def _cut(points: PointColumns, positions: Positions, steps: StepRange) -> PointColumns:
    if steps is not None:
        found = points.steps[positions]
        positions = positions[(found >= steps[0]) & (found <= steps[1])]
    return points.take(positions)


class Generation:
    """The points of one log."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._chunks: list[_OpenChunk | _SortedChunk] = [_OpenChunk()]
        self.point_count = 0
        self.frame_count = 0
        self.has_overlap = False
        """Whether a sequence may have one step twice, in here or in here and earlier."""
        self.started_at = 0.0
        """Monotonic time of the first points."""

    def append(self, points: PointColumns) -> None:
        """Add points; only the committer may call this."""
        done = 0
        while done < len(points):
            chunk = self._chunks[-1]
            if isinstance(chunk, _SortedChunk):
                raise TypeError("the last chunk is always open")
            piece = points.take(slice(done, done + CHUNK_POINTS - chunk.length))
            chunk.append(piece)
            done += len(piece)
            if chunk.length == CHUNK_POINTS:
                # One assignment for both, so that a reader sees the points exactly once.
                self._chunks[-1:] = [_SortedChunk(chunk.columns()), _OpenChunk()]
        self.point_count += len(points)

    def read(self, wanted: NDArray[np.int32], steps: StepRange = None) -> PointColumns:
        """The points of these sequences, for each in the order of their arrival.

        Args:
            wanted: Sequence ids, ascending and distinct, at least one.
            steps: First and last step, both inclusive; None for all.
        """
        parts = [chunk.read(wanted, steps) for chunk in tuple(self._chunks)]
        return PointColumns.joined([part for part in parts if len(part)])

    def columns(self) -> PointColumns:
        """All points, for each sequence in the order of their arrival."""
        parts = [chunk.columns() for chunk in tuple(self._chunks) if chunk.length]
        return PointColumns.joined(parts)
