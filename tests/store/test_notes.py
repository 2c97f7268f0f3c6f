"""Notes on runs, experiments and points."""

from __future__ import annotations

import pytest

from store.errors import NotFoundError
from store.workspace import Workspace
from tests.factories import VAL, log_run


def test_write_change_delete(workspace: Workspace) -> None:
    run = log_run(workspace)
    note = workspace.notes.create("  hello\n", run_hash=run)
    assert (note.content, note.run_hash, note.experiment_id) == ("hello", run, None)
    assert workspace.runs.get(run).note_count == 1
    changed = workspace.notes.update(note.id, " bye ")
    assert changed.content == "bye"
    assert changed.updated_at >= changed.created_at == note.created_at
    workspace.notes.delete(note.id)
    assert workspace.notes.find(run_hash=run) == []
    assert workspace.runs.get(run).note_count == 0
    for call in (workspace.notes.get, workspace.notes.delete):
        with pytest.raises(NotFoundError):
            call(note.id)
    with pytest.raises(NotFoundError):
        workspace.notes.update(note.id, "x")


def test_notes_are_found_by_where_they_are(workspace: Workspace) -> None:
    run, other = log_run(workspace, 1, experiment="e"), log_run(workspace, 2)
    experiment = workspace.experiments.find()[0]
    workspace.notes.create("one", run_hash=run)
    workspace.notes.create("two", run_hash=other)
    workspace.notes.create("three", experiment_id=experiment.id)
    assert [note.content for note in workspace.notes.find(run_hash=run)] == ["one"]
    found = workspace.notes.find(experiment_id=experiment.id)
    assert [note.content for note in found] == ["three"]
    assert [note.content for note in workspace.notes.find(search="O")] == ["one", "two"]
    assert len(workspace.notes.find()) == 3
    assert workspace.notes.find(run_hash="nobody") == []


def test_a_note_on_a_point(workspace: Workspace) -> None:
    run = log_run(workspace)
    note = workspace.notes.create("spike", run_hash=run, metric="loss", context=VAL, step=7)
    found = workspace.notes.get(note.id)
    assert (found.metric, found.context, found.step) == ("loss", VAL, 7)


def test_a_note_on_nobody(workspace: Workspace) -> None:
    with pytest.raises(NotFoundError):
        workspace.notes.create("x", run_hash="nobody")
