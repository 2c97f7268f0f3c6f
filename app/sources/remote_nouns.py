"""What can be changed over the wire: runs, experiments, tags, notes. Part of `RemoteSource`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from app.sources import decoding
from app.sources.errors import SourceError
from app.sources.http import HttpDoor
from app.sources.protocol import TraceRef
from app.sources.remote_boards import RemoteBoardRecords
from store.errors import InvalidDataError, NameTakenError
from store.models import Experiment, Note, Tag


class RemoteNouns(RemoteBoardRecords):
    """Nouns that matyan's and Aim's REST API has as well."""

    def __init__(self, door: HttpDoor) -> None:
        self._door = door

    # Runs

    def update_run(
        self,
        run_hash: str,
        *,
        name: str | None = None,
        description: str | None = None,
        experiment: str | None = None,
        is_archived: bool | None = None,
    ) -> None:
        """Change what is given."""
        body = {
            "name": name,
            "description": description,
            "experiment": experiment,
            "archived": is_archived,
        }
        given = {key: value for key, value in body.items() if value is not None}
        self._door.json("PUT", f"/runs/{_safe(run_hash)}/", body=given)

    def archive_runs(self, run_hashes: Sequence[str], is_archived: bool) -> None:
        """Hide runs, or bring them back."""
        params = {"archive": "true" if is_archived else "false"}
        self._door.json("POST", "/runs/archive-batch/", params=params, body=list(run_hashes))

    def finish_runs(self, run_hashes: Sequence[str]) -> None:
        """Mark runs as finished."""
        self._door.json("POST", "/runs/finish-batch/", body=list(run_hashes))

    def delete_runs(self, run_hashes: Sequence[str]) -> int:
        """Delete runs; the wire does not say how many of them existed."""
        self._door.json("POST", "/runs/delete-batch/", body=list(run_hashes))
        return len(set(run_hashes))

    # Experiments

    def find_experiments(self) -> list[Experiment]:
        """All experiments by name."""
        found = [_experiment(tree) for tree in self._door.json("GET", "/experiments/")]
        return sorted(found, key=lambda each: each.name)

    def create_experiment(self, name: str, description: str = "") -> Experiment:
        """A new experiment."""
        try:
            created = self._door.json("POST", "/experiments/", body={"name": name})
        except InvalidDataError as error:
            if "already exists" in error.why:
                raise NameTakenError("experiment", name) from error
            raise
        if description:
            self.update_experiment(created["id"], description=description)
        return _experiment(self._door.json("GET", f"/experiments/{_safe(created['id'])}/"))

    def update_experiment(
        self,
        experiment_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        is_archived: bool | None = None,
    ) -> None:
        """Change what is given."""
        body = {"name": name, "description": description, "archived": is_archived}
        given = {key: value for key, value in body.items() if value is not None}
        try:
            self._door.json("PUT", f"/experiments/{_safe(experiment_id)}/", body=given)
        except InvalidDataError as error:
            if "already exists" in error.why:
                raise NameTakenError("experiment", name or "") from error
            raise

    def delete_experiment(self, experiment_id: str) -> None:
        """Delete an experiment; its runs stay."""
        self._door.json("DELETE", f"/experiments/{_safe(experiment_id)}/")

    # Tags

    def find_tags(self) -> list[Tag]:
        """All tags by name."""
        found = [
            Tag(
                id=str(tree["id"]),
                name=str(tree["name"]),
                color=tree.get("color"),
                description=tree.get("description"),
                is_archived=bool(tree.get("archived")),
                run_count=int(tree.get("run_count") or 0),
            )
            for tree in self._door.json("GET", "/tags/")
        ]
        return sorted(found, key=lambda each: each.name)

    def attach_tag(self, run_hash: str, name: str) -> None:
        """Hang a tag on a run."""
        self._door.json("POST", f"/runs/{_safe(run_hash)}/tags/new/", body={"tag_name": name})

    def detach_tag(self, run_hash: str, name: str) -> None:
        """Take a tag off a run."""
        info = self._door.json("GET", f"/runs/{_safe(run_hash)}/info/")
        for tag in info["props"]["tags"]:
            if tag["name"] == name:
                self._door.json("DELETE", f"/runs/{_safe(run_hash)}/tags/{_safe(tag['id'])}/")

    # Notes

    def find_notes(
        self, *, run_hash: str | None = None, experiment_id: str | None = None
    ) -> list[Note]:
        """Notes, newest first."""
        if run_hash is None and experiment_id is None:
            trees = self._all_notes()
        else:
            trees = self._door.json("GET", f"/{_subject(run_hash, experiment_id)}/note/")
        notes = [decoding.note_of(tree) for tree in trees]
        return sorted(notes, key=lambda note: -note.updated_at)

    def _all_notes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._door.json("GET", "/notes")
        return found

    def create_note(
        self,
        content: str,
        *,
        run_hash: str | None = None,
        experiment_id: str | None = None,
        trace: TraceRef | None = None,
        step: int | None = None,
    ) -> Note:
        """A new note."""
        body = {
            "content": content,
            "run_hash": trace.run_hash if trace is not None else run_hash,
            "experiment_id": experiment_id,
            "metric": trace.name if trace is not None else None,
            "context": trace.context.as_dict() if trace is not None else None,
            "step": step,
        }
        return decoding.note_of(self._door.json("POST", "/notes", body=body))

    def update_note(self, note: Note, content: str) -> Note:
        """Replace the text of a note."""
        path = f"/{_subject(note.run_hash, note.experiment_id)}/note/{_safe(note.id)}/"
        changed = self._door.json("PUT", path, body={"content": content})
        known = {
            "created_at": note.created_at,
            "run_hash": note.run_hash,
            "experiment_id": note.experiment_id,
            "metric": note.metric,
            "context": None if note.context is None else note.context.as_dict(),
            "step": note.step,
        }
        return decoding.note_of({**known, **changed})

    def delete_note(self, note: Note) -> None:
        """Delete a note."""
        path = f"/{_subject(note.run_hash, note.experiment_id)}/note/{_safe(note.id)}/"
        self._door.json("DELETE", path)


def _safe(part: str) -> str:
    return quote(part, safe="")


def _subject(run_hash: str | None, experiment_id: str | None) -> str:
    if run_hash is not None:
        return f"runs/{_safe(run_hash)}"
    if experiment_id is not None:
        return f"experiments/{_safe(experiment_id)}"
    raise SourceError("note", "it is on nothing that the wire can name")


def _experiment(tree: dict[str, Any]) -> Experiment:
    return Experiment(
        id=str(tree["id"]),
        name=str(tree["name"]),
        description=str(tree.get("description") or ""),
        is_archived=bool(tree.get("archived")),
        created_at=decoding.number(tree.get("creation_time")),
        run_count=int(tree.get("run_count") or 0),
    )
