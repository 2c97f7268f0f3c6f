"""Values of metrics where all runs have got as far. Blocks: only for thread workers.

Runs of different length are compared fairly at the last step, or after the longest time, that
all of them reached. The value of a run there is that of its last point until then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from app.sources import Source
from app.sources.protocol import TraceRef
from app.traces.compare import MetricKey, metric_keys
from store.models import MetricSummary, RunRecord, Series

DENSITY = 1000
NEAR = 4
"""How many mean distances of points before a step are read to find the last one."""

Found = dict[tuple[str, MetricKey], float]
Trace = tuple[RunRecord, MetricSummary]


def values_at_equal_step(source: Source, records: Sequence[RunRecord]) -> Found:
    """The value of every metric at the last step that all runs with it reached."""
    found: Found = {}
    for key in metric_keys(records):
        traces = _traces(records, key)
        step = min((metric.last_step for _, metric in traces), default=0)
        starts = {run.run.hash: _near(metric, step) for run, metric in traces}
        missing = traces
        while missing:
            start = min(starts[run.run.hash] for run, _ in missing)
            series = _read(source, missing, (start, step))
            for (run, _), each in zip(missing, series, strict=True):
                if len(each):
                    found[run.run.hash, key] = float(each.values[-1])
            missing = [
                (run, metric)
                for run, metric in missing
                if (run.run.hash, key) not in found and metric.first_step < start
            ]
            starts = {run.run.hash: metric.first_step for run, metric in missing}
    return found


def values_at_equal_time(source: Source, records: Sequence[RunRecord]) -> Found:
    """The value of every metric after the longest time that all runs with it took."""
    found: Found = {}
    for key in metric_keys(records):
        timed = [
            (run, metric)
            for run, metric in _traces(records, key)
            if math.isfinite(metric.last_time - metric.first_time)
        ]
        passed = min((metric.last_time - metric.first_time for _, metric in timed), default=0)
        coarse = source.read_series([_ref(*each) for each in timed], density=DENSITY)
        for (run, metric), series in zip(timed, coarse, strict=True):
            stretch = _around(series, metric.first_time + passed)
            (fine,) = _read(source, [(run, metric)], stretch) if stretch else (series,)
            at = _last_until(fine, metric.first_time + passed)
            if at is not None:
                found[run.run.hash, key] = float(fine.values[at])
    return found


def _traces(records: Sequence[RunRecord], key: MetricKey) -> list[Trace]:
    return [
        (record, metric)
        for record in records
        for metric in record.metrics
        if (metric.name, metric.context) == key and metric.count
    ]


def _near(metric: MetricSummary, step: int) -> int:
    distance = (metric.last_step - metric.first_step) / max(1, metric.count - 1)
    return max(metric.first_step, step - math.ceil(distance * NEAR))


def _around(series: Series, time: float) -> tuple[int, int] | None:
    """Steps of the points on both sides of a time; None if the points are all there are."""
    at = _last_until(series, time)
    if at is None or len(series) < DENSITY // 2:
        return None
    return int(series.steps[at]), int(series.steps[min(at + 1, len(series) - 1)])


def _last_until(series: Series, time: float) -> int | None:
    places = np.flatnonzero(series.times <= time + 1e-6)
    return int(places[-1]) if len(places) else None


def _read(source: Source, traces: Sequence[Trace], step_range: tuple[int, int]) -> list[Series]:
    return source.read_series([_ref(*each) for each in traces], step_range=step_range)


def _ref(record: RunRecord, metric: MetricSummary) -> TraceRef:
    return TraceRef(record.run.hash, metric.name, metric.context)
