"""Metrics of a run: small multiples of everything it logged; the machine apart from the model."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.message import Message

from app.commands import Scope
from app.panels.explorer import MetricExplorer
from app.panels.machine import HOW_TO_MEASURE
from app.panels.run_tabs.base import RunTab
from app.sources import Source
from app.traces.axis import place
from app.traces.build import Curve
from app.traces.options import ExploreOptions, XAxis
from app.widgets.chart_view import ChartView
from store.models import MetricSummary, Note, RunRecord

OPTIONS = ExploreOptions(color_by=("context",), stroke_by=(), without_outliers=True)
SYSTEM_OPTIONS = ExploreOptions(
    color_by=("context",), stroke_by=(), x_axis=XAxis.RELATIVE, smoothing=0.0
)


class MetricsTab(RunTab):
    """A chart for each metric, contexts in colours."""

    SCOPES = (Scope.METRICS, Scope.CHART)
    NAME: ClassVar[str] = "metrics-tab"
    OPTIONS: ClassVar[ExploreOptions] = OPTIONS
    EMPTY_TEXT: ClassVar[str] = "This run logged no metrics."

    class LogAsked(Message):
        """The log around a step shall be shown."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, source: Source) -> None:
        super().__init__(source, id=self.NAME)

    def compose(self) -> ComposeResult:
        """The explorer."""
        yield MetricExplorer(
            self.OPTIONS, id=f"{self.NAME}-explorer", empty_text=self.EMPTY_TEXT
        )

    @property
    def explorer(self) -> MetricExplorer:
        """The charts."""
        return self.query_one(MetricExplorer)

    def start(self) -> ChartView | None:
        """The first chart."""
        return self.explorer.grid.current

    def wants(self, metric: MetricSummary) -> bool:
        """Whether the metric belongs on this tab."""
        return not metric.is_system

    def read(self, record: RunRecord) -> None:
        """Show curves of all metrics; their points are read as they come into sight."""
        shown = {curve.metric.sequence_id for curve in self.explorer.curves}
        run_hash = record.run.hash
        metrics = {each.sequence_id for each in record.metrics if self.wants(each)}
        if shown and shown == metrics:
            self.explorer.read_tails(frozenset({run_hash}))
            return
        self.explorer.forget_points(frozenset({run_hash}))
        self.load("notes", lambda: self.source.find_notes(run_hash=run_hash), self._show)

    def _show(self, notes: list[Note]) -> None:
        if self.record is None:
            return
        metrics = sorted(filter(self.wants, self.record.metrics), key=lambda each: each.name)
        self.explorer.show_curves([Curve(self.record, metric) for metric in metrics], notes)

    def step_back(self) -> bool:
        """Leave the crosshair or the large chart."""
        return self.explorer.step_back()

    def action_log(self) -> None:
        """Show the log around the step under the crosshair."""
        step = self._pointed_step()
        if step is None:
            self.app.notify("Show the crosshair first: i", timeout=3)
        else:
            self.post_message(self.LogAsked(step))

    def _pointed_step(self) -> int | None:
        """The step under the crosshair of the chart in focus, whatever the x axis is."""
        explorer, chart = self.explorer, self.explorer.grid.current
        data = explorer.charts.get(chart.content.name) if chart is not None else None
        if chart is None or chart.pointer_x is None or data is None:
            return None
        key = chart.highlighted if chart.highlighted in data.curves else next(iter(data.curves))
        series = explorer.series_of(key)
        if explorer.options.x_axis is XAxis.STEP or series is None:
            return round(chart.pointer_x)
        placed = place(series, explorer.options, data.curves[key].record.run.created_at, None)
        if not len(placed.steps):
            return None
        return int(placed.steps[int(np.argmin(np.abs(placed.x - chart.pointer_x)))])


class SystemTab(MetricsTab):
    """What the machine measured while the run went on, over time."""

    NAME = "system-tab"
    OPTIONS = SYSTEM_OPTIONS
    EMPTY_TEXT = f"This run logged no measurements of its machine.\n\n{HOW_TO_MEASURE}"

    def wants(self, metric: MetricSummary) -> bool:
        """Only measurements of the machine."""
        return metric.is_system
