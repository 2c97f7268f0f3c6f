"""Names beside the ends of curves, with a marker that tells them apart without colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from app.charts.palette import ChartTheme, faded
from app.charts.picture import Ink, Sheet, Size, fit_text, text_width
from app.charts.plot import Plot
from app.charts.traces import Trace

SMALLEST_PLOT = 44
"""Columns that the plot itself needs."""
MOST_LABELS = 16
LONGEST = 22
"""Names are cut after so many columns, or after a quarter of a picture that is wider."""
SHORTEST_CUT = 6
"""A shared beginning that is shorter is not worth cutting."""
MARKERS = "●◆▲■○◇△□"
"""One for each trace in turn."""


class _Label(Struct, frozen=True):
    row: int
    text: str
    marker: str
    trace: Trace


def markers_of(traces: Sequence[Trace]) -> dict[str, str]:
    """The marker of each trace by its key."""
    return {
        trace.key: MARKERS[number % len(MARKERS)] for number, trace in enumerate(_named(traces))
    }


def label_gutter(traces: Sequence[Trace], size: Size) -> int:
    """Columns to keep free at the right for names; 0 when there is no room for them all."""
    named = _named(traces)
    if not 1 < len(named) <= min(MOST_LABELS, size.height // 2):
        return 0
    wanted = max(text_width(text) for text in short_names([each.label for each in named]))
    gutter = min(max(LONGEST, size.width // 4), wanted) + 3
    return gutter if size.width - gutter >= SMALLEST_PLOT else 0


def with_end_labels(plot: Plot, traces: Sequence[Trace], size: Size, theme: ChartTheme) -> Plot:
    """The plot on a wider picture, with names at the right."""
    sheet = Sheet(size)
    sheet.paste(plot.picture)
    left = plot.picture.size.width
    has_focus = any(trace.is_focused for trace in traces)
    for label in _placed(plot, _named(traces)):
        trace = label.trace
        is_pale = has_focus and not trace.is_focused
        color = faded(trace.color, 0.6, theme.background) if is_pale else trace.color
        ink = Ink(color, is_bold=trace.is_focused)
        sheet.write(left, label.row, label.marker, ink)
        column, row = plot.column_of(float(trace.x[-1])), plot.row_of(float(trace.y[-1]))
        if column is not None and row is not None:
            sheet.write(column, row, label.marker, ink)
        text = fit_text(label.text, size.width - left - 2)
        words = Ink(theme.muted if is_pale else theme.text, is_bold=trace.is_focused)
        sheet.write(left + 2, label.row, text, words)
    return Plot(sheet.finish(), plot.area, plot.x_scale, plot.y_scale, plot.summary)


def short_names(labels: Sequence[str]) -> list[str]:
    """Names without the words that all of them begin with."""
    if len(set(labels)) < 2:
        return list(labels)
    shortest, longest = min(labels), max(labels)
    shared = next(
        (shortest[:at] for at, char in enumerate(shortest) if char != longest[at]), shortest
    )
    cut = max(shared.rfind(mark) + 1 for mark in "·-_ /")
    if cut < SHORTEST_CUT:
        return list(labels)
    # Words that stand for themselves are no rest of a name.
    mark = "" if shared[cut - 1] == " " else "…"
    return [f"{mark}{label[cut:]}" for label in labels]


def _named(traces: Sequence[Trace]) -> list[Trace]:
    return [trace for trace in traces if not trace.is_faint and len(trace.y)]


def _placed(plot: Plot, named: Sequence[Trace]) -> list[_Label]:
    """Labels in rows of their own, each as near to the end of its curve as can be."""
    area = plot.area
    names = short_names([trace.label for trace in named])
    wanted = []
    for number, (trace, text) in enumerate(zip(named, names, strict=True)):
        share = float(plot.y_scale.shares(trace.y[-1]))
        share = 0.0 if math.isnan(share) else min(1.0, max(0.0, share))
        row = area.y + round((1 - share) * (area.height - 1))
        wanted.append(_Label(row, text, MARKERS[number % len(MARKERS)], trace))
    wanted.sort(key=lambda label: label.row)
    rows: list[int] = []
    for label in wanted:
        rows.append(max(label.row, rows[-1] + 1) if rows else label.row)
    limit = area.bottom - 1
    for at in range(len(rows) - 1, -1, -1):
        rows[at] = min(rows[at], limit)
        limit = rows[at] - 1
    return [
        _Label(row, label.text, label.marker, label.trace)
        for row, label in zip(rows, wanted, strict=True)
        if row >= area.y
    ]
