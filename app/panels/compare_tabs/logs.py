"""Logs of two runs side by side; where one goes, the other follows."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from app.formatting import count, plural
from app.panels.compare_tabs.base import CompareTab, Table
from app.sources import Source
from app.traces.log_diff import LogPlaces, matching_row, next_difference, places_of
from app.traces.log_text import line_rows, match_from, matches, record_rows, without_codes
from app.widgets.log_view import LogView
from store.models import RunRecord

MAX_LINES = 10_000
MAX_RECORDS = 5_000


class ComparedLogs(CompareTab):
    """The log of the baseline beside that of another run."""

    DEFAULT_CSS = """
    ComparedLogs Input { border: none; height: 1; padding: 0 1; display: none; }
    ComparedLogs.-filtering Input { display: block; }
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="logs-tab")
        self._other = 1
        """Index of the run at the right."""
        self._logs: tuple[LogPlaces, ...] = ()
        self._is_following = False
        """Whether a cursor is moved because the other one was."""

    def compose(self) -> ComposeResult:
        """Summary, search, two logs."""
        yield Static("", classes="summary", markup=False)
        yield Input(placeholder="find in both logs · n and p go on", classes="-compact")
        with Horizontal():
            for side in ("left", "right"):
                with Vertical(classes="pane", id=f"log-{side}"):
                    yield LogView(id=f"log-{side}-lines")

    def on_mount(self) -> None:
        """Follow both cursors."""
        for number, view in enumerate(self.views):
            view.keeps_cursor = True
            self.watch(view, "cursor_row", partial(self._moved, number), init=False)

    @property
    def views(self) -> list[LogView]:
        """Left and right log."""
        return list(self.query(LogView))

    def start(self) -> LogView:
        """The left log."""
        return self.views[0]

    # Reading

    def _runs(self) -> list[RunRecord]:
        records = self.compared.records
        if len(records) < 2:
            return list(records)
        self._other %= len(records)
        if self._other == self.compared.reference:
            self._other = (self._other + 1) % len(records)
        return [self.compared.base, records[self._other]]

    def show(self) -> None:
        """Read the logs of the baseline and of one other run."""
        runs = self._runs()
        self.load("logs", partial(self._read, runs), partial(self._show_logs, runs))

    def _read(self, runs: list[RunRecord]) -> tuple[LogPlaces, ...]:
        return tuple(self._read_run(record.run.hash) for record in runs)

    def _read_run(self, run_hash: str) -> LogPlaces:
        lines = self.source.log_lines(run_hash)
        if lines and lines[0].step > 0:
            end = lines[-1].step + 1
            lines = self.source.log_lines(run_hash, max(0, end - MAX_LINES), end)
        total, records = self.source.log_records(run_hash)
        if total > len(records):
            start = max(0, total - MAX_RECORDS)
            _, records = self.source.log_records(run_hash, start, total)
        return places_of([*record_rows(records), *line_rows(lines)])

    def _show_logs(self, runs: list[RunRecord], logs: tuple[LogPlaces, ...]) -> None:
        self._logs = logs
        names = [record.run.name or record.run.hash[:8] for record in runs]
        needle = self.query_one(Input).value
        for number, view in enumerate(self.views):
            pane = view.parent
            assert isinstance(pane, Vertical)
            is_used = number < len(logs)
            pane.border_title = ("◇ " if not number else "") + names[number] if is_used else ""
            pane.border_subtitle = plural(len(logs[number].rows), "line") if is_used else ""
            view.is_following = False
            view.show_rows(logs[number].rows if is_used else (), needle)
        self._show_summary()

    def _show_summary(self) -> None:
        needle = self.query_one(Input).value
        words = "lines of the same step or time stand side by side · n p differences"
        if needle:
            found = sum(len(matches(log.rows, needle)) for log in self._logs)
            words = f"{count(found)} lines with {needle!r} · n p go to them"
        if len(self.compared.records) > 2:
            words += " · a another run"
        self.query_one(".summary", Static).update(words)

    # Moving together

    def _moved(self, number: int, row: int) -> None:
        other = 1 - number
        if self._is_following or len(self._logs) < 2 or self.active != number:
            return
        self._is_following = True
        there = matching_row(self._logs[number], row, self._logs[other])
        self.views[other].cursor_row = there
        self._is_following = False

    @property
    def active(self) -> int:
        """Which log has the cursor."""
        return 1 if self.views[1].has_focus else 0

    def action_other_run(self) -> None:
        """Another run at the right."""
        self._other = (self._other + 1) % max(1, len(self.compared.records))
        self.show()
        if len(self.compared.records) < 3:
            self.app.notify("There is no third run to show.", timeout=2)

    def action_other_side(self) -> None:
        """Put the cursor into the other log."""
        self.views[1 - self.active].focus()

    def action_next_difference(self) -> None:
        """The next line that was found, or that the other run wrote differently."""
        self._go(1)

    def action_previous_difference(self) -> None:
        """The line before that was found, or that the other run wrote differently."""
        self._go(-1)

    def _go(self, direction: int) -> None:
        here, needle = self.active, self.query_one(Input).value
        view = self.views[here]
        at: int | None = None
        if needle and self._logs:
            found = matches(self._logs[here].rows, needle)
            at = match_from(found, view.cursor_row, direction)
        elif len(self._logs) > 1:
            logs = self._logs[here], self._logs[1 - here]
            at = next_difference(*logs, view.cursor_row, direction)
        if at is None:
            self.app.notify("Nothing further in this direction.", timeout=2)
        else:
            view.cursor_row = at

    # Searching

    def focus_query(self) -> bool:
        """Search both logs."""
        self.add_class("-filtering")
        self.query_one(Input).focus()
        return True

    @on(Input.Changed)
    def _search(self, message: Input.Changed) -> None:
        for view in self.views:
            view.is_following = False
            view.show_rows(view.rows, message.value)
        self._show_summary()

    @on(Input.Submitted)
    def _search_left(self) -> None:
        self.views[0].focus()
        self._go(0)

    def step_back(self) -> bool:
        """Close the search."""
        if not self.has_class("-filtering"):
            return False
        self.remove_class("-filtering")
        self.query_one(Input).value = ""
        self.views[0].focus()
        return True

    def table(self) -> Table | None:
        """The lines of the baseline beside those that match them."""
        if not self._logs:
            return None
        left, *rest = self._logs
        rows = []
        for at, row in enumerate(left.rows):
            other = [log.rows[matching_row(left, at, log)].text for log in rest if log.rows]
            rows.append([str(row.number), *(without_codes(t) for t in (row.text, *other))])
        titles = [self.compared.names()[self.compared.reference]]
        if rest:
            titles.append(self.compared.names()[self._other])
        return ["line", *titles], rows
