"""Notes of a run: a list, and the note under the cursor as it reads."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Markdown

from app.dialogs.confirm import ConfirmDialog
from app.dialogs.note_editor import NoteEditor
from app.formatting import count, note_line, one_line, plural, shorten, timestamp
from app.outside.editor import edit_in_terminal
from app.panels.run_tabs.base import RunTab
from app.sources import Feature, Source
from app.widgets.cells import plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.models import Note, RunRecord


class NotesTab(RunTab):
    """Notes beside their text."""

    DEFAULT_CSS = """
    NotesTab #notes { height: 1fr; }
    NotesTab #notes-pane { width: 2fr; }
    NotesTab #note-pane { width: 3fr; }
    """

    class Changed(Message):
        """Notes were changed."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="notes-tab")
        self._notes: list[Note] = []

    def compose(self) -> ComposeResult:
        """List and text."""
        with Horizontal(id="notes"):
            with Vertical(id="notes-pane", classes="pane") as pane:
                pane.border_title = "notes"
                yield SimpleGrid(id="note-list")
            with VerticalScroll(id="note-pane", classes="pane"):
                yield Markdown("", id="note-text")

    def on_mount(self) -> None:
        """Columns of the list."""
        self.note_list.set_columns(
            [
                GridColumn("text", "note", 36),
                GridColumn("place", "on", 22),
                GridColumn("time", "changed", 16),
            ]
        )

    @property
    def note_list(self) -> SimpleGrid:
        """The list."""
        return self.query_one("#note-list", SimpleGrid)

    def start(self) -> SimpleGrid:
        """The list."""
        return self.note_list

    def read(self, record: RunRecord) -> None:
        """Read the notes of the run."""
        find = partial(self.source.find_notes, run_hash=record.run.hash)
        self.load("notes", find, self._show)

    def _show(self, notes: list[Note]) -> None:
        self._notes = notes
        self.note_list.show_rows([_row(note) for note in notes])
        self.query_one("#notes-pane").border_subtitle = plural(len(notes), "note")
        if not notes:
            self._show_text("No notes yet. Press **n** to write one.")

    @on(GridView.RowHighlighted, "#note-list")
    def _highlighted(self, message: GridView.RowHighlighted) -> None:
        if 0 <= message.row < len(self._notes):
            self._show_text(self._notes[message.row].content)

    def _show_text(self, text: str) -> None:
        self.query_one(Markdown).update(text)

    def _current(self) -> Note | None:
        if Feature.WRITE not in self.source.features:
            self.app.notify("This source can only be read.", severity="warning", timeout=3)
            return None
        row = self.note_list.cursor_row
        return self._notes[row] if row < len(self._notes) else None

    @on(GridView.RowSelected, "#note-list")
    def action_open(self) -> None:
        """Edit the note under the cursor."""
        self.action_edit()

    def action_edit(self) -> None:
        """Edit the note under the cursor."""
        note = self._current()
        if note is not None:
            self.app.push_screen(NoteEditor("Note", note.content), partial(self._keep, note))

    def _keep(self, note: Note, text: str | None) -> None:
        if text is not None and text != note.content:
            self.load(
                "edit", partial(self.source.update_note, note, text), lambda _: self._changed()
            )

    def action_edit_outside(self) -> None:
        """Edit the note in `$EDITOR`."""
        note = self._current()
        if note is None:
            return
        text = edit_in_terminal(self.app, note.content)
        if text is None:
            message = "The editor could not be run. Is $EDITOR set?"
            self.app.notify(message, severity="warning")
        else:
            self._keep(note, text)

    def action_delete(self) -> None:
        """Delete the note under the cursor."""
        note = self._current()
        if note is not None:
            dialog = ConfirmDialog(
                "Delete this note?", shorten(one_line(note.content), 200), verb="Delete"
            )
            self.app.push_screen(dialog, partial(self._delete, note))

    def _delete(self, note: Note, is_sure: bool | None) -> None:
        if is_sure:
            work = partial(self.source.delete_note, note)
            self.load("delete", work, lambda _: self._changed())

    def _changed(self) -> None:
        self.post_message(self.Changed())

    def action_copy(self) -> None:
        """Copy the text of the note."""
        row = self.note_list.cursor_row
        if row < len(self._notes):
            self.app.copy_to_clipboard(self._notes[row].content)
            self.app.notify("Note copied", timeout=2)


def _row(note: Note) -> GridRow:
    place = "the run"
    if note.metric is not None and note.step is not None:
        place = f"{note.metric} at step {count(note.step)}"
    cells = (
        plain(shorten(note_line(note.content), 60)),
        plain(place, "muted"),
        plain(timestamp(note.updated_at), "muted"),
    )
    return GridRow(note.id, cells, (note.content, place, note.updated_at))
