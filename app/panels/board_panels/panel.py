"""`BoardPanel`: one panel of a board or report, that reads and draws itself.

It reads in a thread whenever its settings or the source changed, at most so often that reading
takes a part of the time only. An error stays in the panel, over what was shown before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Markdown, Static

from app.boards.board import Panel
from app.boards.contents import (
    ChartContent,
    Content,
    EmptyContent,
    MediaPanelContent,
    NoteContent,
    PanelLook,
    TableContent,
    run_hashes_of,
)
from app.boards.drawing import draw_content
from app.boards.kinds import PanelKind
from app.boards.reading import chart_options
from app.charts.palette import ChartTheme
from app.charts.picture import Area, Size
from app.charts.plot import Plot
from app.formatting import one_line, plural, shorten
from app.links import linked
from app.loading import Loads
from app.panels.board_panels.chart import PanelExplorer, explorer_of
from app.panels.board_panels.media import PanelMedia
from app.traces.options import ExploreOptions
from app.widgets.chart_surface import ChartSurface
from app.widgets.grid import GridColumn, GridView
from app.widgets.plot_view import PlotView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.errors import StoreError

PanelReader = Callable[[Panel, PanelLook], Content]
LEAST_PAUSE_S = 1.0
PAUSE_SHARE = 3.0
"""After a read that took long the panel rests this many times as long."""
TABLES = (PanelKind.RUNS, PanelKind.LEADERBOARD, PanelKind.IMPORTANCE)


class BoardPanel(Loads, Vertical, can_focus=True):
    """A frame with a title around a picture, a table or a text."""

    DEFAULT_CSS = """
    BoardPanel { border: round $border-blurred; padding: 0 1; }
    BoardPanel:focus { border: round $primary; border-title-color: $primary; }
    BoardPanel.-editing:focus { border: double $accent; border-title-color: $accent; }
    BoardPanel { border-title-color: $text-muted; border-subtitle-color: $text-muted; }
    BoardPanel .problem { display: none; height: auto; max-height: 3; color: $error; }
    BoardPanel.-failed .problem { display: block; }
    BoardPanel .nothing { display: none; color: $text-muted; width: 1fr; height: 1fr; }
    BoardPanel .nothing { content-align: center middle; text-align: center; }
    BoardPanel.-nothing .nothing { display: block; }
    BoardPanel.-nothing .shown { display: none; }
    BoardPanel Markdown { padding: 0; margin: 0; background: transparent; }
    BoardPanel VerticalScroll { scrollbar-gutter: stable; }
    BoardPanel SimpleGrid { height: 1fr; background: transparent; }
    BoardPanel.-loading { border-subtitle-color: $accent; }
    """

    ALLOW_SELECT: ClassVar[bool] = False
    """Its frame is dragged."""

    class Opened(Message):
        """What a panel shows is to be opened."""

        def __init__(self, panel: BoardPanel, run_hash: str = "") -> None:
            super().__init__()
            self.panel = panel
            self.run_hash = run_hash
            """The run under the cursor, if it is a table."""

    def __init__(
        self, panel: Panel, reader: PanelReader, look: Callable[[], PanelLook]
    ) -> None:
        super().__init__()
        self.panel = panel
        self.content: Content | None = None
        self.is_editing = False
        self._reader = reader
        self._look = look
        self._is_outdated = False
        self._is_reading = False
        self._began_s = 0.0
        self._reading = ""
        """The values under the crosshair."""

    def compose(self) -> ComposeResult:
        """What fits the kind."""
        yield Static("", classes="problem", markup=False)
        yield Static("", classes="nothing", markup=False)
        body: Widget
        if self.panel.kind in TABLES:
            body = SimpleGrid(classes="shown")
            body.can_focus = False
        elif self.panel.kind is PanelKind.NOTE:
            body = VerticalScroll(Markdown(open_links=False), can_focus=False, classes="shown")
        elif self.panel.kind is PanelKind.CHART:
            explorer = PanelExplorer(chart_options(self.panel), utc_offset_s())
            body = Vertical(explorer, classes="shown")
        elif self.panel.kind is PanelKind.MEDIA:
            body = PanelMedia(classes="shown")
        else:
            body = PlotView(classes="shown")
        yield body

    def on_mount(self) -> None:
        """Read for the first time."""
        self._show_frame()
        self.read()

    # Reading

    def show_panel(self, panel: Panel) -> None:
        """Show other settings of the same kind."""
        old, self.panel = self.panel, panel
        self._show_frame()
        if (old.query, dict(old.settings)) != (panel.query, dict(panel.settings)):
            self.read()

    def refresh_soon(self) -> None:
        """The source changed: read again once it is time."""
        if self._is_outdated:
            return
        self._is_outdated = True
        if not self._is_reading:
            self._wait(LEAST_PAUSE_S)

    def read(self) -> None:
        """Read now."""
        self._is_outdated, self._is_reading = False, True
        self._began_s = time.monotonic()
        work = partial(self._reader, self.panel, self._look())
        self.load("panel", work, self._show, self._fail)

    def _wait(self, pause_s: float) -> None:
        self.set_timer(pause_s, self._read_outdated)

    def _read_outdated(self) -> None:
        if self._is_outdated and not self._is_reading:
            self.read()

    def _finished(self) -> None:
        self._is_reading = False
        if self._is_outdated:
            took_s = time.monotonic() - self._began_s
            self._wait(max(LEAST_PAUSE_S, PAUSE_SHARE * took_s))

    def _fail(self, error: StoreError) -> None:
        self.query_one(".problem", Static).update(one_line(str(error)))
        self.add_class("-failed")
        self._finished()

    # Showing

    def _show(self, content: Content) -> None:
        self.content = content
        self.remove_class("-failed")
        self.set_class(isinstance(content, EmptyContent), "-nothing")
        match content:
            case EmptyContent(why=why):
                self.query_one(".nothing", Static).update(why)
            case TableContent():
                self._show_table(content)
            case NoteContent(text=text):
                self.query_one(Markdown).update(linked(text))
            case ChartContent():
                self.query_one(PanelExplorer).show(content)
            case MediaPanelContent():
                drawing = partial(_draw, content, self._look())
                self.query_one(PanelMedia).show(content, drawing)
            case _:
                drawing = partial(_draw, content, self._look())
                self.query_one(PlotView).show_drawing(drawing)
        self._show_frame()
        self._finished()

    def _show_table(self, content: TableContent) -> None:
        grid = self.query_one(SimpleGrid)
        columns = [GridColumn(c.id, c.title, c.width, c.is_right) for c in content.columns]
        if tuple(columns) != grid.columns:
            frozen = next((at + 1 for at, c in enumerate(columns) if c.id == "name"), 1)
            grid.set_columns(columns, frozen)
        grid.show_rows([GridRow(run_hash, cells) for run_hash, cells in content.rows])

    def _show_frame(self) -> None:
        place, width = self.panel.place, max(8, self.size.width - 4)
        self.border_title = shorten(one_line(self.panel.caption), width)
        parts = []
        if isinstance(self.content, TableContent) and self.content.total > 1:
            parts.append(plural(self.content.total, "run"))
        if self.panel.query and self.panel.title:
            parts.append(one_line(self.panel.query))
        if self.is_editing:
            parts = [f"{place.width} x {place.height}"]
        elif self._reading:
            parts = [self._reading]
        self.border_subtitle = shorten(" · ".join(parts), width)

    def set_editing(self, *, is_editing: bool) -> None:
        """Look like something that can be moved, or not."""
        self.is_editing = is_editing
        self.set_class(is_editing, "-editing")
        if (explorer := explorer_of(self)) is not None:
            explorer.is_locked = is_editing
        self._show_frame()

    def on_resize(self) -> None:
        """The title may have more room."""
        self._show_frame()

    # The cursor of a table

    @property
    def cursor_run(self) -> str:
        """The run under the cursor of a table; nothing for other kinds."""
        content = self.content
        if not isinstance(content, TableContent) or content.of_runs is not None:
            return ""
        return self.query_one(SimpleGrid).cursor_key or ""

    def move_cursor(self, across: int, down: int) -> bool:
        """Move the cursor of a table; whether there was a row to go to."""
        if self.panel.kind not in TABLES or across:
            return False
        grid = self.query_one(SimpleGrid)
        wanted = grid.cursor_row + down
        if not 0 <= wanted < grid.row_count:
            return False
        grid.cursor_row = wanted
        return True

    @on(GridView.RowSelected)
    def _row_selected(self, message: GridView.RowSelected) -> None:
        message.stop()
        self.post_message(self.Opened(self, self.cursor_run))

    # Inside of charts

    def inspect(self) -> bool:
        """Go into the charts with a crosshair; whether there are any."""
        explorer = explorer_of(self)
        return explorer is not None and explorer.enter()

    def leave(self) -> bool:
        """Come out of the charts; whether one was inside."""
        explorer = explorer_of(self)
        if explorer is None or not explorer.leave():
            return False
        self.focus()
        return True

    @property
    def drawn(self) -> tuple[ExploreOptions, tuple[float, float] | None] | None:
        """How its charts are drawn now, and the part of the x axis that they show."""
        explorer = explorer_of(self)
        return (explorer.options, explorer.grid.view.x) if explorer is not None else None

    @on(PanelExplorer.OpenWanted)
    def _open_wanted(self, message: PanelExplorer.OpenWanted) -> None:
        message.stop()
        self.post_message(self.Opened(self))

    @on(ChartSurface.Pointed)
    def _pointed(self, message: ChartSurface.Pointed) -> None:
        explorer = explorer_of(self)
        if explorer is not None:
            self._reading = explorer.reading_of(message.chart)
            self._show_frame()

    def on_click(self, event: events.Click) -> None:
        """Twice opens what it shows; tables say by themselves which run."""
        if event.chain == 2 and self.panel.kind not in TABLES:
            self.post_message(self.Opened(self))

    @property
    def run_hashes(self) -> tuple[str, ...]:
        """The runs that it shows."""
        return run_hashes_of(self.content) if self.content is not None else ()


def panel_around(widget: Widget | None) -> BoardPanel | None:
    """The panel that a widget is, or is inside of."""
    if widget is None:
        return None
    found = (each for each in widget.ancestors_with_self if isinstance(each, BoardPanel))
    return next(found, None)


def utc_offset_s() -> float:
    """How far clocks here are ahead of UTC."""
    return float(-time.timezone if not time.daylight else -time.altzone)


def _draw(content: Content, look: PanelLook, size: Size, theme: ChartTheme) -> Plot:
    return Plot(draw_content(content, size, theme, look), Area(0, 0, 0, 0))
