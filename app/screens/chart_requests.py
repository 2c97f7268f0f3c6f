"""Answers what charts on boards and in reports ask for: notes, runs, comparisons."""

from __future__ import annotations

from functools import partial

from textual import on

from app.dialogs.text_input import TextDialog
from app.formatting import count
from app.messages import CompareRuns, OpenRun
from app.panels.board_panels.panel import panel_around
from app.panels.explorer import MetricExplorer
from app.screens.point_reads import PointReads
from app.sources import Feature
from app.traces.build import Curve
from app.traces.reading import trace_ref


class ChartRequests(PointReads):
    """A screen with charts in panels."""

    @on(MetricExplorer.RunAsked)
    def _run_asked(self, message: MetricExplorer.RunAsked) -> None:
        self.post_message(OpenRun(message.run_hash, (), "metrics"))

    @on(MetricExplorer.CompareAsked)
    def _compare_asked(self, message: MetricExplorer.CompareAsked) -> None:
        self.post_message(CompareRuns(message.run_hashes))

    @on(MetricExplorer.LinkAsked)
    def _link_asked(self) -> None:
        self.notify("Open the chart in Metrics first: enter.", timeout=3)

    @on(MetricExplorer.NoteAsked)
    def _note_asked(self, message: MetricExplorer.NoteAsked) -> None:
        if Feature.WRITE not in self.source.features:
            self.notify("This source can only be read.", severity="warning", timeout=3)
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
            self.load("note", work, self._note_written)

    def _note_written(self, _: object) -> None:
        """Show it at its point."""
        panel = panel_around(self.focused)
        if panel is not None:
            panel.read()
