"""What tabs have in common: a run, reading when shown, a filter, a step back."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.message import Message

from app.commands.command import Scope
from app.loading import Loads
from app.panels.tab_page import TabPage
from app.sources import Source, TraceRef
from app.traces.log_moments import Moment, step_of
from store.models import RunRecord, Series

CLOCK_POINTS = 2_000
"""Points of a metric that are read to learn which step was when."""


class RunTab(TabPage, Loads):
    """One tab. It is told about its run and reads when it is looked at."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.TABLE,)
    """Scopes whose commands the menus list while this tab is in sight."""

    class StepAsked(Message):
        """The charts shall point at a step."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, source: Source, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.source = source
        self.record: RunRecord | None = None
        self._is_read = False

    def set_run(self, record: RunRecord, *, is_shown: bool) -> None:
        """Show another run, or another state of the same."""
        self.record = record
        self._is_read = False
        if is_shown:
            self.look()

    def look(self) -> None:
        """The tab came into sight: read what is outdated."""
        if self.record is not None and not self._is_read:
            self._is_read = True
            self.read(self.record)

    def read(self, record: RunRecord) -> None:
        """Read and show everything of the run."""

    # Times as steps

    def ask_for_moment(self, moment: Moment) -> None:
        """Let the charts point at the step of a moment."""
        self.load("step", partial(self._find_step, moment), self._point_at)

    def read_clock(self) -> Series | None:
        """The points of the metric that was logged most, which tell times and epochs."""
        if self.record is None or not self.record.metrics:
            return None
        most = max(self.record.metrics, key=lambda each: (not each.is_system, each.count))
        trace = TraceRef(self.record.run.hash, most.name, most.context)
        return self.source.read_series([trace], density=CLOCK_POINTS)[0]

    def _find_step(self, moment: Moment) -> int | None:
        if moment.step is not None:
            return moment.step
        series = self.read_clock()
        return step_of(moment, series) if series is not None else None

    def _point_at(self, step: int | None) -> None:
        if step is None:
            self.app.notify("The metrics of this run do not tell when they were logged.")
        else:
            self.post_message(self.StepAsked(step))
