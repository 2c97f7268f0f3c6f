"""Dashboards: saved boards of panels. A list of them; the open one to look at, change, present.

Every change of a board is kept at once in its explore app, and can be taken back with undo.
Bookmarks that were made elsewhere are listed too and open the screen that shows the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace
from textual import getters, on
from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Label, Static

from app.boards.board import Board, Panel, board_from_json, new_panel
from app.boards.drawing import draw_content
from app.boards.kinds import PanelKind
from app.boards.layout import packed
from app.boards.saving import Saver
from app.charts.palette import DARK
from app.charts.picture import Size
from app.commands import Scope
from app.formatting import one_line
from app.messages import ShowMetrics, ShowRuns
from app.panels.board_panels.grid import BoardGrid
from app.screens.dashboard_list import COLUMNS, DashboardList, Listed, read_listed
from app.sources import Source
from app.widgets.grid import GridView
from app.widgets.simple_grid import SimpleGrid
from app.widgets.word_bar import WordBar
from store.errors import StoreError

STATE = "dashboards"
"""Under which name the open board is kept."""
INTERVALS_S = (3, 6, 12, 30, 60, 300)
"""Seconds that a screenful may be shown before the next one."""
COPY_SIZE = Size(100, 30)
NOTHING = (
    "There are no dashboards yet.\n\n"
    "m makes one from what was logged here; n starts an empty one."
)


class DashboardsScreen(DashboardList):
    """A list of dashboards, or one of them."""

    PLACE = "dashboards"
    SCOPES = (Scope.DASHBOARDS, Scope.BOARD, Scope.TABLE)
    CSS_PATH = "dashboards.tcss"

    grid = getters.query_one("#board", BoardGrid)
    words = getters.query_one(WordBar)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._saver: Saver[Board] | None = None
        self._present_timer: Timer | None = None
        self.every_s = INTERVALS_S[2]
        """How long a screenful is shown before the next one, while presenting."""

    def compose_body(self) -> Iterable[Widget]:
        """The list, and the open board in its place."""
        with Vertical(id="boards-list"):
            yield WordBar(placeholder="words of a name or a description")
            yield SimpleGrid(id="boards")
            yield Label(NOTHING, id="no-boards", classes="empty list-empty", markup=False)
        with Vertical(id="board-pane"):
            yield Static("", id="board-title", markup=False)
            yield Label("An empty board. n adds a panel.", id="empty-board", classes="empty")
            yield BoardGrid(id="board")

    def on_mount(self) -> None:
        """The columns, all dashboards, and the one that was open."""
        super().on_mount()
        self.grid.read_with(self.read_content, self.look)
        self.boards.set_columns(COLUMNS, 1)
        self.boards.focus()
        kept = dict(self.dashboard.view_state.extra_value(STATE, {}) or {})
        self.open_id = str(kept.get("open", ""))
        every_s = kept.get("every_s")
        self.every_s = every_s if every_s in INTERVALS_S else self.every_s
        self.refresh_data()
        self.load_names()

    # The list

    def refresh_data(self) -> None:
        """Read the list again, and every panel of the open board."""
        self._read_list()
        self.grid.read_panels()

    def follow(self, run_hashes: frozenset[str] | None) -> None:  # noqa: ARG002
        """Runs or dashboards changed."""
        self._read_list()
        self.grid.refresh_panels()

    def settings_changed(self) -> None:
        """Numbers may look different."""
        self.grid.read_panels()

    def _read_list(self) -> None:
        work = partial(read_listed, self.source)
        self.load("boards", work, self._show_list, self._list_failed)

    def _list_failed(self, error: StoreError) -> None:
        self.list_failed(error, is_empty=not self.listed)

    def _show_list(self, listed: list[Listed]) -> None:
        self.query_one("#no-boards", Label).update(NOTHING)
        self.listed = {each.saved.id: each for each in listed}
        self.set_class(not listed, "-empty")
        self._show_rows()
        if self._saver is None:
            self._open(self.open_id)
        elif self.open_id in self.listed:
            self._reread_board()
        else:
            self._close()
        self.list_was_read()

    @on(WordBar.Changed)
    def _show_rows(self) -> None:
        found = [
            each
            for each in self.listed.values()
            if self.words.fits((each.saved.name, each.saved.description))
        ]
        self.words.show_count(len(found), len(self.listed), "dashboard")
        now_s = self.dashboard.clock()
        self.boards.show_rows([each.row(now_s) for each in found])

    @on(WordBar.Left)
    def _words_left(self) -> None:
        self.boards.focus()

    def focus_query(self) -> bool:
        """Find dashboards by words; there is nothing to find on an open one."""
        if self._saver is None:
            self.words.enter()
        return self._saver is None

    def open_created(self, dashboard_id: str) -> None:
        """Open a dashboard that has just been made."""
        self._saver, self.open_id = None, dashboard_id
        self._read_list()

    @on(GridView.RowSelected, "#boards")
    def action_open_board(self) -> None:
        """Open the dashboard under the cursor."""
        self._open(self.boards.cursor_key or "")

    def _open(self, dashboard_id: str) -> None:
        found = self.listed.get(dashboard_id)
        self.open_id = ""
        if found is None:
            return
        match found.bookmark.place:
            case "board":
                self._open_board(found)
            case "metrics":
                self.post_message(ShowMetrics(found.bookmark.query))
            case "runs":
                self.post_message(ShowRuns(found.bookmark.query))
            case _:
                text = f"“{found.saved.name}” is a page of kind {found.saved.app_type}."
                self.notify(f"{text} Nothing here shows it.", severity="warning")

    # The open board

    def _open_board(self, found: Listed) -> None:
        self.open_id = found.saved.id
        app_id = found.saved.app_id or ""
        self._saver = Saver(app_id, partial(self._write_board, app_id))
        self.add_class("-open")
        self.set_focus(None)
        self._reread_board()
        self._keep_state()

    def _keep_state(self) -> None:
        kept = {"open": self.open_id, "every_s": self.every_s}
        self.dashboard.set_extra(STATE, kept)
        self._show_title()

    def _reread_board(self) -> None:
        saver = self._saver
        assert saver is not None
        newest = saver.newest

        def read() -> Board:
            return board_from_json(self.source.get_app(saver.record_id).state)

        def show(board: Board | None) -> None:
            # A change that was made meanwhile is newer than what was read.
            if board is not None and saver is self._saver and saver.newest == newest:
                self._show_board(board)

        self.load("board", partial(saver.read, read), show, self._board_lost)

    def _board_lost(self, error: StoreError) -> None:
        self.load_failed(error)
        self._close()

    def _show_board(self, board: Board, focused: str = "") -> None:
        self.set_class(not board.panels, "-bare")
        self.grid.show_board(board, focused)
        self._show_title()

    def _show_title(self) -> None:
        found = self.listed.get(self.open_id)
        self.header.crumb = found.saved.name if found is not None else ""
        parts = [found.saved.name, found.saved.description] if found is not None else []
        if self.grid.is_editing:
            parts.append("editing: shift and arrows move, ctrl and arrows resize, esc ends")
        text = one_line(" · ".join(part for part in parts if part))
        self.query_one("#board-title", Static).update(text)
        self.set_class(self.grid.is_editing, "-editing")
        self.refresh_bindings()

    def _close(self) -> None:
        self.open_id, self._saver = "", None
        self._stop_presenting()
        self.remove_class("-open", "-bare")
        self.grid.show_board(Board())
        self._keep_state()
        self.boards.focus()

    def step_back(self) -> bool:
        """Leave presenting, full size or editing, then the board."""
        if self.has_class("-presenting"):
            self._stop_presenting()
            return True
        if self._saver is None:
            return self.words.step_back()
        if not self.grid.step_back():
            self._close()
        return True

    # Changing the board

    @on(BoardGrid.Edited)
    def _edited(self, message: BoardGrid.Edited) -> None:
        self._keep_board(message.old, message.board, message.title)

    def _keep_board(self, old: Board, board: Board, title: str) -> None:
        saver = self._saver
        if saver is None or not self.may_write():
            self._show_board(old)
            return
        self.set_class(not board.panels, "-bare")
        self.dashboard.undo_stack.record(saver.change(title, old, board))
        work = partial(saver.write, board, saver.ticket())
        self.load("save", work, lambda _: None, self._not_saved)

    def _write_board(self, app_id: str, board: Board) -> None:
        self.source.update_app(app_id, board.as_json())

    def _not_saved(self, error: StoreError) -> None:
        self.load_failed(error)
        self._reread_board()

    @on(BoardGrid.EditingChanged)
    def _editing_changed(self) -> None:
        self._show_title()

    @on(BoardGrid.AddAsked)
    def _ask_kind(self) -> None:
        if self.may_write():
            self.choose_panel(self._ask_settings)

    def _ask_settings(self, kind: PanelKind) -> None:
        panel = new_panel(self.grid.board, kind, **self.usual_settings(kind))
        self.configure_panel(panel, "Add", self._add)

    def _add(self, panel: Panel) -> None:
        old = self.grid.board
        board = packed(old.with_panel(panel))
        self._show_board(board, panel.id)
        self._keep_board(old, board, f"Added {panel.caption}")

    @on(BoardGrid.ConfigureAsked)
    def _configure(self, message: BoardGrid.ConfigureAsked) -> None:
        if self.may_write():
            self.configure_panel(message.panel, "Keep", self._change)

    def _change(self, changed: Panel) -> None:
        old = self.grid.board
        here = old.panel(changed.id)
        if here is None:
            return
        board = old.with_panel(replace(changed, place=here.place))
        self._show_board(board, changed.id)
        self._keep_board(old, board, f"Changed {changed.caption}")

    @on(BoardGrid.CopyAsked)
    def _copy_panel(self, message: BoardGrid.CopyAsked) -> None:
        if message.content is not None:
            picture = draw_content(message.content, COPY_SIZE, DARK, self.look())
            self.app.copy_to_clipboard(picture.text().rstrip() + "\n")
            self.notify("Copied the panel.", timeout=2)

    # Presenting

    def action_present(self) -> None:
        """Show boards and nothing else, one screenful after the other; or stop."""
        if self.has_class("-presenting"):
            self._stop_presenting()
            return
        if self._saver is None:
            self._present_next()
        if self._saver is None:
            self.notify("There is no board to present.", severity="warning", timeout=3)
            return
        self.add_class("-presenting")
        self._present_every(self.every_s)
        self.refresh_bindings()
        hint = f"every {self.every_s} s · + - time · > < dashboard · space pauses · esc ends"
        self.notify(hint, timeout=4, markup=False)

    def _present_every(self, seconds: int) -> None:
        if self._present_timer is not None:
            self._present_timer.stop()
        self.every_s = seconds
        self._present_timer = self.set_interval(
            seconds, self._present_on, pause=self.has_class("-paused")
        )

    def action_interval(self, step: int) -> None:
        """Show each screenful for a longer or a shorter time, while presenting."""
        at = INTERVALS_S.index(self.every_s) + step
        self._present_every(INTERVALS_S[min(max(0, at), len(INTERVALS_S) - 1)])
        self._keep_state()
        self.notify(f"Every {self.every_s} s", timeout=2)

    def action_next_board(self, step: int) -> None:
        """The next or previous dashboard, while presenting; its time begins anew."""
        self._present_next(step)
        self._present_every(self.every_s)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is about presenting is offered while it is under way."""
        if action in {"interval", "next_board", "pause"}:
            return self.has_class("-presenting")
        return super().check_action(action, parameters)

    def action_pause(self) -> None:
        """Stop going on by itself, or go on."""
        timer = self._present_timer
        if timer is None:
            return
        is_paused = not self.has_class("-paused")
        self.set_class(is_paused, "-paused")
        if is_paused:
            timer.pause()
        else:
            timer.resume()
        self.notify("Paused" if is_paused else "Going on", timeout=2)

    def _present_on(self) -> None:
        if self.grid.scroll_offset.y < self.grid.max_scroll_y:
            self.grid.scroll_page_down(animate=False)
        else:
            self._present_next()

    def _present_next(self, step: int = 1) -> None:
        boards = [k for k, each in self.listed.items() if each.bookmark.place == "board"]
        if not boards:
            return
        at = boards.index(self.open_id) + step if self.open_id in boards else 0
        wanted = boards[at % len(boards)]
        self.grid.scroll_home(animate=False)
        if wanted != self.open_id:
            self._open(wanted)

    def _stop_presenting(self) -> None:
        if self._present_timer is not None:
            self._present_timer.stop()
            self._present_timer = None
        self.remove_class("-presenting", "-paused")
        self.refresh_bindings()
