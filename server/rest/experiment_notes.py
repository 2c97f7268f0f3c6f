"""Notes on an experiment."""

from fastapi import APIRouter

from server.deps import WorkspaceDep
from server.flavours import Flavour, FlavourDep, note_time
from server.schemas.common import StatusOut, error_responses
from server.schemas.nouns import ExperimentNoteOut, NoteCreatedOut, NoteIn, NoteOut
from store.errors import NotFoundError
from store.models import Note
from store.workspace import Workspace

router = APIRouter(
    prefix="/experiments/{experiment_id}/note",
    tags=["experiments"],
    responses=error_responses(404),
)


@router.get("")
def experiment_notes_find(
    experiment_id: str, workspace: WorkspaceDep, flavour: FlavourDep
) -> list[ExperimentNoteOut]:
    """Notes of an experiment."""
    workspace.experiments.get(experiment_id)
    return [
        ExperimentNoteOut(
            id=note.id,
            content=note.content,
            created_at=note_time(note.created_at, flavour),
            experiment_id=experiment_id,
            updated_at=note_time(note.updated_at, flavour),
        )
        for note in workspace.notes.find(experiment_id=experiment_id)
    ]


@router.post("", status_code=201)
def experiment_note_create(
    experiment_id: str, note: NoteIn, workspace: WorkspaceDep, flavour: FlavourDep
) -> NoteCreatedOut:
    """Write a note on an experiment."""
    workspace.experiments.get(experiment_id)
    created = workspace.notes.create(note.content, experiment_id=experiment_id)
    return NoteCreatedOut(id=created.id, created_at=note_time(created.created_at, flavour))


@router.get("/{note_id}")
def experiment_note_get(
    experiment_id: str, note_id: str, workspace: WorkspaceDep, flavour: FlavourDep
) -> NoteOut:
    """One note of this experiment."""
    return _out(_note(workspace, experiment_id, note_id), flavour)


@router.put("/{note_id}")
def experiment_note_update(
    experiment_id: str,
    note_id: str,
    changed: NoteIn,
    workspace: WorkspaceDep,
    flavour: FlavourDep,
) -> NoteOut:
    """Change the text of a note."""
    note = _note(workspace, experiment_id, note_id)
    return _out(workspace.notes.update(note.id, changed.content), flavour)


@router.delete("/{note_id}")
def experiment_note_delete(
    experiment_id: str, note_id: str, workspace: WorkspaceDep
) -> StatusOut:
    """Delete a note."""
    workspace.notes.delete(_note(workspace, experiment_id, note_id).id)
    return StatusOut()


def _note(workspace: Workspace, experiment_id: str, note_id: str) -> Note:
    note = workspace.notes.get(note_id)
    if note.experiment_id != experiment_id:
        raise NotFoundError("note", note_id)
    return note


def _out(note: Note, flavour: Flavour) -> NoteOut:
    return NoteOut(
        id=note.id, content=note.content, updated_at=note_time(note.updated_at, flavour)
    )
