"""What a desk reads of a workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from store.alerts.desk import last_steps
from store.models import MetricSummary, RunRecord, Series

if TYPE_CHECKING:
    from store.queries.points import PointQueries
    from store.queries.runs import RunQueries

PAGE = 500


class WorkspaceRuns:
    """Runs and points of a workspace."""

    def __init__(self, runs: RunQueries, points: PointQueries) -> None:
        self._runs = runs
        self._points = points

    def active(self) -> list[RunRecord]:
        """Running runs."""
        return self.some(self._runs.active_hashes())

    def some(self, run_hashes: Sequence[str]) -> list[RunRecord]:
        """Those of the runs that exist."""
        if not run_hashes:
            return []
        return self._runs.records(run_hashes, params=False, metrics=True)

    def all(self) -> Iterator[RunRecord]:
        """Every run, some hundred at a time."""
        hashes = self._runs.hashes()
        for start in range(0, len(hashes), PAGE):
            yield from self.some(hashes[start : start + PAGE])

    def points_of(self, _: RunRecord, summary: MetricSummary, count: int) -> Series:
        """About so many of the last points of a metric."""
        wanted = summary.sequence_id
        found = self._points.read_many([wanted], step_range=last_steps(summary, count))
        return found[wanted] if wanted in found else no_points()


def no_points() -> Series:
    """A series of a metric that is not there any more."""
    # Local: not needed before something was deleted in the middle of a look.
    import numpy as np

    empty = np.empty(0)
    return Series(np.empty(0, np.int64), empty, empty, empty)
