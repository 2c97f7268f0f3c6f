"""Figures over all runs of a server that cannot fold them: folded here, from the records."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any, Protocol

from app.sources.errors import FeatureMissingError
from app.sources.foreign_order import value_of
from app.sources.protocol import RunIndex, SortKey
from store.models import Figures, GroupedRuns, RunRecord, TrashedRun


class _Searching(Protocol):
    """What these figures are made from."""

    def find_runs(self, query: str = "", sort: Sequence[SortKey] = ()) -> RunIndex: ...

    def get_records(self, run_hashes: Sequence[str]) -> list[RunRecord]: ...


class ForeignRunTables:
    """All runs of a server of another make. Part of `ForeignSource`."""

    def best_values(
        self: _Searching, query: str, columns: Sequence[SortKey]
    ) -> list[float | None]:
        """The best of each column."""
        records = self.get_records(self.find_runs(query).hashes)
        found = ([*_finite(value_of(each, key) for each in records)] for key in columns)
        return [
            (max if key.descending else min)(values) if values else None
            for key, values in zip(columns, found, strict=True)
        ]

    def group_runs(
        self: _Searching,
        query: str,
        sort: Sequence[SortKey],
        fields: Sequence[str],
        columns: Sequence[SortKey],
    ) -> list[GroupedRuns]:
        """Runs in groups."""
        groups: dict[str, tuple[tuple[Any, ...], list[RunRecord]]] = {}
        for record in self.get_records(self.find_runs(query, sort).hashes):
            for key in product(*(_keys(record, field) for field in fields)):
                groups.setdefault(repr(key), (key, []))[1].append(record)
        return [
            GroupedRuns(
                key,
                tuple(each.run.hash for each in members),
                tuple(_figures(value_of(e, column) for e in members) for column in columns),
            )
            for key, members in groups.values()
        ]

    def trash_runs(self, run_hashes: Sequence[str]) -> None:  # noqa: ARG002
        """Not offered."""
        raise _no_trash()

    def find_trash(self) -> list[TrashedRun]:
        """Not offered."""
        raise _no_trash()

    def restore_runs(self, run_hashes: Sequence[str]) -> None:  # noqa: ARG002
        """Not offered."""
        raise _no_trash()

    def delete_trash(self, run_hashes: Sequence[str]) -> None:  # noqa: ARG002
        """Not offered."""
        raise _no_trash()


def _no_trash() -> FeatureMissingError:
    return FeatureMissingError("A trash", "the server does not offer it")


def _keys(record: RunRecord, field: str) -> list[Any]:
    if field == "tags":
        return sorted(tag.name for tag in record.run.tags) or [None]
    return [value_of(record, SortKey(field))]


def _finite(values: Iterable[Any]) -> list[float]:
    numbers = (float(each) for each in values if isinstance(each, int | float))
    return [each for each in numbers if math.isfinite(each)]


def _figures(values: Iterable[Any]) -> Figures | None:
    finite = _finite(values)
    if not finite:
        return None
    mean = math.fsum(finite) / len(finite)
    spread = math.fsum((value - mean) ** 2 for value in finite)
    deviation = math.sqrt(spread / (len(finite) - 1)) if len(finite) > 1 else 0.0
    return Figures(len(finite), mean, deviation, min(finite), max(finite))
