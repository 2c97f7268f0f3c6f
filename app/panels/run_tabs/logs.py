"""Logs of a run: terminal output and log records, with search, levels and follow mode."""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from app.commands import Scope, bindings
from app.dialogs.text_input import TextDialog
from app.formatting import count
from app.panels.run_tabs.base import RunTab
from app.sources import Source
from app.traces.export import write_text
from app.traces.log_moments import moment_at, row_at_step
from app.traces.log_text import (
    LEVEL_NAMES,
    LEVELS,
    LogRow,
    filtered,
    line_rows,
    match_from,
    matches,
    record_rows,
    without_codes,
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

    SCOPES = (Scope.LOG, Scope.TABLE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.LOG)

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="logs-tab")
        self._output: list[LogRow] = []
        self._records: list[LogRow] = []
        self._level = 0
        self._found: list[int] = []
        """Rows in which the text was found."""
        self._only_matches = False
        self._is_shown = False
        self._wanted_step: int | None = None
        """Step whose line is to be shown once the lines are there."""

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
        self._is_shown = False
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
        self._is_shown = True
        self._refilter()

    def _refilter(self) -> None:
        needle = self.needle
        rows = filtered(
            [*self._records, *self._output], needle if self._only_matches else "", self._level
        )
        if self._level:
            rows = [row for row in rows if row.level]
        self._found = matches(rows, needle)
        self.view.show_rows(rows, needle)
        self._show_summary()
        self.refresh_bindings()
        if self._wanted_step is not None:
            self._go_to_step(self._wanted_step)

    @property
    def needle(self) -> str:
        """What is looked for."""
        return self.query_one("#log-filter", Input).value

    @on(LogView.Moved)
    def _show_summary(self) -> None:
        shown = len(self.view.rows)
        parts = [f"{count(len(self._output))} lines", f"{count(len(self._records))} records"]
        if self._level:
            parts.append(f"records from {LEVEL_NAMES[self._level]}")
        if shown != len(self._output) + len(self._records):
            parts.append(f"{count(shown)} shown")
        if self.needle:
            at = bisect_right(self._found, self.view.cursor_row)
            parts.append(
                f"match {at} of {count(len(self._found))}" if self._found else "not found"
            )
        parts.append("following" if self.view.is_following else "not following, f to follow")
        self.query_one("#log-summary", Static).update(" · ".join(parts))

    # Search

    def focus_query(self) -> bool:
        """Search the log."""
        self.add_class("-filtering")
        self.query_one("#log-filter").focus()
        return True

    @on(Input.Changed, "#log-filter")
    def _search(self) -> None:
        here = self.view.cursor_row
        self.view.is_following = self.view.is_following and not self.needle
        self._refilter()
        self._go_to(match_from(self._found, here, 0))

    @on(Input.Submitted, "#log-filter")
    def _search_left(self) -> None:
        self.view.focus()

    def step_back(self) -> bool:
        """Close the search."""
        if not self.has_class("-filtering"):
            return False
        self.remove_class("-filtering")
        self._only_matches = False
        self.query_one("#log-filter", Input).value = ""
        self.view.focus()
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Going to matches needs some; else the keys are those of the run."""
        return action not in {"next_match", "previous_match"} or bool(self._found)

    def action_next_match(self) -> None:
        """To the next place that was found, round the end."""
        self._go_to(match_from(self._found, self.view.cursor_row, 1))

    def action_previous_match(self) -> None:
        """To the place before."""
        self._go_to(match_from(self._found, self.view.cursor_row, -1))

    def _go_to(self, row: int | None) -> None:
        if row is not None:
            self.view.go_to(row)

    def action_only_matches(self) -> None:
        """Leave lines without the text out, or not."""
        self._only_matches = not self._only_matches
        self._refilter()

    # Steps

    @on(LogView.Opened)
    def action_chart(self) -> None:
        """Point the charts at the step at which the line was written."""
        moment = moment_at(self.view.rows, self.view.cursor_row)
        if moment is None:
            self.app.notify("No line near this one tells when it was written.", timeout=3)
        else:
            self.ask_for_moment(moment)

    def show_step(self, step: int) -> None:
        """Put the cursor on the line that was written nearest to a step."""
        self._wanted_step = step
        if self._is_shown:
            self._go_to_step(step)

    def _go_to_step(self, step: int) -> None:
        self._wanted_step = None
        rows = self.view.rows

        def find() -> int | None:
            series = self.read_clock()
            return row_at_step(rows, step, series) if series is not None else None

        def show(row: int | None) -> None:
            if row is None:
                self.app.notify("No line of the log tells when it was written.", timeout=3)
            self._go_to(row)

        self.load("row", find, show)

    # Acts

    def action_follow(self) -> None:
        """Stay at the end, or stand still."""
        self.view.is_following = not self.view.is_following
        self._refilter()

    def action_level(self) -> None:
        """The next higher level of records; then everything again."""
        self._level = LEVELS[(LEVELS.index(self._level) + 1) % len(LEVELS)]
        self._refilter()

    def action_save(self) -> None:
        """Write the lines that are shown to a file, without their colours."""
        if self.record is not None and self.view.rows:
            name = self.record.run.name or self.record.run.hash[:8]
            dialog = TextDialog("Save the lines as", value=str(Path.cwd() / f"{name}.log"))
            self.app.push_screen(dialog, self._save)

    def _save(self, path: str | None) -> None:
        if path:
            place = Path(path).expanduser()
            text = "".join(without_codes(row.text) + "\n" for row in self.view.rows)
            work = partial(write_text, place, text)
            self.load("save", work, lambda _: self.app.notify(f"Written to {place}", timeout=4))

    def action_copy(self) -> None:
        """Copy the line under the cursor."""
        if self.view.current is not None:
            self.app.copy_to_clipboard(without_codes(self.view.current.text))
            self.app.notify("Line copied", timeout=2)
