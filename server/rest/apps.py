"""Apps: saved states of explorer pages, kept as they were sent."""

from fastapi import APIRouter, Response

from server.deps import WorkspaceDep
from server.flavours import FlavourDep
from server.responses import JsonAnswer, deleted
from server.schemas.common import error_responses
from server.schemas.nouns import AppIn, AppOut, AppUpdateIn
from store.models import ExploreApp

router = APIRouter(prefix="/apps", tags=["apps"])


@router.get("", response_model=list[AppOut])
def apps_find(workspace: WorkspaceDep) -> JsonAnswer:
    """All apps."""
    return JsonAnswer([_app(app) for app in workspace.apps.find()])


@router.post("", status_code=201, response_model=AppOut)
def app_create(new: AppIn, workspace: WorkspaceDep) -> JsonAnswer:
    """Save a state."""
    return JsonAnswer(_app(workspace.apps.create(new.type, new.state)), 201)


@router.get("/{app_id}", response_model=AppOut, responses=error_responses(404))
def app_get(app_id: str, workspace: WorkspaceDep) -> JsonAnswer:
    """One saved state."""
    return JsonAnswer(_app(workspace.apps.get(app_id)))


@router.put("/{app_id}", response_model=AppOut, responses=error_responses(404))
def app_update(app_id: str, changed: AppUpdateIn, workspace: WorkspaceDep) -> JsonAnswer:
    """Replace the state."""
    app = workspace.apps.update(app_id, type=changed.type, state=changed.state)
    return JsonAnswer(_app(app))


@router.delete("/{app_id}", status_code=204, responses=error_responses(404))
def app_delete(app_id: str, workspace: WorkspaceDep, flavour: FlavourDep) -> Response:
    """Delete a saved state."""
    workspace.apps.delete(app_id)
    return deleted(app_id, flavour)


def _app(app: ExploreApp) -> dict[str, object]:
    return {
        "id": app.id,
        "type": app.type,
        "updated_at": app.updated_at,
        "created_at": app.created_at,
        "state": dict(app.state),
    }
