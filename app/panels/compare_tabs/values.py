"""Params, metrics, and measurements of the machine side by side."""

from __future__ import annotations

from functools import partial

from app.formatting import plural
from app.panels.compare_tabs.tables import TableTab
from app.panels.machine import HOW_TO_MEASURE
from app.sources import Source
from app.traces.compare import (
    VALUES,
    CompareRow,
    Ranking,
    metric_summary_table,
    metric_table,
    param_summary,
    param_table,
    system_table,
)
from app.traces.equal_points import Found, values_at_equal_step, values_at_equal_time

READERS = {"at equal step": values_at_equal_step, "at equal time": values_at_equal_time}


class ParamsTab(TableTab):
    """Params; at first only those that differ."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="params-tab")
        self._shows_equal = False

    def show(self) -> None:
        """Show the params."""
        compared = self.compared
        trees = [record.params for record in compared.records]
        shown = self._shows_equal
        if self.is_summary:
            titles, rows = param_summary(trees, compared.reference, shows_equal=shown)
            self.show_cells(titles, rows, _words(rows, shows_equal=shown))
        else:
            rows = param_table(trees, compared.reference, shows_equal=shown)
            self.show_runs(compared, rows, _words(rows, shows_equal=shown))

    def action_toggle_equal(self) -> None:
        """Show params that are the same in all runs too, or not."""
        self._shows_equal = not self._shows_equal
        self.show()


class MetricsTab(TableTab):
    """One value of each metric, the best one of a row marked."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="metrics-tab")
        self.which = VALUES[0]
        self._points: Found = {}

    def show(self) -> None:
        """Show the metrics; values at an equal step or time are read first."""
        compared = self.compared
        self._points = {}
        reader = READERS.get(self.which)
        if reader is None:
            self._show_values()
        else:
            work = partial(reader, self.source, compared.records)
            self.load("points", work, self._show_points)

    def _show_points(self, found: Found) -> None:
        self._points = found
        self._show_values()

    def _show_values(self) -> None:
        compared = self.compared
        if not compared.records:
            return
        ranking = Ranking(compared.is_lower_better, compared.reference, self._points)
        if self.is_summary:
            titles, rows = metric_summary_table(compared.records, self.which, ranking)
            self.show_cells(titles, rows, f"{self.which} of {plural(len(rows), 'metric')}")
            return
        rows = metric_table(compared.records, self.which, ranking)
        self.show_runs(compared, rows, self._summary(rows))

    def _summary(self, rows: list[CompareRow]) -> str:
        names = self.compared.names()
        wins = [sum(row.cells[place].is_best for row in rows) for place in range(len(names))]
        most = max(wins, default=0)
        words = f"{self.which} of {plural(len(rows), 'metric')} · v shows another value"
        if most and wins.count(most) == 1:
            words += f" · {names[wins.index(most)]} is best in {most}"
        return words

    def action_cycle_value(self) -> None:
        """Another value of each metric."""
        self.which = VALUES[(VALUES.index(self.which) + 1) % len(VALUES)]
        self.show()


class ComparedSystem(TableTab):
    """What the machine did: last, mean and highest value of each measurement."""

    EMPTY_TEXT = f"These runs logged no measurements of their machines.\n\n{HOW_TO_MEASURE}"

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="system-tab")

    def show(self) -> None:
        """Show the measurements."""
        compared = self.compared
        rows = system_table(compared.records, compared.reference)
        count = sum(row.is_branch for row in rows)
        words = plural(count, "measurement") + " of the machine"
        self.show_runs(compared, rows, words if rows else "")


def _words(rows: list[CompareRow], *, shows_equal: bool) -> str:
    leaves = [row for row in rows if not row.is_branch]
    if shows_equal:
        return f"{plural(len(leaves), 'param')} · u shows only those that differ"
    if not leaves:
        return "No param differs · u shows all"
    verb = "differs" if len(leaves) == 1 else "differ"
    return f"{plural(len(leaves), 'param')} {verb} · u shows all"
