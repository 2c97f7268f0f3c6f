"""Figures over all runs, and the trash: the part of every source that long tables need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from store.models import RunRecord

if TYPE_CHECKING:
    from app.sources.protocol import SortKey


@dataclass(frozen=True, slots=True)
class Figures:
    """What the finite values of a column come to in a group."""

    count: int
    mean: float
    deviation: float
    """Standard deviation of the sample; 0 for one value."""
    min: float
    max: float


@dataclass(frozen=True, slots=True)
class GroupedRuns:
    """Runs with the same values in the fields that one groups by."""

    key: tuple[Any, ...]
    """One JSON value for each field; None where a run has none."""
    hashes: Sequence[str]
    """In the order of the search."""
    figures: tuple[Figures | None, ...]
    """One for each column asked for."""


@dataclass(frozen=True, slots=True)
class TrashedRun:
    """A deleted run that can still be brought back."""

    record: RunRecord
    """Without params."""
    deleted_at: float


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
