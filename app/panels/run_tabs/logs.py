"""Logs of a run: terminal output and log records, with search, levels and follow mode."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, Static

from app.formatting import count
from app.panels.run_tabs.base import RunTab
from app.sources import Source
from app.traces.log_text import (
    LEVEL_NAMES,
    LEVELS,
    LogRow,
    filtered,
    line_rows,
    record_rows,
    step_in,
)
from app.widgets.log_view import LogView
from store.models import RunRecord

MAX_LINES = 20_000
MAX_RECORDS = 5_000


class LogsTab(RunTab):
    """One log at a time: output or records."""

    DEFAULT_CSS = """
    LogsTab #log-summary { height: 1; padding: 0 1; color: $text-muted; }
    LogsTab #log-filter { border: none; height: 1; padding: 0 1; display: none; }
    LogsTab.-filtering #log-filter { display: block; }
    """

    class StepAsked(Message):
        """The charts shall point at a step that a line speaks of."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="logs-tab")
        self._output: list[LogRow] = []
        self._records: list[LogRow] = []
        self._level = 0

    def compose(self) -> ComposeResult:
        """Summary, search, lines."""
        yield Static("", id="log-summary", markup=False)
        yield Input(placeholder="find in the log", id="log-filter")
        yield LogView(id="log-lines")

    @property
    def view(self) -> LogView:
        """The lines."""
        return self.query_one(LogView)

    def start(self) -> LogView:
        """The lines."""
        return self.view

    def read(self, record: RunRecord) -> None:
        """Read the newest lines and records."""
        self.load("logs", partial(self._read, record.run.hash), self._show)

    def _read(self, run_hash: str) -> tuple[list[LogRow], list[LogRow]]:
        newest = self.source.log_lines(run_hash)
        last = newest[-1].step if newest else -1
        lines = newest
        if newest and newest[0].step > 0:
            lines = self.source.log_lines(run_hash, max(0, last + 1 - MAX_LINES), last + 1)
        total, records = self.source.log_records(run_hash)
        if total > len(records):
            _, records = self.source.log_records(run_hash, max(0, total - MAX_RECORDS), total)
        return line_rows(lines), record_rows(records)

    def _show(self, logs: tuple[list[LogRow], list[LogRow]]) -> None:
        self._output, self._records = logs
        self._refilter()

    def _refilter(self) -> None:
        needle = self.query_one("#log-filter", Input).value
        rows = filtered([*self._records, *self._output], needle, self._level)
        if self._level:
            rows = [row for row in rows if row.level]
        self.view.show_rows(rows, needle)
        self._show_summary(len(rows))

    def _show_summary(self, shown: int) -> None:
        parts = [f"{count(len(self._output))} lines", f"{count(len(self._records))} records"]
        if self._level:
            parts.append(f"records from {LEVEL_NAMES[self._level]}")
        if shown != len(self._output) + len(self._records):
            parts.append(f"{count(shown)} shown")
        parts.append("following" if self.view.is_following else "not following, f to follow")
        self.query_one("#log-summary", Static).update(" · ".join(parts))

    # Acts

    def focus_query(self) -> bool:
        """Search the log."""
        self.add_class("-filtering")
        self.query_one("#log-filter").focus()
        return True

    @on(Input.Changed, "#log-filter")
    def _search(self) -> None:
        self._refilter()

    @on(Input.Submitted, "#log-filter")
    def _search_left(self) -> None:
        self.view.focus()

    def step_back(self) -> bool:
        """Close the search."""
        if not self.has_class("-filtering"):
            return False
        self.remove_class("-filtering")
        self.query_one("#log-filter", Input).value = ""
        self.view.focus()
        return True

    def action_follow(self) -> None:
        """Stay at the end, or stand still."""
        self.view.is_following = not self.view.is_following
        self._refilter()

    def action_level(self) -> None:
        """The next higher level of records; then everything again."""
        self._level = LEVELS[(LEVELS.index(self._level) + 1) % len(LEVELS)]
        self._refilter()

    def action_link(self) -> None:
        """Point the charts at the step that the line speaks of."""
        row = self.view.current
        step = step_in(row.text) if row is not None else None
        if step is None:
            self.app.notify("This line names no step.", timeout=2)
        else:
            self.post_message(self.StepAsked(step))

    def action_copy(self) -> None:
        """Copy the line under the cursor."""
        if self.view.current is not None:
            self.app.copy_to_clipboard(self.view.current.text)
            self.app.notify("Line copied", timeout=2)
