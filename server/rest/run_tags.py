"""Tags on a run."""

from fastapi import APIRouter

from server.deps import WorkspaceDep
from server.schemas.common import error_responses
from server.schemas.runs import RunTagIn, RunTagOut, RunTagRemovedOut

router = APIRouter(prefix="/runs/{run_id}/tags", tags=["runs"])


@router.post("/new", responses=error_responses(404))
def run_tag_attach(run_id: str, tag: RunTagIn, workspace: WorkspaceDep) -> RunTagOut:
    """Attach a tag by name; it is created if there is none."""
    attached = workspace.tags.attach(run_id, tag.tag_name)
    return RunTagOut(id=run_id, tag_id=attached.id)


@router.delete("/{tag_id}", responses=error_responses(404))
def run_tag_detach(run_id: str, tag_id: str, workspace: WorkspaceDep) -> RunTagRemovedOut:
    """Take a tag off a run; one that does not hang there is no error."""
    workspace.tags.detach(run_id, tag_id)
    return RunTagRemovedOut(id=run_id)
