"""How the runs table follows its source, and its groups. Mixed into the runs screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from textual import getters, on
from textual.timer import Timer

from app.screens.base import DashboardScreen
from app.screens.run_order import group_field, value_key
from app.sources import RunIndex
from app.widgets.columns import ColumnKind, RunColumn, lower_is_better
from app.widgets.run_cells import CellLook
from app.widgets.run_groups import RunGroup, shown_groups
from app.widgets.run_table import RunTable
from store.errors import StoreError
from store.models import RunRecord

LIVE_RECORDS = 400
FIGURES_PAUSE_S = 2.0
"""Best values and groups follow running runs no faster than this."""


class RunsFound(Struct, frozen=True):
    """The answer to a query: all hashes, and the records of the first rows."""

    index: RunIndex
    records: list[RunRecord]
    total: int
    """Runs in the store, archived ones too."""
    took_s: float = 0.0
    """How long the search took."""


class RunLive(DashboardScreen):
    """Shows what changed in place; reads groups."""

    table = getters.query_one("#table", RunTable)

    query_text: str
    total: int
    pending: RunIndex | None
    is_ready: bool
    _figures_timer: Timer | None = None

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def load_runs(self, query: str | None = None) -> None: ...  # noqa: D102
        def full_query(self, text: str) -> str: ...  # noqa: D102
        def column(self, column_id: str) -> RunColumn | None: ...  # noqa: D102
        def add_records(self, records: list[RunRecord]) -> None: ...  # noqa: D102
        def grow_columns(self) -> None: ...  # noqa: D102
        def show_counts(self) -> None: ...  # noqa: D102
        def show_failed(self, error: StoreError) -> None: ...  # noqa: D102

    # Following

    def follow(self, run_hashes: frozenset[str] | None) -> None:
        """Show what changed without moving anything."""
        if not self.is_ready:
            return
        self.table.set_now(self.dashboard.clock())
        page = self.table.page
        if run_hashes is None:
            page.forget()
            known: list[str] = []
        else:
            known = [each for each in run_hashes if page.record(each)][:LIVE_RECORDS]
            page.forget(run_hashes - set(known))
        is_plain = not self.query_text and not self.table.sort_keys
        is_known = run_hashes is not None and all(
            page.position(h) is not None for h in run_hashes
        )
        if is_plain and is_known:
            self.load(
                "live", partial(self.source.get_records, known), partial(self._show_live, known)
            )
            return
        work = partial(self._find_live, self.full_query(self.query_text), known)
        self.load("live", work, self._show_live_index, self.show_failed)

    def _show_live(self, wanted: Sequence[str], records: list[RunRecord]) -> None:
        shows_archived = self.dashboard.view_state.shows_archived
        is_gone = len(records) < len(wanted)
        is_hidden = any(r.run.is_archived for r in records) and not shows_archived
        self.add_records(records)
        self.grow_columns()
        self._refresh_figures()
        if is_gone or is_hidden:
            self.load_runs()

    def _find_live(self, query: str, known: Sequence[str]) -> RunsFound:
        index = self.source.find_runs(query, self.table.sort_keys)
        records = self.source.get_records(known)
        return RunsFound(index, records, self.source.activity().run_count)

    def _show_live_index(self, found: RunsFound) -> None:
        self.total = found.total
        self.add_records(found.records)
        old, new = self.table.page.hashes, found.index.hashes
        if list(old) == list(new):
            self.pending = None
        elif _keeps_order(old, new):
            self.pending = None
            if self.table.is_grouped:
                self.table.page.set_hashes(new)
            else:
                self.table.show_hashes(new)
        else:
            self.pending = found.index
        self.grow_columns()
        self._refresh_figures()
        self.show_counts()

    def action_apply_order(self) -> None:
        """Put new and changed rows where they belong."""
        if self.pending is not None:
            self.table.show_hashes(self.pending.hashes)
            self.pending = None
            self.show_counts()
        else:
            self.load_runs()
            self.notify("Every row is where it belongs.", timeout=2)

    # Groups and best values: what is true of all runs, read or not

    def load_groups(self) -> None:
        """Put all listed runs under headings."""
        by = [c for each in self.dashboard.view_state.group_by if (c := self.column(each))]
        if not by:
            self.table.show_groups([])
            return
        work = partial(self._read_groups, by, self.table.run_columns)
        self.load("groups", work, self.table.show_groups)

    def _read_groups(
        self, by: Sequence[RunColumn], columns: Sequence[RunColumn]
    ) -> list[RunGroup]:
        look, keys = self.table.look, {}
        for column in columns:
            key = value_key(column, look, descending=False)
            if column not in by and key is not None and _has_numbers(column):
                keys[column] = key
        found = self.source.group_runs(
            self.full_query(self.query_text),
            self.table.sort_keys,
            [field for column in by if (field := group_field(column))],
            list(keys.values()),
        )
        return shown_groups(found, list(keys))

    @on(RunTable.BestNeeded)
    def _best_needed(self, message: RunTable.BestNeeded) -> None:
        columns, look = message.columns, self.table.look
        keys = [
            key
            for column in columns
            if (key := value_key(column, look, descending=not _lower(column, look)))
        ]
        names = [column.id for column in columns]
        work = partial(self.source.best_values, self.full_query(self.query_text), keys)
        # A group for each set: columns that come into sight do not outdate others.
        self.load("best " + " ".join(names), work, partial(self._show_best, names, look))

    def _show_best(
        self, names: Sequence[str], look: CellLook, values: Sequence[float | None]
    ) -> None:
        now = self.table.look
        if (now.metric_value, now.directions) == (look.metric_value, look.directions):
            found = zip(names, values, strict=True)
            self.table.show_best({name: value for name, value in found if value is not None})

    def _refresh_figures(self) -> None:
        """Read groups and best values again, a moment after runs changed."""
        if self._figures_timer is None:
            self._figures_timer = self.set_timer(FIGURES_PAUSE_S, self._read_figures)

    def _read_figures(self) -> None:
        self._figures_timer = None
        if not self.is_current:
            return
        self.table.forget_best(hides=False)
        if self.table.is_grouped:
            self.load_groups()


def _has_numbers(column: RunColumn) -> bool:
    return column.kind is not ColumnKind.FIXED or column.id == "duration"


def _lower(column: RunColumn, look: CellLook) -> bool:
    return lower_is_better(column.key, look.directions)


def _keeps_order(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether runs only came or went, and none changed places."""
    old_set, new_set = set(old), set(new)
    return [h for h in old if h in new_set] == [h for h in new if h in old_set]
