"""Home: what is going on. Running now, activity by day, recent runs, alerts, the store's health."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import getters, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from app.commands import Scope, bindings
from app.formatting import plural
from app.messages import OpenRun, WriteNote
from app.screens.base import DashboardScreen
from app.screens.home_reading import HomeData, read_home
from app.screens.home_text import (
    alerts_text,
    columns_for,
    health_text,
    pins_text,
    rows_of,
    stale_count,
)
from app.sources import Feature, Source
from app.widgets.activity_map import ActivityMap
from app.widgets.grid import GridView
from app.widgets.run_cells import CellLook
from app.widgets.simple_grid import SimpleGrid
from store.errors import StoreError
from store.models.alerts import AlertSheet, Finding

ROOMY_COLUMNS = 180
SIDE_WIDTHS = (46, 64)
"""Of the panes at the right, in a usual and in a roomy window."""
TICK_S = 5.0
"""Ages and times that are left go on."""
FRAME = 4
"""Borders and padding of a pane."""


class HomeScreen(DashboardScreen):
    """The start page."""

    PLACE = "home"
    SCOPES = (Scope.HOME, Scope.TABLE)
    CSS_PATH = "home.tcss"
    NEEDS: ClassVar[Mapping[str, Feature]] = {"note": Feature.WRITE}
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.HOME)

    running = getters.query_one("#running", SimpleGrid)
    recent = getters.query_one("#recent", SimpleGrid)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._data = HomeData()
        self._sheet = AlertSheet()
        self._is_read = False

    def compose_body(self) -> Iterable[Widget]:
        """Running runs over recent ones; activity, health, alerts and pins beside them."""
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
                for name, title, widget in (
                    ("activity", "runs by day", ActivityMap(id="activity")),
                    ("health", "store", Static(id="health")),
                    ("alerts", "alerts", Static(id="alerts")),
                    ("pins", "pinned metrics", Static(id="pins")),
                ):
                    with Vertical(id=f"{name}-pane", classes="pane") as pane:
                        pane.border_title = title
                        yield widget
        yield Static(id="home-failed", classes="empty list-empty", markup=False)

    def on_mount(self) -> None:
        """Columns of the two tables, and what is in them."""
        super().on_mount()
        self._lay_out()
        self._sheet = self.dashboard.alert_sheet
        self.recent.focus()
        self.set_interval(TICK_S, self._tick)
        self.refresh_data()

    def _tick(self) -> None:
        if self.is_current and self._is_read:
            self._show_runs()

    def on_resize(self) -> None:
        """Names take what room there is."""
        super().on_resize()
        self.set_class(self.size.width >= ROOMY_COLUMNS, "-roomy")
        self._lay_out()
        if self._is_read:
            self._show_all()

    def _side_width(self) -> int:
        if self.has_class("-narrow"):
            return 0
        return SIDE_WIDTHS[self.has_class("-roomy")]

    def _lay_out(self) -> None:
        # The bar that scrolls a table takes a column of it.
        room = self.size.width - self._side_width() - FRAME - 1
        for grid in (self.running, self.recent):
            columns = columns_for(room, is_running=grid is self.running)
            if list(grid.columns) != columns:
                grid.set_columns(columns, 1)

    def focus_query(self) -> bool:
        """What one looks for on the first page is a run."""
        self.dashboard.go_and("runs", _ask)
        return True

    def refresh_data(self) -> None:
        """Read everything again."""
        look = self._look()
        work = partial(read_home, self.source, look.directions, ascii_only=look.ascii_only)
        self.load("home", work, self._show, self._failed)

    def _failed(self, error: StoreError) -> None:
        self.list_failed(error, is_empty=not self._is_read)

    def _show(self, data: HomeData) -> None:
        self._data, self._is_read = data, True
        if self.has_class("-empty"):
            self.remove_class("-empty")
            # What is out of sight cannot keep the focus.
            self.call_after_refresh(self.recent.focus)
        self._show_all()

    def _show_all(self) -> None:
        data, look = self._data, self._look()
        self.set_class(not data.running, "-quiet")
        self._show_runs()
        if data.activity is not None:
            self.query_one(ActivityMap).show_days(data.activity.creation_times, look.now_s)
        side = self._side_width() or self.size.width // (1 if self.has_class("-short") else 2)
        self.query_one("#health", Static).update(health_text(data, side - FRAME))
        self.query_one("#pins", Static).update(pins_text(data, look.digits, side - FRAME))
        self._show_alerts()
        pane = self.query_one("#running-pane")
        wanted = len(data.running) + 3 if data.running else 3
        pane.styles.height = min(wanted, max(6, self.size.height * 2 // 5))

    def _show_runs(self) -> None:
        data, look = self._data, self._look()
        for grid, records in ((self.running, data.running), (self.recent, data.recent)):
            is_running = grid is self.running
            grid.show_rows(rows_of(records, grid.columns, look, data, is_running=is_running))
        stale = stale_count(data.running, look)
        text = f"{plural(stale, 'run')} without news" if stale else ""
        self.query_one("#running-pane").border_subtitle = text

    def show_sheet(self, sheet: AlertSheet, _: Sequence[Finding] = ()) -> None:
        """Show what is to tell; the application calls this when it changes."""
        self._sheet = sheet
        self._show_alerts()

    def _show_alerts(self) -> None:
        width = (self._side_width() or self.size.width) - FRAME
        text = alerts_text(self._sheet, self.dashboard.clock(), width)
        self.query_one("#alerts", Static).update(text)
        self.query_one("#alerts-pane").set_class(bool(self._sheet.open_alerts), "-open")

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
        if grid.cursor_key is not None and self.may_write():
            self.post_message(WriteNote(run_hash=grid.cursor_key))

    def action_copy(self) -> None:
        """Copy the hash of the run under the cursor."""
        grid = self._grid()
        if grid.cursor_key is not None:
            self.app.copy_to_clipboard(grid.cursor_key)
            self.notify(f"Copied {grid.cursor_key}", timeout=2)


def _ask(screen: Screen[Any]) -> None:
    if isinstance(screen, DashboardScreen):
        screen.focus_query()
