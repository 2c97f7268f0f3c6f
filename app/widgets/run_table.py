"""`RunTable`: runs as rows, however many there are.

It is given hashes in order and asks, by messages, for the records and curves of the rows in
sight; what has not arrived is drawn as dots. The cursor stays on its run when rows come, go
or change places.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from rich.style import Style
from textual.message import Message

from app.sources import SortKey
from app.widgets.cells import EMPTY, Cell, plain
from app.widgets.columns import (
    ColumnKind,
    RunColumn,
    lower_is_better,
    metric_summary,
    metric_value,
)
from app.widgets.grid import GridColumn, GridView
from app.widgets.run_cells import CellLook, run_cell
from app.widgets.run_groups import RunGroup, RunRow, rows_of
from app.widgets.run_page import RunPage
from store.models import RunRecord

WAITING = plain("·", "muted")
MARK = ("▌", "accent")
NO_CURVE = (0, "")
BEST_OF = 2000
"""Above so many runs no best value is marked: not all of them are known."""


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
        self._curves: dict[tuple[str, str], tuple[int, str]] = {}
        self._curve_versions: dict[str, int] = {}
        self._asked_ahead: dict[str, int] = {}
        """Version of the record for which the curves of a run were last read ahead."""

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
        self._asked_ahead.clear()
        self.set_columns(drawn, frozen_count)
        self.find_best()
        self.ask_for_rows()

    def show_look(self, look: CellLook) -> None:
        """Draw cells in another way."""
        self.look = look
        self.find_best()
        self.relayout()

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
        self.groups = groups
        self._rows = rows_of(groups, self.closed)
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
        self.find_best()
        self._refresh_if_in_sight(each.run.hash for each in added)
        self.ask_for_curves()

    def add_curves(self, curves: dict[tuple[str, str], tuple[int, str]]) -> None:
        """Small curves by run hash and column id, with the step they reach."""
        self._curves.update(curves)
        for run_hash, _ in curves:
            self._curve_versions[run_hash] = self._curve_versions.get(run_hash, 0) + 1
        self._refresh_if_in_sight(run_hash for run_hash, _ in curves)
        self._ask_for_curves_ahead()

    def _refresh_if_in_sight(self, run_hashes: Iterable[str]) -> None:
        if not set(run_hashes).isdisjoint(self.hashes_in_sight()):
            self.refresh()

    def has_curve(self, run_hash: str, column: RunColumn) -> bool:
        """Whether the curve of a cell is known up to its last step."""
        known = self._curves.get((run_hash, column.id))
        record = self.page.record(run_hash)
        if record is None:
            return True
        summary = metric_summary(record, column.key, column.context)
        return summary is None or (known is not None and known[0] >= summary.last_step)

    def find_best(self) -> None:
        """The best value of each metric column among the runs that have been read."""
        best: dict[str, float] = {}
        is_known = len(self.page) <= BEST_OF and not self.page.missing(self.page.hashes)
        records = self.page.known(self.page.hashes) if is_known else []
        for column in self.run_columns:
            if column.kind is not ColumnKind.METRIC or len(records) < 2:
                continue
            is_lower = lower_is_better(column.key, self.look.directions)
            found = (metric_summary(record, column.key, column.context) for record in records)
            values = [
                metric_value(each, self.look.metric_value, is_lower_better=is_lower)
                for each in found
                if each is not None
            ]
            finite = [value for value in values if value - value == 0]
            if len(finite) > 1:
                best[column.id] = min(finite) if is_lower else max(finite)
        if best != dict(self.look.best):
            self.look = replace(self.look, best=best)
            self.relayout()

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
            self._curve_versions.get(run_hash, 0),
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
            curve = self._curves.get((run_hash, column.id), NO_CURVE)[1]
            cell = run_cell(column, record, self.look, curve)
            cells.append(self._first_cell(run_hash, cell) if at == 0 else cell)
        return cells

    def _first_cell(self, run_hash: str, cell: Cell) -> Cell:
        mark = MARK if run_hash in self.marked else (" ", "")
        indent = "  " if self.groups else ""
        return Cell((mark, (indent, ""), *cell.pieces))

    def _heading_cells(self, group: RunGroup, columns: range) -> list[Cell]:
        arrow = "▸" if group.key in self.closed else "▾"
        count = f"  {len(group.hashes)}"
        cells: list[Cell] = []
        for at in columns:
            if at == 0:
                title = ((f" {arrow} ", "primary"), (group.title, "strong"), (count, "muted"))
                cells.append(Cell(title))
                continue
            aggregate = group.aggregates.get(self.run_columns[at].id)
            text = aggregate.text(self.look.digits) if aggregate else ""
            cells.append(plain(text, "accent"))
        return cells

    def row_style(self, row: int) -> Style | None:
        """Headings stand out."""
        if self.groups and self._rows[row].group >= 0:
            return Style(bgcolor=self.tones.header.bgcolor)
        return None

    def title_cell(self, column: GridColumn) -> Cell:
        """The title with the sort direction, and the place among several keys."""
        run_column = next((c for c in self.run_columns if c.id == column.id), None)
        title = column.title
        if run_column is not None and run_column.kind is ColumnKind.METRIC:
            which = self.look.metric_value
            title = title if which == "last" else f"{title} {which}"
        if run_column is self.run_columns[0]:
            title = f"   {title}"
        for at, key in enumerate(self.sort_keys):
            if run_column is not None and run_column.is_sorted_by(key):
                arrow = "↓" if key.descending else "↑"
                place = str(at + 1) if len(self.sort_keys) > 1 else ""
                return Cell(
                    ((title, "primary"), (f" {arrow}{place}", "accent")), column.is_right
                )
        return plain(title, is_right=column.is_right)

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
        """More rows may be in sight."""
        self.ask_for_rows()

    def hashes_in_sight(self) -> list[str]:
        """Runs whose rows are visible."""
        return [each for row in self.visible_rows if (each := self._run_hash(row))]

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
        if not self._need_curves(self.hashes_in_sight()):
            self._ask_for_curves_ahead()

    def _ask_for_curves_ahead(self) -> None:
        # Once for each record: a curve may never reach the step that its record names.
        fresh = {
            each: self.page.record_version(each)
            for each in self.hashes_ahead()
            if self._asked_ahead.get(each) != self.page.record_version(each)
        }
        self._asked_ahead.update(fresh)
        self._need_curves(list(fresh))

    def _need_curves(self, run_hashes: Sequence[str]) -> bool:
        shown = {column.id for column in self.visible_columns}
        columns = tuple(
            c for c in self.run_columns if c.id in shown and c.kind is ColumnKind.METRIC
        )
        runs = tuple(
            each
            for each in run_hashes
            if any(not self.has_curve(each, column) for column in columns)
        )
        if columns and runs:
            self.post_message(self.CurvesNeeded(runs, columns))
        return bool(columns and runs)
