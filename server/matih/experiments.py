"""Experiments: create, find, change, delete and restore."""

from typing import Annotated, Literal

from fastapi import Query

from server.deps import WorkspaceDep
from server.matih.routes import new_router
from server.matih.schemas import (
    ExperimentIn,
    ExperimentListOut,
    ExperimentOut,
    ExperimentUpdateIn,
)
from server.matih.views import TENANT_TAG, experiment_out
from server.schemas.common import error_responses
from store.errors import StateConflictError

router = new_router()

Stage = Literal["active", "deleted", "all"]


@router.post("", status_code=201, responses=error_responses(400, 409))
def matih_experiment_create(body: ExperimentIn, workspace: WorkspaceDep) -> ExperimentOut:
    """Create an experiment; its name must be free among those not deleted."""
    created = workspace.experiments.create(
        body.name,
        body.description or "",
        _own_tags(body.tags or {}),
        body.artifact_location,
        archived_name_is_free=True,
    )
    return experiment_out(created, workspace.tenant)


@router.get("", responses=error_responses(400))
def matih_experiments(
    workspace: WorkspaceDep,
    search: Annotated[str | None, Query(description="Part of the name")] = None,
    lifecycle_stage: Stage = "active",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> ExperimentListOut:
    """Experiments, newest first."""
    found = [
        experiment
        for experiment in reversed(workspace.experiments.find(search or ""))
        if lifecycle_stage == "all" or experiment.is_archived == (lifecycle_stage == "deleted")
    ]
    page = found[offset : offset + limit]
    return ExperimentListOut(
        experiments=[experiment_out(experiment, workspace.tenant) for experiment in page],
        total=len(found),
        limit=limit,
        offset=offset,
    )


@router.get("/{experiment_id}", responses=error_responses(400, 404))
def matih_experiment(experiment_id: str, workspace: WorkspaceDep) -> ExperimentOut:
    """One experiment, a deleted one too."""
    return experiment_out(workspace.experiments.get(experiment_id), workspace.tenant)


@router.patch("/{experiment_id}", responses=error_responses(400, 404, 409))
def matih_experiment_update(
    experiment_id: str, body: ExperimentUpdateIn, workspace: WorkspaceDep
) -> ExperimentOut:
    """Change what is given; tags are merged by key."""
    old = workspace.experiments.get(experiment_id)
    if old.is_archived:
        raise StateConflictError("The experiment is deleted; restore it first")
    tags = None
    if body.tags is not None:
        merged = {**old.tags, **body.tags}
        tags = _own_tags({key: value for key, value in merged.items() if value is not None})
    changed = workspace.experiments.update(
        experiment_id,
        name=body.name,
        description=body.description,
        tags=tags,
        artifact_location=body.artifact_location,
    )
    return experiment_out(changed, workspace.tenant)


@router.delete("/{experiment_id}", responses=error_responses(400, 404))
def matih_experiment_delete(experiment_id: str, workspace: WorkspaceDep) -> ExperimentOut:
    """Mark an experiment as deleted; its runs are kept."""
    experiment = workspace.experiments.get(experiment_id)
    if not experiment.is_archived:
        experiment = workspace.experiments.archive(experiment_id)
    return experiment_out(experiment, workspace.tenant)


@router.post("/{experiment_id}/restore", responses=error_responses(400, 404, 409))
def matih_experiment_restore(experiment_id: str, workspace: WorkspaceDep) -> ExperimentOut:
    """Bring a deleted experiment back."""
    experiment = workspace.experiments.get(experiment_id)
    if experiment.is_archived:
        experiment = workspace.experiments.archive(experiment_id, is_archived=False)
    return experiment_out(experiment, workspace.tenant)


def _own_tags(tags: dict[str, str]) -> dict[str, str]:
    """Tags without the one that says whose it is."""
    return {key: value for key, value in tags.items() if key != TENANT_TAG}
