"""Logging to a run: metrics, params, and both with tags in one batch.

Late data for a run that has ended is accepted and does not start it again; strict settings
refuse it, and params that change.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from server.deps import PartsDep, WorkspaceDep
from server.matih.operations import metric_operations, param_operations, tag_operations
from server.matih.routes import new_router
from server.matih.schemas import (
    BatchCounts,
    BatchIn,
    BatchOut,
    LoggedOut,
    MetricEntry,
    MetricsIn,
    ParamsIn,
)
from server.matih.strict import strict_check
from server.parts import ServerParts
from server.schemas.common import error_responses
from store.models.operations import Operation
from store.workspace import Workspace

router = new_router()

_ERRORS = error_responses(400, 404, 409)


@router.post("/runs/{run_id}/log-metrics", responses=_ERRORS)
async def matih_log_metrics(
    run_id: str, body: MetricsIn, workspace: WorkspaceDep, parts: PartsDep
) -> LoggedOut:
    """Log one point of each metric; without a step it gets the next one."""
    entries = [
        MetricEntry(key=key, value=value, step=body.step, timestamp=body.timestamp)
        for key, value in body.metrics.items()
    ]
    await _store(parts, workspace, run_id, metric_operations(entries, time.time()))
    return LoggedOut(message="Metrics logged", run_id=run_id, count=len(entries))


@router.post("/runs/{run_id}/log-params", responses=_ERRORS)
async def matih_log_params(
    run_id: str, body: ParamsIn, workspace: WorkspaceDep, parts: PartsDep
) -> LoggedOut:
    """Log params; one logged before gets the new value."""
    await _store(parts, workspace, run_id, param_operations(body.params), body.params)
    return LoggedOut(message="Parameters logged", run_id=run_id, count=len(body.params))


@router.post("/runs/{run_id}/log-batch", responses=_ERRORS)
async def matih_log_batch(
    run_id: str, body: BatchIn, workspace: WorkspaceDep, parts: PartsDep
) -> BatchOut:
    """Log metrics, params and tags; one bad entry and nothing is stored."""
    params = {entry.key: entry.value for entry in body.params}
    operations = [
        *metric_operations(body.metrics, time.time()),
        *param_operations(params),
        *tag_operations({entry.key: entry.value for entry in body.tags}),
    ]
    await _store(parts, workspace, run_id, operations, params)
    counts = BatchCounts(
        metrics=len(body.metrics), params=len(body.params), tags=len(body.tags)
    )
    return BatchOut(
        run_id=run_id,
        metrics_logged=counts.metrics,
        params_logged=counts.params,
        tags_logged=counts.tags,
        metrics=counts.metrics,
        params=counts.params,
        tags=counts.tags,
        logged=counts,
    )


async def _store(
    parts: ServerParts,
    workspace: Workspace,
    run_id: str,
    operations: list[Operation],
    params: Mapping[str, Any] | None = None,
) -> None:
    """Store operations on a run that exists; returns once they are durable.

    Raises:
        NotFoundError: If there is no such run; it is not created here.
        StateConflictError: If strict settings do not allow it.
    """
    workspace.runs.require(run_id)
    check = strict_check(parts.settings, params)
    if operations or check is not None:
        await asyncio.wrap_future(workspace.ingest.submit(run_id, operations, check))
