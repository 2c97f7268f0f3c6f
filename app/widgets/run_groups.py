"""Groups of runs with aggregates of their metrics. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.formatting import MISSING, number
from app.widgets.columns import (
    ColumnKind,
    RunColumn,
    column_text,
    lower_is_better,
    metric_summary,
    metric_value,
)
from store.models import RunRecord


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What the finite values of a group come to."""

    count: int
    mean: float
    deviation: float
    """Standard deviation of the sample; 0 for one value."""
    min: float
    max: float

    def text(self, digits: int = 4) -> str:
        """Mean and deviation."""
        if self.count == 1:
            return number(self.mean, digits)
        return f"{number(self.mean, digits)} ±{number(self.deviation, 2)}"


@dataclass(slots=True)
class RunGroup:
    """Runs with the same values in the columns one groups by."""

    key: tuple[str, ...]
    hashes: list[str] = field(default_factory=list)
    aggregates: dict[str, Aggregate] = field(default_factory=dict)
    """By column id, for metric columns and numeric params."""

    @property
    def title(self) -> str:
        """The values for people."""
        return " · ".join(value or MISSING for value in self.key)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row of a grouped table: a run, or the heading of a group."""

    run_hash: str = ""
    group: int = -1
    """Position of the group whose heading this is."""


def group_runs(
    records: Sequence[RunRecord],
    by: Sequence[RunColumn],
    metrics: Sequence[RunColumn],
    *,
    which: str = "last",
    directions: dict[str, str] | None = None,
) -> list[RunGroup]:
    """Groups in the order in which their first run comes."""
    groups: dict[tuple[str, ...], RunGroup] = {}
    members: dict[tuple[str, ...], list[RunRecord]] = {}
    for record in records:
        key = tuple(column_text(column, record) for column in by)
        groups.setdefault(key, RunGroup(key)).hashes.append(record.run.hash)
        members.setdefault(key, []).append(record)
    for key, group in groups.items():
        for column in metrics:
            if column.kind is ColumnKind.METRIC:
                is_lower = lower_is_better(column.key, directions or {})
                found = (
                    metric_summary(record, column.key, column.context)
                    for record in members[key]
                )
                values = [
                    metric_value(summary, which, is_lower_better=is_lower)
                    for summary in found
                    if summary is not None
                ]
                aggregate = aggregated(values)
                if aggregate is not None:
                    group.aggregates[column.id] = aggregate
    return list(groups.values())


def aggregated(values: Sequence[float]) -> Aggregate | None:
    """The aggregate of the finite values; None if there is none."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return None
    mean = math.fsum(finite) / len(finite)
    spread = math.fsum((value - mean) ** 2 for value in finite)
    deviation = math.sqrt(spread / (len(finite) - 1)) if len(finite) > 1 else 0.0
    return Aggregate(len(finite), mean, deviation, min(finite), max(finite))


def rows_of(groups: Sequence[RunGroup], closed: frozenset[tuple[str, ...]]) -> list[RunRow]:
    """Headings with the runs of the groups that are open."""
    rows: list[RunRow] = []
    for at, group in enumerate(groups):
        rows.append(RunRow(group=at))
        if group.key not in closed:
            rows.extend(RunRow(run_hash=each) for each in group.hashes)
    return rows
