"""`RunTable`: runs as rows, however many there are.

It is given hashes in order and asks, by messages, for the records and curves of the rows in
sight; what has not arrived is drawn as dots. The cursor stays on its run when rows come, go
or change places.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace
from rich.style import Style
from textual.message import Message

from app.sources import SortKey
from app.widgets.cells import EMPTY, Cell, plain
from app.widgets.columns import ColumnKind, RunColumn
from app.widgets.grid import GridColumn, GridView
from app.widgets.run_cells import CellLook, header_cell, run_cell
from app.widgets.run_curves import RunCurves
from app.widgets.run_groups import (
    FOLDED_FROM,
    RunGroup,
    RunRow,
    best_groups,
    heading_cell,
    rows_of,
    title_cell,
)
from app.widgets.run_page import RunPage
from store.models import RunRecord

WAITING = plain("·", "muted")
MARK = ("▌", "accent")


class RunTable(GridView):
    """A virtual table of runs."""

    @dataclass
    class RecordsNeeded(Message):
        """Rows came into sight whose records have not been read."""

        run_hashes: tuple[str, ...]

    @dataclass
    class CurvesNeeded(Message, bubble=True):
        """Metric cells came into sight; their small curves may be read."""

        run_hashes: tuple[str, ...]
        columns: tuple[RunColumn, ...]

    @dataclass
    class BestNeeded(Message):
        """Metric columns came into sight whose best value is not known."""

        columns: tuple[RunColumn, ...]

    @dataclass
    class MarksChanged(Message):
        """Other runs are marked."""

        marked: tuple[str, ...]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.page = RunPage()
        self.run_columns: tuple[RunColumn, ...] = ()
        self.look = CellLook()
        self.sort_keys: tuple[SortKey, ...] = ()
        self.marked: dict[str, None] = {}
        """Hashes of marked runs, in the order of marking."""
        self.groups: list[RunGroup] = []
        self.closed: frozenset[tuple[str, ...]] = frozenset()
        self._rows: list[RunRow] = []
        self._curves = RunCurves(self.page)
        self._best_asked: set[str] = set()
        self._best_groups: dict[str, float] = {}

    # What is shown

    @property
    def is_grouped(self) -> bool:
        """Whether rows stand under headings."""
        return bool(self.groups)

    def show_columns(self, columns: Sequence[RunColumn], frozen_count: int) -> None:
        """Show these columns."""
        self.run_columns = tuple(columns)
        drawn = [GridColumn(c.id, c.title, c.width, c.is_right) for c in columns]
        if drawn:
            drawn[0] = replace(drawn[0], width=drawn[0].width + 3)
        self._curves.ask_again()
        self.set_columns(drawn, frozen_count)
        self.ask_for_rows()

    def show_look(self, look: CellLook) -> None:
        """Draw cells in another way."""
        self.look = look
        self._best_groups = best_groups(self.groups, self.run_columns, look)
        self.relayout()

    def show_best(self, best: Mapping[str, float]) -> None:
        """Highlight these values, by column id; those of other columns stay."""
        shown = {**self.look.best, **best}
        if shown != self.look.best:
            self.look = replace(self.look, best=shown)
            self.relayout()

    def forget_best(self, *, hides: bool = True) -> None:
        """Ask for the best values again, because other runs or values are shown.

        Args:
            hides: Whether those known so far are taken away at once.
        """
        self._best_asked.clear()
        if hides and self.look.best:
            self.look = replace(self.look, best={})
            self.relayout()
        self.ask_for_best()

    def ask_for_best(self) -> None:
        """Ask for the best values of metric columns in sight."""
        wanted = [c for c in self.metrics_in_sight() if c.id not in self._best_asked]
        if wanted and len(self.page) > 1:
            self._best_asked.update(column.id for column in wanted)
            self.post_message(self.BestNeeded(tuple(wanted)))

    def set_now(self, now_s: float) -> None:
        """Let ages and durations in sight go on; nothing is drawn if no text changes."""
        known = self.page.known(self.hashes_in_sight())
        moved = replace(self.look, now_s=now_s)
        columns = [c for c in self.run_columns if c.id in ("started", "duration")]
        names = [c for c in self.run_columns if c.id in ("name", "status")]
        is_changed = any(
            run_cell(column, record, self.look) != run_cell(column, record, moved)
            for record in known
            for column in (*columns, *names)
        )
        self.look = moved
        if is_changed:
            self.relayout()

    def show_hashes(self, hashes: Sequence[str]) -> None:
        """Show these runs; the cursor stays on its run, and its line where it was."""
        here, top = self.cursor_hash, self.cursor_row - self.scroll_offset.y
        self.page.set_hashes(hashes)
        self.groups, self._rows = [], []
        self._keep_cursor(here, top)

    def show_groups(self, groups: list[RunGroup]) -> None:
        """Show runs under headings; none shows them plainly again."""
        here, top = self.cursor_hash, self.cursor_row - self.scroll_offset.y
        if not self.groups and len(self.page) >= FOLDED_FROM:
            self.closed = frozenset(group.key for group in groups)
        self.groups = groups
        self._best_groups = best_groups(groups, self.run_columns, self.look)
        self._rows = rows_of(groups, self.closed)
        self.relayout()
        self._keep_cursor(here, top)

    def _keep_cursor(self, here: str | None, top: int) -> None:
        is_at_top = self.cursor_row == 0 and top == 0
        self.set_row_count(len(self._rows) if self.groups else len(self.page))
        row = self._row_of(here) if here and not is_at_top else None
        if row is not None and row != self.cursor_row:
            self.scroll_to(y=max(0, row - top), animate=False, force=True, immediate=True)
            self.cursor_row = row
        self.post_message(self.RowHighlighted(self, self.cursor_row if self.row_count else -1))
        self.ask_for_rows()

    def _row_of(self, run_hash: str) -> int | None:
        if not self.groups:
            return self.page.position(run_hash)
        rows = (at for at, row in enumerate(self._rows) if row.run_hash == run_hash)
        return next(rows, None)

    def add_records(self, records: Iterable[RunRecord]) -> None:
        """Records that have been read."""
        added = list(records)
        self.page.add(added)
        self._refresh_if_in_sight(each.run.hash for each in added)
        self.ask_for_curves()

    def add_curves(self, curves: dict[tuple[str, str], tuple[int, str]]) -> None:
        """Small curves by run hash and column id, with the step they reach."""
        self._refresh_if_in_sight(self._curves.add(curves))
        self._ask_for_curves_ahead()

    def _refresh_if_in_sight(self, run_hashes: Iterable[str]) -> None:
        if not set(run_hashes).isdisjoint(self.hashes_in_sight()):
            self.refresh()

    # Rows as the grid wants them

    def _run_hash(self, row: int) -> str:
        return self._rows[row].run_hash if self.groups else self.page.hashes[row]

    def row_key(self, row: int) -> Hashable:
        """A line looks different when record, curves, mark or heading do."""
        if self.groups and self._rows[row].group >= 0:
            key = self.groups[self._rows[row].group].key
            return ("group", key, key in self.closed)
        run_hash = self._run_hash(row)
        return (
            run_hash,
            self.page.record_version(run_hash),
            run_hash in self.marked,
            self._curves.version(run_hash),
        )

    def row_cells(self, row: int, columns: range) -> Sequence[Cell]:
        """The cells of a run, or of the heading of a group."""
        if self.groups and self._rows[row].group >= 0:
            return self._heading_cells(self.groups[self._rows[row].group], columns)
        run_hash = self._run_hash(row)
        record = self.page.record(run_hash)
        if record is None:
            return [WAITING if at == 0 else EMPTY for at in columns]
        cells = []
        for at in columns:
            column = self.run_columns[at]
            if at == 0 and self.groups:
                column = replace(column, width=max(6, column.width - 2))
            curve = self._curves.text(run_hash, column.id)
            cell = run_cell(column, record, self.look, curve)
            cells.append(self._first_cell(run_hash, cell) if at == 0 else cell)
        return cells

    def _first_cell(self, run_hash: str, cell: Cell) -> Cell:
        mark = MARK if run_hash in self.marked else (" ", "")
        indent = "  " if self.groups else ""
        return Cell((mark, (indent, ""), *cell.pieces))

    def _heading_cells(self, group: RunGroup, columns: range) -> list[Cell]:
        title = title_cell(group, is_closed=group.key in self.closed)
        return [
            heading_cell(self.run_columns[at], group, self.look, self._best_groups)
            if at
            else title
            for at in columns
        ]

    def row_style(self, row: int) -> Style | None:
        """Headings stand out."""
        if self.groups and self._rows[row].group >= 0:
            return Style(bgcolor=self.tones.header.bgcolor)
        return None

    def title_cell(self, column: GridColumn) -> Cell:
        """The title with the sort direction, and the place among several keys."""
        at = next(n for n, each in enumerate(self.run_columns) if each.id == column.id)
        return header_cell(
            self.run_columns[at], self.sort_keys, self.look, indent=3 if at == 0 else 0
        )

    # Cursor and marks

    @property
    def cursor_hash(self) -> str | None:
        """The run under the cursor."""
        if not self.row_count or self.cursor_row >= self.row_count:
            return None
        return self._run_hash(self.cursor_row) or None

    @property
    def cursor_group(self) -> RunGroup | None:
        """The group whose heading is under the cursor."""
        if not self.groups or self.cursor_row >= len(self._rows):
            return None
        at = self._rows[self.cursor_row].group
        return self.groups[at] if at >= 0 else None

    @property
    def run_column(self) -> RunColumn | None:
        """The column under the cursor."""
        return self.run_columns[self.cursor_column] if self.run_columns else None

    def targets(self) -> list[str]:
        """The marked runs, or else those under the cursor."""
        if self.marked:
            return list(self.marked)
        if self.cursor_group is not None:
            return list(self.cursor_group.hashes)
        return [self.cursor_hash] if self.cursor_hash else []

    def toggle_group(self) -> None:
        """Open or close the group under the cursor."""
        group = self.cursor_group
        if group is None:
            return
        self.closed = self.closed ^ {group.key}
        self._rows = rows_of(self.groups, self.closed)
        self.set_row_count(len(self._rows))
        self.ask_for_rows()

    def fold_all(self) -> None:
        """Fold all groups, or open them if all are folded."""
        keys = frozenset(group.key for group in self.groups)
        here, top = self.cursor_hash, self.cursor_row - self.scroll_offset.y
        group = self.cursor_group
        self.closed = frozenset() if self.closed >= keys else keys
        self._rows = rows_of(self.groups, self.closed)
        if group is not None:
            self.set_row_count(len(self._rows))
            at = self.groups.index(group)
            self.cursor_row = next(n for n, row in enumerate(self._rows) if row.group == at)
            self.ask_for_rows()
        else:
            self._keep_cursor(here, top)

    def set_marks(self, run_hashes: Iterable[str]) -> None:
        """Mark exactly these runs."""
        self.marked = dict.fromkeys(run_hashes)
        self.refresh()
        self.post_message(self.MarksChanged(tuple(self.marked)))

    def toggle_marks(self, run_hashes: Sequence[str]) -> None:
        """Mark runs, or unmark them if all are marked."""
        if all(each in self.marked for each in run_hashes):
            self.set_marks(each for each in self.marked if each not in run_hashes)
        else:
            self.set_marks([*self.marked, *run_hashes])

    # Asking

    def on_grid_view_view_moved(self, message: GridView.ViewMoved) -> None:
        """Rows came into sight."""
        message.stop()
        self.ask_for_rows()

    def on_resize(self) -> None:
        """More rows may be in sight, and less of the columns."""
        # The width in which columns scroll is known once all is laid out.
        self.call_after_refresh(self.keep_cursor_column)
        self.ask_for_rows()

    def hashes_in_sight(self) -> list[str]:
        """Runs whose rows are visible."""
        return [each for row in self.visible_rows if (each := self._run_hash(row))]

    def hashes_between(self, first: int, last: int) -> list[str]:
        """Runs of some rows; the heading of a group stands for its runs."""
        found: list[str] = []
        for row in range(first, min(last + 1, self.row_count)):
            group = self._rows[row].group if self.groups else -1
            found.extend(self.groups[group].hashes if group >= 0 else [self._run_hash(row)])
        return found

    def hashes_ahead(self) -> list[str]:
        """Runs in sight, and those that a page key brings there."""
        rows = self.visible_rows
        near = range(max(0, rows.start - len(rows)), min(self.row_count, rows.stop + len(rows)))
        return [each for row in near if (each := self._run_hash(row))]

    def ask_for_rows(self) -> None:
        """Ask for records that have not been read, a page ahead of what is in sight.

        So a page key finds them there, and what it brings is painted once.
        """
        if not self.row_count:
            return
        if self.page.missing(self.hashes_ahead()):
            wanted = self.hashes_ahead()
            if not self.groups:
                wanted = list(self.page.around(self.visible_rows))
            self.post_message(self.RecordsNeeded(tuple(self.page.missing(wanted))))
        else:
            self.ask_for_curves()

    def ask_for_curves(self) -> None:
        """Ask for the small curves of metric cells in sight, then of those a page ahead."""
        self.ask_for_best()
        if not self._need_curves(self.hashes_in_sight()):
            self._ask_for_curves_ahead()

    def _ask_for_curves_ahead(self) -> None:
        self._need_curves(self._curves.fresh_ahead(self.hashes_ahead()))

    def metrics_in_sight(self) -> tuple[RunColumn, ...]:
        """Metric columns of which something is visible."""
        shown = {column.id for column in self.visible_columns}
        return tuple(
            c for c in self.run_columns if c.kind is ColumnKind.METRIC and c.id in shown
        )

    def _need_curves(self, run_hashes: Sequence[str]) -> bool:
        columns = self.metrics_in_sight()
        runs = tuple(self._curves.lacking(run_hashes, columns))
        if runs:
            self.post_message(self.CurvesNeeded(runs, columns))
        return bool(runs)
