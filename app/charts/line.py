"""Line charts: any number of curves of any length in a frame.

Drawn from back to front: bands, faint curves, curves, the focused curve; of curves alike the
first of the list, which is the newest run, in front. What cannot be drawn
(NaN, infinities, non-positive values on a log axis) is named beside the title.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from app.charts.canvas import Canvas, Glyphs
from app.charts.clipping import Clipped, find_clipped, mark_clipped
from app.charts.end_labels import label_gutter, with_end_labels
from app.charts.envelope import band_columns, path_dots, trace_columns
from app.charts.palette import DARK, ChartTheme, faded
from app.charts.picture import Area, Ink, Size, message_picture, text_width
from app.charts.plot import SMALLEST, Ground, Labels, Plot, ground
from app.charts.scale import Scale, ScaleKind, fitted
from app.charts.sparkline import sparkline_list
from app.charts.traces import Trace, x_limits, y_limits

Y_MARGIN = 0.03
"""Room above and below the curves, as a share of the axis."""


class LineOptions(Struct, frozen=True):
    """What to show of the traces, and how."""

    labels: Labels = field(default_factory=Labels)
    x_kind: ScaleKind = ScaleKind.STEPS
    y_kind: ScaleKind = ScaleKind.LINEAR
    x_range: tuple[float, float] | None = None
    """Visible part of the x axis; everything when None."""
    y_range: tuple[float, float] | None = None
    """Visible part of the y axis; what the curves need when None."""
    without_outliers: bool = False
    """Leave values far from all others out of the y axis; arrows at the edge mark them."""
    clip_hint: str = ""
    """Words behind the count of values that were left out, such as the key that shows them."""
    has_end_labels: bool = False
    """Write names beside the ends of the curves, if there is room."""
    glyphs: Glyphs = Glyphs.BRAILLE
    has_grid: bool = True
    utc_offset_s: float = 0.0


def draw_lines(
    traces: Sequence[Trace],
    size: Size,
    options: LineOptions | None = None,
    theme: ChartTheme = DARK,
) -> Plot:
    """A line chart of exactly this size.

    Without room for a frame every trace becomes one line of text with a sparkline.
    """
    options = options or LineOptions()
    if size.width < SMALLEST.width or size.height < SMALLEST.height:
        return Plot(sparkline_list(traces, size, theme), Area(0, 0, 0, 0))
    if not any(len(trace.x) for trace in traces):
        text = message_picture("no points", size, Ink(theme.muted))
        return Plot(text, Area(0, 0, 0, 0))
    x_scale = line_x_scale(traces, options)
    y_scale = line_y_scale(traces, x_scale, options)
    clips = options.without_outliers and not options.y_range
    clipped = find_clipped(traces, x_scale, y_scale) if clips else ()
    summary = undrawn(traces, is_log=y_scale.is_log)
    left = size.width // 2 - (text_width(summary) + 3 if summary else 0)
    note = " · ".join(filter(None, (summary, _clip_text(clipped, options, left))))
    labels = replace(options.labels, note=note or options.labels.note)
    gutter = label_gutter(traces, size) if options.has_end_labels else 0
    room = Size(size.width - gutter, size.height)
    made = ground(room, (x_scale, y_scale), labels, theme, has_grid=options.has_grid)
    _draw(made, traces, options.glyphs, theme)
    mark_clipped(made, clipped)
    plot = made.finish(note)
    return with_end_labels(plot, traces, size, theme) if gutter else plot


def _clip_text(clipped: Sequence[Clipped], options: LineOptions, room: int) -> str:
    count = sum(each.count for each in clipped)
    if not count:
        return ""
    counted = f"{count:,} value{'s' if count > 1 else ''} clipped"
    whole = f"{counted}, {options.clip_hint}" if options.clip_hint else counted
    wordings = (whole, counted, f"{count:,} clipped")
    return next((text for text in wordings if text_width(text) <= room), wordings[-1])


def line_x_scale(traces: Sequence[Trace], options: LineOptions) -> Scale:
    """The x axis that these traces and options lead to."""
    limits = x_limits(traces, is_log=options.x_kind is ScaleKind.LOG)
    low, high = options.x_range or (limits.low, limits.high)
    return fitted(options.x_kind, low, high, utc_offset_s=options.utc_offset_s)


def line_y_scale(traces: Sequence[Trace], x_scale: Scale, options: LineOptions) -> Scale:
    """The y axis that these traces and options lead to."""
    if options.y_range:
        return fitted(options.y_kind, *options.y_range)
    limits = y_limits(
        traces,
        (x_scale.low, x_scale.high),
        is_log=options.y_kind is ScaleKind.LOG,
        without_outliers=options.without_outliers,
    )
    return fitted(options.y_kind, limits.low, limits.high, margin=Y_MARGIN)


def undrawn(traces: Sequence[Trace], *, is_log: bool = False) -> str:
    """What of the traces has no place in the picture, in words; empty if nothing."""
    nan = plus = minus = low = 0
    for trace in traces:
        if trace.is_faint and len(traces) > 1:
            continue
        counts = trace.non_finite()
        nan, plus, minus = nan + counts[0], plus + counts[1], minus + counts[2]
        if is_log:
            low += int(np.count_nonzero(trace.y <= 0)) - counts[2]
    named = ((nan, "NaN"), (plus, "+inf"), (minus, "-inf"), (low, "≤ 0"))
    return " · ".join(f"{count:,} {name}" for count, name in named if count)


def _draw(made: Ground, traces: Sequence[Trace], glyphs: Glyphs, theme: ChartTheme) -> None:
    area = made.area
    if not area.width or not area.height:
        return
    # What is pale has a canvas of its own: in a cell of both only the curve in front is seen.
    back, front = (Canvas(Size(area.width, area.height), glyphs) for _ in range(2))
    has_focus = any(trace.is_focused for trace in traces)
    inks: list[Ink] = []
    ordered = list(reversed(traces))
    ordered.sort(key=lambda trace: trace.order)
    for trace in ordered:
        if not has_focus or trace.is_focused:
            _draw_band(back, trace, made, len(inks))
            inks.append(Ink(faded(trace.color, 0.45, theme.background)))
    for trace in ordered:
        is_pale = trace.is_faint or (has_focus and not trace.is_focused)
        color = faded(trace.color, 0.6, theme.background) if is_pale else trace.color
        _draw_curve(back if is_pale else front, trace, made, len(inks))
        inks.append(Ink(color, is_bold=trace.is_focused))
    back.paint(made.sheet, area, inks)
    front.paint(made.sheet, area, inks)


def _draw_band(canvas: Canvas, trace: Trace, made: Ground, owner: int) -> None:
    if trace.low is None or trace.high is None:
        return
    dots = (canvas.dots_across, canvas.dots_down)
    edges = (trace.low, trace.high)
    band = band_columns(trace.x, edges, (made.x_scale, made.y_scale), dots)
    canvas.fill_band(band.tops, band.bottoms, owner)


def _draw_curve(canvas: Canvas, trace: Trace, made: Ground, owner: int) -> None:
    dots = (canvas.dots_across, canvas.dots_down)
    scales = (made.x_scale, made.y_scale)
    if trace.is_path:
        columns, rows = path_dots(trace.x, trace.y, scales, dots)
        canvas.light_points(columns, rows, owner)
        return
    found = trace_columns(trace.x, trace.y, scales, dots)
    canvas.fill_columns(found.tops, found.bottoms, owner, trace.stroke)
    lit = np.flatnonzero(found.tops <= found.bottoms)
    if len(lit) == 1 and found.tops[lit[0]] == found.bottoms[lit[0]]:
        canvas.light_cross(int(lit[0]), int(found.tops[lit[0]]), owner)
