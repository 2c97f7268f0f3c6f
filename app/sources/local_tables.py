"""Figures over all runs, and the trash, of a store that this process owns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.models import GroupedRuns, TrashedRun
from store.search import RunSearch, SortKey as StoreSortKey

if TYPE_CHECKING:
    from app.sources.protocol import SortKey
    from store.workspace import Workspace


def store_keys(keys: Sequence[SortKey]) -> tuple[StoreSortKey, ...]:
    """Sort keys as the store wants them."""
    return tuple(StoreSortKey(k.field, k.descending, k.context) for k in keys)


class LocalRunTables:
    """All runs of one workspace. Part of `LocalSource`."""

    _workspace: Workspace
    _timezone_offset_min: int

    def _search(self, query: str, sort: Sequence[SortKey] = ()) -> RunSearch:
        return RunSearch(query, store_keys(sort), timezone_offset_min=self._timezone_offset_min)

    def best_values(self, query: str, columns: Sequence[SortKey]) -> list[float | None]:
        """The best of each column."""
        return self._workspace.search.best(self._search(query), store_keys(columns))

    def group_runs(
        self,
        query: str,
        sort: Sequence[SortKey],
        fields: Sequence[str],
        columns: Sequence[SortKey],
    ) -> list[GroupedRuns]:
        """Runs in groups."""
        return self._workspace.search.groups(
            self._search(query, sort), fields, store_keys(columns)
        )

    def trash_runs(self, run_hashes: Sequence[str]) -> None:
        """Move runs into the trash."""
        self._workspace.trash.put(run_hashes)

    def find_trash(self) -> list[TrashedRun]:
        """Everything in the trash."""
        return self._workspace.trash.find()

    def restore_runs(self, run_hashes: Sequence[str]) -> None:
        """Bring runs back."""
        self._workspace.trash.restore(run_hashes)

    def delete_trash(self, run_hashes: Sequence[str]) -> None:
        """Delete runs for good."""
        self._workspace.trash.delete(run_hashes)
