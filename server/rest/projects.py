"""The project: activity, params of all runs, pinned sequences."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from server.deps import PartsDep, TimezoneOffset, WorkspaceDep
from server.flavours import Flavour, FlavourDep
from server.responses import JsonAnswer
from server.schemas.projects import (
    ActivityOut,
    ParamsOut,
    PinnedSequence,
    PinnedSequences,
    ProjectOut,
)
from server.wire import SYSTEM_PARAMS, activity_map
from store.errors import InvalidDataError
from store.models import Context, SequenceKey, SequenceKind

router = APIRouter(prefix="/projects", tags=["projects"])

_LISTED = tuple(kind for kind in SequenceKind if kind is not SequenceKind.CUSTOM)


@router.get("")
async def project_get(parts: PartsDep) -> ProjectOut:
    """Name of the project."""
    return ProjectOut(
        name=parts.settings.project_name,
        path="",
        description="",
        telemetry_enabled=0,
        warn_index=False,
        warn_runs=False,
    )


@router.get("/activity")
def project_activity(
    workspace: WorkspaceDep, flavour: FlavourDep, timezone_offset: TimezoneOffset = 0
) -> ActivityOut:
    """Counts of runs, and how many were created when, by the caller's clock."""
    activity = workspace.projects.activity()
    unit: Literal["day", "hour"] = "hour" if flavour is Flavour.AIM else "day"
    return ActivityOut(
        num_experiments=activity.experiment_count,
        num_runs=activity.run_count,
        num_archived_runs=activity.archived_run_count,
        num_active_runs=activity.active_run_count,
        activity_map=activity_map(activity.creation_times, timezone_offset, unit),
    )


@router.get("/params", response_model=ParamsOut)
def project_params(
    workspace: WorkspaceDep,
    sequence: Annotated[list[str] | None, Query(description="Kinds of sequences")] = None,
    exclude_params: bool = False,
) -> JsonAnswer:
    """Every param and sequence name of the project, with an example of each param."""
    kinds = _LISTED if sequence is None else tuple(_kind(name) for name in sequence)
    overview = workspace.projects.params(kinds=kinds, with_params=not exclude_params)
    answer: dict[str, Any] = {}
    if not exclude_params:
        answer["params"] = {
            key: value for key, value in overview.params.items() if key != SYSTEM_PARAMS
        }
    for kind in kinds:
        answer[kind.value] = overview.sequences.get(kind, {})
    return JsonAnswer(answer)


@router.get("/pinned-sequences")
def project_pinned(workspace: WorkspaceDep) -> PinnedSequences:
    """Sequences that are shown first."""
    return _pinned(workspace.projects.pinned())


@router.post("/pinned-sequences")
def project_pin(pinned: PinnedSequences, workspace: WorkspaceDep) -> PinnedSequences:
    """Replace the list of pinned sequences."""
    keys = [SequenceKey(each.name, Context.of(each.context)) for each in pinned.sequences]
    workspace.projects.pin(keys)
    return _pinned(keys)


@router.get("/status")
async def project_status() -> str:
    """Whether the project's index is up to date; it always is."""
    return "up-to-date"


def _kind(name: str) -> SequenceKind:
    for kind in _LISTED:
        if kind.value == name:
            return kind
    raise InvalidDataError("sequence", f"'{name}' is no kind of sequence")


def _pinned(keys: list[SequenceKey]) -> PinnedSequences:
    return PinnedSequences(
        sequences=[PinnedSequence(name=key.name, context=key.context.as_dict()) for key in keys]
    )
