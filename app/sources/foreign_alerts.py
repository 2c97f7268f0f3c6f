"""What alerts need of a server that has none: its runs, and a place for what was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.sources.protocol import TraceRef
from store.alerts.desk import last_steps
from store.models import MetricSummary, RunRecord, Series

if TYPE_CHECKING:
    from app.sources.protocol import Source


class ForeignRuns:
    """Runs and points of a source."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def active(self) -> Sequence[RunRecord]:
        """Running runs."""
        return self._source.find_active()

    def some(self, run_hashes: Sequence[str]) -> Sequence[RunRecord]:
        """Those of the runs that exist."""
        return self._source.get_records(run_hashes, params=False)

    def all(self) -> Iterator[RunRecord]:
        """Every run."""
        yield from self.some(self._source.find_runs().hashes)

    def points_of(self, record: RunRecord, summary: MetricSummary, count: int) -> Series:
        """About so many of the last points of a metric."""
        trace = TraceRef(record.run.hash, summary.name, summary.context)
        (found,) = self._source.read_series([trace], step_range=last_steps(summary, count))
        return found


class Pocket:
    """Keeps values as long as the program runs: the server has no place for them."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """A value, or None."""
        return self._values.get(name)

    def set(self, name: str, value: Any) -> None:
        """Keep a value."""
        self._values[name] = value
