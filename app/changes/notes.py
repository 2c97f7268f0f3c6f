"""Deleting notes so that it can be taken back, and notes as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.changes.undo import Change
from app.formatting import one_line, timestamp
from app.sources import Source, TraceRef
from store.models import Note
from store.models.context import EMPTY_CONTEXT


def delete_note_change(source: Source, note: Note) -> Change:
    """Delete a note; undo writes it again at the same place."""
    present = [note]

    def undo() -> None:
        trace = None
        if note.run_hash and note.metric:
            trace = TraceRef(note.run_hash, note.metric, note.context or EMPTY_CONTEXT)
        present[0] = source.create_note(
            note.content,
            run_hash=note.run_hash,
            experiment_id=note.experiment_id,
            trace=trace,
            step=note.step,
        )

    return Change("Deleted a note", lambda: source.delete_note(present[0]), undo)


def notes_page(notes: Iterable[Note], subjects: Mapping[str, str]) -> str:
    """Notes as Markdown: a heading for each with what it is on, and when it was written."""
    parts = ["# Notes"]
    for note in notes:
        head = f"## {one_line(subjects.get(note.id, ''))}"
        parts += [head, f"*{dates(note)}*", note.content.strip()]
    return "\n\n".join(parts) + "\n"


def dates(note: Note) -> str:
    """When a note was written, and changed if it was."""
    created, changed = timestamp(note.created_at), timestamp(note.updated_at)
    return f"written {created}" + (f", changed {changed}" if changed != created else "")
