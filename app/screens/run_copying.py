"""Copying out of the runs table: a cell, then the row, then the table. Mixed into the screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import getters

from app.formatting import count, plural, shorten
from app.screens.base import DashboardScreen
from app.widgets.columns import RunColumn
from app.widgets.run_cells import run_cell
from app.widgets.run_table import RunTable
from store.models import RunRecord

MAX_COPIED = 5000


class RunCopying(DashboardScreen):
    """What goes to the clipboard."""

    table = getters.query_one("#table", RunTable)
    _copied: tuple[int, int, int] = (-1, -1, 0)
    """Row and column of the cell copied last, and how often in a row."""

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def targets(self) -> list[str]: ...  # noqa: D102

    def action_copy(self) -> None:
        """Copy the cell under the cursor; again the row; again the table."""
        table = self.table
        here = (table.cursor_row, table.cursor_column)
        times = self._copied[2] % 3 + 1 if self._copied[:2] == here else 1
        self._copied = (*here, times)
        if times == 1:
            self._copy_cell()
        elif times == 2:
            self._copy_row()
        else:
            self._copy_table()

    def _copy_cell(self) -> None:
        column = self.table.run_column
        record = self._record()
        text = ""
        if self.table.cursor_group is not None:
            text = self._line(self.table.cursor_row)[self.table.cursor_column]
        elif record is not None and column is not None:
            text = cell_text(column, record, self.table)
        if text:
            self._to_clipboard(text, f"{shorten(text, 60)} · y again copies the row")

    def _copy_row(self) -> None:
        if self._record() is not None or self.table.cursor_group is not None:
            line = "\t".join(self._line(self.table.cursor_row))
            self._to_clipboard(line, "the row · y again copies the table")

    def _copy_table(self) -> None:
        hashes = list(self.table.marked) or list(self.table.page.hashes[:MAX_COPIED])
        self.load("copy", partial(self.source.get_records, hashes), self._copy_records)

    def _copy_records(self, records: Sequence[RunRecord]) -> None:
        table = self.table
        lines = ["\t".join(column.title for column in table.run_columns)]
        lines += [
            "\t".join(cell_text(c, record, table) for c in table.run_columns)
            for record in records
        ]
        which = "the marked runs" if table.marked else "the table"
        self._to_clipboard("\n".join(lines), f"{which}: {plural(len(records), 'row')}")

    def action_copy_hash(self) -> None:
        """Copy the hashes of the runs."""
        targets = self.targets()
        if targets:
            word = "hash" if len(targets) == 1 else "hashes"
            self._to_clipboard("\n".join(targets), f"{count(len(targets))} {word}")

    def _record(self) -> RunRecord | None:
        here = self.table.cursor_hash
        return self.table.page.record(here) if here else None

    def _line(self, row: int) -> list[str]:
        record = self._record()
        if record is not None:
            return [cell_text(c, record, self.table) for c in self.table.run_columns]
        cells = self.table.row_cells(row, range(len(self.table.run_columns)))
        return [cell.text.strip() for cell in cells]

    def _to_clipboard(self, text: str, what: str) -> None:
        self.app.copy_to_clipboard(text)
        self.notify(f"Copied {what}", timeout=2, markup=False)


def cell_text(column: RunColumn, record: RunRecord, table: RunTable) -> str:
    """What a cell says, without marks and curves."""
    if column.id == "name":
        return record.run.name
    if column.id == "experiment" and record.run.experiment:
        return record.run.experiment
    text = run_cell(column, record, table.look).text.strip()
    return " ".join(text.split()) if column.id == "tags" else text
