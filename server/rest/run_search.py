"""Run search and active runs, as binary streams."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter

from server.codec import Progress, Tree, encode_records
from server.deps import Limit, TimezoneOffset, WorkspaceDep
from server.overviews import metric_overviews
from server.responses import STREAM_RESPONSES, BinaryStream
from server.sorting import sort_keys
from server.wire import run_params, run_props
from store.models import RunRecord
from store.search import RunMatches, RunSearch
from store.workspace import Workspace

router = APIRouter(prefix="/runs", tags=["search"])

Records = Iterator[tuple[str, Tree] | Progress]

_ACTIVE_PAGE = 100


@router.get("/search/run", response_class=BinaryStream, responses=STREAM_RESPONSES)
def search_runs(
    *,
    workspace: WorkspaceDep,
    q: str = "",
    limit: Limit = 0,
    offset: str = "",
    sort: str = "",
    skip_system: bool = True,
    report_progress: bool = True,
    exclude_params: bool = False,
    exclude_traces: bool = False,
    timezone_offset: TimezoneOffset = 0,
) -> BinaryStream:
    """Runs that match a query: params, last values of metrics, properties."""
    search = RunSearch(
        query=q,
        sort=sort_keys(sort),
        limit=max(0, limit),
        offset=offset,
        timezone_offset_min=timezone_offset,
        with_params=not exclude_params,
        with_metrics=not exclude_traces,
    )
    records = _records(workspace.search.runs(search), skip_system=skip_system)
    if not report_progress:
        records = (record for record in records if not isinstance(record, Progress))
    return BinaryStream(encode_records(records))


@router.get("/active", response_class=BinaryStream, responses=STREAM_RESPONSES)
def search_active_runs(workspace: WorkspaceDep, report_progress: bool = True) -> BinaryStream:
    """Runs that are running, with the last values of their metrics."""
    return BinaryStream(encode_records(_active(workspace, report_progress=report_progress)))


def _records(matches: RunMatches, *, skip_system: bool) -> Records:
    """Records with progress: at the start, after each run, and an end mark."""
    total = matches.total
    if total:
        yield Progress(0, total)
        for position, record in matches:
            yield record.run.hash, _tree(record, skip_system=skip_system)
            yield Progress(position, total)
    yield Progress(0, 0)


def _tree(record: RunRecord, *, skip_system: bool) -> dict[str, Any]:
    return {
        "params": run_params(record.params, skip_system=skip_system),
        "traces": {"metric": metric_overviews(record.metrics)},
        "props": run_props(record.run),
    }


def _active(workspace: Workspace, *, report_progress: bool) -> Records:
    hashes = workspace.runs.active_hashes()
    for start in range(0, len(hashes), _ACTIVE_PAGE):
        page = hashes[start : start + _ACTIVE_PAGE]
        records = workspace.runs.records(page, params=False, metrics=True)
        for number, record in enumerate(records, start + 1):
            yield record.run.hash, _active_tree(record)
            if report_progress:
                yield Progress(number, len(hashes))


def _active_tree(record: RunRecord) -> dict[str, Any]:
    metrics = [
        {
            "name": metric.name,
            "context": metric.context.as_dict(),
            "values": {"last": metric.last, "last_step": metric.last_step},
        }
        for metric in record.metrics
    ]
    return {"traces": {"metric": metrics}, "props": run_props(record.run)}
