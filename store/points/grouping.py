"""Sorting and grouping points by sequence; arrays in, arrays out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from store.points.frames import PointColumns

Positions = NDArray[np.intp]


def group_order(sequences: NDArray[np.int32]) -> Positions:
    """Positions that sort by sequence and keep the order within each."""
    # Sorting packed integers is several times faster than a stable argsort.
    packed = (sequences.astype(np.int64) << 32) | np.arange(len(sequences), dtype=np.int64)
    packed.sort()
    order: Positions = packed & 0xFFFFFFFF
    return order


def group_bounds(sequences: NDArray[np.int32]) -> tuple[Positions, Positions]:
    """Start and stop of each run of equal ids."""
    if not len(sequences):
        nothing = np.empty(0, np.intp)
        return nothing, nothing
    changes = np.flatnonzero(sequences[1:] != sequences[:-1]) + 1
    starts = np.concatenate(([0], changes))
    stops = np.concatenate((changes, [len(sequences)]))
    return starts, stops


def range_positions(starts: Positions, stops: Positions) -> Positions:
    """All positions of the half-open ranges, one range after the other."""
    lengths = stops - starts
    offsets = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    positions: Positions = offsets + np.arange(int(lengths.sum()))
    return positions


def sorted_points(points: PointColumns) -> PointColumns:
    """Sorted by sequence and step; of points with the same step the last one wins."""
    if _is_ascending(points.sequences, points.steps):
        return points
    points = points.take(group_order(points.sequences))
    if _is_ascending(points.sequences, points.steps):
        return points
    points = points.take(np.lexsort((points.steps, points.sequences)))
    is_last = np.ones(len(points), np.bool_)
    is_last[:-1] = (points.sequences[1:] != points.sequences[:-1]) | (
        points.steps[1:] != points.steps[:-1]
    )
    return points if is_last.all() else points.take(is_last)


def _is_ascending(sequences: NDArray[np.int32], steps: NDArray[np.int64]) -> bool:
    """Whether ids never fall and steps rise within each."""
    same = sequences[1:] == sequences[:-1]
    rising = np.where(same, steps[1:] > steps[:-1], sequences[1:] > sequences[:-1])
    return bool(rising.all())
