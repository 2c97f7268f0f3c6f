"""Curves as columns of dots: exactly the smallest and largest value of every column.

A curve of any length becomes two rows for each column of dots, the topmost and the lowest one
to light, so no spike is lost however many points share a column. Neighbouring points are
joined by lines; NaN, infinities and (on a log axis) non-positive values interrupt them.

Rows count from the top and may lie outside the canvas. Cost: linear in the visible points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.charts.traces import visible_slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.charts.scale import Scale

_FAR = 1e9
"""Rows further out than this are cut: the line there is vertical as far as anyone can see."""


class Columns(Struct, frozen=True, eq=False):
    """For each column of dots the rows to light; dark where `tops` is below `bottoms`."""

    tops: NDArray[np.int64]
    bottoms: NDArray[np.int64]


class _Groups(Struct, frozen=True, eq=False):
    """Points that share a column, one entry for each column that has any."""

    columns: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    is_joined: NDArray[np.bool_]
    """Whether the curve goes on from this group to the next one; one entry less."""


def dot_rows(values: NDArray[np.float64], scale: Scale, count: int) -> NDArray[np.float64]:
    """Rows of values on an axis of `count` dots, not rounded; 0 is the top."""
    return np.clip((1.0 - scale.shares(values)) * (count - 1), -_FAR, _FAR)


def dot_columns(values: NDArray[np.float64], scale: Scale, count: int) -> NDArray[np.float64]:
    """Columns of values on an axis of `count` dots, not rounded."""
    return np.clip(scale.shares(values) * (count - 1), -_FAR, _FAR)


def trace_columns(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    scales: tuple[Scale, Scale],
    dots: tuple[int, int],
) -> Columns:
    """The columns of a curve.

    Args:
        x: Ascending and finite.
        y: As long as `x`.
        scales: Of x and of y.
        dots: Across and down.
    """
    across, down = dots
    groups = _grouped(x, y, scales, across)
    tops = np.full(across, down + 1, dtype=np.int64)
    bottoms = np.full(across, -2, dtype=np.int64)
    if groups is None:
        return Columns(tops, bottoms)
    rows = [
        dot_rows(values, scales[1], down)
        for values in (groups.high, groups.low, groups.first, groups.last)
    ]
    inside = (groups.columns >= 0) & (groups.columns < across)
    at = groups.columns[inside].astype(np.int64)
    tops[at] = _rounded(rows[0][inside])
    bottoms[at] = _rounded(rows[1][inside])
    _join(groups, rows[2], rows[3], tops, bottoms)
    return Columns(tops, bottoms)


def band_columns(
    x: NDArray[np.float64],
    edges: tuple[NDArray[np.float64], NDArray[np.float64]],
    scales: tuple[Scale, Scale],
    dots: tuple[int, int],
) -> Columns:
    """The columns between a lower and an upper edge."""
    lower = trace_columns(x, edges[0], scales, dots)
    upper = trace_columns(x, edges[1], scales, dots)
    is_empty = (upper.tops > upper.bottoms) | (lower.tops > lower.bottoms)
    tops = np.where(is_empty, dots[1] + 1, np.minimum(upper.tops, lower.tops))
    bottoms = np.where(is_empty, -2, np.maximum(lower.bottoms, upper.bottoms))
    return Columns(tops, bottoms)


def path_dots(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    scales: tuple[Scale, Scale],
    dots: tuple[int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns and rows of the dots of a curve whose x may run backwards."""
    columns = dot_columns(x, scales[0], dots[0])
    rows = dot_rows(y, scales[1], dots[1])
    limit = 4.0 * max(dots)
    columns, rows = np.clip(columns, -limit, limit), np.clip(rows, -limit, limit)
    is_known = np.isfinite(columns) & np.isfinite(rows)
    is_line = is_known[:-1] & is_known[1:]
    starts = np.flatnonzero(is_line)
    across = columns[starts + 1] - columns[starts]
    down = rows[starts + 1] - rows[starts]
    counts = np.ceil(np.maximum(np.abs(across), np.abs(down))).astype(np.int64) + 1
    which = np.repeat(np.arange(len(starts)), counts)
    place = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = place / np.maximum(counts[which] - 1, 1)
    line_columns = columns[starts][which] + across[which] * share
    line_rows = rows[starts][which] + down[which] * share
    all_columns = np.concatenate([columns[is_known], line_columns])
    all_rows = np.concatenate([rows[is_known], line_rows])
    return _rounded(all_columns), _rounded(all_rows)


def _grouped(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    scales: tuple[Scale, Scale],
    across: int,
) -> _Groups | None:
    x_scale, y_scale = scales
    part = visible_slice(x, (x_scale.low, x_scale.high))
    x, y = x[part], y[part]
    is_drawn = np.isfinite(y)
    if y_scale.is_log:
        is_drawn &= y > 0
    if x_scale.is_log:
        is_drawn &= x > 0
    pieces = None
    if not is_drawn.all():
        pieces = np.cumsum(~is_drawn)[is_drawn]
        x, y = x[is_drawn], y[is_drawn]
    if not len(x):
        return None
    columns, starts = _starts(x, x_scale, across)
    ends = np.append(starts[1:], len(x)) - 1
    is_joined = np.ones(len(starts) - 1, dtype=bool)
    if pieces is not None:
        is_joined = pieces[ends[:-1]] == pieces[starts[1:]]
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return _Groups(columns, low, high, y[starts], y[ends], is_joined)


def _starts(
    x: NDArray[np.float64], scale: Scale, across: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Columns that have points, and for each the index of its first point."""
    if len(x) > 4 * across and across > 1:
        # Looking up the edges of the columns is cheaper than placing every point.
        edges = scale.values((np.arange(across + 1) - 0.5) / (across - 1))
        at = np.searchsorted(x, edges)
        starts = np.concatenate([[0], at])
        columns = np.concatenate([[-1.0], np.arange(across + 1.0)])
        ends = np.append(starts[1:], len(x))
        is_used = ends > starts
        before = dot_columns(x[:1], scale, across)
        after = dot_columns(x[-1:], scale, across)
        columns[0] = min(-1.0, float(np.floor(before[0] + 0.5)))
        columns[-1] = max(float(across), float(np.floor(after[0] + 0.5)))
        return columns[is_used], starts[is_used].astype(np.int64)
    places = np.floor(dot_columns(x, scale, across) + 0.5)
    starts = np.flatnonzero(np.diff(places, prepend=-np.inf))
    return places[starts], starts


def _join(
    groups: _Groups,
    first: NDArray[np.float64],
    last: NDArray[np.float64],
    tops: NDArray[np.int64],
    bottoms: NDArray[np.int64],
) -> None:
    """Draw the lines from each group to the next one into the columns."""
    across = len(tops)
    chosen = np.flatnonzero(groups.is_joined)
    begin, end = groups.columns[chosen], groups.columns[chosen + 1]
    from_column = np.clip(begin, 0, across - 1)
    to_column = np.clip(end, 0, across - 1)
    is_seen = (end >= 0) & (begin <= across - 1)
    counts = np.where(is_seen, to_column - from_column + 1, 0).astype(np.int64)
    which = np.repeat(np.arange(len(chosen)), counts)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    column = from_column[which] + offset
    start_row, end_row = last[chosen][which], first[chosen + 1][which]
    slope = (end_row - start_row) / (end - begin)[which]
    enter_at = np.maximum(column - 0.5, begin[which])
    enter = _rounded(start_row + (enter_at - begin[which]) * slope)
    leave_at = np.minimum(column + 0.5, end[which])
    leave = _rounded(start_row + (leave_at - begin[which]) * slope)
    # The neighbour already lights the row where the line enters: keeps slanted lines thin.
    is_shared = (enter != leave) & (enter_at > begin[which])
    enter = enter + np.where(is_shared, np.sign(leave - enter), 0)
    at = column.astype(np.int64)
    np.minimum.at(tops, at, np.minimum(enter, leave))
    np.maximum.at(bottoms, at, np.maximum(enter, leave))


def _rounded(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(values + 0.5).astype(np.int64)
