"""Home: what is going on. Running now, activity by day, recent runs, the store's health."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import getters, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from app.commands import Scope, bindings
from app.formatting import ago, count, duration, number, one_line, plural, shorten, size
from app.messages import OpenRun, WriteNote
from app.pins import Pin, read_pins
from app.screens.base import DashboardScreen
from app.sources import Feature, Statistics, TraceRef
from app.widgets.activity_map import ActivityMap
from app.widgets.cells import BLOCKS, Cell, plain, sparkline
from app.widgets.columns import column_from_id, common_metrics, metric_summary, metric_title
from app.widgets.grid import GridColumn, GridView
from app.widgets.progress import progress_cell, progress_of
from app.widgets.run_cells import CellLook, is_stale, status_mark
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.models import Activity, RunRecord

MAX_RUNNING = 30
MAX_RECENT = 60
SPARK = 12
SIDE_WIDTH = 46
_RUNNING = (
    GridColumn("progress", "progress", 16),
    GridColumn("metric", "last value", 24),
    GridColumn("curve", "", SPARK),
    GridColumn("duration", "time", 8, is_right=True),
    GridColumn("heard", "heard", 6, is_right=True),
)
_RECENT = (
    GridColumn("experiment", "experiment", 20),
    GridColumn("metric", "last value", 24),
    GridColumn("duration", "time", 8, is_right=True),
    GridColumn("started", "started", 8, is_right=True),
)


@dataclass(frozen=True, slots=True)
class HomeData:
    """One moment of everything on this screen."""

    running: tuple[RunRecord, ...] = ()
    recent: tuple[RunRecord, ...] = ()
    curves: tuple[tuple[str, str], ...] = ()
    """Hash and small curve of running runs."""
    activity: Activity | None = None
    statistics: Statistics | None = None
    pins: tuple[Pin, ...] = ()


class HomeScreen(DashboardScreen):
    """The start page."""

    PLACE = "home"
    SCOPES = (Scope.HOME, Scope.TABLE)
    CSS_PATH = "home.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.HOME)

    running = getters.query_one("#running", SimpleGrid)
    recent = getters.query_one("#recent", SimpleGrid)

    def compose_body(self) -> Iterable[Widget]:
        """Running runs over recent ones; activity and health beside them."""
        with Horizontal(id="home"):
            with Vertical(id="left"):
                with Vertical(id="running-pane", classes="pane") as pane:
                    pane.border_title = "running now"
                    yield SimpleGrid(id="running")
                    yield Static("Nothing is running.", id="nothing", classes="empty")
                with Vertical(id="recent-pane", classes="pane") as pane:
                    pane.border_title = "recent"
                    yield SimpleGrid(id="recent")
            with Vertical(id="right"):
                with Vertical(id="activity-pane", classes="pane") as pane:
                    pane.border_title = "runs by day"
                    yield ActivityMap(id="activity")
                with Vertical(id="health-pane", classes="pane") as pane:
                    pane.border_title = "store"
                    yield Static(id="health")
                with Vertical(id="pins-pane", classes="pane") as pane:
                    pane.border_title = "pinned metrics"
                    yield Static(id="pins")

    def on_mount(self) -> None:
        """Columns of the two tables, and what is in them."""
        super().on_mount()
        self._lay_columns()
        self.recent.focus()
        self.refresh_data()

    def on_resize(self) -> None:
        """Names take what room there is."""
        super().on_resize()
        self._lay_columns()

    def _lay_columns(self) -> None:
        room = self.size.width - (0 if self.has_class("-narrow") else SIDE_WIDTH) - 8
        for grid, columns in ((self.running, _RUNNING), (self.recent, _RECENT)):
            rest = sum(column.width + 1 for column in columns)
            name = GridColumn("name", "run", min(48, max(22, room - rest)))
            if grid.columns[:1] != (name,):
                grid.set_columns([name, *columns], 1)

    def refresh_data(self) -> None:
        """Read everything again."""
        self.load("home", self._read, self._show)

    def _read(self) -> HomeData:
        running = self.source.find_runs("run.active", limit=MAX_RUNNING).hashes
        recent = self.source.find_runs(limit=MAX_RECENT).hashes
        active = self.source.get_records(running)
        has_statistics = Feature.STATISTICS in self.source.features
        return HomeData(
            running=tuple(active),
            recent=tuple(self.source.get_records(recent)),
            curves=tuple(self._curves(active)),
            activity=self.source.activity(),
            statistics=self.source.statistics() if has_statistics else None,
            pins=tuple(read_pins(self.source, self._look().directions)),
        )

    def _curves(self, records: Sequence[RunRecord]) -> list[tuple[str, str]]:
        traces = []
        for record in records:
            found = common_metrics([record], 1)
            column = column_from_id(found[0]) if found else None
            if column is not None:
                traces.append(TraceRef(record.run.hash, column.key, column.context))
        if not traces:
            return []
        series = self.source.read_series(traces, density=SPARK * 2)
        return [
            (trace.run_hash, sparkline(each.values, SPARK, BLOCKS))
            for trace, each in zip(traces, series, strict=True)
        ]

    def _show(self, data: HomeData) -> None:
        look = self._look()
        curves = dict(data.curves)
        self.running.show_rows(
            [_running_row(each, look, curves.get(each.run.hash, "")) for each in data.running]
        )
        self.recent.show_rows([_recent_row(each, look) for each in data.recent])
        self.set_class(not data.running, "-quiet")
        if data.activity is not None:
            self.query_one(ActivityMap).show_days(
                data.activity.creation_times, self.dashboard.clock()
            )
        self.query_one("#health", Static).update(_health(data))
        self.query_one("#pins", Static).update(_pins(data, look.digits))
        pane = self.query_one("#running-pane")
        pane.styles.height = min(len(data.running) + 3, max(6, self.size.height * 2 // 5))
        stale = sum(is_stale(r.run, look.now_s, look.stale_after_s) for r in data.running)
        pane.border_subtitle = f"{plural(stale, 'run')} without news" if stale else ""

    def _look(self) -> CellLook:
        config = self.dashboard.config
        return CellLook(
            now_s=self.dashboard.clock(),
            digits=config.number_digits,
            stale_after_s=config.stale_after_s,
            is_dark=self.app.current_theme.dark,
            ascii_only=config.ascii_only,
            directions={
                **config.metric_directions,
                **dict(self.dashboard.view_state.metric_directions),
            },
        )

    def _grid(self) -> SimpleGrid:
        return self.running if self.running.has_focus else self.recent

    @on(GridView.RowSelected)
    def _selected(self) -> None:
        self.action_open_run()

    def action_open_run(self) -> None:
        """Open the run under the cursor."""
        grid = self._grid()
        if grid.cursor_key is not None:
            self.post_message(OpenRun(grid.cursor_key))

    def action_note(self) -> None:
        """Write a note on the run under the cursor."""
        grid = self._grid()
        if grid.cursor_key is not None:
            self.post_message(WriteNote(run_hash=grid.cursor_key))

    def action_copy(self) -> None:
        """Copy the hash of the run under the cursor."""
        grid = self._grid()
        if grid.cursor_key is not None:
            self.app.copy_to_clipboard(grid.cursor_key)
            self.notify(f"Copied {grid.cursor_key}", timeout=2)


def _name(record: RunRecord, look: CellLook) -> Cell:
    mark, tone = status_mark(record.run, look)
    return Cell(((f" {mark}", tone), (" ", ""), (one_line(record.run.name), "")))


def _metric(record: RunRecord, look: CellLook) -> Cell:
    found = common_metrics([record], 1)
    column = column_from_id(found[0]) if found else None
    summary = metric_summary(record, column.key, column.context) if column else None
    if summary is None or column is None:
        return plain("")
    title = metric_title(summary.name, summary.context)
    return Cell(((f"{title} ", "muted"), (number(summary.last, look.digits), "")))


def _running_row(record: RunRecord, look: CellLook, curve: str) -> GridRow:
    run = record.run
    stale = is_stale(run, look.now_s, look.stale_after_s)
    return GridRow(
        run.hash,
        (
            _name(record, look),
            progress_cell(progress_of(record)),
            _metric(record, look),
            plain(curve, "spark"),
            plain(duration(run.duration_s(look.now_s)), is_right=True),
            plain(
                ago(run.updated_at, look.now_s), "warning" if stale else "muted", is_right=True
            ),
        ),
    )


def _recent_row(record: RunRecord, look: CellLook) -> GridRow:
    run = record.run
    return GridRow(
        run.hash,
        (
            _name(record, look),
            plain(one_line(run.experiment or ""), "muted"),
            _metric(record, look),
            plain(duration(run.duration_s(look.now_s)), "muted", is_right=True),
            plain(ago(run.created_at, look.now_s), "muted", is_right=True),
        ),
    )


def _pins(data: HomeData, digits: int) -> Content:
    if not data.pins:
        return Content.styled(
            "None yet. P in the runs table pins the metric under the cursor.", "$foreground 60%"
        )
    parts: list[Content] = []
    for pin in data.pins:
        parts.append(Content.styled(metric_title(pin.key.name, pin.key.context) + "\n", "bold"))
        for place, (name, value) in enumerate(pin.best):
            look = "bold $success" if place == 0 else ""
            line = f"  {shorten(one_line(name), 27):<28}{number(value, digits):>10}\n"
            parts.append(Content.styled(line, look))
    return Content("").join(parts)


def _health(data: HomeData) -> Content:
    rows: list[tuple[str, str]] = []
    if data.activity is not None:
        rows += [
            ("runs", count(data.activity.run_count)),
            ("running", count(data.activity.active_run_count)),
            ("archived", count(data.activity.archived_run_count)),
            ("experiments", count(data.activity.experiment_count)),
        ]
    if data.statistics is not None:
        rows += [
            ("points", count(data.statistics.point_count)),
            ("unsealed", count(data.statistics.unsealed_point_count)),
            ("segments", count(data.statistics.segment_count)),
            ("on disk", size(data.statistics.size_bytes)),
        ]
    lines = [
        Content.assemble((f"{name:<12}", "$foreground 60%"), f"{value:>14}\n")
        for name, value in rows
    ]
    return Content("").join(lines)
