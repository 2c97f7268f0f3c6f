"""`ExplorerSurface`: charts of curves with the list of their values.

It is given curves (`show_curves`) and asks for their points (`PointsNeeded`) as charts come
into sight; `add_points` answers. Traces are made in a worker thread. Actions on it are in
`explorer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from app.charts.palette import ChartTheme
from app.charts.readout import ReadoutContent
from app.traces.build import ChartData, Curve, Facet, Plan, Points
from app.traces.detail import tail_ranges, with_detail
from app.traces.options import ExploreOptions, XAxis
from app.traces.reading import PointsRequest
from app.traces.summary import summary
from app.traces.values import readout_content
from app.widgets.chart_colors import chart_theme
from app.widgets.chart_grid import ChartGrid
from app.widgets.chart_overlay import Annotation
from app.widgets.chart_pointer import View
from app.widgets.chart_surface import ChartContent, ChartSurface
from app.widgets.chart_view import ChartView
from app.widgets.readout import ReadoutPanel
from store.models import Note, Series

DETAIL_DELAY_S = 0.15
"""A zoom must rest so long before finer points are asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What a worker made."""

    number: int
    plan: Plan
    charts: Mapping[str, ChartData] = field(default_factory=dict)
    missing: tuple[Curve, ...] = ()
    """Curves in sight whose points are not there."""


class ExplorerSurface(Widget):
    """Small multiples with a crosshair and a list of values."""

    DEFAULT_CSS = """
    ExplorerSurface { layout: vertical; width: 1fr; height: 1fr; }
    ExplorerSurface > #explorer-summary { height: 1; color: $text-muted; padding: 0 1; }
    ExplorerSurface > #explorer-body { height: 1fr; }
    ExplorerSurface #readout { padding: 0 0 0 1; }
    ExplorerSurface.-values-off #readout { display: none; }
    ExplorerSurface.-narrow #explorer-body { layout: vertical; }
    ExplorerSurface.-narrow #readout { width: 1fr; height: 6; padding: 0 1; }
    """

    options: reactive[ExploreOptions] = reactive(ExploreOptions(), init=False)

    @dataclass
    class PointsNeeded(Message):
        """Curves came into sight whose points are not there."""

        explorer: ExplorerSurface
        request: PointsRequest

    @dataclass
    class OptionsChanged(Message):
        """Other options are in force."""

        explorer: ExplorerSurface
        options: ExploreOptions

    @dataclass
    class Ready(Message, bubble=False):
        """A worker has made charts."""

        prepared: Prepared

    def __init__(
        self,
        options: ExploreOptions | None = None,
        *,
        id: str | None = None,  # noqa: A002 -- Textual's name for it
        empty_text: str = "No metrics.",
        utc_offset_s: float = 0.0,
    ) -> None:
        super().__init__(id=id)
        self.set_reactive(ExplorerSurface.options, options or ExploreOptions())
        self.curves: tuple[Curve, ...] = ()
        self.notes: tuple[Note, ...] = ()
        self.charts: Mapping[str, ChartData] = {}
        self.is_following = True
        self._empty_text = empty_text
        self._utc_offset_s = utc_offset_s
        self._points = Points()
        self._requested: set[str] = set()
        self._plan: Plan | None = None
        self._wanted = 0
        self._is_working = False
        self._wanted_point: float | None = None

    def compose(self) -> ComposeResult:
        """Summary, charts and values."""
        yield Static("", id="explorer-summary", markup=False)
        with Horizontal(id="explorer-body"):
            yield ChartGrid(id="charts", empty_text=self._empty_text)
            yield ReadoutPanel(id="readout")

    @property
    def grid(self) -> ChartGrid:
        """The charts."""
        return self.query_one(ChartGrid)

    def on_mount(self) -> None:
        """Follow the theme, which the colours of traces come from."""
        self.watch(self.app, "theme", self._replan, init=False)
        self._update()

    def on_resize(self, event: events.Resize) -> None:
        """Put the values below the charts where there is no room beside them."""
        self.set_class(event.size.width < 100, "-narrow")

    # What is shown

    def show_curves(self, curves: Sequence[Curve], notes: Sequence[Note] = ()) -> None:
        """Show other curves; points that are already there are kept."""
        self.curves, self.notes = tuple(curves), tuple(notes)
        keys = {curve.key for curve in curves}
        self._requested &= keys
        self._points = Points(
            {key: each for key, each in self._points.series.items() if key in keys},
            {key: each for key, each in self._points.x_series.items() if key in keys},
        )
        self._replan()

    def forget_points(self, run_hashes: frozenset[str] | None = None) -> None:
        """Ask again for the points of some runs, or all; the old ones stay until then."""
        self._requested = {
            key
            for key in self._requested
            if run_hashes is not None and key.split("/", 1)[0] not in run_hashes
        }

    def read_tails(self, run_hashes: frozenset[str]) -> None:
        """Ask only for what came after the points of some runs that are in sight."""
        if self.options.x_axis is XAxis.METRIC:
            self.forget_points(run_hashes)
            self._update(self._last_x())
            return
        for curves, step_range in tail_ranges(self.charts.values(), self._points, run_hashes):
            request = PointsRequest(curves, self.options, step_range)
            self.post_message(self.PointsNeeded(self, request))

    def add_points(self, points: Points, *, is_detail: bool = False) -> None:
        """Points that were asked for."""
        series = dict(self._points.series)
        for key, each in points.series.items():
            old = series.get(key)
            series[key] = with_detail(old, each) if is_detail and old is not None else each
        before = self._last_x()
        self._points = Points(series, {**self._points.x_series, **points.x_series})
        self._update(before)

    def point_at(self, x: float) -> None:
        """Take the crosshair out at a place, as soon as there are charts."""
        self._wanted_point = x
        self._point_charts()

    def _point_charts(self) -> None:
        charts = self.grid.charts
        if self._wanted_point is None or not charts:
            return
        charts[0].is_inspecting = True
        charts[0].point(self._wanted_point)
        self._wanted_point = None

    def series_of(self, key: str) -> Series | None:
        """The points of a curve as they were read."""
        return self._points.series.get(key)

    def watch_options(self, old: ExploreOptions, new: ExploreOptions) -> None:
        """Draw with other options."""
        if (old.x_axis, old.x_metric) != (new.x_axis, new.x_metric):
            for chart in self.query(ChartView):
                chart.follow_view(View())
                chart.point_at(None)
            self.grid.forget_view()
            if new.x_axis is XAxis.METRIC:
                self._requested.clear()
        self._replan()
        self.post_message(self.OptionsChanged(self, new))

    def change_options(self, **changes: object) -> None:
        """Change some options."""
        self.options = replace(self.options, **changes)  # type: ignore[arg-type]

    # Making charts in a worker

    def _replan(self) -> None:
        self._plan = None
        self._update()

    def _update(self, last_x: float | None = None) -> None:
        self._wanted += 1
        self._last_x_before = last_x
        if self.is_attached and not self._is_working:
            self._is_working = True
            self._start()

    def _start(self) -> None:
        number, plan, points = self._wanted, self._plan, self._points
        curves, options, requested = self.curves, self.options, frozenset(self._requested)
        theme, grid, offset = chart_theme(self.app.current_theme), self.grid, self._utc_offset_s
        size = grid.size

        def work() -> None:
            made = plan or _make_plan(curves, options, theme, offset)
            names = [facet.name for facet in made.facets]
            visible = grid.visible_part(made.facets, names, size)
            charts = {facet.name: made.chart(facet, points) for facet in visible}
            missing = _missing(visible, requested, options)
            self.post_message(self.Ready(Prepared(number, made, charts, missing)))

        self.run_worker(work, thread=True, group="traces", description="make traces")

    def on_explorer_surface_ready(self, message: Ready) -> None:
        """Show the charts, and ask for points that are missing."""
        prepared = message.prepared
        self._is_working = False
        if prepared.number != self._wanted:
            self._update(self._last_x_before)
        if prepared.plan.curves != self.curves or prepared.plan.options != self.options:
            return
        self._plan, self.charts = prepared.plan, prepared.charts
        self._slide(self._last_x_before)
        self.grid.contents = tuple(
            self._content(facet, prepared.charts.get(facet.name))
            for facet in prepared.plan.facets
        )
        if prepared.missing:
            self._requested |= {curve.key for curve in prepared.missing}
            request = PointsRequest(prepared.missing, self.options)
            self.post_message(self.PointsNeeded(self, request))
        self._point_charts()
        self.show_summary()
        self.show_values()

    def _content(self, facet: Facet, chart: ChartData | None) -> ChartContent:
        if chart is None:
            return ChartContent(facet.name, is_waiting=True)
        is_waiting = not chart.traces and any(
            curve.key not in self._points.series for curve in facet.curves
        )
        annotations = self._annotations(facet)
        return ChartContent(facet.name, chart.traces, chart.options, annotations, is_waiting)

    def _annotations(self, facet: Facet) -> tuple[Annotation, ...]:
        if self.options.x_axis is not XAxis.STEP or not self.notes:
            return ()
        keys = {
            (c.record.run.hash, c.metric.name, c.metric.context): c.key for c in facet.curves
        }
        return tuple(
            Annotation(float(note.step), note.content, keys[place])
            for note in self.notes
            if note.step is not None
            and note.metric is not None
            and note.context is not None
            and (place := (note.run_hash or "", note.metric, note.context)) in keys
        )

    # Following and detail

    def _last_x(self) -> float | None:
        ends = [
            trace.x[-1]
            for chart in self.charts.values()
            for trace in chart.traces
            if len(trace.x)
        ]
        return float(max(ends)) if ends else None

    def _slide(self, last_x: float | None) -> None:
        """Keep the newest points in view when they were in view before."""
        view, now = self.grid.view, self._last_x()
        if not self.is_following or last_x is None or now is None or view.x is None:
            return
        if view.x[1] >= last_x and now > view.x[1]:
            self.grid.show_view(View((view.x[0] + now - view.x[1], now)))

    @on(ChartSurface.Zoomed)
    def _zoomed(self, message: ChartSurface.Zoomed) -> None:
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

    # Values

    @on(ChartGrid.Arranged)
    def _arranged(self) -> None:
        names = {chart.content.name for chart in self.grid.charts}
        if not names <= set(self.charts):
            self._update()
        self._point_charts()
        self.show_summary()

    @on(ChartSurface.Pointed)
    def _pointed(self) -> None:
        self.show_values()

    def on_descendant_focus(self) -> None:
        """The values belong to the chart in focus."""
        self.show_values()

    def show_values(self) -> None:
        """Fill the list beside the charts."""
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
        )
        self.query_one(ReadoutPanel).show(content)

    def show_summary(self) -> None:
        """Say in one line what is drawn."""
        grid = self.grid
        pages = f"page {grid.page + 1}/{grid.page_count}" if grid.page_count > 1 else ""
        if grid.single:
            pages = "full size, enter or esc leaves"
        text = summary(self.options, len(self.curves), len(grid.contents), pages)
        self.query_one("#explorer-summary", Static).update(text)

    @on(ReadoutPanel.TraceChosen)
    def _trace_chosen(self, message: ReadoutPanel.TraceChosen) -> None:
        chart = self.grid.current
        if chart is not None:
            chart.highlight("" if chart.highlighted == message.key else message.key)
            self.show_values()


def _make_plan(
    curves: Sequence[Curve], options: ExploreOptions, theme: ChartTheme, utc_offset_s: float
) -> Plan:
    return Plan(curves, options, theme, utc_offset_s=utc_offset_s)


def _missing(
    facets: Sequence[Facet], requested: frozenset[str], options: ExploreOptions
) -> tuple[Curve, ...]:
    hidden = set(options.hidden)
    return tuple(
        curve
        for facet in facets
        for curve in facet.curves
        if curve.key not in requested and curve.key not in hidden
    )
