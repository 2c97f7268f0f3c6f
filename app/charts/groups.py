"""Values by group: bars with their range, box plots, and histograms as outlines.

Groups are rows, values lie on an axis below, so that long names of groups stay readable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.charts.palette import DARK, ChartTheme, faded
from app.charts.picture import (
    Area,
    Ink,
    Sheet,
    Size,
    fit_both_ends,
    fit_text,
    message_picture,
    text_width,
)
from app.charts.plot import Plot
from app.charts.scale import Scale, ScaleKind, fitted
from app.charts.sparkline import value_text
from app.charts.ticks import ticks_of
from app.charts.traces import Trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST = Size(24, 5)
WHISKER = 1.5
"""A value further from the box than this many times its length stands alone."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"


class ValueGroup(Struct, frozen=True, eq=False):
    """The values of one group, one of each run."""

    key: str
    label: str
    color: str
    values: NDArray[np.float64]
    """Finite, ascending; never empty."""

    @property
    def mean(self) -> float:
        """Where a bar ends."""
        return float(self.values.mean())

    @property
    def median(self) -> float:
        """The middle of a box."""
        return float(np.median(self.values))


class BoxNumbers(Struct, frozen=True):
    """What a box plot shows."""

    low: float
    """End of the lower whisker."""
    first: float
    median: float
    third: float
    high: float
    alone: tuple[float, ...]
    """Values beyond the whiskers."""


class _Rows(Struct, frozen=True):
    sheet: Sheet
    area: Area
    scale: Scale
    shown: int
    """Groups that there is room for."""
    rows_each: int

    def column(self, value: float) -> int:
        share = min(1.0, max(0.0, float(self.scale.shares(value))))
        return self.area.x + round(share * (self.area.width - 1))


def box_numbers(values: NDArray[np.float64]) -> BoxNumbers:
    """Quartiles, whiskers and outliers of ascending values."""
    first, median, third = (float(each) for each in np.percentile(values, (25, 50, 75)))
    reach = WHISKER * (third - first)
    inside = values[(values >= first - reach) & (values <= third + reach)]
    outside = values[(values < first - reach) | (values > third + reach)]
    low, high = float(inside.min()), float(inside.max())
    return BoxNumbers(low, first, median, third, high, tuple(outside.tolist()))


def draw_group_bars(
    groups: Sequence[ValueGroup],
    size: Size,
    title: str = "",
    theme: ChartTheme = DARK,
    *,
    is_log: bool = False,
) -> Plot:
    """A bar to the mean of each group, the range of its values as a line over it."""
    values = _all_values(groups)
    ends = (0.0, 0.0) if not is_log else ()
    rows = _rows(groups, np.append(values, ends), size, title, theme, is_log=is_log)
    if rows is None:
        return _no_room(groups, size, title, theme)
    for number, group in enumerate(groups[: rows.shown]):
        top = rows.area.y + number * rows.rows_each
        zero = rows.column(rows.scale.low if is_log else 0.0)
        at = rows.column(group.mean)
        ink = Ink(group.color)
        left, right = sorted((zero, at))
        for row in range(top, top + min(2, max(1, rows.rows_each - 1))):
            rows.sheet.write(left, row, "█" * (right - left), ink)
            if at >= zero:
                rows.sheet.write(at, row, _part_of_cell(rows, group.mean, at), ink)
        if len(group.values) > 1:
            low, high = (
                rows.column(float(group.values[0])),
                rows.column(float(group.values[-1])),
            )
            for column in range(low, high + 1):
                char = "├" if column == low else "┤" if column == high else "─"
                ground = group.color if left <= column < right else None
                color = theme.background or "#12151c" if ground else group.color
                rows.sheet.write(column, top, char, Ink(color, ground))
        _write_value(rows, top, value_text(group.mean), theme)
    return _finish(rows, groups, theme)


def draw_boxes(
    groups: Sequence[ValueGroup],
    size: Size,
    title: str = "",
    theme: ChartTheme = DARK,
    *,
    is_log: bool = False,
) -> Plot:
    """A box plot for each group: quartiles, whiskers, and a ring for each value far out."""
    rows = _rows(groups, _all_values(groups), size, title, theme, is_log=is_log)
    if rows is None:
        return _no_room(groups, size, title, theme)
    for number, group in enumerate(groups[: rows.shown]):
        top = rows.area.y + number * rows.rows_each
        box = box_numbers(group.values)
        if rows.rows_each >= 3:
            _draw_tall_box(rows, top, box, group.color, theme)
        else:
            _draw_flat_box(rows, top, box, group.color, theme)
        middle = top + (1 if rows.rows_each >= 3 else 0)
        _write_value(rows, middle, value_text(box.median), theme)
    return _finish(rows, groups, theme)


def histogram_traces(groups: Sequence[ValueGroup], bins: int = 0) -> tuple[Trace, ...]:
    """For each group an outline: how many of its values lie in each of some equal bins."""
    values = _all_values(groups)
    if not len(values):
        return ()
    scale = fitted(ScaleKind.LINEAR, float(values.min()), float(values.max()))
    count = bins or min(40, max(5, math.ceil(math.sqrt(len(values)) * 1.5)))
    edges = np.linspace(scale.low, scale.high, count + 1)
    traces = []
    for group in groups:
        heights, _ = np.histogram(group.values, bins=edges)
        x = np.repeat(edges, 2)
        y = np.concatenate([[0.0], np.repeat(heights.astype(np.float64), 2), [0.0]])
        # Verticals need some room: curves have one value for each place.
        x[1::2] = np.nextafter(x[1::2], np.inf)
        traces.append(Trace(group.key, group.label, x, y, group.color))
    return tuple(traces)


def _all_values(groups: Sequence[ValueGroup]) -> NDArray[np.float64]:
    return np.concatenate([group.values for group in groups]) if groups else np.empty(0)


def _no_room(groups: Sequence[ValueGroup], size: Size, title: str, theme: ChartTheme) -> Plot:
    sheet = Sheet(size)
    text = "no room" if groups else "no values"
    sheet.paste(message_picture(text, size, Ink(theme.muted)))
    sheet.write(1, 0, fit_text(title, size.width - 1), Ink(theme.text, is_bold=True))
    return Plot(sheet.finish(), Area(0, 0, 0, 0))


def _rows(
    groups: Sequence[ValueGroup],
    values: NDArray[np.float64],
    size: Size,
    title: str,
    theme: ChartTheme,
    *,
    is_log: bool,
) -> _Rows | None:
    """The sheet with title, names and axis; None without room."""
    if size.width < SMALLEST.width or size.height < SMALLEST.height or not groups:
        return None
    sheet = Sheet(size)
    counts = len(groups) == 1 or any(len(group.values) > 1 for group in groups)
    names = [f"{each.label} ({len(each.values)})" if counts else each.label for each in groups]
    gutter = min(max(text_width(name) for name in names), size.width // 3) + 2
    width = size.width - gutter - 11
    height = size.height - 3
    each = max(1, min(4, height // len(groups)))
    each = 3 if each == 4 and height < 4 * len(groups) else each
    shown = min(len(groups), height // each)
    kind = ScaleKind.LOG if is_log and (values > 0).all() else ScaleKind.LINEAR
    margin = 0.02 if kind is ScaleKind.LINEAR and (values != 0).all() else 0.0
    scale = fitted(kind, float(values.min()), float(values.max()), margin=margin)
    area = Area(gutter, 1, width, height)
    sheet.write(gutter, 0, fit_text(title, size.width - gutter), Ink(theme.text, is_bold=True))
    for number, name in enumerate(names[:shown]):
        row = area.y + number * each + (1 if each >= 3 else 0)
        text = fit_both_ends(name, gutter - 2)
        sheet.write(gutter - 2 - text_width(text), row, text, Ink(theme.muted))
    rows = _Rows(sheet, area, scale, shown, each)
    _write_axis(rows, theme)
    return rows


def _write_axis(rows: _Rows, theme: ChartTheme) -> None:
    area, sheet = rows.area, rows.sheet
    for row in range(area.y, area.bottom):
        sheet.write(area.x - 1, row, "│", Ink(theme.frame))
    sheet.write(area.x - 1, area.bottom, "└" + "─" * area.width, Ink(theme.frame))
    ticks = ticks_of(rows.scale, max(2, area.width // 10))
    free = 0
    for position, label in zip(ticks.positions, ticks.labels, strict=True):
        column = rows.column(position)
        left = max(0, column - text_width(label) // 2)
        sheet.write(column, area.bottom, "┬", Ink(theme.frame))
        if left >= free and left + text_width(label) <= sheet.size.width:
            sheet.write(left, area.bottom + 1, label, Ink(theme.muted))
            free = left + text_width(label) + 1


def _write_value(rows: _Rows, row: int, text: str, theme: ChartTheme) -> None:
    rows.sheet.write(
        rows.sheet.size.width - text_width(text), row, text, Ink(theme.text, is_bold=True)
    )


def _part_of_cell(rows: _Rows, value: float, column: int) -> str:
    """A block as wide as the part of the last cell that the bar reaches into."""
    exact = float(rows.scale.shares(value)) * (rows.area.width - 1) + rows.area.x
    part = exact - column + 0.5
    return _EIGHTHS[min(8, max(0, round(part * 8)))]


def _draw_tall_box(
    rows: _Rows, top: int, box: BoxNumbers, color: str, theme: ChartTheme
) -> None:
    low, first, median, third, high = _columns(rows, box)
    sheet, ink = rows.sheet, Ink(color)
    inner = "─" * max(0, third - first - 1)
    sheet.write(first, top, f"┌{inner}┐" if third > first else "┬", ink)
    sheet.write(first, top + 2, f"└{inner}┘" if third > first else "┴", ink)
    fill = Ink(color, faded(color, 0.75, theme.background))
    if third > first + 1:
        sheet.write(first + 1, top + 1, " " * (third - first - 1), fill)
    if low < first:
        sheet.write(low, top + 1, "├" + "─" * (first - low - 1) + "┤", ink)
    else:
        sheet.write(first, top + 1, "│", ink)
    if high > third:
        sheet.write(third, top + 1, "├" + "─" * (high - third - 1) + "┤", ink)
    else:
        sheet.write(third, top + 1, "│", ink)
    for row, char in ((top, "┬"), (top + 1, "┃"), (top + 2, "┴")):
        if char == "┃" or first < median < third:
            sheet.write(median, row, char, Ink(theme.text if char == "┃" else color))
    _draw_alone(rows, top + 1, box, color)


def _draw_flat_box(
    rows: _Rows, row: int, box: BoxNumbers, color: str, theme: ChartTheme
) -> None:
    low, first, median, third, high = _columns(rows, box)
    sheet, ink = rows.sheet, Ink(color)
    sheet.write(low, row, "─" * (high - low + 1), ink)
    sheet.write(low, row, "├", ink)
    sheet.write(high, row, "┤", ink)
    sheet.write(first, row, "█" * (third - first + 1), Ink(faded(color, 0.25)))
    sheet.write(median, row, "┃", Ink(theme.text, faded(color, 0.25), is_bold=True))
    _draw_alone(rows, row, box, color)


def _columns(rows: _Rows, box: BoxNumbers) -> tuple[int, int, int, int, int]:
    return (
        rows.column(box.low),
        rows.column(box.first),
        rows.column(box.median),
        rows.column(box.third),
        rows.column(box.high),
    )


def _draw_alone(rows: _Rows, row: int, box: BoxNumbers, color: str) -> None:
    for value in box.alone:
        rows.sheet.write(rows.column(value), row, "○", Ink(color, is_bold=True))


def _finish(rows: _Rows, groups: Sequence[ValueGroup], theme: ChartTheme) -> Plot:
    left_out = len(groups) - rows.shown
    if left_out:
        text = f"… {left_out} more groups"
        rows.sheet.write(1, rows.area.bottom + 1, text, Ink(theme.muted))
    return Plot(rows.sheet.finish(), Area(0, 0, 0, 0))
