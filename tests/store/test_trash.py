"""The trash: what lies there is found nowhere, and comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store
from store.errors import NameTakenError, NotFoundError
from store.models import SequenceKind
from store.queries.deletion import TOMBSTONE_AGE_S
from store.search import RunSearch
from store.workspace import Workspace
from tests.factories import START, StillClock, log_run


def traces_of(workspace: Workspace, run_hash: str) -> list[bool]:
    """Every place in which a run can show."""
    words = workspace.projects.vocabulary()
    return [
        any(each.run_count for each in (*words.tags, *words.experiments)),
        bool(words.params or words.metrics or words.names),
        workspace.runs.exists(run_hash),
        run_hash in workspace.runs.hashes(),
        run_hash in workspace.search.index(RunSearch()).hashes,
        run_hash in workspace.runs.active_hashes(),
        bool(workspace.notes.find()),
        any(each.run_count for each in workspace.tags.find()),
        any(each.run_count for each in workspace.experiments.find()),
        bool(workspace.projects.activity().run_count),
        "lr" in workspace.projects.params().params,
        bool(list(workspace.search.sequences(SequenceKind.METRIC))),
    ]


def logged(workspace: Workspace) -> str:
    """A run with something of everything that hangs on runs."""
    metrics = {"loss": [3, 2, 1]}
    run_hash = log_run(
        workspace, params={"lr": 0.1}, tags=["best"], experiment="one", metrics=metrics
    )
    workspace.notes.create("a note", run_hash=run_hash)
    return run_hash


def test_a_run_in_the_trash_shows_nowhere_and_comes_back_whole(store: Store) -> None:
    workspace = store.default
    run_hash = logged(workspace)
    before = workspace.runs.record(run_hash)
    assert all(traces_of(workspace, run_hash))
    assert workspace.trash.put([run_hash, "nobody"]) == 1
    assert not any(traces_of(workspace, run_hash))
    assert not store.workspace("somebody").foreign.has_run(run_hash)
    assert store.statistics().runs == 0
    with pytest.raises(NotFoundError):
        workspace.runs.get(run_hash)

    (trashed,) = workspace.trash.find()
    assert (trashed.record.run.hash, trashed.record.metrics) == (run_hash, before.metrics)
    assert trashed.deleted_at > 0
    log_run(workspace, name="dropped")
    assert not workspace.runs.exists(run_hash)

    assert workspace.trash.restore([run_hash]) == 1
    assert workspace.trash.find() == []
    assert all(traces_of(workspace, run_hash))
    after = workspace.runs.record(run_hash)
    assert (after.params, after.metrics) == (before.params, before.metrics)
    assert (after.run.name, after.run.tags) == (before.run.name, before.run.tags)
    log_run(workspace, name="goes on")
    assert workspace.runs.get(run_hash).name == "goes on"


def test_what_is_deleted_from_the_trash_is_gone_and_stays_buried(workspace: Workspace) -> None:
    run_hash = logged(workspace)
    workspace.trash.put([run_hash])
    assert workspace.trash.delete([run_hash]) == 1
    assert workspace.trash.find() == []
    assert workspace.trash.restore([run_hash]) == 0
    log_run(workspace)
    assert not workspace.runs.exists(run_hash)
    workspace.runs.clear_tombstone(run_hash)
    log_run(workspace)
    assert workspace.runs.record(run_hash).metrics == ()


def test_the_trash_keeps_a_run_over_restarts_and_for_long(tmp_path: Path) -> None:
    clock = StillClock()
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        run_hash = logged(store.default)
        store.default.trash.put([run_hash])
    clock.time_s += 2 * TOMBSTONE_AGE_S
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        workspace = store.default
        assert not any(traces_of(workspace, run_hash))
        assert [each.deleted_at for each in workspace.trash.find()] == [START]
        log_run(workspace)
        assert not workspace.runs.exists(run_hash)
        workspace.runs.clear_tombstone(run_hash)
        log_run(workspace, name="another")
        with pytest.raises(NameTakenError):
            workspace.trash.restore([run_hash])
        workspace.runs.delete([run_hash])
        assert workspace.trash.restore([run_hash]) == 1
        assert workspace.runs.get(run_hash).name != "another"
