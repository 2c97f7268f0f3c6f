"""How the runs table follows its source, and its groups. Mixed into the runs screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import getters

from app.formatting import count
from app.loading import load_is_outdated
from app.screens.base import DashboardScreen
from app.sources import RunIndex
from app.widgets.columns import RunColumn
from app.widgets.run_groups import RunGroup, group_runs
from app.widgets.run_page import CHUNK
from app.widgets.run_table import RunTable
from store.errors import StoreError
from store.models import RunRecord

MAX_GROUPED = 20_000
LIVE_RECORDS = 400


@dataclass(frozen=True, slots=True)
class RunsFound:
    """The answer to a query: all hashes, and the records of the first rows."""

    index: RunIndex
    records: list[RunRecord]
    total: int
    """Runs in the store, archived ones too."""


class RunLive(DashboardScreen):
    """Shows what changed in place; reads groups."""

    table = getters.query_one("#table", RunTable)

    query_text: str
    total: int
    pending: RunIndex | None
    is_ready: bool

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
        elif self.table.is_grouped:
            self.load_groups()
        elif _keeps_order(old, new):
            self.pending = None
            self.table.show_hashes(new)
        else:
            self.pending = found.index
        self.grow_columns()
        self.show_counts()

    def action_apply_order(self) -> None:
        """Put new and changed rows where they belong."""
        if self.pending is not None:
            self.table.show_hashes(self.pending.hashes)
            self.pending = None
            self.show_counts()
        else:
            self.load_runs()

    # Groups

    def load_groups(self) -> None:
        """Read all listed runs and put them under headings."""
        by = [c for each in self.dashboard.view_state.group_by if (c := self.column(each))]
        if not by:
            self.table.show_groups([])
            return
        if len(self.table.page) > MAX_GROUPED:
            self.notify(
                f"Groups are made of at most {count(MAX_GROUPED)} runs. Narrow the query first.",
                severity="warning",
            )
            return
        work = partial(self._read_groups, by, self.table.run_columns)
        self.load("groups", work, self.table.show_groups)

    def _read_groups(
        self, by: Sequence[RunColumn], columns: Sequence[RunColumn]
    ) -> list[RunGroup]:
        page = self.table.page
        for start in range(0, len(page.hashes), CHUNK * 4):
            if load_is_outdated():
                return []
            missing = page.missing(page.hashes[start : start + CHUNK * 4])
            page.add(self.source.get_records(missing))
        look = self.table.look
        return group_runs(
            page.known(page.hashes),
            by,
            columns,
            which=look.metric_value,
            directions=dict(look.directions),
        )


def _keeps_order(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether runs only came or went, and none changed places."""
    old_set, new_set = set(old), set(new)
    return [h for h in old if h in new_set] == [h for h in new if h in old_set]
