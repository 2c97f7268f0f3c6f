"""Metrics with their points: search, alignment to another metric, batches of one run."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from numpy.typing import NDArray

from server.codec import Progress, Tree, encode_records, number_array
from server.deps import (
    PointCount,
    RecordDensity,
    TimezoneOffset,
    WorkspaceDep,
    inclusive,
    parse_range,
)
from server.responses import STREAM_RESPONSES, BinaryStream
from server.schemas.common import error_responses
from server.schemas.runs import AlignIn, AlignRunIn, MetricPointsOut, TraceIn
from server.wire import run_params, run_props
from store.models import Context, MetricSummary, RunRecord, SequenceKind, SequenceRef, Series
from store.search import SequenceMatches
from store.workspace import Workspace

router = APIRouter(prefix="/runs", tags=["search"])

Match = tuple[int, RunRecord, Sequence[SequenceRef | MetricSummary]]
Records = Iterator[tuple[str, Tree] | Progress]

_FIRST_PAGE_RUNS = 8
_PAGE_RUNS = 250
_PAGE_POINTS = 1_000_000
"""How much is read at once: little at first, for a quick first curve; never more points
than fit into memory easily."""


@router.get("/search/metric", response_class=BinaryStream, responses=STREAM_RESPONSES)
def search_metrics(
    *,
    workspace: WorkspaceDep,
    q: str = "",
    p: Annotated[PointCount, Query(description="Points of each trace")] = 50,
    x_axis: Annotated[
        str | None, Query(description="Metric to return beside each trace")
    ] = None,
    skip_system: bool = True,
    report_progress: bool = True,
    timezone_offset: TimezoneOffset = 0,
) -> BinaryStream:
    """Metrics that match a query, with sampled points as columns."""
    matches = workspace.search.sequences(
        SequenceKind.METRIC, q, timezone_offset_min=timezone_offset
    )
    traces = _TraceReader(workspace, max(1, p), x_axis or None)
    records = _records(matches, traces, skip_system=skip_system)
    if not report_progress:
        records = (record for record in records if not isinstance(record, Progress))
    return BinaryStream(encode_records(records))


@router.post("/search/metric/align", response_class=BinaryStream, responses=STREAM_RESPONSES)
def search_metrics_align(wanted: AlignIn, workspace: WorkspaceDep) -> BinaryStream:
    """For each trace the points of another metric in the same context."""
    known = {record.run.hash: record for record in _metrics_of(workspace, wanted.runs)}
    pairs = (
        (run.run_id, _aligned(workspace, known[run.run_id], run, wanted.align_by))
        for run in wanted.runs
        if run.run_id in known
    )
    return BinaryStream(encode_records(pairs))


@router.post("/{run_id}/metric/get-batch", responses=error_responses(404))
def run_metrics_batch(
    run_id: str,
    traces: list[TraceIn],
    workspace: WorkspaceDep,
    record_range: str = "",
    record_density: RecordDensity = 50,
) -> list[MetricPointsOut]:
    """Sampled points of metrics of a run, in the order asked for."""
    workspace.runs.get(run_id)
    ids = {
        (each.name, each.context): each.id
        for each in workspace.sequences.find(run_id, kinds=[SequenceKind.METRIC])
    }
    wanted = [
        (trace, ids[key])
        for trace in traces
        if (key := (trace.name, Context.of(trace.context))) in ids
    ]
    series = workspace.points.read_many(
        [sequence_id for _, sequence_id in wanted],
        density=max(0, record_density),
        step_range=inclusive(parse_range(record_range)),
    )
    return [_points(trace, series[sequence_id]) for trace, sequence_id in wanted]


class _TraceReader:
    """Reads the points of a page of runs in one go and makes their trees."""

    def __init__(self, workspace: Workspace, density: int, x_axis: str | None) -> None:
        self._workspace = workspace
        self._density = density
        self._x_axis = x_axis

    def read(self, page: Sequence[Match]) -> Iterator[list[dict[str, Any]]]:
        """The traces of each match."""
        found = [metric for _, _, metrics in page for metric in metrics]
        series = self._workspace.points.read_many(
            [_id(metric) for metric in found],
            density=self._density,
            names={metric.name for metric in found},
        )
        axes = self._axes([record.run.id for _, record, _ in page])
        for _, record, metrics in page:
            yield [
                self._trace(
                    metric, series[_id(metric)], axes.get((record.run.id, metric.context))
                )
                for metric in metrics
            ]

    def _trace(
        self, metric: SequenceRef | MetricSummary, points: Series, axis: Series | None
    ) -> dict[str, Any]:
        trace = {
            "name": metric.name,
            "context": metric.context.as_dict(),
            "slice": [0, int(points.steps[-1]) if len(points) else 0, 1],
            "values": number_array(points.values),
            "iters": number_array(points.steps),
            "epochs": number_array(points.epochs),
            "timestamps": number_array(points.times),
        }
        if self._x_axis is not None:
            steps, values = _on_steps(axis, points.steps)
            trace["x_axis_values"] = number_array(values)
            trace["x_axis_iters"] = number_array(steps)
        return trace

    def _axes(self, run_ids: list[int]) -> dict[tuple[int, Context], Series]:
        """The x axis metric of these runs, by run and context."""
        if self._x_axis is None:
            return {}
        found = [
            summary
            for summaries in self._workspace.sequences.summaries(run_ids).values()
            for summary in summaries
            if summary.name == self._x_axis
        ]
        series = self._workspace.points.read_many([each.sequence_id for each in found])
        return {(each.run_id, each.context): series[each.sequence_id] for each in found}


def _records(matches: SequenceMatches, traces: _TraceReader, *, skip_system: bool) -> Records:
    total = matches.total
    if total:
        yield Progress(0, total)
    for page in _pages(matches):
        for (position, record, _), trees in zip(page, traces.read(page), strict=True):
            yield Progress(position, total)
            yield (
                record.run.hash,
                {
                    "params": run_params(record.params, skip_system=skip_system),
                    "traces": trees,
                    "props": run_props(record.run),
                },
            )
    yield Progress(0, 0)


def _pages(matches: Iterable[Match]) -> Iterator[list[Match]]:
    """Matches in groups whose points are read in one go."""
    page: list[Match] = []
    point_count, max_runs = 0, _FIRST_PAGE_RUNS
    for match in matches:
        added = sum(metric.count for metric in match[2] if isinstance(metric, MetricSummary))
        if page and point_count + added > _PAGE_POINTS:
            yield page
            page, point_count = [], 0
        page.append(match)
        point_count += added
        if len(page) == max_runs:
            yield page
            page, point_count, max_runs = [], 0, _PAGE_RUNS
    if page:
        yield page


def _id(metric: SequenceRef | MetricSummary) -> int:
    return metric.sequence_id if isinstance(metric, MetricSummary) else metric.id


def _on_steps(
    axis: Series | None, steps: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Those steps at which the axis has a value by then, and that value."""
    if axis is None or not len(axis):
        return np.empty(0, np.int64), np.empty(0)
    places = np.searchsorted(axis.steps, steps, side="right") - 1
    has_value = places >= 0
    return steps[has_value], axis.values[places[has_value]]


def _metrics_of(workspace: Workspace, runs: Iterable[AlignRunIn]) -> list[RunRecord]:
    hashes = list(dict.fromkeys(run.run_id for run in runs))
    return workspace.runs.records(hashes, params=False, metrics=True)


def _aligned(
    workspace: Workspace, record: RunRecord, wanted: AlignRunIn, align_by: str
) -> list[dict[str, Any]]:
    """Trees of one run; traces that are not there, or have no such axis, are left out."""
    ids = {(each.name, each.context): each.sequence_id for each in record.metrics}
    pairs = [
        (trace, ids[axis_key])
        for trace in wanted.traces
        if (trace.name, context := Context.of(trace.context)) in ids
        and (axis_key := (align_by, context)) in ids
    ]
    series = workspace.points.read_many([axis_id for _, axis_id in pairs])
    trees = []
    for trace, axis_id in pairs:
        axis, last = series[axis_id], trace.slice[1]
        stop = int(np.searchsorted(axis.steps, last, side="right")) if last > 0 else len(axis)
        trees.append(
            {
                "name": trace.name,
                "context": trace.context,
                "x_axis_values": number_array(axis.values[:stop]),
                "x_axis_iters": number_array(axis.steps[:stop]),
            }
        )
    return trees


def _points(trace: TraceIn, series: Series) -> MetricPointsOut:
    return MetricPointsOut(
        name=trace.name,
        context=trace.context,
        iters=series.steps.tolist(),
        values=[value if math.isfinite(value) else None for value in series.values.tolist()],
    )
