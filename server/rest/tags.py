"""Tags and the runs that carry them."""

from fastapi import APIRouter

from server.deps import WorkspaceDep
from server.schemas.common import IdStatusOut, error_responses
from server.schemas.nouns import TagIn, TagOut, TagRunOut, TagRunsOut, TagUpdateIn
from store.models import Tag

router = APIRouter(prefix="/tags", tags=["tags"])


@router.get("")
def tags_find(workspace: WorkspaceDep) -> list[TagOut]:
    """All tags, hidden ones included."""
    return [_tag(tag) for tag in workspace.tags.find()]


@router.get("/search")
def tags_search(workspace: WorkspaceDep, q: str = "") -> list[TagOut]:
    """Tags whose name contains the text, whatever the case."""
    return [_tag(tag) for tag in workspace.tags.find(search=q)]


@router.post("")
def tag_create(new: TagIn, workspace: WorkspaceDep) -> IdStatusOut:
    """Create a tag."""
    tag = workspace.tags.create(new.name, color=new.color, description=new.description)
    return IdStatusOut(id=tag.id)


@router.get("/{tag_id}", responses=error_responses(404))
def tag_get(tag_id: str, workspace: WorkspaceDep) -> TagOut:
    """One tag."""
    return _tag(workspace.tags.get(tag_id))


@router.put("/{tag_id}", responses=error_responses(404))
def tag_update(tag_id: str, changed: TagUpdateIn, workspace: WorkspaceDep) -> IdStatusOut:
    """Change what was sent."""
    workspace.tags.update(
        tag_id,
        name=changed.name,
        color=changed.color,
        description=changed.description,
        is_archived=changed.archived,
    )
    return IdStatusOut(id=tag_id)


@router.delete("/{tag_id}", responses=error_responses(404))
def tag_delete(tag_id: str, workspace: WorkspaceDep) -> None:
    """Delete a tag and take it off every run."""
    workspace.tags.delete(tag_id)


@router.get("/{tag_id}/runs", responses=error_responses(404))
def tag_runs(tag_id: str, workspace: WorkspaceDep) -> TagRunsOut:
    """Runs that carry a tag, newest first."""
    runs = [
        TagRunOut(
            run_id=run.hash,
            name=run.name,
            experiment=run.experiment,
            creation_time=run.created_at,
            end_time=run.finished_at,
        )
        for run in workspace.tags.runs(tag_id)
    ]
    return TagRunsOut(id=tag_id, runs=runs)


def _tag(tag: Tag) -> TagOut:
    return TagOut(
        id=tag.id,
        name=tag.name,
        color=tag.color,
        description=tag.description,
        run_count=tag.run_count,
        archived=tag.is_archived,
    )
