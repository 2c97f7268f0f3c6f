"""What Home reads: running and recent runs with a curve each, activity, figures, pins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from app.pins import Pin, find_pinned, read_pins
from app.sources import Feature, Source, Statistics, TraceRef
from app.widgets.cells import ASCII_BLOCKS, BLOCKS, sparkline
from app.widgets.column_choice import common_metrics
from app.widgets.columns import column_from_id, metric_summary
from store.models import Activity, MetricSummary, RunRecord, SequenceKey

MAX_RUNNING = 30
MAX_RECENT = 60
SPARK = 16


class HomeData(Struct, frozen=True):
    """One moment of everything on this screen."""

    running: tuple[RunRecord, ...] = ()
    recent: tuple[RunRecord, ...] = ()
    curves: Mapping[str, str] = field(default_factory=dict)
    """Small curves of the leading metric by run hash."""
    activity: Activity | None = None
    statistics: Statistics | None = None
    pins: tuple[Pin, ...] = ()
    pinned: tuple[SequenceKey, ...] = ()


def read_home(
    source: Source, directions: Mapping[str, str], *, ascii_only: bool = False
) -> HomeData:
    """Everything at once; blocks."""
    running = source.find_active()[:MAX_RUNNING]
    with_params = source.get_records([each.run.hash for each in running])
    recent = source.get_records(source.find_runs(limit=MAX_RECENT).hashes)
    pinned = tuple(find_pinned(source))
    has_statistics = Feature.STATISTICS in source.features
    blocks = ASCII_BLOCKS if ascii_only else BLOCKS
    return HomeData(
        running=tuple(with_params),
        recent=tuple(recent),
        curves=_curves(source, [*with_params, *recent], pinned, blocks),
        activity=source.activity(),
        statistics=source.statistics() if has_statistics else None,
        pins=tuple(read_pins(source, directions)),
        pinned=pinned,
    )


def leading_summary(
    record: RunRecord, pinned: Sequence[SequenceKey] = ()
) -> MetricSummary | None:
    """The metric that stands for a run: the first pinned one that it has, or the usual one."""
    for key in pinned:
        summary = metric_summary(record, key.name, key.context)
        if summary is not None:
            return summary
    found = common_metrics([record], 1)
    column = column_from_id(found[0]) if found else None
    return metric_summary(record, column.key, column.context) if column is not None else None


def _curves(
    source: Source, records: Sequence[RunRecord], pinned: Sequence[SequenceKey], blocks: str
) -> dict[str, str]:
    if source.is_remote and Feature.LIVE not in source.features:
        # There it takes a request for each run: too much for the sake of ornaments.
        return {}
    traces = {
        record.run.hash: TraceRef(record.run.hash, summary.name, summary.context)
        for record in records
        if (summary := leading_summary(record, pinned)) is not None
    }
    if not traces:
        return {}
    series = source.read_series(list(traces.values()), density=SPARK * 2)
    return {
        run_hash: sparkline(each.values, SPARK, blocks) if len(each) else ""
        for run_hash, each in zip(traces, series, strict=True)
    }
