"""`runfolio plot`: a metric of many runs as a chart of characters, or its points as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from app.charts.canvas import Stroke
from app.charts.export import to_ansi
from app.charts.line import LineOptions, draw_lines
from app.charts.palette import DARK
from app.charts.picture import Ink, Sheet, Size, fit_text
from app.charts.plot import Labels
from app.charts.scale import ScaleKind
from app.charts.traces import Trace
from app.formatting import number
from app.output.values import metric_label
from app.querying.plain_words import as_query
from app.sources.protocol import TraceRef
from store.models import RunRecord, Series

if TYPE_CHECKING:
    from app.sources import Source

POINTS_PER_COLUMN = 4
LEGEND_MARKS = {
    Stroke.SOLID: "────",
    Stroke.DASHED: "─ ─ ",
    Stroke.DOTTED: "· · ",
    Stroke.DASH_DOT: "─ · ",
}


class LoadedTrace(Struct, frozen=True, eq=False):
    """A metric of a run with its points."""

    record: RunRecord
    ref: TraceRef
    series: Series

    @property
    def label(self) -> str:
        """Run and context, as the legend shows them."""
        return metric_label(self.record.run.name, self.ref.context)


def load_traces(
    source: Source, metric: str, query: str, *, limit: int, density: int
) -> list[LoadedTrace]:
    """The metric in every run that matches the query, newest run first.

    Raises:
        QueryError: If the query cannot be understood.
    """
    wanted = f"metric.name == {json.dumps(metric)}"
    asked = as_query(query)
    hits = source.find_metrics(f"({asked}) and {wanted}" if asked else wanted, limit=limit)
    found = [
        (hit.record, TraceRef(hit.record.run.hash, summary.name, summary.context))
        for hit in hits
        for summary in hit.metrics
    ]
    series = source.read_series([ref for _, ref in found], density=density)
    return [
        LoadedTrace(record, ref, points)
        for (record, ref), points in zip(found, series, strict=True)
    ]


def plot_text(
    loaded: Sequence[LoadedTrace], metric: str, size: Size, *, is_log: bool, has_color: bool
) -> str:
    """A chart of this size with a legend below it."""
    # Without colour, strokes are what tells the first few traces apart.
    strokes = list(Stroke)
    traces = [
        Trace(
            key=f"{trace.ref.run_hash}{trace.ref.context.text}",
            label=trace.label,
            x=trace.series.steps.astype(float),
            y=trace.series.values,
            color=DARK.color(index),
            stroke=Stroke.SOLID if has_color else strokes[index % len(strokes)],
        )
        for index, trace in enumerate(loaded)
    ]
    y_kind = ScaleKind.LOG if is_log else ScaleKind.LINEAR
    chart = draw_lines(traces, size, LineOptions(Labels(metric, "step"), y_kind=y_kind), DARK)
    legend = Sheet(Size(size.width, len(loaded)))
    for row, (shown, trace) in enumerate(zip(traces, loaded, strict=True)):
        mark = "━━━━" if has_color else LEGEND_MARKS[shown.stroke]
        legend.write(0, row, mark, Ink(shown.color))
        text = f"{shown.label}  {last_value(trace.series)}"
        legend.write(5, row, fit_text(text, size.width - 5))
    pictures = (chart.picture, legend.finish())
    return "\n".join(to_ansi(each) if has_color else each.text() for each in pictures)


def last_value(series: Series) -> str:
    """The value at the last step."""
    return number(float(series.values[-1])) if len(series) else "no points"


def plot_json(loaded: Sequence[LoadedTrace]) -> list[dict[str, Any]]:
    """The points as plain values."""
    return [
        {
            "run": trace.ref.run_hash,
            "run_name": trace.record.run.name,
            "name": trace.ref.name,
            "context": trace.ref.context.as_dict(),
            "steps": trace.series.steps.tolist(),
            "values": trace.series.values.tolist(),
            "epochs": trace.series.epochs.tolist(),
            "times": trace.series.times.tolist(),
        }
        for trace in loaded
    ]
