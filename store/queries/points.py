"""Points of one tenant's runs as columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from store.errors import NotFoundError
from store.models import SequenceKey, SequenceKind, Series
from store.queries.noun import TenantQueries

if TYPE_CHECKING:
    from store.points.reader import Method, StepRange


class PointQueries(TenantQueries):
    """Points of one tenant's runs; sequences of others do not exist here."""

    def read(self, run_hash: str, key: SequenceKey) -> Series:
        """All points of a metric, ascending by step.

        Raises:
            NotFoundError: If there is no such run or metric.
        """
        for ref in self._core.points.registry.find(
            self._run_id(run_hash), [SequenceKind.METRIC]
        ):
            if ref.name == key.name and ref.context == key.context:
                return self._core.points.read_many([ref.id])[ref.id]
        raise NotFoundError("metric", key.name)

    def read_many(
        self,
        sequence_ids: Collection[int],
        *,
        density: int = 0,
        method: Method = "steps",
        step_range: StepRange | None = None,
        names: Collection[str] | None = None,
    ) -> dict[int, Series]:
        """Points of metrics, each ascending by step.

        Args:
            sequence_ids: Numbers of the sequences.
            density: At most so many points of each; 0 for all.
            method: "steps" picks by the rules of the wire, "minmax" keeps the extremes.
            step_range: First and last step, both inclusive.
            names: Names of all these metrics; who knows them spares the store to look.
        """
        return self._core.points.read_many(
            self._own(sequence_ids),
            density=density,
            method=method,
            step_range=step_range,
            names=names,
        )

    def tail(self, sequence_ids: Collection[int], after_step: int) -> dict[int, Series]:
        """Points of metrics after a step."""
        return self.tails(dict.fromkeys(sequence_ids, after_step))

    def tails(self, after: Mapping[int, int]) -> dict[int, Series]:
        """Points of metrics after a step for each."""
        return self._core.points.tails({item: after[item] for item in self._own(after)})

    def _own(self, sequence_ids: Collection[int]) -> Collection[int]:
        registry = self._core.registry
        if registry.tenants() == [self._tenant]:
            return sequence_ids
        own = []
        for sequence_id, ref in self._core.points.registry.refs(sequence_ids).items():
            key = registry.key_of(ref.run_id)
            if key is not None and key[0] == self._tenant:
                own.append(sequence_id)
        return own
