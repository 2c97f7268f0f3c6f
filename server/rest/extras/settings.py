"""Small values kept with the data: saved queries, directions of metrics."""

from fastapi import APIRouter

from server.deps import WorkspaceDep
from server.responses import JsonAnswer
from server.schemas.extras import SettingIn, SettingOut

router = APIRouter(prefix="/settings", tags=["extras"])


@router.get("/{name}", response_model=SettingOut)
def setting_get(name: str, workspace: WorkspaceDep) -> JsonAnswer:
    """A value by its name; null if there is none."""
    return JsonAnswer({"name": name, "value": workspace.settings.get(name)})


@router.put("/{name}", response_model=SettingOut)
def setting_set(name: str, setting: SettingIn, workspace: WorkspaceDep) -> JsonAnswer:
    """Keep a value under a name; null removes it."""
    workspace.settings.set(name, setting.value)
    return JsonAnswer({"name": name, "value": workspace.settings.get(name)})
