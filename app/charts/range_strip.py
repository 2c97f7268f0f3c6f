"""The whole x axis in two rows, with the part that is in view set off from the rest."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.charts.canvas import Canvas
from app.charts.envelope import trace_columns
from app.charts.line import LineOptions, line_x_scale, line_y_scale
from app.charts.palette import DARK, ChartTheme
from app.charts.picture import Area, Ink, Sheet, Size
from app.charts.plot import Plot
from app.charts.scale import Scale
from app.charts.traces import Trace

MOST_TRACES = 40
"""More would only be a smear."""


def draw_range_strip(
    traces: Sequence[Trace],
    options: LineOptions,
    view: tuple[float, float],
    size: Size,
    theme: ChartTheme = DARK,
) -> Plot:
    """Small curves over the whole axis; what lies outside of `view` is pale."""
    whole = replace(options, x_range=None, y_range=None)
    shown = [trace for trace in traces if not trace.is_faint and not trace.is_path]
    shown = shown[:MOST_TRACES]
    x_scale = line_x_scale(traces, whole)
    y_scale = line_y_scale(traces, x_scale, whole)
    canvas = Canvas(size)
    inks = []
    for number, trace in enumerate(shown):
        dots = (canvas.dots_across, canvas.dots_down)
        found = trace_columns(trace.x, trace.y, (x_scale, y_scale), dots)
        canvas.fill_columns(found.tops, found.bottoms, number)
        inks.append(Ink(trace.color, theme.grid))
    sheet = Sheet(size)
    area = Area(0, 0, size.width, size.height)
    first, last = window_columns(x_scale, view, size.width)
    window = Area(first, 0, last - first + 1, size.height)
    sheet.recolor(window, Ink(theme.text, theme.grid))
    canvas.paint(sheet, area, inks)
    sheet.recolor(Area(0, 0, first, size.height), Ink(theme.frame))
    sheet.recolor(Area(last + 1, 0, size.width - last - 1, size.height), Ink(theme.frame))
    for column in {first, last}:
        for row in range(size.height):
            char = "▐" if column == first != last else "▌"
            sheet.write(column, row, char, Ink(theme.accent, theme.grid))
    return Plot(sheet.finish(), area, x_scale, y_scale)


def window_columns(scale: Scale, view: tuple[float, float], width: int) -> tuple[int, int]:
    """First and last column of the part in view, inside the strip."""
    shares = [float(scale.shares(edge)) for edge in view]
    columns = [
        round(min(1.0, max(0.0, share if share == share else 0.0)) * (width - 1))  # noqa: PLR0124
        for share in shares
    ]
    return columns[0], max(columns)
