"""Parallel coordinates: an upright axis for each field, a line across them for each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field

from app.charts.axes import Axis
from app.charts.canvas import Canvas
from app.charts.palette import DARK, ChartTheme, faded, sequential
from app.charts.picture import (
    Area,
    Ink,
    Picture,
    Sheet,
    Size,
    fit_text,
    message_picture,
    text_width,
)
from app.charts.scale import Scale
from app.charts.sparkline import value_text
from app.charts.ticks import ticks_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAD_ROWS = 2
MOST_LINES = 300
"""More runs than this are drawn as density: how many lines run where."""
DENSITY_LEVELS = 8
LEVELS = 24
"""Distinct colours of lines: each costs a pass over the picture."""


class ParallelOptions(Struct, frozen=True, eq=False):
    """What is lit."""

    color_axis: int = -1
    """Index of the axis whose values give the colour of the lines."""
    chosen: NDArray[np.bool_] | None = None
    """Runs that are brushed; None for all."""
    current: int = -1
    """Index of the axis under the cursor."""
    brushes: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    """Lowest and highest share of the brushed part of an axis, by its index."""
    has_counts: bool = False
    """Whether categories tell how many runs have them."""


class _Sheet(Struct, frozen=True, eq=False):
    sheet: Sheet
    area: Area
    options: ParallelOptions
    theme: ChartTheme


def draw_parallel(
    axes: Sequence[Axis],
    size: Size,
    options: ParallelOptions | None = None,
    theme: ChartTheme = DARK,
) -> Picture:
    """All axes over the width; a run without a value on an axis is interrupted there."""
    options = options or ParallelOptions()
    if len(axes) < 2 or size.width < len(axes) * 6 or size.height < HEAD_ROWS + 4:
        text = "two axes are needed" if len(axes) < 2 else "no room for the axes"
        return message_picture(text, size, Ink(theme.muted))
    sheet = Sheet(size)
    margin = 2
    area = Area(margin, HEAD_ROWS, size.width - 2 * margin - 8, size.height - HEAD_ROWS - 1)
    places = _places(len(axes), area)
    _draw_lines(sheet, axes, area, options, theme)
    made = _Sheet(sheet, area, options, theme)
    for number, (axis, place) in enumerate(zip(axes, places.tolist(), strict=True)):
        width = (area.width - 1) // (len(axes) - 1)
        _draw_axis(made, axis, number, place, width)
        if brush := options.brushes.get(number):
            low, high = (round((1 - share) * (area.height - 1)) for share in brush)
            for row in range(high, low + 1):
                sheet.write(area.x + place, area.y + row, "┃", Ink(theme.good, is_bold=True))
    return sheet.finish()


def _draw_lines(
    sheet: Sheet,
    axes: Sequence[Axis],
    area: Area,
    options: ParallelOptions,
    theme: ChartTheme,
) -> None:
    canvas = Canvas(Size(area.width, area.height))
    x = (_places(len(axes), area) * 2).astype(np.float64)
    rows: NDArray[np.float64] = np.stack(
        [(1 - axis.shares()) * (canvas.dots_down - 1) for axis in axes], axis=1
    )
    shares = axes[options.color_axis].shares()
    is_chosen = np.ones(len(rows), dtype=bool) if options.chosen is None else options.chosen
    inks: list[Ink] = []
    if len(rows) > MOST_LINES:
        inks += _light_density(canvas, x, rows, theme)
        if is_chosen.all() or is_chosen.sum() > MOST_LINES:
            # Too many for lines of their own: those that are brushed, as density.
            if not is_chosen.all():
                canvas, inks = Canvas(Size(area.width, area.height)), []
                inks += _light_density(canvas, x, rows[is_chosen], theme)
            canvas.paint(sheet, area, inks)
            return
    elif not is_chosen.all():
        _light(canvas, x, rows[~is_chosen], len(inks))
        inks.append(Ink(theme.grid))
    levels = np.where(np.isfinite(shares), np.round(np.nan_to_num(shares) * LEVELS), -1)
    for level in np.unique(levels[is_chosen]).tolist():
        _light(canvas, x, rows[is_chosen & (levels == level)], len(inks))
        color = sequential(0.25 + 0.75 * level / LEVELS) if level >= 0 else theme.muted
        inks.append(Ink(color))
    canvas.paint(sheet, area, inks)


def _places(count: int, area: Area) -> NDArray[np.int64]:
    """Columns of the axes inside the area."""
    return np.linspace(0, area.width - 1, count).round().astype(np.int64)


def _light(
    canvas: Canvas, x: NDArray[np.float64], rows: NDArray[np.float64], owner: int
) -> None:
    """Light the lines of some runs."""
    columns, lit = _dots(x, rows)
    canvas.light_points(columns, lit, owner)


def _light_density(
    canvas: Canvas, x: NDArray[np.float64], rows: NDArray[np.float64], theme: ChartTheme
) -> list[Ink]:
    """Light where many lines run, in the colours of how many; the inks by owner."""
    columns, lit = _dots(x, rows)
    inside = (columns >= 0) & (columns < canvas.dots_across) & (lit >= 0)
    at = columns[inside] * canvas.dots_down + np.minimum(lit[inside], canvas.dots_down - 1)
    counts = np.bincount(at, minlength=canvas.dots_across * canvas.dots_down)
    # Shares of the logarithm: a line that stands alone is to be seen too.
    shares = np.log1p(counts) / max(1e-9, float(np.log1p(counts.max(initial=0))))
    levels = np.ceil(shares * DENSITY_LEVELS).astype(np.int64)
    for level in range(1, DENSITY_LEVELS + 1):
        places = np.flatnonzero(levels == level)
        canvas.light_points(places // canvas.dots_down, places % canvas.dots_down, level - 1)
    grounds = [0.15 + 0.85 * level / DENSITY_LEVELS for level in range(1, DENSITY_LEVELS + 1)]
    return [Ink(faded(sequential(share), share, theme.background)) for share in grounds]


def _dots(
    x: NDArray[np.float64], rows: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Dots of the lines of some runs: for each column of dots the rows of all of them."""
    columns, lit = [], []
    for left in range(len(x) - 1):
        span = np.arange(x[left], x[left + 1] + 1)
        share = (span - x[left]) / max(1.0, x[left + 1] - x[left])
        known = np.isfinite(rows[:, left]) & np.isfinite(rows[:, left + 1])
        first, second = rows[known, left, None], rows[known, left + 1, None]
        steps = np.concatenate([share, np.minimum(share + 0.5 / max(1, len(span)), 1.0)])
        at = first + (second - first) * steps
        columns.append(np.broadcast_to(np.concatenate([span, span]), at.shape).ravel())
        lit.append(at.ravel())
    all_columns = np.concatenate(columns).astype(np.int64)
    return all_columns, np.round(np.concatenate(lit)).astype(np.int64)


def _draw_axis(made: _Sheet, axis: Axis, number: int, place: int, width: int) -> None:
    sheet, area, theme = made.sheet, made.area, made.theme
    is_current, has_counts = number == made.options.current, made.options.has_counts
    x = area.x + place
    line = Ink(theme.accent if is_current else theme.frame)
    for row in range(area.y, area.bottom):
        sheet.write(x, row, "│", line)
    room = max(4, width - 2)
    short = axis.name if text_width(axis.name) <= room else axis.name.rsplit(".", 1)[-1]
    name = fit_text(short, room if number else max(4, room // 2 + area.x))
    left = max(0, min(x - text_width(name) // 2, sheet.size.width - text_width(name)))
    ink = Ink(theme.accent if is_current else theme.text, is_bold=True)
    sheet.write(left, 0, name, ink)
    ground = faded(theme.muted, 0.15, theme.background) if theme.muted else None
    for share, text in _axis_labels(axis, area.height, has_counts=has_counts):
        row = area.y + round((1 - share) * (area.height - 1))
        shown = fit_text(text, max(3, min(14 if has_counts else 10, width - 2)))
        sheet.write(x + 1, row, shown, Ink(ground))


def _axis_labels(
    axis: Axis, height: int, *, has_counts: bool = False
) -> list[tuple[float, str]]:
    if axis.categories:
        known = axis.values[np.isfinite(axis.values)].astype(np.int64)
        counts = np.bincount(known, minlength=len(axis.categories))
        names = [
            f"{name} {count}" if has_counts else name
            for name, count in zip(axis.categories, counts.tolist(), strict=True)
        ]
        stride = max(1, -(-len(axis.categories) // max(1, height // 2)))
        numbers = range(0, len(axis.categories), stride)
        shares = axis.shares_of(np.array(list(numbers), dtype=np.float64)).tolist()
        return [(share, names[at]) for share, at in zip(shares, numbers, strict=True)]
    scale: Scale = axis.scale
    ticks = ticks_of(scale, max(2, height // 5))
    shares = axis.shares_of(ticks.positions).tolist()
    inner = [
        (share, label)
        for share, label in zip(shares, ticks.labels, strict=True)
        if 0.1 < share < 0.9
    ]
    ends = (1.0, 0.0) if axis.is_inverted else (0.0, 1.0)
    return [(ends[0], value_text(scale.low)), *inner, (ends[1], value_text(scale.high))]
