"""`ExplorerCharts`: curves on a grid of charts, their points, and the worker that makes traces.

It is given curves (`show_curves`) and asks for their points (`PointsNeeded`) as charts come
into sight; `add_points` answers. Traces are made in a worker thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import Struct, field
from msgspec.structs import replace
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from app.traces.build import ChartData, Curve, Facet, Plan, Points
from app.traces.detail import tail_ranges, with_detail
from app.traces.options import ChartKind, ExploreOptions, XAxis
from app.traces.reading import PointsRequest
from app.widgets.chart_colors import app_theme
from app.widgets.chart_grid import ChartGrid
from app.widgets.chart_overlay import Annotation
from app.widgets.chart_pointer import View
from app.widgets.chart_surface import ChartContent
from app.widgets.chart_view import ChartView
from store.models import Note, Series


class Prepared(Struct, frozen=True, eq=False):
    """What a worker made."""

    number: int
    plan: Plan
    charts: Mapping[str, ChartData] = field(default_factory=dict)
    missing: tuple[Curve, ...] = ()
    """Curves in sight whose points are not there."""


class ExplorerCharts(Widget):
    """Curves on a grid of charts; subclasses add what stands around it."""

    options: reactive[ExploreOptions] = reactive(ExploreOptions(), init=False)

    @dataclass
    class PointsNeeded(Message):
        """Curves came into sight whose points are not there."""

        explorer: ExplorerCharts
        request: PointsRequest

    @dataclass
    class OptionsChanged(Message):
        """Other options are in force."""

        explorer: ExplorerCharts
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
        self.set_reactive(ExplorerCharts.options, options or ExploreOptions())
        self.curves: tuple[Curve, ...] = ()
        """What is shown of the curves that were given."""
        self._all_curves: tuple[Curve, ...] = ()
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

    @property
    def grid(self) -> ChartGrid:
        """The charts."""
        return self.query_one(ChartGrid)

    def on_mount(self) -> None:
        """Follow the theme, which the colours of traces come from."""
        self.watch(self.app, "theme", self._replan, init=False)
        self._update()

    # What is shown

    def show_curves(self, curves: Sequence[Curve], notes: Sequence[Note] = ()) -> None:
        """Show other curves; points that are already there are kept."""
        self._all_curves, self.notes = tuple(curves), tuple(notes)
        self._choose_curves()
        keys = {curve.key for curve in curves}
        self._requested &= keys
        self._points = Points(
            {key: each for key, each in self._points.series.items() if key in keys},
            {key: each for key, each in self._points.x_series.items() if key in keys},
        )
        self._replan()

    def _choose_curves(self) -> None:
        """Measurements of the machine or of the model; what there is, if only one of them."""
        wanted = self.options.is_system
        chosen = [each for each in self._all_curves if each.metric.is_system == wanted]
        self.curves = tuple(chosen) or self._all_curves

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

    def series_of(self, key: str) -> Series | None:
        """The points of a curve as they were read."""
        return self._points.series.get(key)

    def watch_options(self, old: ExploreOptions, new: ExploreOptions) -> None:
        """Draw with other options."""
        if old.kind is not new.kind and self.is_attached:
            # Other keys are grey in the footer.
            self.screen.refresh_bindings()
        if (old.kind, old.x_axis, old.x_metric) != (new.kind, new.x_axis, new.x_metric):
            for chart in self.query(ChartView):
                chart.follow_view(View())
                chart.point_at(None)
            self.grid.forget_view()
            if new.x_axis is XAxis.METRIC:
                self._requested.clear()
        if old.is_system != new.is_system:
            self.grid.set_reactive(ChartGrid.page, 0)
            self.grid.single = ""
            self._choose_curves()
        self._replan()
        self.post_message(self.OptionsChanged(self, new))

    def change_options(self, **changes: object) -> None:
        """Change some options."""
        self.options = replace(self.options, **changes)

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
        theme, grid, offset = app_theme(self.app), self.grid, self._utc_offset_s
        size, directions = grid.size, self._directions()

        def work() -> None:
            made = plan or Plan(
                curves, options, theme, utc_offset_s=offset, directions=directions
            )
            names = [facet.name for facet in made.facets]
            visible = grid.visible_part(made.facets, names, size)
            charts = {facet.name: made.chart(facet, points) for facet in visible}
            missing = _missing(visible, requested, options)
            self.post_message(self.Ready(Prepared(number, made, charts, missing)))

        self.run_worker(work, thread=True, group="traces", description="make traces")

    def _directions(self) -> dict[str, str]:
        """Which value of a metric is best, where settings or the view state tell."""
        told = dict(getattr(getattr(self.app, "config", None), "metric_directions", {}))
        state = getattr(self.app, "view_state", None)
        return told | dict(getattr(state, "metric_directions", ()))

    def on_explorer_charts_ready(self, message: Ready) -> None:
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
        self.charts_made()

    def charts_made(self) -> None:
        """Called when charts were given new contents."""

    def _content(self, facet: Facet, chart: ChartData | None) -> ChartContent:
        if chart is None:
            return ChartContent(facet.name, is_waiting=True)
        is_waiting = not chart.traces and any(
            curve.key not in self._points.series for curve in facet.curves
        )
        annotations = self._annotations(facet)
        options = replace(
            chart.options, clip_hint="o shows all", has_end_labels=not chart.groups
        )
        return ChartContent(
            facet.name,
            chart.traces,
            options,
            annotations,
            is_waiting,
            chart.is_lower_better,
            chart.drawing,
        )

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


def _missing(
    facets: Sequence[Facet], requested: frozenset[str], options: ExploreOptions
) -> tuple[Curve, ...]:
    if options.kind is not ChartKind.LINES:
        return ()
    hidden = set(options.hidden)
    return tuple(
        curve
        for facet in facets
        for curve in facet.curves
        if curve.key not in requested and curve.key not in hidden
    )
