"""Notes: all notes of runs and experiments; read, search, write Markdown.

What is typed is kept by itself a moment after the last key, and can be taken back with undo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from textual import getters, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Label, Markdown, TextArea

from app.changes.notes import dates, delete_note_change, notes_page
from app.changes.undo import Change
from app.commands import Scope, bindings
from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.confirm import ConfirmDialog
from app.dialogs.text_input import TextDialog
from app.formatting import (
    ago,
    note_line,
    one_line,
    plural,
    shorten,
    shorten_middle,
)
from app.links import linked
from app.messages import OpenRun, ShowMetrics, ShowRuns, WriteNote
from app.outside.editor import edit_in_terminal
from app.screens.link_following import FollowsLinks
from app.sources import Feature, Source
from app.traces.export import write_text
from app.widgets.cells import plain
from app.widgets.columns import as_literal
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid
from app.widgets.word_bar import WordBar
from store.errors import StoreError
from store.models import Note

SAVE_AFTER_S = 1.0
PREVIEW_AFTER_S = 0.3
OFFERED_RUNS = 100
"""Newest runs that a new note can be on."""
ON_WIDTH = 24
MAX_RUN_NAMES = 2000
NOTHING = "There are no notes yet.\n\nn writes one, on a run or an experiment."
COLUMNS = (
    GridColumn("age", "age", 5, is_right=True),
    GridColumn("on", "on", ON_WIDTH),
    GridColumn("text", "note", 60),
)


class NotesRead(Struct, frozen=True):
    """All notes, and the names of what they are on."""

    notes: tuple[Note, ...]
    subjects: dict[str, str]
    """Name by note id."""


class NotesScreen(FollowsLinks):
    """A list of notes beside the one under the cursor."""

    PLACE = "notes"
    SCOPES = (Scope.NOTES, Scope.TABLE)
    CSS_PATH = "notes.tcss"
    NEEDS: ClassVar[Mapping[str, Feature]] = dict.fromkeys(
        ("edit", "edit_outside", "delete", "create"), Feature.WRITE
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.NOTES)

    grid = getters.query_one("#notes", SimpleGrid)
    area = getters.query_one("#editor", TextArea)
    words = getters.query_one(WordBar)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.notes: dict[str, Note] = {}
        self.subjects: dict[str, str] = {}
        self._shown: str | None = None
        self._save_timer: Timer | None = None
        self._preview_timer: Timer | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The line to find notes, the list, the note beside it."""
        yield WordBar(placeholder="words of a note, a run or an experiment")
        with Horizontal(id="body"):
            with Vertical(id="list"):
                yield SimpleGrid(id="notes")
            with Vertical(id="note", classes="pane"):
                yield TextArea(id="editor", language=None, soft_wrap=True, compact=True)
                with VerticalScroll(id="reader", can_focus=False):
                    yield Markdown(id="rendered", open_links=False)
        yield Label(NOTHING, id="empty", classes="empty list-empty", markup=False)

    def on_mount(self) -> None:
        """The columns, and all notes."""
        super().on_mount()
        self.area.read_only = Feature.WRITE not in self.source.features
        self.grid.set_columns(COLUMNS)
        self.grid.focus()
        self.refresh_data()

    # Reading

    def refresh_data(self) -> None:
        """Read all notes again."""
        if Feature.ALL_NOTES not in self.source.features:
            self.query_one("#empty", Label).update(
                "This server does not list all notes.\n\nOpen a run to see its own."
            )
            self.add_class("-empty")
            return
        self.load("notes", self._read, self._show, self._failed)

    def _read(self) -> NotesRead:
        notes = tuple(self.source.find_notes())
        hashes = list(dict.fromkeys(note.run_hash for note in notes if note.run_hash))
        records = self.source.get_records(hashes[:MAX_RUN_NAMES], params=False, metrics=False)
        runs = {record.run.hash: record.run.name for record in records}
        experiments = {each.id: each.name for each in self.source.find_experiments()}
        subjects = {}
        for note in notes:
            name = runs.get(note.run_hash or "") or experiments.get(note.experiment_id or "")
            place = f" · {note.metric} at step {note.step}" if note.metric else ""
            subjects[note.id] = f"{name or 'something deleted'}{place}"
        return NotesRead(notes, subjects)

    def _failed(self, error: StoreError) -> None:
        self.list_failed(error, is_empty=not self.notes)

    def _show(self, read: NotesRead) -> None:
        self.query_one("#empty", Label).update(NOTHING)
        self.notes = {note.id: note for note in read.notes}
        self.subjects = read.subjects
        self.set_class(not self.notes, "-empty")
        self._show_list()

    def _show_list(self) -> None:
        now_s = self.dashboard.clock()
        found = self._listed()
        self.words.show_count(len(found), len(self.notes), "note")
        self.grid.show_rows(
            [
                GridRow(
                    note.id,
                    (
                        plain(ago(note.updated_at, now_s), "muted", is_right=True),
                        plain(shorten_middle(one_line(self.subjects[note.id]), ON_WIDTH - 1)),
                        plain(note_line(note.content)),
                    ),
                )
                for note in found
            ]
        )
        self._show_note()

    def _listed(self) -> list[Note]:
        """Notes with the words that are looked for."""
        return [
            note
            for note in self.notes.values()
            if self.words.fits((note.content, self.subjects[note.id]))
        ]

    @on(WordBar.Changed)
    def _words_changed(self) -> None:
        self._show_list()

    @on(WordBar.Left)
    def _words_left(self) -> None:
        self.grid.focus()

    @on(GridView.RowHighlighted)
    def _show_note(self) -> None:
        note = self.note
        if self.area.has_focus and note is not None and note.id == self._shown:
            return
        self._shown = note.id if note is not None else None
        pane = self.query_one("#note")
        pane.border_title = shorten(self.subjects[note.id], 60) if note is not None else ""
        pane.border_subtitle = dates(note) if note is not None else ""
        text = note.content if note is not None else ""
        with self.prevent(TextArea.Changed):
            if self.area.text != text:
                self.area.load_text(text)
        self._preview(text)

    @property
    def note(self) -> Note | None:
        """The note under the cursor."""
        return self.notes.get(self.grid.cursor_key or "")

    # Writing

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._save_timer is not None:
            self._save_timer.stop()
        self._save_timer = self.set_timer(SAVE_AFTER_S, self._keep_typed)
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(
            PREVIEW_AFTER_S, lambda: self._preview(self.area.text)
        )

    def _preview(self, text: str) -> None:
        self.query_one(Markdown).update(linked(text))

    def _keep_typed(self) -> None:
        self._save_timer = None
        note = self.notes.get(self._shown or "")
        text = self.area.text.strip()
        if note is not None and text and text != note.content.strip():
            self._change_text(note, text)

    def _change_text(self, note: Note, text: str) -> None:
        self.notes[note.id] = replace(note, content=text)
        change = Change(
            "Changed a note",
            partial(_update, self.source, note, text),
            partial(_update, self.source, note, note.content),
        )
        self.dashboard.make_change(change)

    def action_edit(self) -> None:
        """Edit the note."""
        if self.note is not None and self.may_write():
            self.add_class("-editing")
            self.area.focus()

    def action_edit_outside(self) -> None:
        """Edit in your editor."""
        note = self.note
        if note is None or not self.may_write():
            return
        text = edit_in_terminal(self.app, note.content)
        if text is None:
            self.notify("The editor could not be run. Is $EDITOR set?", severity="warning")
        elif text.strip() and text.strip() != note.content:
            self._change_text(note, text.strip())

    def action_toggle_reading(self) -> None:
        """Rendered, or as typed."""
        self.toggle_class("-editing")

    def step_back(self) -> bool:
        """Leave the editor, or the words to find."""
        if self.area.has_focus:
            if self._save_timer is not None:
                self._save_timer.stop()
                self._keep_typed()
            self.remove_class("-editing")
            self.grid.focus()
            self._show_note()
            return True
        return self.words.step_back()

    def focus_query(self) -> bool:
        """Find notes by words."""
        self.words.enter()
        return True

    # The note as a whole

    @on(GridView.RowSelected)
    def _selected(self) -> None:
        self.action_edit()

    def action_open_subject(self) -> None:
        """Open what the note is on."""
        note = self.note
        if note is None:
            return
        if note.run_hash and note.metric and note.step is not None:
            self.post_message(
                ShowMetrics(
                    run_hashes=(note.run_hash,),
                    metric=note.metric,
                    context=note.context,
                    step=note.step,
                )
            )
        elif note.run_hash:
            self.post_message(OpenRun(note.run_hash))
        elif note.experiment_id:
            name = as_literal(self.subjects[note.id])
            self.post_message(ShowRuns(f"run.experiment == {name}"))

    def action_delete(self) -> None:
        """Delete the note after asking."""
        note = self.note
        if note is None or not self.may_write():
            return

        def confirmed(is_sure: bool | None) -> None:
            if is_sure:
                self.dashboard.make_change(delete_note_change(self.source, note))

        words = plural(len(note.content.split()), "word")
        text = f"Delete this note of {words}?\n\n  {shorten(one_line(note.content), 200)}"
        self.app.push_screen(ConfirmDialog("Delete", text, verb="Delete"), confirmed)

    def text_with_links(self) -> str:
        """The note under the cursor."""
        return self.note.content if self.note is not None else ""

    def action_create(self) -> None:
        """Write a new note; asks first what it is on."""
        if not self.may_write():
            return
        self.load("subjects", self._read_subjects, self._ask_subject, opens=True)

    def _read_subjects(self) -> list[Choice]:
        hashes = self.source.find_runs(limit=OFFERED_RUNS).hashes
        runs = self.source.get_records(hashes, params=False, metrics=False)
        experiments = [
            Choice(f"experiment/{each.id}", each.name, "experiment", group="Experiments")
            for each in self.source.find_experiments()
            if not each.is_archived
        ]
        return experiments + [
            Choice(f"run/{each.run.hash}", each.run.name or each.run.hash, "run", group="Runs")
            for each in runs
        ]

    def _ask_subject(self, subjects: list[Choice]) -> None:
        names = {each.id: each.title for each in subjects}

        def chosen(answer: str | None) -> None:
            kind, _, key = (answer or "").partition("/")
            if kind == "run":
                self.post_message(WriteNote(run_hash=key, subject=names[f"run/{key}"]))
            elif kind == "experiment":
                subject = names[f"experiment/{key}"]
                self.post_message(WriteNote(experiment_id=key, subject=subject))

        self.app.push_screen(CommandMenu("A note on", subjects), chosen)

    def action_export(self) -> None:
        """Write the notes that are listed to a file of Markdown."""
        shown = self._listed()
        page = notes_page(shown, self.subjects)

        def given(path: str | None) -> None:
            if path:
                work = partial(write_text, Path(path).expanduser(), page)
                self.load("export", work, self._exported)

        title = f"Write {plural(len(shown), 'note')} to"
        self.app.push_screen(TextDialog(title, value="notes.md"), given)

    def _exported(self, where: str) -> None:
        self.notify(where, timeout=5, markup=False)

    def action_copy(self) -> None:
        """Copy the text of the note."""
        if self.note is not None:
            self.app.copy_to_clipboard(self.note.content)
            self.notify("Copied the note.", timeout=2)


def _update(source: Source, note: Note, text: str) -> None:
    source.update_note(note, text)
