"""Answers what charts on boards and in reports ask for: notes, runs, comparisons."""

from __future__ import annotations

from textual import on

from app.messages import CompareRuns, OpenRun
from app.panels.board_panels.panel import panel_around
from app.panels.explorer import MetricExplorer
from app.screens.point_notes import PointNotes


class ChartRequests(PointNotes):
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

    def show_new_note(self) -> None:
        """Only the panel with the focus has to be read again."""
        panel = panel_around(self.focused)
        if panel is not None:
            panel.read()
