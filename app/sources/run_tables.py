"""Figures over all runs, and the trash: the part of every source that long tables need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.sources.protocol import SortKey
    from store.models import GroupedRuns, TrashedRun


class RunTables(Protocol):
    """What `Source` knows about all runs at once. Every method blocks."""

    def best_values(self, query: str, columns: Sequence[SortKey]) -> list[float | None]:
        """The finite value of each column that its order puts first, of all that match."""
        ...

    def group_runs(
        self,
        query: str,
        sort: Sequence[SortKey],
        fields: Sequence[str],
        columns: Sequence[SortKey],
    ) -> list[GroupedRuns]:
        """All runs that match, grouped by fields, in the order in which first runs come.

        Args:
            query: Which runs.
            sort: In which order.
            fields: `experiment`, `status`, `run` for the name, `tags`, `params.<path>`.
                A run with several tags stands under each.
            columns: Metrics, params and `duration` of which figures are wanted.
        """
        ...

    def trash_runs(self, run_hashes: Sequence[str]) -> None:
        """Delete runs so that they can be brought back."""
        ...

    def find_trash(self) -> list[TrashedRun]:
        """Everything in the trash, what was deleted last first."""
        ...

    def restore_runs(self, run_hashes: Sequence[str]) -> None:
        """Bring runs back from the trash, as they were."""
        ...

    def delete_trash(self, run_hashes: Sequence[str]) -> None:
        """Delete runs of the trash for good."""
        ...
