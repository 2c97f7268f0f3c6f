"""Tags: names, colours, on and off runs."""

from __future__ import annotations

import pytest

from store.errors import InvalidDataError, NameTakenError, NotFoundError
from store.models.operations import AddTag, RemoveTag
from store.workspace import Workspace
from tests.factories import log_run


def test_create_change_delete(workspace: Workspace) -> None:
    made = workspace.tags.create(" best ", "#f00", "d")
    assert workspace.tags.get(made.id) == made
    changed = workspace.tags.update(made.id, name="", color="#0f0", is_archived=True)
    assert (changed.name, changed.color, changed.description) == ("best", "#0f0", "d")
    assert workspace.tags.get(made.id).is_archived
    workspace.tags.delete(made.id)
    assert workspace.tags.find() == []


def test_names_are_unique_by_exact_text(workspace: Workspace) -> None:
    first = workspace.tags.create("best")
    second = workspace.tags.create("Best")
    with pytest.raises(NameTakenError):
        workspace.tags.create("best ")
    with pytest.raises(NameTakenError):
        workspace.tags.update(second.id, name="best")
    workspace.tags.update(first.id, name="best")
    assert [tag.name for tag in workspace.tags.find("BEST")] == ["best", "Best"]
    with pytest.raises(InvalidDataError):
        workspace.tags.create(" ")


def test_nobody(workspace: Workspace) -> None:
    run = log_run(workspace)
    for call in (workspace.tags.get, workspace.tags.delete, workspace.tags.runs):
        with pytest.raises(NotFoundError):
            call("nobody")
    with pytest.raises(NotFoundError):
        workspace.tags.attach("nobody", "best")
    with pytest.raises(NotFoundError):
        workspace.tags.detach("nobody", "best")
    workspace.tags.detach(run, "nobody")


def test_attached_twice_is_attached_once(workspace: Workspace) -> None:
    run = log_run(workspace)
    tag = workspace.tags.attach(run, " best ")
    assert workspace.tags.attach(run, "best").run_count == 1
    assert [ref.id for ref in workspace.runs.get(run).tags] == [tag.id]
    workspace.ingest.submit(run, [AddTag("best"), AddTag("best")]).result()
    assert workspace.tags.get(tag.id).run_count == 1
    workspace.tags.detach(run, tag.id)
    workspace.tags.detach(run, tag.id)
    assert workspace.runs.get(run).tags == ()


def test_tags_keep_the_order_of_attaching(workspace: Workspace) -> None:
    run = log_run(workspace, tags=["z", "a", "m"])
    workspace.tags.attach(run, "b")
    assert [tag.name for tag in workspace.runs.get(run).tags] == ["z", "a", "m", "b"]
    workspace.ingest.submit(run, [RemoveTag("a"), RemoveTag("nobody")]).result()
    assert [tag.name for tag in workspace.runs.get(run).tags] == ["z", "m", "b"]
    assert "nobody" not in [tag.name for tag in workspace.tags.find()]


def test_a_changed_tag_shows_in_the_runs(workspace: Workspace) -> None:
    run = log_run(workspace, tags=["a"])
    tag = workspace.tags.find()[0]
    workspace.tags.update(tag.id, name="b", color="#123")
    (shown,) = workspace.runs.get(run).tags
    assert (shown.name, shown.color) == ("b", "#123")
    assert [found.hash for found in workspace.tags.runs(tag.id)] == [run]
    workspace.tags.delete(tag.id)
    assert workspace.runs.get(run).tags == ()
