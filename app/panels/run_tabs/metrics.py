"""Metrics of a run: small multiples of everything it logged."""

from __future__ import annotations

from textual.app import ComposeResult

from app.panels.explorer import MetricExplorer
from app.panels.run_tabs.base import RunTab
from app.sources import Source
from app.traces.build import Curve
from app.traces.options import ExploreOptions
from app.widgets.chart_view import ChartView
from store.models import Note, RunRecord

OPTIONS = ExploreOptions(color_by=("context",), stroke_by=())


class MetricsTab(RunTab):
    """A chart for each metric, contexts in colours."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="metrics-tab")

    def compose(self) -> ComposeResult:
        """The explorer."""
        yield MetricExplorer(
            OPTIONS, id="run-explorer", empty_text="This run logged no metrics."
        )

    @property
    def explorer(self) -> MetricExplorer:
        """The charts."""
        return self.query_one(MetricExplorer)

    def start(self) -> ChartView | None:
        """The first chart."""
        return self.explorer.grid.current

    def read(self, record: RunRecord) -> None:
        """Show curves of all metrics; their points are read as they come into sight."""
        shown = {curve.metric.sequence_id for curve in self.explorer.curves}
        run_hash = record.run.hash
        if shown and shown == {metric.sequence_id for metric in record.metrics}:
            self.explorer.read_tails(frozenset({run_hash}))
            return
        self.explorer.forget_points(frozenset({run_hash}))
        self.load("notes", lambda: self.source.find_notes(run_hash=record.run.hash), self._show)

    def _show(self, notes: list[Note]) -> None:
        if self.record is None:
            return
        metrics = sorted(
            self.record.metrics, key=lambda metric: (metric.is_system, metric.name)
        )
        self.explorer.show_curves([Curve(self.record, metric) for metric in metrics], notes)

    def step_back(self) -> bool:
        """Leave the crosshair or the large chart."""
        return self.explorer.step_back()
