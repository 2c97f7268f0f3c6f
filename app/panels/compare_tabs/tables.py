"""A table with a row for each param, metric or fact, and a column for each run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from app.formatting import shorten_middle
from app.panels.compare_tabs.base import Compared, CompareTab, Table, is_many
from app.sources import Source
from app.traces.compare import CompareCell, CompareRow
from app.widgets.cells import Cell
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid

NAME_WIDTH = 28
MIN_WIDTH, MAX_WIDTH = 14, 34
FEW_RUNS = 4
"""With more runs than this columns are not widened for the sake of their names."""
INDENT = 2
EXACT = 2.0**53
"""Beyond that a float does not hold every whole number."""


class TableTab(CompareTab):
    """Rows that can be folded and searched, with a cursor that goes from change to change."""

    DEFAULT_CSS = """
    TableTab Input { border: none; height: 1; padding: 0 1; display: none; }
    TableTab.-filtering Input { display: block; }
    TableTab > .empty { display: none; height: 1fr; }
    TableTab.-nothing > .empty { display: block; }
    TableTab.-nothing SimpleGrid { display: none; }
    """
    EMPTY_TEXT: ClassVar[str] = ""
    """What stands in place of a table without rows; nothing leaves the table there."""

    def __init__(self, source: Source, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(source, id=id)
        self.rows: list[CompareRow] = []
        """All rows, folded or not."""
        self._titles: list[str] = []
        self._folded: set[str] = set()

    def compose(self) -> ComposeResult:
        """Summary, search and table."""
        yield Static("", classes="summary", markup=False)
        yield Input(placeholder="find a row", classes="-compact")
        yield SimpleGrid(id=f"{self.id}-grid")
        yield Static(self.EMPTY_TEXT, classes="empty", markup=False)

    @property
    def grid(self) -> SimpleGrid:
        """The table."""
        return self.query_one(SimpleGrid)

    def start(self) -> SimpleGrid:
        """The table."""
        return self.grid

    @property
    def is_summary(self) -> bool:
        """Whether there are too many runs for a column each."""
        return is_many(self.compared.records)

    def show_runs(self, compared: Compared, rows: list[CompareRow], summary: str) -> None:
        """Show rows with a cell for each run."""
        names = compared.names()
        marked = [
            f"◇ {name}" if place == compared.reference else name
            for place, name in enumerate(names)
        ]
        self.show_cells(marked, rows, summary)

    def show_cells(self, titles: list[str], rows: list[CompareRow], summary: str) -> None:
        """Show rows with a cell for each title."""
        self.rows, self._titles = rows, titles
        had_nothing = self.has_class("-nothing")
        self.set_class(bool(self.EMPTY_TEXT) and not rows, "-nothing")
        if had_nothing and rows and self.is_on_screen and self.screen.focused is None:
            self.call_after_refresh(self.grid.focus)
        self._lay_out()
        self._show_found()
        self.query_one(".summary", Static).update(summary)

    def _lay_out(self) -> None:
        """Columns as wide as their cells, but no wider than a fair share of the window."""
        leaves = [row for row in self.rows if not row.is_branch]
        columns = [GridColumn("name", "", _name_width(self.rows))]
        room = self.app.size.width - columns[0].width
        fair = max(MIN_WIDTH, room // max(1, len(self._titles)) - 2)
        for place, title in enumerate(self._titles):
            texts = [_width(row.cells[place]) for row in leaves]
            if len(self._titles) <= FEW_RUNS:
                texts.append(len(title))
            width = min(MAX_WIDTH, fair, max([MIN_WIDTH, *texts]))
            columns.append(GridColumn(str(place), shorten_middle(title, width), width, True))
        self.grid.set_columns(columns, 1)

    def on_resize(self) -> None:
        """Share the room anew."""
        if self._titles:
            self._lay_out()
            self._show_found()

    def _show_found(self) -> None:
        """Show the rows that are neither folded away nor left out by the search."""
        needle = self.query_one(Input).value.strip().lower()
        shown, hidden_below = [], ""
        for row in self.rows:
            if hidden_below and row.name.startswith(hidden_below) and not needle:
                continue
            hidden_below = ""
            if needle and (row.is_branch or needle not in _words(row)):
                continue
            if row.is_branch and row.name in self._folded:
                hidden_below = f"{row.name}."
            shown.append(row)
        widths = [column.width for column in self.grid.columns[1:]]
        if not self.is_summary:
            shown = [_narrowed(row, widths) for row in shown]
        self.grid.show_rows(
            [_grid_row(row, row.name in self._folded, len(widths)) for row in shown]
        )

    @on(GridView.RowSelected)
    def action_open(self) -> None:
        """Fold the branch under the cursor, or show it again."""
        row = self.row_here()
        if row is not None and row.is_branch:
            self._folded ^= {row.name}
            self._show_found()

    def row_here(self) -> CompareRow | None:
        """The row under the cursor."""
        key = self.grid.cursor_key
        return next((row for row in self.rows if row.name == key), None)

    def reference_here(self) -> int | None:
        """The run of the column under the cursor."""
        place = self.grid.cursor_column - 1
        return place if not self.is_summary and place >= 0 else None

    def action_next_difference(self) -> None:
        """The next row in which the runs differ."""
        self._go_to_difference(1)

    def action_previous_difference(self) -> None:
        """The row before in which the runs differ."""
        self._go_to_difference(-1)

    def _go_to_difference(self, step: int) -> None:
        names = {row.name for row in self.rows if row.cells and row.differs}
        at = self.grid.cursor_row + step
        while 0 <= at < self.grid.row_count:
            if self.grid.key_at(at) in names:
                self.grid.cursor_row = at
                return
            at += step
        self.app.notify("No further difference in this direction.", timeout=2)

    # Searching

    def focus_query(self) -> bool:
        """Search the rows."""
        self.add_class("-filtering")
        self.query_one(Input).focus()
        return True

    @on(Input.Changed)
    def _search(self) -> None:
        self._show_found()

    @on(Input.Submitted)
    def _search_left(self) -> None:
        self.grid.focus()

    def step_back(self) -> bool:
        """Close the search."""
        if not self.has_class("-filtering"):
            return False
        self.remove_class("-filtering")
        self.query_one(Input).value = ""
        self.grid.focus()
        return True

    def table(self) -> Table:
        """The table as text, with the whole names of the rows."""
        titles = [title.removeprefix("◇ ") for title in self._titles]
        rows = [
            [row.name, *(f"{cell.text} {cell.change}".strip() for cell in row.cells)]
            for row in self.rows
            if not row.is_branch
        ]
        return ["", *titles], rows

    def sheet(self) -> Table:
        """The values alone, in full: a spreadsheet makes its own differences."""
        head, rows = self.table()
        if self.is_summary:
            return head, rows
        leaves = [row for row in self.rows if not row.is_branch]
        return head, [[row.name, *map(_whole_value, row.cells)] for row in leaves]


def _whole_value(cell: CompareCell) -> str:
    if not math.isfinite(cell.value) or abs(cell.value) >= EXACT:
        return cell.text
    return str(int(cell.value)) if cell.value.is_integer() else repr(cell.value)


def _narrowed(row: CompareRow, widths: Sequence[int]) -> CompareRow:
    """A row whose differences fit their columns: half a number would be another number."""
    cells = [
        replace(cell, change=_fitting(cell, width))
        for cell, width in zip(row.cells, widths, strict=False)
    ]
    return replace(row, cells=tuple(cells))


def _fitting(cell: CompareCell, width: int) -> str:
    room = width - len(cell.text) - 1
    if len(cell.change) <= room:
        return cell.change
    return next((part for part in cell.change.split() if len(part) <= room), "")


def _grid_row(row: CompareRow, is_folded: bool, width: int) -> GridRow:
    indent = " " * INDENT * row.depth
    name = row.title or row.name
    if row.is_branch:
        mark = "▸ " if is_folded else "▾ "
        cells = [Cell(((indent + mark, "muted"), (name, "primary")))]
        blank = [Cell()] * width
        return GridRow(row.name, (*cells, *blank), (row.name, *([float("-inf")] * width)))
    first = Cell(((indent + name, "" if row.differs else "muted"),))
    values: Sequence[float | str] = [row.name, *(_sort_value(cell) for cell in row.cells)]
    return GridRow(row.name, (first, *(_cell(cell) for cell in row.cells)), tuple(values))


def _cell(cell: CompareCell) -> Cell:
    tone = "best" if cell.is_best else "accent" if cell.is_different and not cell.change else ""
    pieces = [(cell.text, tone)]
    if cell.change:
        judged = {True: "success", False: "error", None: "muted"}[cell.is_better]
        pieces.append((f" {cell.change}", judged))
    return Cell(tuple(pieces), is_right=True)


def _sort_value(cell: CompareCell) -> float | str:
    return float("-inf") if math.isnan(cell.value) else cell.value


def _words(row: CompareRow) -> str:
    return " ".join([row.name, *(cell.text for cell in row.cells)]).lower()


def _width(cell: CompareCell) -> int:
    return len(cell.text) + (len(cell.change) + 1 if cell.change else 0)


def _name_width(rows: Sequence[CompareRow]) -> int:
    widest = max((len(row.title or row.name) + INDENT * row.depth for row in rows), default=0)
    return min(NAME_WIDTH + 12, max(NAME_WIDTH - 8, widest + 2))
