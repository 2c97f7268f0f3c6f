"""Which sequences runs have, and what is known about metrics without reading points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from store.models import MetricSummary, SequenceKind, SequenceRef
from store.queries.noun import TenantQueries
from store.queries.projects import LISTED_KINDS


class SequenceQueries(TenantQueries):
    """Sequences of one tenant's runs."""

    def find(
        self, run_hash: str, kinds: Collection[SequenceKind] | None = None
    ) -> list[SequenceRef]:
        """Sequences of a run by kind, name and context.

        Args:
            run_hash: The run.
            kinds: The kinds that are wanted; None for all that we know.

        Raises:
            NotFoundError: If there is no such run.
        """
        wanted = LISTED_KINDS if kinds is None else kinds
        return self._core.points.registry.find(self._run_id(run_hash), wanted)

    def summaries(self, run_ids: Sequence[int]) -> dict[int, list[MetricSummary]]:
        """Summaries of all metrics of runs, by run number; each list by name and context.

        Runs of others are left out.
        """
        own = self._own(run_ids)
        return {
            run_id: sorted(found, key=lambda summary: (summary.name, summary.context))
            for run_id, found in self._core.points.summaries(own).items()
        }

    def _own(self, run_ids: Iterable[int]) -> list[int]:
        key_of = self._core.registry.key_of
        keys = ((run_id, key_of(run_id)) for run_id in run_ids)
        return [run_id for run_id, key in keys if key is not None and key[0] == self._tenant]
