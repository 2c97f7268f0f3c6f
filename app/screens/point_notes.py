"""Notes at points of charts, on every screen that has charts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual import on

from app.dialogs.text_input import TextDialog
from app.formatting import count
from app.panels.explorer import MetricExplorer
from app.screens.point_reads import PointReads
from app.sources import Feature
from app.traces.build import Curve
from app.traces.reading import trace_ref


class PointNotes(PointReads):
    """A screen on whose charts notes are written."""

    NEEDS: ClassVar[Mapping[str, Feature]] = {"note": Feature.WRITE}

    @on(MetricExplorer.NoteAsked)
    def _note_asked(self, message: MetricExplorer.NoteAsked) -> None:
        if not self.may_write():
            return
        curve, step = message.curve, message.step
        name = curve.record.run.name or curve.record.run.hash[:8]
        dialog = TextDialog(f"Note on {name} · {curve.metric.name} · step {count(step)}")
        self.app.push_screen(dialog, partial(self._write_note, curve, step))

    def _write_note(self, curve: Curve, step: int, text: str | None) -> None:
        if text:
            work = partial(
                self.source.create_note,
                text,
                run_hash=curve.record.run.hash,
                trace=trace_ref(curve),
                step=step,
            )
            self.load("note", work, lambda _: self.show_new_note())

    def show_new_note(self) -> None:
        """Show a note that has just been written at its point."""
        self.refresh_data()
