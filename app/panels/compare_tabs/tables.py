"""Params and metrics of runs side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Static

from app.formatting import plural, shorten
from app.panels.compare_tabs.base import Compared, CompareTab
from app.traces.compare import VALUES, CompareCell, CompareRow, metric_table, param_table
from app.widgets.cells import Cell
from app.widgets.grid import GridColumn
from app.widgets.simple_grid import GridRow, SimpleGrid

NAME_WIDTH = 28
MIN_WIDTH, MAX_WIDTH = 14, 34
FEW_RUNS = 4
"""With more runs than this columns are not widened for the sake of their names."""


class TableTab(CompareTab):
    """A row for each param or metric, a column for each run."""

    DEFAULT_CSS = """
    TableTab .summary { height: 1; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.rows: list[CompareRow] = []

    def compose(self) -> ComposeResult:
        """Summary and table."""
        yield Static("", classes="summary", markup=False)
        yield SimpleGrid(id=f"{self.id}-grid")

    @property
    def grid(self) -> SimpleGrid:
        """The table."""
        return self.query_one(SimpleGrid)

    def start(self) -> SimpleGrid:
        """The table."""
        return self.grid

    def show_table(self, rows: list[CompareRow], summary: str) -> None:
        """Show rows."""
        self.rows = rows
        names = self.compared.names()
        columns = [GridColumn("name", "", NAME_WIDTH)]
        for place, name in enumerate(names):
            texts = [_width(row.cells[place]) for row in rows]
            if len(names) <= FEW_RUNS:
                texts.append(len(name) + 2)
            width = min(MAX_WIDTH, max([MIN_WIDTH, *texts]))
            mark = "◇ " if place == self.compared.reference else ""
            columns.append(GridColumn(str(place), mark + shorten(name, width - 2), width, True))
        self.grid.set_columns(columns, 1)
        self.grid.show_rows([_grid_row(row) for row in rows])
        self.query_one(".summary", Static).update(summary)

    def table(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """The table as text."""
        rows = [[row.name, *(cell.text for cell in row.cells)] for row in self.rows]
        return ["", *self.compared.names()], rows


class ParamsTab(TableTab):
    """Params; at first only those that differ."""

    def __init__(self) -> None:
        super().__init__(id="params-tab")
        self._shows_equal = False

    def show(self, compared: Compared) -> None:
        """Show the params."""
        rows = param_table(compared.records, compared.reference)
        different = [row for row in rows if row.differs]
        shown = rows if self._shows_equal else different
        summary = f"{len(different)} of {plural(len(rows), 'param')} differ"
        self.show_table(shown, summary + ("" if self._shows_equal else " · d shows all"))

    def action_toggle_equal(self) -> None:
        """Show params that are the same in all runs too, or not."""
        self._shows_equal = not self._shows_equal
        self.show(self.compared)


class MetricsTab(TableTab):
    """One value of each metric, the best one of a row marked."""

    def __init__(self) -> None:
        super().__init__(id="metrics-tab")
        self.which = VALUES[0]

    def show(self, compared: Compared) -> None:
        """Show the metrics."""
        rows = metric_table(
            compared.records, self.which, compared.is_lower_better, compared.reference
        )
        wins = [
            sum(row.cells[place].is_best for row in rows)
            for place in range(len(compared.records))
        ]
        most = max(wins, default=0)
        names = compared.names()
        ahead = (
            f" · {names[wins.index(most)]} is best in {most}" if wins.count(most) == 1 else ""
        )
        self.show_table(rows, f"{self.which} value of {plural(len(rows), 'metric')}{ahead}")

    def action_cycle_value(self) -> None:
        """Another value of each metric."""
        self.which = VALUES[(VALUES.index(self.which) + 1) % len(VALUES)]
        self.show(self.compared)


def _grid_row(row: CompareRow) -> GridRow:
    cells = [Cell(((row.name, "" if row.differs else "muted"),))]
    cells += [_cell(cell) for cell in row.cells]
    values = [row.name, *(_sort_value(cell) for cell in row.cells)]
    return GridRow(row.name, tuple(cells), tuple(values))


def _cell(cell: CompareCell) -> Cell:
    tone = "best" if cell.is_best else "accent" if cell.is_different and not cell.change else ""
    pieces = [(cell.text, tone)]
    if cell.change:
        pieces.append((f" {cell.change}", "muted"))
    return Cell(tuple(pieces), is_right=True)


def _sort_value(cell: CompareCell) -> float | str:
    return float("-inf") if math.isnan(cell.value) else cell.value


def _width(cell: CompareCell) -> int:
    return len(cell.text) + (len(cell.change) + 1 if cell.change else 0)
