"""`ExplorerSurface`: charts of curves with a summary above and the list of values beside.

Charts come from `explorer_charts`, actions are in `explorer`.
"""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from app.charts.line import LineOptions
from app.charts.readout import ReadoutContent
from app.traces.options import XAxis
from app.traces.reading import PointsRequest
from app.traces.summary import summary
from app.traces.target import Target
from app.traces.values import readout_content
from app.widgets.chart_grid import ChartGrid
from app.widgets.chart_pointer import View
from app.widgets.chart_surface import ChartSurface
from app.widgets.explorer_charts import ExplorerCharts
from app.widgets.range_strip import RangeStrip
from app.widgets.readout import ReadoutPanel

DETAIL_DELAY_S = 0.15
"""A zoom must rest so long before finer points are asked for."""


class ExplorerSurface(ExplorerCharts):
    """Small multiples with a crosshair and a list of values."""

    DEFAULT_CSS = """
    ExplorerSurface { layout: vertical; width: 1fr; height: 1fr; }
    ExplorerSurface > #explorer-summary { height: 1; color: $text-muted; padding: 0 1; }
    ExplorerSurface > #explorer-body { height: 1fr; }
    ExplorerSurface #explorer-charts { width: 1fr; height: 1fr; }
    ExplorerSurface #readout { padding: 0 0 0 1; }
    ExplorerSurface.-values-off #readout { display: none; }
    ExplorerSurface.-narrow #explorer-body { layout: vertical; }
    ExplorerSurface.-narrow #readout {
        width: 1fr; max-width: 200; height: 6; padding: 0 1;
    }
    """

    _target: Target | None = None
    """The point that shall be shown when it can be."""

    def compose(self) -> ComposeResult:
        """Summary, charts and values."""
        yield Static("", id="explorer-summary", markup=False)
        with Horizontal(id="explorer-body"):
            with Vertical(id="explorer-charts"):
                yield ChartGrid(id="charts", empty_text=self._empty_text)
                yield RangeStrip(id="range")
            yield ReadoutPanel(id="readout")

    def on_resize(self, event: events.Resize) -> None:
        """Put the values below the charts where there is no room beside them."""
        self.set_class(event.size.width < 100, "-narrow")

    def charts_made(self) -> None:
        """Say what is drawn, and go where one wanted to go."""
        self._reach_target()
        self.show_summary()
        self.show_values()

    # Going to a point

    def point_at(self, x: float) -> None:
        """Take the crosshair out at a step, as soon as there are charts."""
        self.aim(Target(x))

    def aim(self, target: Target) -> None:
        """Put the crosshair on a point of a curve, as soon as it is drawn."""
        self._target = target
        self._reach_target()

    def _reach_target(self) -> None:
        target, plan = self._target, self._plan
        if target is None or plan is None or not self.curves:
            return
        found = target.find(plan.facets)
        if found is None:
            self._target = None
            self.app.notify("That metric is not among these charts.", timeout=3)
            return
        facet, curve = found
        if curve.key in self.options.hidden:
            kept = tuple(key for key in self.options.hidden if key != curve.key)
            self.change_options(hidden=kept)
            return
        self.grid.reveal(facet.name)
        x = target.x_on(curve, self._points, self.options)
        chart = self.grid.chart_named(facet.name)
        if x is None or chart is None or not chart.content.traces:
            return
        self._target = None
        chart.inspect_at(x, curve.key)
        chart.focus()

    @on(ChartSurface.Zoomed)
    def _zoomed(self, message: ChartSurface.Zoomed) -> None:
        self._show_range()
        self.show_summary()
        if message.view.x is not None and self.options.x_axis is XAxis.STEP:
            self.set_timer(
                DETAIL_DELAY_S, lambda: self._ask_detail(message.chart, message.view)
            )

    def _ask_detail(self, chart: ChartSurface, view: View) -> None:
        data = self.charts.get(chart.content.name)
        if data is None or chart.view != view or view.x is None:
            return
        start, stop = int(view.x[0]), int(view.x[1]) + 1
        coarse = tuple(
            curve
            for key, curve in data.curves.items()
            if len(self._points.series[key]) < curve.metric.count
        )
        if coarse:
            request = PointsRequest(coarse, self.options, (start, stop))
            self.post_message(self.PointsNeeded(self, request))

    def _show_range(self) -> None:
        """Where the view of the current chart lies, while it does not show everything."""
        chart, strip = self.grid.current, self.query_one(RangeStrip)
        if chart is None or chart.content.drawing is not None:
            strip.show((), LineOptions(), None)
        else:
            strip.show(chart.content.traces, chart.content.options, chart.view.x)

    @on(RangeStrip.Moved)
    def _range_moved(self, message: RangeStrip.Moved) -> None:
        chart = self.grid.current
        if chart is None:
            return
        view = View(message.view, chart.view.y)
        if message.is_final:
            chart.change_view(view)
        else:
            chart.preview_view(view)
        self._show_range()

    # Values

    @on(ChartGrid.Arranged)
    def _arranged(self) -> None:
        names = {chart.content.name for chart in self.grid.charts}
        if not names <= set(self.charts):
            self._update()
        self._reach_target()
        self.show_summary()

    @on(ChartSurface.Pointed)
    def _pointed(self) -> None:
        self.show_values()

    def on_descendant_focus(self) -> None:
        """The values belong to the chart in focus."""
        self.show_values()

    def show_values(self) -> None:
        """Fill the list beside the charts, and the strip under them."""
        self._show_range()
        chart = self.grid.current
        data = self.charts.get(chart.content.name) if chart is not None else None
        if chart is None or data is None:
            if not self.grid.contents:
                self.query_one(ReadoutPanel).show(ReadoutContent())
            return
        content = readout_content(
            data,
            self._points.series,
            chart.pointer_x,
            marks=chart.marks,
            highlighted=chart.highlighted,
            pinned=self.options.pinned,
            hidden_count=len(self.options.hidden),
            is_lower_better=data.is_lower_better,
        )
        self.query_one(ReadoutPanel).show(content)

    def show_summary(self) -> None:
        """Say in one line what is drawn."""
        grid = self.grid
        pages = f"page {grid.page + 1}/{grid.page_count}" if grid.page_count > 1 else ""
        if grid.single:
            pages = "full size, enter or esc leaves"
        text = summary(self.options, len(self.curves), len(grid.contents), pages)
        if not self._is_tail_in_view() and self._is_live():
            text = f"‖ not following, G follows · {text}"
        self.query_one("#explorer-summary", Static).update(text)

    def show_tail(self) -> None:
        """Move the view to the newest points."""
        last, x = self._last_x(), self.grid.view.x
        if last is not None and x is not None and x[1] < last:
            self.grid.show_view(View((x[0] + last - x[1], last)))

    def _is_live(self) -> bool:
        return any(curve.record.run.is_active for curve in self.curves)

    def _is_tail_in_view(self) -> bool:
        last, x = self._last_x(), self.grid.view.x
        return self.is_following and (last is None or x is None or x[1] >= last)

    @on(ReadoutPanel.TraceChosen)
    def _trace_chosen(self, message: ReadoutPanel.TraceChosen) -> None:
        chart = self.grid.current
        if chart is None:
            return
        if message.is_double:
            chart.highlight(message.key)
            chart.action_isolate_trace()
        else:
            chart.highlight("" if chart.highlighted == message.key else message.key)
            self.show_values()
