"""Whole records of runs and points of metrics, many at once."""

from collections.abc import Iterator

from fastapi import APIRouter

from server.codec import Tree, encode_records, number_array
from server.deps import WorkspaceDep, inclusive
from server.responses import STREAM_RESPONSES, BinaryStream
from server.schemas.extras import PointsIn, RecordsIn
from server.wire import metric_summary, run_props
from store.models import Context
from store.workspace import Workspace

router = APIRouter(prefix="/runs", tags=["extras"])

_PAGE = 100


@router.post("/records", response_class=BinaryStream, responses=STREAM_RESPONSES)
def runs_records(wanted: RecordsIn, workspace: WorkspaceDep) -> BinaryStream:
    """Params, properties and whole summaries of runs, in the order asked for."""
    return BinaryStream(encode_records(_records(workspace, wanted)))


@router.post("/points", response_class=BinaryStream, responses=STREAM_RESPONSES)
def runs_points(wanted: PointsIn, workspace: WorkspaceDep) -> BinaryStream:
    """Points of metrics of any runs, keyed by their place in the request."""
    return BinaryStream(encode_records(_points(workspace, wanted)))


def _records(workspace: Workspace, wanted: RecordsIn) -> Iterator[tuple[str, Tree]]:
    hashes = list(dict.fromkeys(wanted.hashes))
    for start in range(0, len(hashes), _PAGE):
        records = workspace.runs.records(
            hashes[start : start + _PAGE], params=wanted.params, metrics=wanted.metrics
        )
        for record in records:
            yield (
                record.run.hash,
                {
                    "params": dict(record.params),
                    "metrics": [metric_summary(metric) for metric in record.metrics],
                    "props": run_props(record.run),
                },
            )


def _points(workspace: Workspace, wanted: PointsIn) -> Iterator[tuple[str, Tree]]:
    hashes = list(dict.fromkeys(trace.run_id for trace in wanted.traces))
    ids = {
        (record.run.hash, metric.name, metric.context): metric.sequence_id
        for record in workspace.runs.records(hashes, params=False, metrics=True)
        for metric in record.metrics
    }
    keys = [(trace.run_id, trace.name, Context.of(trace.context)) for trace in wanted.traces]
    stop = None if wanted.last_step is None else wanted.last_step + 1
    step_range = None
    if wanted.first_step is not None or stop is not None:
        step_range = inclusive((wanted.first_step, stop))
    series = workspace.points.read_many(
        [ids[key] for key in keys if key in ids],
        density=wanted.density,
        method="minmax",
        step_range=step_range,
    )
    for place, key in enumerate(keys):
        points = series[ids[key]] if key in ids else None
        columns = ("steps", "values", "epochs", "times")
        yield (
            str(place),
            {
                name: number_array([] if points is None else getattr(points, name))
                for name in columns
            },
        )
