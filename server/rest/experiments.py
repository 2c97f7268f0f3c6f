"""Experiments, their runs and their activity.

Under `/api` a run without an experiment belongs to Aim's `default`, which always exists and
stands first. Unless somebody made a real one of that name, it is put together here.
"""

from fastapi import APIRouter

from server.deps import Limit, TimezoneOffset, WorkspaceDep
from server.flavours import Flavour, FlavourDep
from server.schemas.common import IdStatusOut, StatusOut, error_responses
from server.schemas.nouns import (
    ExperimentIn,
    ExperimentOut,
    ExperimentRunOut,
    ExperimentRunsOut,
    ExperimentUpdateIn,
)
from server.schemas.projects import ExperimentActivityOut
from server.wire import activity_map
from store.models import Experiment, Run
from store.search import RunSearch
from store.workspace import Workspace

router = APIRouter(prefix="/experiments", tags=["experiments"])

AIM_DEFAULT_ID = "00000000-0000-0000-0000-000000000000"
_AIM_DEFAULT = "default"
_WITHOUT_EXPERIMENT = "run.experiment == None and run.archived in (True, False)"


@router.get("")
def experiments_find(workspace: WorkspaceDep, flavour: FlavourDep) -> list[ExperimentOut]:
    """All experiments in the order of their creation."""
    experiments = workspace.experiments.find()
    if flavour is Flavour.AIM:
        real = [each for each in experiments if each.name == _AIM_DEFAULT]
        others = [each for each in experiments if each.name != _AIM_DEFAULT]
        experiments = [*(real or [_aim_default(workspace)]), *others]
    return [_experiment(each) for each in experiments]


@router.get("/search")
def experiments_search(workspace: WorkspaceDep, q: str = "") -> list[ExperimentOut]:
    """Experiments whose name contains the text, whatever the case."""
    return [_experiment(each) for each in workspace.experiments.find(search=q)]


@router.post("")
def experiment_create(new: ExperimentIn, workspace: WorkspaceDep) -> IdStatusOut:
    """Create an experiment."""
    return IdStatusOut(id=workspace.experiments.create(new.name).id)


@router.get("/{experiment_id}", responses=error_responses(404))
def experiment_get(
    experiment_id: str, workspace: WorkspaceDep, flavour: FlavourDep
) -> ExperimentOut:
    """One experiment."""
    if _is_aim_default(experiment_id, flavour):
        return _experiment(_aim_default(workspace))
    return _experiment(workspace.experiments.get(experiment_id))


@router.put("/{experiment_id}", responses=error_responses(404))
def experiment_update(
    experiment_id: str, changed: ExperimentUpdateIn, workspace: WorkspaceDep
) -> IdStatusOut:
    """Change what was sent."""
    workspace.experiments.update(
        experiment_id,
        name=changed.name,
        description=changed.description,
        is_archived=changed.archived,
    )
    return IdStatusOut(id=experiment_id)


@router.delete("/{experiment_id}", responses=error_responses(404))
def experiment_delete(experiment_id: str, workspace: WorkspaceDep) -> StatusOut:
    """Delete an experiment; its runs stay, without one."""
    workspace.experiments.delete(experiment_id)
    return StatusOut()


@router.get("/{experiment_id}/runs", responses=error_responses(404))
def experiment_runs(
    experiment_id: str,
    workspace: WorkspaceDep,
    flavour: FlavourDep,
    limit: Limit = 0,
    offset: str = "",
) -> ExperimentRunsOut:
    """Runs of an experiment, newest first, after the run `offset`."""
    if _is_aim_default(experiment_id, flavour):
        runs = _runs_without_experiment(workspace, limit, offset)
    else:
        runs = workspace.experiments.runs(experiment_id, limit=limit, offset=offset)
    return ExperimentRunsOut(id=experiment_id, runs=[_run(run) for run in runs])


@router.get("/{experiment_id}/activity", responses=error_responses(404))
def experiment_activity(
    experiment_id: str,
    workspace: WorkspaceDep,
    flavour: FlavourDep,
    timezone_offset: TimezoneOffset = 0,
) -> ExperimentActivityOut:
    """How busy an experiment is, by the caller's clock."""
    if _is_aim_default(experiment_id, flavour):
        runs = _runs_without_experiment(workspace)
        return ExperimentActivityOut(
            num_runs=len(runs),
            num_archived_runs=sum(run.is_archived for run in runs),
            num_active_runs=sum(run.is_active for run in runs),
            activity_map=activity_map(
                (run.created_at for run in runs), timezone_offset, "hour"
            ),
        )
    activity = workspace.experiments.activity(experiment_id)
    return ExperimentActivityOut(
        num_runs=activity.run_count,
        num_archived_runs=activity.archived_run_count,
        num_active_runs=activity.active_run_count,
        activity_map=activity_map(activity.creation_times, timezone_offset, "hour"),
    )


def _is_aim_default(experiment_id: str, flavour: Flavour) -> bool:
    return flavour is Flavour.AIM and experiment_id == AIM_DEFAULT_ID


def _aim_default(workspace: Workspace) -> Experiment:
    count = workspace.search.index(RunSearch(query=_WITHOUT_EXPERIMENT)).total
    return Experiment(id=AIM_DEFAULT_ID, name=_AIM_DEFAULT, run_count=count)


def _runs_without_experiment(
    workspace: Workspace, limit: int = 0, offset: str = ""
) -> list[Run]:
    search = RunSearch(
        query=_WITHOUT_EXPERIMENT,
        limit=limit,
        offset=offset,
        with_params=False,
        with_metrics=False,
    )
    return [record.run for _, record in workspace.search.runs(search)]


def _experiment(experiment: Experiment) -> ExperimentOut:
    return ExperimentOut(
        id=experiment.id,
        name=experiment.name,
        description=experiment.description,
        run_count=experiment.run_count,
        archived=experiment.is_archived,
        creation_time=experiment.created_at,
    )


def _run(run: Run) -> ExperimentRunOut:
    return ExperimentRunOut(
        run_id=run.hash,
        name=run.name,
        creation_time=run.created_at,
        end_time=run.finished_at,
        archived=run.is_archived,
    )
