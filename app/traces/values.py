"""What the list beside the charts says: values at the crosshair, or the last ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from app import formatting
from app.charts.end_labels import markers_of
from app.charts.reading import Reading, nearest_index, ranked, read_at
from app.charts.readout import ReadoutContent
from app.charts.scale import ScaleKind
from app.charts.sparkline import value_text
from app.charts.ticks import clock_label, duration_label

if TYPE_CHECKING:
    from app.charts.groups import ValueGroup
    from app.charts.traces import Trace
    from app.traces.build import ChartData
    from store.models import Series


def readout_content(
    chart: ChartData,
    series: Mapping[str, Series],
    x: float | None,
    *,
    marks: Sequence[float] = (),
    highlighted: str = "",
    pinned: Sequence[str] = (),
    hidden_count: int = 0,
    is_lower_better: bool = False,
) -> ReadoutContent:
    """The list for one chart.

    Args:
        chart: What is drawn.
        series: Points by key of the trace, for epochs and times.
        x: Where the crosshair is; without one the last values are listed.
        marks: Two places give the change between them.
        highlighted: Key of the trace in focus.
        pinned: Keys of pinned traces.
        hidden_count: How many traces are not drawn.
        is_lower_better: Whether the list begins with the lowest value.
    """
    readings = read_at(chart.traces, math.inf) if x is None else _read_near(chart.traces, x)
    readings = ranked(readings, is_lower_better=is_lower_better)
    raw = _raw_values(chart.traces, readings)
    if x is None:
        # Without a crosshair the list is a legend: what was logged last, nothing else.
        readings = [replace(each, y=raw.pop(each.key, each.y)) for each in readings]
        readings = ranked(readings, is_lower_better=is_lower_better)
    if chart.groups and x is None:
        readings = [_group_reading(each, is_median=chart.has_medians) for each in chart.groups]
        middle = "median" if chart.has_medians else "mean"
        is_each_alone = all(len(each.values) == 1 for each in chart.groups)
        noun = "run" if is_each_alone else "group"
        counted = formatting.plural(len(readings), noun)
        return ReadoutContent(
            title=chart.name,
            place=counted if is_each_alone else f"{middle} of {counted}",
            readings=tuple(ranked(readings, is_lower_better=is_lower_better)),
            hidden_count=hidden_count,
        )
    changes = _changes(chart.traces, marks) if len(marks) == 2 else {}
    return ReadoutContent(
        title=chart.name,
        place=_place(chart, series, readings, x, marks),
        readings=tuple(readings),
        raw=raw,
        changes=changes,
        slopes={
            key: change / (marks[1] - marks[0])
            for key, change in changes.items()
            if marks[1] != marks[0]
        },
        behind=_behind(readings) if x is not None else {},
        markers=markers_of(chart.traces),
        highlighted=highlighted,
        pinned=frozenset(pinned),
        hidden_count=hidden_count,
    )


def _group_reading(group: ValueGroup, *, is_median: bool) -> Reading:
    count = len(group.values)
    label = f"{group.label} ({count})" if count > 1 else group.label
    value = group.median if is_median else group.mean
    return Reading(group.key, label, group.color, 0, 0.0, value)


def _read_near(traces: Sequence[Trace], x: float) -> list[Reading]:
    """Readings of traces that reach as far as `x`, or nearly."""
    ends = [end for trace in traces if len(trace.x) for end in (trace.x[0], trace.x[-1])]
    reach = float(max(ends) - min(ends)) / 100 if ends else 0.0
    return read_at(traces, x, reach=reach)


def as_tsv(content: ReadoutContent) -> str:
    """The list as a table for the clipboard: a head, then a line for each trace."""
    columns: list[tuple[str, Mapping[str, float]]] = [
        ("smoothed", {each.key: each.y for each in content.readings} if content.raw else {}),
        ("to best", content.behind),
        ("change", content.changes),
        ("slope", content.slopes),
    ]
    columns = [(name, values) for name, values in columns if values]
    lines = ["\t".join([content.title, content.place, *(name for name, _ in columns)])]
    for each in content.readings:
        value = content.raw.get(each.key, each.y)
        more = [
            f"{values[each.key]:.10g}" if each.key in values else "" for _, values in columns
        ]
        lines.append("\t".join([each.label, f"{value:.10g}", *more]))
    return "\n".join(lines)


def x_text(kind: ScaleKind, x: float, utc_offset_s: float = 0.0) -> str:
    """A place on an axis in words."""
    if kind is ScaleKind.DURATION:
        return duration_label(x)
    if kind is ScaleKind.CLOCK:
        return clock_label(x, 1.0, utc_offset_s)
    return formatting.count(int(x)) if x == int(x) and abs(x) < 1e15 else value_text(x)


def _place(
    chart: ChartData,
    series: Mapping[str, Series],
    readings: Sequence[Reading],
    x: float | None,
    marks: Sequence[float],
) -> str:
    options = chart.options
    if x is None:
        return f"last of {formatting.plural(len(readings), 'trace')}"
    if len(marks) == 2:
        return f"Δ{options.labels.x} {x_text(options.x_kind, marks[1] - marks[0])}"
    parts = [f"{options.labels.x} {x_text(options.x_kind, x, options.utc_offset_s)}"]
    if options.x_kind is ScaleKind.STEPS:
        parts.extend(_epoch_and_time(series, readings, x))
    return " · ".join(parts)


def _epoch_and_time(
    series: Mapping[str, Series], readings: Sequence[Reading], x: float
) -> list[str]:
    known = next((series[each.key] for each in readings if each.key in series), None)
    if known is None or not len(known):
        return []
    at = min(int(np.searchsorted(known.steps, x)), len(known) - 1)
    parts = []
    if math.isfinite(known.epochs[at]):
        parts.append(f"epoch {known.epochs[at]:g}")
    if math.isfinite(known.times[at]) and math.isfinite(known.times[0]):
        parts.append(duration_label(round(float(known.times[at] - known.times[0]))))
    return parts


def _raw_values(traces: Sequence[Trace], readings: Sequence[Reading]) -> dict[str, float]:
    raw = {trace.key: trace.raw_y for trace in traces if trace.raw_y is not None}
    return {each.key: float(raw[each.key][each.index]) for each in readings if each.key in raw}


def _behind(readings: Sequence[Reading]) -> dict[str, float]:
    """Differences to the first of the list, which is the best one."""
    if len(readings) < 2:
        return {}
    best = readings[0].y
    return {each.key: each.y - best for each in readings if math.isfinite(each.y - best)}


def _changes(traces: Sequence[Trace], marks: Sequence[float]) -> dict[str, float]:
    changes = {}
    for trace in traces:
        if not trace.is_faint and len(trace.x):
            first, second = (float(trace.y[nearest_index(trace, mark)]) for mark in marks)
            changes[trace.key] = second - first
    return changes
