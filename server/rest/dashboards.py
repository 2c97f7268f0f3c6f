"""Dashboards of the web UI: bookmarks that point at apps."""

from fastapi import APIRouter, Response

from server.deps import WorkspaceDep
from server.flavours import Flavour, FlavourDep
from server.responses import deleted
from server.schemas.common import error_responses
from server.schemas.nouns import DashboardIn, DashboardOut, DashboardUpdateIn
from store.models import SavedDashboard

router = APIRouter(prefix="/dashboards", tags=["dashboards"])


@router.get("")
def dashboards_find(workspace: WorkspaceDep, flavour: FlavourDep) -> list[DashboardOut]:
    """Dashboards that are not archived and whose app is still there.

    Aim's page of bookmarks breaks as a whole on one that never had an app, so those are
    listed for matyan's clients only.
    """
    found = workspace.dashboards.find()
    needs_app = flavour is Flavour.AIM
    return [_dashboard(each) for each in found if each.app_type is not None or not needs_app]


@router.post("", status_code=201)
def dashboard_create(new: DashboardIn, workspace: WorkspaceDep) -> DashboardOut:
    """Save a bookmark."""
    created = workspace.dashboards.create(
        new.name, description=new.description or "", app_id=new.app_id
    )
    return _dashboard(created)


@router.get("/{dashboard_id}", responses=error_responses(404))
def dashboard_get(dashboard_id: str, workspace: WorkspaceDep) -> DashboardOut:
    """One bookmark, archived or not."""
    return _dashboard(workspace.dashboards.get(dashboard_id))


@router.put("/{dashboard_id}", responses=error_responses(404))
def dashboard_update(
    dashboard_id: str, changed: DashboardUpdateIn, workspace: WorkspaceDep
) -> DashboardOut:
    """Change name and description."""
    updated = workspace.dashboards.update(
        dashboard_id, name=changed.name, description=changed.description
    )
    return _dashboard(updated)


@router.delete("/{dashboard_id}", status_code=204, responses=error_responses(404))
def dashboard_delete(
    dashboard_id: str, workspace: WorkspaceDep, flavour: FlavourDep
) -> Response:
    """Archive a bookmark; doing it again changes nothing."""
    workspace.dashboards.archive(dashboard_id)
    return deleted(dashboard_id, flavour)


def _dashboard(dashboard: SavedDashboard) -> DashboardOut:
    return DashboardOut(
        id=dashboard.id,
        name=dashboard.name,
        description=dashboard.description,
        app_id=dashboard.app_id,
        app_type=dashboard.app_type,
        updated_at=dashboard.updated_at,
        created_at=dashboard.created_at,
    )
