"""The list of dashboards with everything that can be done to a whole dashboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from textual import getters
from textual.binding import BindingType

from app.boards.board import APP_TYPE, Board, board_from_json
from app.boards.bookmarks import Bookmark, bookmark_of
from app.boards.contents import PanelLook
from app.boards.export import BOARD_FORMATS, board_text
from app.boards.files import board_from_file
from app.boards.starter import starter_board
from app.changes.boards import CreatedBoard, dashboard_change, delete_dashboard_change
from app.changes.undo import Change
from app.commands import Scope, bindings
from app.dialogs.confirm import ConfirmDialog
from app.dialogs.text_input import TextDialog
from app.formatting import MISSING, ago, one_line, shorten
from app.panels.board_panels.grid import EDIT_ACTIONS
from app.screens.board_screen import BoardScreen
from app.sources import Feature, Source
from app.traces.export import write_text
from app.widgets.cells import plain
from app.widgets.grid import GridColumn
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.errors import InvalidDataError
from store.models import SavedDashboard

STARTER_RUNS = 60
LIST_ACTIONS = frozenset(
    {"open_board", "create", "create_starter", "copy_board", "delete", "sort", "import_board"}
)
"""Possible while the list is shown."""
COLUMNS = (
    GridColumn("name", "dashboard", 30),
    GridColumn("kind", "kind", 10),
    GridColumn("age", "changed", 8, is_right=True),
    GridColumn("content", "shows", 24),
    GridColumn("description", "description", 60),
)


class Listed(Struct, frozen=True):
    """A dashboard and what it can be opened as."""

    saved: SavedDashboard
    bookmark: Bookmark
    changed_at: float

    def row(self, now_s: float) -> GridRow:
        """The row of the list."""
        saved, kind = self.saved, self.saved.app_type or MISSING
        return GridRow(
            saved.id,
            (
                plain(one_line(saved.name), "" if self.bookmark.place else "muted"),
                plain("board" if kind == APP_TYPE else kind, "muted"),
                plain(ago(self.changed_at, now_s), "muted", is_right=True),
                plain(one_line(self.bookmark.summary), "muted"),
                plain(one_line(saved.description), "muted"),
            ),
            (saved.name.lower(), kind, -self.changed_at, self.bookmark.summary, ""),
        )


def read_listed(source: Source) -> list[Listed]:
    """All dashboards; blocks."""
    apps = {each.id: each for each in source.find_apps()}
    listed = []
    for saved in source.find_dashboards():
        app = apps.get(saved.app_id or "")
        changed_at = max(saved.updated_at, app.updated_at if app is not None else 0.0)
        listed.append(Listed(saved, bookmark_of(app), changed_at))
    return listed


class DashboardList(BoardScreen):
    """The part of the screen that is about whole dashboards."""

    NEEDS: ClassVar[Mapping[str, Feature]] = dict.fromkeys(
        (
            *("create", "create_starter", "copy_board", "rename", "describe", "delete"),
            *("import_board", "edit", "add", "configure", *EDIT_ACTIONS),
        ),
        Feature.WRITE,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.DASHBOARDS)

    boards = getters.query_one("#boards", SimpleGrid)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.listed: dict[str, Listed] = {}
        self.open_id = ""
        """The dashboard that is open."""
        self._is_read = False
        self._typed_line = ""
        """What was typed after `:dashboard` before there was a list."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What is about the list is not offered while a board is open."""
        return not (self.has_class("-open") and action in LIST_ACTIONS)

    @property
    def chosen(self) -> Listed | None:
        """The open dashboard, or the one under the cursor."""
        return self.listed.get(self.open_id or self.boards.cursor_key or "")

    def open_created(self, dashboard_id: str) -> None:
        """Open a dashboard that has just been made, as soon as it is listed."""

    def action_sort(self) -> None:
        """Sort by the column under the cursor."""
        self.boards.sort_by_cursor()

    # Making

    def action_create(self) -> None:
        """Create an empty dashboard."""
        self._ask_name("New dashboard", "", lambda name: self.create(name, "", Board()))

    def action_create_starter(self) -> None:
        """Create a dashboard from what was logged."""
        if self.may_write():
            self.load("starter", self._make_starter, partial(self.create, "overview", ""))

    def _make_starter(self) -> Board:
        records = self.source.get_records(self.source.find_runs(limit=STARTER_RUNS).hashes)
        kinds = [k for k, names in self.source.params_overview().sequences.items() if names]
        return starter_board(records, kinds)

    def action_copy_board(self) -> None:
        """Copy the dashboard."""
        listed = self.chosen
        if listed is None or listed.bookmark.place != "board":
            self.notify("Only boards can be copied.", severity="warning", timeout=3)
            return
        saved = listed.saved

        def named(name: str) -> None:
            self._with_board(saved, partial(self.create, name, saved.description))

        self._ask_name("Copy as", f"{saved.name} copy", named)

    def action_import_board(self) -> None:
        """Read a dashboard from a file."""
        if not self.may_write():
            return

        def given(path: str | None) -> None:
            if path:
                self._import_from(Path(path).expanduser())

        dialog = TextDialog("File to read", placeholder="board.toml or board.json")
        self.app.push_screen(dialog, given)

    def _import_from(self, path: Path) -> None:
        self.load("import", partial(_read_file, path), lambda found: self.create(*found))

    def create(self, name: str, description: str, board: Board) -> None:
        """Create a dashboard and open it."""
        created = CreatedBoard(self.source, name, description, board)
        change = created.change()

        def made(_: None) -> None:
            self.dashboard.undo_stack.record(change)
            self.open_created(created.dashboard_id)

        self.load("create", change.do, made)

    def _with_board(self, saved: SavedDashboard, then: Callable[[Board], None]) -> None:
        def read() -> Board:
            return board_from_json(self.source.get_app(saved.app_id or "").state)

        self.load("copy", read, then)

    def _ask_name(self, title: str, value: str, then: Callable[[str], None]) -> None:
        def given(name: str | None) -> None:
            if name:
                then(name)

        if self.may_write():
            self.app.push_screen(TextDialog(title, value=value, placeholder="name"), given)

    # Changing

    def action_rename(self) -> None:
        """Give the dashboard another name."""
        listed = self.chosen
        if listed is not None:
            make = partial(dashboard_change, self.source, listed.saved)
            self._ask_name("Rename", listed.saved.name, lambda t: self._apply(make(name=t)))

    def action_describe(self) -> None:
        """Write the description of the dashboard."""
        listed = self.chosen
        if listed is None or not self.may_write():
            return
        saved = listed.saved

        def given(text: str | None) -> None:
            if text is not None:
                self._apply(dashboard_change(self.source, saved, description=text))

        dialog = TextDialog("Description", value=saved.description, is_required=False)
        self.app.push_screen(dialog, given)

    def action_delete(self) -> None:
        """Take the dashboard off the list after asking."""
        listed = self.chosen
        if listed is None or not self.may_write():
            return
        saved = listed.saved

        def confirmed(is_sure: bool | None) -> None:
            if is_sure:
                self._apply(delete_dashboard_change(self.source, saved))

        text = f"Delete the dashboard “{shorten(one_line(saved.name), 60)}”?"
        text += f"\n\nIt shows {listed.bookmark.summary}. No run is touched."
        self.app.push_screen(ConfirmDialog("Delete", text, verb="Delete"), confirmed)

    def _apply(self, change: Change) -> None:
        self.dashboard.make_change(change)

    # Files

    def file_command(self, line: str) -> None:
        """Do what was typed after `:dashboard`: `save FILE` or `open FILE`."""
        if not self._is_read:
            self._typed_line = line
            return
        verb, _, name = line.strip().partition(" ")
        path = Path(name.strip()).expanduser()
        if verb == "open" and name.strip():
            if self.may_write():
                self._import_from(path)
        elif verb == "save" and name.strip():
            self._save_to(path)
        else:
            hint = "Write :dashboard save FILE or :dashboard open FILE"
            self.notify(hint, severity="warning", timeout=5, markup=False)

    def list_was_read(self) -> None:
        """Do what was typed before the list was there."""
        self._is_read = True
        line, self._typed_line = self._typed_line, ""
        if line:
            self.file_command(line)

    def _save_to(self, path: Path) -> None:
        suffix = path.suffix.removeprefix(".").lower()
        listed = self.chosen
        if listed is None or listed.bookmark.place != "board":
            self.notify("There is no board to write.", severity="warning", timeout=3)
        elif suffix not in BOARD_FORMATS:
            known = ", ".join(f".{each}" for each in BOARD_FORMATS)
            text = f"The file name must end in one of {known}."
            self.notify(text, severity="warning", timeout=5)
        else:
            work = partial(self._write_file, listed.saved, self.look(), suffix, path)
            self.load("export", work, lambda said: self.notify(said, timeout=5, markup=False))

    def _write_file(
        self, saved: SavedDashboard, look: PanelLook, suffix: str, path: Path
    ) -> str:
        return write_text(path, self._file_of(saved, look, suffix))

    def _file_of(self, saved: SavedDashboard, look: PanelLook, suffix: str) -> str:
        board = board_from_json(self.source.get_app(saved.app_id or "").state)
        return board_text(self.source, saved, board, look, suffix)

    def action_export(self) -> None:
        """Write the dashboard to a file."""
        listed = self.chosen
        if listed is None or listed.bookmark.place != "board":
            self.notify("Only boards can be written to files.", severity="warning", timeout=3)
            return
        make = partial(self._file_of, listed.saved, self.look())
        self.ask_export("Export the dashboard", listed.saved.name, BOARD_FORMATS, make)


def _read_file(path: Path) -> tuple[str, str, Board]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidDataError("file", f"{path} cannot be read: {error}") from error
    return board_from_file(text)
