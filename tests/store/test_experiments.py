"""Experiments: names, archiving, their runs."""

from __future__ import annotations

import pytest

from store.errors import InvalidDataError, NameTakenError, NotFoundError
from store.workspace import Workspace
from tests.factories import START, log_run


def test_create_and_get(workspace: Workspace) -> None:
    made = workspace.experiments.create(" vision ", "d", {"team": "risk"}, "s3://x")
    found = workspace.experiments.get(made.id)
    assert found == made == workspace.experiments.get_by_name("vision")
    assert (found.name, found.description, found.tags) == ("vision", "d", {"team": "risk"})
    assert found.artifact_location == "s3://x"


def test_nobody(workspace: Workspace) -> None:
    for call in (
        workspace.experiments.get,
        workspace.experiments.get_by_name,
        workspace.experiments.delete,
        workspace.experiments.runs,
        workspace.experiments.activity,
        workspace.experiments.archive,
    ):
        with pytest.raises(NotFoundError):
            call("nobody")


def test_an_empty_name_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InvalidDataError):
        workspace.experiments.create("  ")


def test_a_name_is_taken_once(workspace: Workspace) -> None:
    first = workspace.experiments.create("a")
    other = workspace.experiments.create("b")
    with pytest.raises(NameTakenError):
        workspace.experiments.create(" a ")
    with pytest.raises(NameTakenError):
        workspace.experiments.update(other.id, name="a")
    workspace.experiments.archive(first.id)
    with pytest.raises(NameTakenError):
        workspace.experiments.create("a")
    second = workspace.experiments.create("a", archived_name_is_free=True)
    with pytest.raises(NameTakenError):
        workspace.experiments.archive(first.id, is_archived=False)
    assert workspace.experiments.get_by_name("a") == second
    workspace.experiments.delete(second.id)
    assert workspace.experiments.archive(first.id, is_archived=False).is_archived is False


def test_change_what_is_given(workspace: Workspace) -> None:
    made = workspace.experiments.create("a", "d", {"k": "v"})
    changed = workspace.experiments.update(made.id, name=" ")
    assert (changed.name, changed.description, changed.tags) == ("a", "d", {"k": "v"})
    changed = workspace.experiments.update(made.id, name=" b ", description="", tags={})
    assert (changed.name, changed.description, changed.tags) == ("b", "", {})
    assert changed.created_at == made.created_at


def test_search_looks_at_any_part_of_the_name(workspace: Workspace) -> None:
    for name in ("Vision", "speech", "été", "100%"):
        workspace.experiments.create(name)
    names = [experiment.name for experiment in workspace.experiments.find("I")]
    assert names == ["Vision"]
    assert [e.name for e in workspace.experiments.find("ÉT")] == ["été"]
    assert [e.name for e in workspace.experiments.find("%")] == ["100%"]
    assert len(workspace.experiments.find()) == 4


def test_runs_come_in_pages(workspace: Workspace) -> None:
    hashes = [
        log_run(workspace, key, experiment="e", started_at=START + key) for key in range(5)
    ]
    log_run(workspace, "other")
    experiment = workspace.experiments.find()[0]
    newest_first = hashes[::-1]

    def page(limit: int, offset: str = "") -> list[str]:
        return [run.hash for run in workspace.experiments.runs(experiment.id, limit, offset)]

    assert page(0) == newest_first
    assert page(2) == newest_first[:2]
    assert page(2, newest_first[1]) == newest_first[2:4]
    assert page(2, "nobody") == newest_first[:2]
    assert page(2, newest_first[-1]) == []


def test_deleting_leaves_the_runs(workspace: Workspace) -> None:
    run = log_run(workspace, experiment="e")
    experiment = workspace.experiments.find()[0]
    note = workspace.notes.create("x", experiment_id=experiment.id)
    assert workspace.runs.get(run).experiment_id == experiment.id
    workspace.experiments.delete(experiment.id)
    assert workspace.runs.get(run).experiment is None
    assert workspace.notes.find() == []
    with pytest.raises(NotFoundError):
        workspace.notes.get(note.id)
    workspace.experiments.create("e")


def test_a_new_name_shows_in_the_runs(workspace: Workspace) -> None:
    run = log_run(workspace, experiment="e")
    experiment = workspace.experiments.find()[0]
    workspace.experiments.update(experiment.id, name="f", description="d")
    found = workspace.runs.get(run)
    assert (found.experiment, found.experiment_description) == ("f", "d")


def test_activity(workspace: Workspace) -> None:
    for key in range(4):
        log_run(workspace, key, experiment="e" if key else "f", started_at=START + 10 - key)
    workspace.runs.archive([run.hash for run in workspace.runs.find()[:1]])
    workspace.runs.finish([run.hash for run in workspace.runs.find()[:2]])
    experiment = workspace.experiments.get_by_name("e")
    activity = workspace.experiments.activity(experiment.id)
    assert (activity.run_count, activity.active_run_count) == (3, 2)
    assert activity.creation_times == (START + 7, START + 8, START + 9)
    everything = workspace.projects.activity()
    assert (everything.run_count, everything.archived_run_count) == (4, 1)
    assert (everything.active_run_count, everything.experiment_count) == (2, 2)
