"""`SimpleGrid`: a table of rows that are given as a whole, for lists that fit in memory."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from msgspec import Struct
from textual.message import Message

from app.widgets.cells import Cell, plain
from app.widgets.grid import GridColumn, GridView


class GridRow(Struct, frozen=True):
    """A row: what it stands for, its cells, and what it sorts by."""

    key: str
    cells: tuple[Cell, ...]
    sort_values: tuple[float | str, ...] = ()
    """One for each column; without them the text of the cells decides."""


class SimpleGrid(GridView):
    """Rows with keys; the cursor stays on its key when the rows change."""

    @dataclass
    class Sorted(Message):
        """Another order was asked for."""

        column_id: str
        """Empty for the order in which the rows were given."""
        descending: bool

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._given: tuple[GridRow, ...] = ()
        self._shown: tuple[GridRow, ...] = ()
        self.sort_column = ""
        self.sort_descending = False

    def show_rows(self, rows: Sequence[GridRow]) -> None:
        """Show these rows."""
        here = self.cursor_key
        self._given = tuple(rows)
        self._arrange(here)

    def _arrange(self, here: str | None) -> None:
        at = next((n for n, c in enumerate(self.columns) if c.id == self.sort_column), None)
        rows = self._given
        if at is not None:
            rows = tuple(
                sorted(rows, key=lambda r: _value(r, at), reverse=self.sort_descending)
            )
        is_same = rows == self._shown
        self._shown = rows
        if is_same:
            return
        self.set_row_count(len(rows))
        keys = [row.key for row in rows]
        if here in keys:
            self.cursor_row = keys.index(here)
        self.post_message(self.RowHighlighted(self, self.cursor_row if rows else -1))

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._shown[self.cursor_row].key if self.cursor_row < len(self._shown) else None

    def key_at(self, row: int) -> str:
        """The key of a row."""
        return self._shown[row].key

    @property
    def cursor_cell(self) -> Cell | None:
        """The cell under the cursor."""
        if self.cursor_row >= len(self._shown) or not self.columns:
            return None
        return self._shown[self.cursor_row].cells[self.cursor_column]

    def sort_by_cursor(self) -> None:
        """Sort by the column under the cursor: up, down, as given."""
        if self.column is None:
            return
        if self.sort_column != self.column.id:
            self.sort_column, self.sort_descending = self.column.id, False
        elif not self.sort_descending:
            self.sort_descending = True
        else:
            self.sort_column, self.sort_descending = "", False
        self._arrange(self.cursor_key)
        self.relayout()
        self.post_message(self.Sorted(self.sort_column, self.sort_descending))

    def row_key(self, row: int) -> Hashable:
        """The row itself: equal rows look the same."""
        return self._shown[row]

    def row_cells(self, row: int, columns: range) -> Sequence[Cell]:
        """The cells that were given."""
        cells = self._shown[row].cells
        return [cells[at] for at in columns]

    def title_cell(self, column: GridColumn) -> Cell:
        """The title with the direction of the order."""
        if column.id == self.sort_column:
            arrow = " ↓" if self.sort_descending else " ↑"
            return Cell(((column.title, "primary"), (arrow, "accent")), column.is_right)
        return plain(column.title, is_right=column.is_right)


def _value(row: GridRow, at: int) -> float | str:
    return row.sort_values[at] if row.sort_values else row.cells[at].text.strip().lower()
