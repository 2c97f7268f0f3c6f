"""Notes of everything at once."""

from fastapi import APIRouter

from server.deps import WorkspaceDep
from server.schemas.common import error_responses
from server.schemas.extras import AnyNoteIn, AnyNoteOut
from store.models import Context, Note

router = APIRouter(prefix="/notes", tags=["extras"])


@router.get("")
def notes_find(workspace: WorkspaceDep, search: str = "") -> list[AnyNoteOut]:
    """Notes on runs, experiments and points whose text contains the search."""
    return [_note(note) for note in workspace.notes.find(search=search)]


@router.post("", status_code=201, responses=error_responses(404))
def note_create(new: AnyNoteIn, workspace: WorkspaceDep) -> AnyNoteOut:
    """Write a note on a run, an experiment, or a point of a metric."""
    if new.experiment_id is not None:
        workspace.experiments.get(new.experiment_id)
    note = workspace.notes.create(
        new.content,
        run_hash=new.run_hash,
        experiment_id=new.experiment_id,
        metric=new.metric,
        context=None if new.context is None else Context.of(new.context),
        step=new.step,
    )
    return _note(note)


def _note(note: Note) -> AnyNoteOut:
    return AnyNoteOut(
        id=note.id,
        content=note.content,
        created_at=note.created_at,
        updated_at=note.updated_at,
        run_hash=note.run_hash,
        experiment_id=note.experiment_id,
        metric=note.metric,
        context=None if note.context is None else note.context.as_dict(),
        step=note.step,
    )
