"""Which of several runs is best at a metric, and by how much.

Whether more or less is better comes from the caller, from a tag, or from the metric's name.
Runs without the metric, or with NaN, do not compete. Ties go to the earliest run asked for.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field

from store.models import MetricSummary, RunRecord
from store.queries.directions import (
    Direction,
    DirectionSource,
    choose_direction,
    directions_in,
)
from store.queries.noun import TenantQueries


class Aggregate(StrEnum):
    """Which value of a metric stands for a run."""

    LAST = "last"
    BEST = "best"
    MIN = "min"
    MAX = "max"


class MetricComparison(Struct, frozen=True):
    """One metric over several runs."""

    metric: str
    direction: Direction
    source: DirectionSource
    values: Mapping[str, float | None]
    """By run hash, in the order asked for; None where the run does not compete."""
    best_run: str | None
    best_value: float | None
    tied_runs: tuple[str, ...] = ()
    """All runs with the best value, when there are several."""
    delta: float | None = None
    """Between the best and the worst; None unless both are finite."""


class Comparison(Struct, frozen=True):
    """Several metrics over several runs."""

    records: tuple[RunRecord, ...]
    """In the order asked for."""
    metrics: tuple[MetricComparison, ...]
    best_run: str | None = None
    """The run that wins most metrics; None on a tie."""


class CompareOptions(Struct, frozen=True):
    """How to compare."""

    metrics: Sequence[str] | None = None
    """Names; None for all that any of the runs has."""
    directions: Mapping[str, Direction] = field(default_factory=dict)
    aggregate: Aggregate = Aggregate.LAST


class CompareQueries(TenantQueries):
    """Comparisons of one tenant's runs."""

    def compare(
        self, records: Sequence[RunRecord], options: CompareOptions | None = None
    ) -> Comparison:
        """Compare runs.

        Args:
            records: The runs, with their metrics and params, in the order that breaks ties.
            options: Which metrics, which way, which value.
        """
        options = options or CompareOptions()
        names = options.metrics
        if names is None:
            found = (metric for record in records for metric in record.metrics)
            names = sorted({metric.name for metric in found if not metric.is_system})
        tagged = self._tagged(records)
        compared = []
        for name in dict.fromkeys(names):
            direction, source = choose_direction(name, options.directions, tagged)
            values = {
                record.run.hash: _value(record, name, options.aggregate, direction)
                for record in records
            }
            compared.append(compare_values(name, values, direction, source))
        return Comparison(tuple(records), tuple(compared), most_wins(compared))

    def _tagged(self, records: Sequence[RunRecord]) -> dict[str, Direction]:
        ids = dict.fromkeys(record.run.experiment_id for record in records)
        directions: dict[str, Direction] = {}
        for experiment_id in ids:
            if experiment_id is None:
                continue
            row = self._database.row(
                "SELECT tags FROM experiments WHERE tenant = ? AND id = ?",
                [self._tenant, experiment_id],
            )
            if row is not None:
                directions |= directions_in(_json_object(row[0]))
        for record in records:
            tags = record.params.get("tags")
            if isinstance(tags, Mapping):
                directions |= directions_in(tags)
        return directions


def compare_values(
    metric: str,
    values: Mapping[str, float | None],
    direction: Direction,
    source: DirectionSource = DirectionSource.REQUEST,
) -> MetricComparison:
    """Compare one metric; values by run in the order that breaks ties."""
    competing = {
        run: value
        for run, value in values.items()
        if value is not None and not math.isnan(value)
    }
    shown = {run: competing.get(run) for run in values}
    if not competing:
        return MetricComparison(metric, direction, source, shown, None, None)
    better, worse = (min, max) if direction is Direction.MIN else (max, min)
    best_value = better(competing.values())
    winners = tuple(run for run, value in competing.items() if value == best_value)
    delta = abs(best_value - worse(competing.values()))
    return MetricComparison(
        metric,
        direction,
        source,
        shown,
        winners[0],
        best_value,
        winners if len(winners) > 1 else (),
        delta if math.isfinite(delta) else None,
    )


def most_wins(comparisons: Sequence[MetricComparison]) -> str | None:
    """The run that is best at most metrics; None on a tie, and if there is none."""
    wins = Counter(entry.best_run for entry in comparisons if entry.best_run is not None)
    ranking = wins.most_common(2)
    if not ranking or (len(ranking) == 2 and ranking[0][1] == ranking[1][1]):
        return None
    return ranking[0][0]


def metric_of(record: RunRecord, name: str) -> MetricSummary | None:
    """The metric of this name; of several contexts the empty one, or else the first."""
    named = [metric for metric in record.metrics if metric.name == name]
    return min(named, key=lambda metric: bool(metric.context), default=None)


def _value(
    record: RunRecord, name: str, aggregate: Aggregate, direction: Direction
) -> float | None:
    metric = metric_of(record, name)
    if metric is None:
        return None
    if aggregate is Aggregate.LAST:
        return metric.last
    is_min = aggregate is Aggregate.MIN or (
        aggregate is Aggregate.BEST and direction is Direction.MIN
    )
    return metric.min if is_min else metric.max


def _json_object(text: str) -> dict[str, object]:
    value: dict[str, object] = json.loads(text)
    return value
