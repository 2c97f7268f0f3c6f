"""Notes on a run."""

from fastapi import APIRouter

from server.deps import WorkspaceDep
from server.flavours import Flavour, FlavourDep, note_time
from server.schemas.common import StatusOut, error_responses
from server.schemas.nouns import NoteCreatedOut, NoteIn, NoteOut, RunNoteOut
from store.errors import NotFoundError
from store.models import Note
from store.workspace import Workspace

router = APIRouter(prefix="/runs/{run_id}/note", tags=["runs"])


@router.get("")
def run_notes_find(
    run_id: str, workspace: WorkspaceDep, flavour: FlavourDep
) -> list[RunNoteOut]:
    """Notes of a run; none if there is no such run."""
    return [
        RunNoteOut(
            id=note.id,
            content=note.content,
            created_at=note_time(note.created_at, flavour),
            run_hash=run_id,
            updated_at=note_time(note.updated_at, flavour),
        )
        for note in workspace.notes.find(run_hash=run_id)
    ]


@router.post("", status_code=201, responses=error_responses(404))
def run_note_create(
    run_id: str, note: NoteIn, workspace: WorkspaceDep, flavour: FlavourDep
) -> NoteCreatedOut:
    """Write a note on a run."""
    created = workspace.notes.create(note.content, run_hash=run_id)
    return NoteCreatedOut(id=created.id, created_at=note_time(created.created_at, flavour))


@router.get("/{note_id}", responses=error_responses(404))
def run_note_get(
    run_id: str, note_id: str, workspace: WorkspaceDep, flavour: FlavourDep
) -> NoteOut:
    """One note of this run."""
    return _out(_note(workspace, run_id, note_id), flavour)


@router.put("/{note_id}", responses=error_responses(404))
def run_note_update(
    run_id: str, note_id: str, changed: NoteIn, workspace: WorkspaceDep, flavour: FlavourDep
) -> NoteOut:
    """Change the text of a note."""
    note = _note(workspace, run_id, note_id)
    return _out(workspace.notes.update(note.id, changed.content), flavour)


@router.delete("/{note_id}", responses=error_responses(404))
def run_note_delete(run_id: str, note_id: str, workspace: WorkspaceDep) -> StatusOut:
    """Delete a note."""
    workspace.notes.delete(_note(workspace, run_id, note_id).id)
    return StatusOut()


def _note(workspace: Workspace, run_id: str, note_id: str) -> Note:
    note = workspace.notes.get(note_id)
    if note.run_hash != run_id:
        raise NotFoundError("note", note_id)
    return note


def _out(note: Note, flavour: Flavour) -> NoteOut:
    return NoteOut(
        id=note.id, content=note.content, updated_at=note_time(note.updated_at, flavour)
    )
