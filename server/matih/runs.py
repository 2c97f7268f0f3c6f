"""Runs: create, find, read, end."""

import hashlib
import uuid
from typing import Annotated, Literal

from fastapi import Body, Query
from pydantic import BeforeValidator

from server.deps import RequestKeyDep, WorkspaceDep
from server.matih.fields import end_status, run_status
from server.matih.operations import tag_operations
from server.matih.routes import finite, new_router
from server.matih.schemas import (
    EndIn,
    HistoryPoint,
    RunIn,
    RunListOut,
    RunOut,
    RunWithHistoryOut,
)
from server.matih.sorting import SortOrder, sorted_records
from server.matih.views import run_out
from server.schemas.common import error_responses
from store.errors import InvalidDataError, StateConflictError
from store.models import RunStatus, SequenceKind
from store.models.operations import CreateRun, FinishRun, Operation, SetProperty
from store.workspace import Workspace

router = new_router()

StatusFilter = Annotated[
    RunStatus | None, BeforeValidator(lambda word: run_status(word) if word else None)
]


@router.post("/runs", status_code=201, responses=error_responses(400, 404, 409))
def matih_run_create(body: RunIn, workspace: WorkspaceDep, key: RequestKeyDep) -> RunOut:
    """Start a run in an experiment."""
    run_id = _new_id(body, key)
    made_before = workspace.runs.records([run_id])
    if made_before:
        # The server died before it could keep its answer.
        return run_out(made_before[0], workspace.tenant)
    experiment = workspace.experiments.get(body.experiment_id)
    if experiment.is_archived:
        raise StateConflictError("The experiment is deleted; restore it first")
    operations: list[Operation] = [
        CreateRun(body.start_time),
        SetProperty(
            name=body.name or f"run-{run_id[:8]}",
            description=body.description or "",
            experiment=experiment.name,
        ),
        *tag_operations(body.tags or {}),
    ]
    workspace.ingest.submit(run_id, operations).result()
    return run_out(workspace.runs.record(run_id), workspace.tenant)


def _new_id(body: RunIn, key: str | None) -> str:
    """The id of a run to make: the same one when the same request comes again."""
    if key is None:
        return uuid.uuid4().hex
    return hashlib.sha256(f"{key}\0{body.model_dump_json()}".encode()).hexdigest()[:32]


@router.get("/runs", responses=error_responses(400, 404))
def matih_runs(
    workspace: WorkspaceDep,
    *,
    experiment_id: str | None = None,
    status: StatusFilter = None,
    search: Annotated[str | None, Query(description="Part of the name")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
    sort_by: Annotated[
        str,
        Query(pattern=r"^(start_time|end_time|name|status|metrics\..+|params\..+)$"),
    ] = "start_time",
    order: Literal["asc", "desc"] = "desc",
) -> RunListOut:
    """Runs of an experiment, or all; those without the value sorted by come last."""
    runs = workspace.experiments.runs(experiment_id) if experiment_id else workspace.runs.find()
    wanted = (search or "").casefold()
    found = [
        run
        for run in runs
        if not run.is_archived
        and (status is None or run.status is status)
        and wanted in run.name.casefold()
    ]
    total = len(found)
    sorting = SortOrder(sort_by, is_descending=order == "desc")
    page = sorted_records(workspace, found, sorting, slice(offset, offset + limit))
    return RunListOut(
        runs=[run_out(record, workspace.tenant) for record in page],
        total=total,
        limit=limit,
        offset=offset,
    )


@router.get("/runs/{run_id}", responses=error_responses(400, 404))
def matih_run(
    run_id: str, workspace: WorkspaceDep, history: bool = False
) -> RunOut | RunWithHistoryOut:
    """One run; with `history` every point of its metrics."""
    run = run_out(workspace.runs.record(run_id), workspace.tenant)
    if not history:
        return run
    return RunWithHistoryOut(**run.model_dump(), metric_history=_history(workspace, run_id))


@router.post("/runs/{run_id}/end", responses=error_responses(400, 404, 409))
def matih_run_end(
    run_id: str,
    workspace: WorkspaceDep,
    body: Annotated[EndIn | None, Body()] = None,
    status: Annotated[str | None, Query(description="finished, failed or killed")] = None,
) -> RunOut:
    """End a run; ending it again in the same way changes nothing."""
    asked = _asked_status(body, status)
    run = workspace.runs.get(run_id)
    if run.is_active:
        end_time = body.end_time if body is not None else None
        workspace.ingest.submit(run_id, [FinishRun(end_time, asked)]).result()
    elif run.status is not asked:
        raise StateConflictError(f"The run has already ended: it is {run.status}")
    return run_out(workspace.runs.record(run_id), workspace.tenant)


def _asked_status(body: EndIn | None, word: str | None) -> RunStatus:
    if word is not None:
        try:
            return end_status(word)
        except ValueError as error:
            raise InvalidDataError("status", str(error)) from error
    if body is not None and body.status is not None:
        return body.status
    return RunStatus.FINISHED


def _history(workspace: Workspace, run_id: str) -> dict[str, list[HistoryPoint]]:
    history: dict[str, list[HistoryPoint]] = {}
    metrics = [
        sequence
        for sequence in workspace.sequences.find(run_id, kinds=[SequenceKind.METRIC])
        if not sequence.name.startswith("__system__")
    ]
    # Metrics without a context come last and win over others of their name.
    metrics.sort(key=lambda sequence: not sequence.context)
    series_of = workspace.points.read_many([sequence.id for sequence in metrics])
    for sequence in metrics:
        series = series_of[sequence.id]
        history[sequence.name] = [
            HistoryPoint(
                value=finite(float(value)),
                step=int(step),
                timestamp=None if time != time else round(time * 1000),  # noqa: PLR0124
            )
            for step, value, time in zip(
                series.steps.tolist(),
                series.values.tolist(),
                series.times.tolist(),
                strict=True,
            )
        ]
    return history
