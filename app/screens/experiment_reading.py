"""What the experiments screen reads: activity and best run of each, details of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.pins import find_pinned
from app.sources import SortKey, Source, TraceRef
from app.widgets.cells import BLOCKS, sparkline
from app.widgets.column_choice import leading_metrics
from app.widgets.columns import as_literal, lower_is_better, metric_summary
from store.models import Activity, Experiment, Note, RunRecord, RunStatus, SequenceKey

BEST_COUNT = 12
RECENT_COUNT = 8
SPARK = 14
ANY_RUN = "(run.archived or not run.archived)"


class BestRun(Struct, frozen=True):
    """The best run of an experiment, and what it came to."""

    run_hash: str
    name: str
    value: float


class ExperimentInfo(Struct, frozen=True):
    """An experiment with its activity."""

    experiment: Experiment
    activity: Activity
    best: BestRun | None = None


class ExperimentList(Struct, frozen=True):
    """All experiments, and the metric by which their best runs are chosen."""

    infos: tuple[ExperimentInfo, ...]
    metrics: tuple[SequenceKey, ...]
    """What one could choose by: pinned metrics, then those logged most."""
    metric: SequenceKey | None


class ExperimentDetail(Struct, frozen=True):
    """What the pane at the side shows."""

    experiment_id: str
    metric: SequenceKey | None
    best: tuple[BestRun, ...]
    curves: Mapping[str, str]
    """Small curves of the metric by run hash."""
    recent: tuple[RunRecord, ...]
    statuses: Mapping[str, int]
    notes: tuple[Note, ...]


def best_key(metric: SequenceKey, directions: Mapping[str, str]) -> SortKey:
    """The order that puts the best run by a metric first."""
    is_lower = lower_is_better(metric.name, directions)
    field = f"metrics.{metric.name}.{'min' if is_lower else 'max'}"
    return SortKey(field, not is_lower, metric.context)


def read_experiments(
    source: Source, directions: Mapping[str, str], chosen: SequenceKey | None
) -> ExperimentList:
    """All experiments with the best run of each; blocks.

    Args:
        source: Where from.
        directions: Which way metrics are better, where a person said so.
        chosen: The metric to choose best runs by; None for the first that offers itself.
    """
    metrics = leading_metrics(source.vocabulary(), find_pinned(source))
    metric = chosen if chosen in metrics else next(iter(metrics), None)
    best = _best_runs(source, best_key(metric, directions)) if metric is not None else {}
    infos = (
        ExperimentInfo(each, source.activity(each.id), best.get(each.name))
        for each in source.find_experiments()
    )
    return ExperimentList(tuple(infos), tuple(metrics), metric)


def _best_runs(source: Source, key: SortKey) -> dict[str, BestRun]:
    groups = source.group_runs("", [key], ["experiment"], [key])
    found = {
        str(group.key[0]): (
            group.hashes[0],
            group.figures[0].max if key.descending else group.figures[0].min,
        )
        for group in groups
        if group.key[0] is not None and group.figures[0] is not None
    }
    hashes = [run_hash for run_hash, _ in found.values()]
    records = source.get_records(hashes, params=False, metrics=False)
    names = {record.run.hash: record.run.name for record in records}
    return {
        experiment: BestRun(run_hash, names.get(run_hash, run_hash), value)
        for experiment, (run_hash, value) in found.items()
    }


def read_detail(
    source: Source,
    info: ExperimentInfo,
    metric: SequenceKey | None,
    directions: Mapping[str, str],
) -> ExperimentDetail:
    """Best and recent runs of an experiment, its notes; blocks."""
    query = f"run.experiment == {as_literal(info.experiment.name)}"
    recent = source.get_records(source.find_runs(query, limit=RECENT_COUNT).hashes)
    best: list[BestRun] = []
    curves: dict[str, str] = {}
    if metric is not None:
        key = best_key(metric, directions)
        hashes = source.find_runs(query, [key], limit=BEST_COUNT).hashes
        best = _values_of(source.get_records(hashes, params=False), metric, key)
        traces = [TraceRef(each.run_hash, metric.name, metric.context) for each in best]
        series = source.read_series(traces, density=SPARK * 2)
        curves = {
            trace.run_hash: sparkline(each.values, SPARK, BLOCKS)
            for trace, each in zip(traces, series, strict=True)
        }
    groups = source.group_runs(f"{query} and {ANY_RUN}", [], ["status"], [])
    statuses = {str(group.key[0]): len(group.hashes) for group in groups}
    return ExperimentDetail(
        info.experiment.id,
        metric,
        tuple(best),
        curves,
        tuple(recent),
        {each.value: statuses[each.value] for each in RunStatus if each.value in statuses},
        tuple(source.find_notes(experiment_id=info.experiment.id)[:6]),
    )


def _values_of(
    records: Sequence[RunRecord], metric: SequenceKey, key: SortKey
) -> list[BestRun]:
    found = []
    for record in records:
        summary = metric_summary(record, metric.name, metric.context)
        if summary is not None and summary.count > summary.non_finite_count:
            value = summary.max if key.descending else summary.min
            found.append(BestRun(record.run.hash, record.run.name, value))
    return found
