"""Runs: look up, change, end, delete, come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store
from store.errors import InvalidDataError, NotFoundError
from store.models import RunStatus, SequenceKey, SequenceKind
from store.models.operations import CreateRun, LogLines, LogObjects, SetProperty
from store.workspace import Workspace
from tests.factories import START, StillClock, log_run, make_hash, make_points


def test_a_fresh_run(tmp_path: Path) -> None:
    with Store.open(tmp_path / "lab.rf", clock=StillClock()) as store:
        run = store.default.runs.create("abc")
    assert (run.name, run.description, run.status) == ("Run: abc", "", RunStatus.RUNNING)
    assert (run.experiment_id, run.experiment, run.tags) == (None, None, ())
    assert (run.created_at, run.finished_at, run.is_archived) == (START, None, False)


def test_nobody(workspace: Workspace) -> None:
    with pytest.raises(NotFoundError):
        workspace.runs.get("nobody")
    with pytest.raises(NotFoundError):
        workspace.runs.record("nobody")
    with pytest.raises(NotFoundError):
        workspace.runs.update("nobody", name="x")
    with pytest.raises(NotFoundError):
        workspace.runs.require("nobody")
    assert workspace.runs.records(["nobody"]) == []
    assert workspace.runs.delete(["nobody"]) == 0
    assert workspace.runs.archive(["nobody"]) == 0
    assert workspace.runs.finish(["nobody"]) == 0
    assert workspace.runs.count() == 0
    workspace.runs.clear_tombstone("nobody")


def test_a_bad_hash_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InvalidDataError):
        workspace.runs.create("a/b")


def test_records_come_in_the_order_asked_for(workspace: Workspace) -> None:
    hashes = [log_run(workspace, key, metrics={"b": [key], "a": [1]}) for key in range(5)]
    asked = [hashes[3], "nobody", hashes[0], hashes[4], hashes[0]]
    records = workspace.runs.records(asked)
    assert [record.run.hash for record in records] == [hashes[3], hashes[0], hashes[4]]
    assert [metric.name for metric in records[0].metrics] == ["a", "b"]
    bare = workspace.runs.records(asked, params=False, metrics=False)
    assert all(not record.params and not record.metrics for record in bare)


def test_find_gives_newest_first(workspace: Workspace) -> None:
    hashes = [log_run(workspace, key, started_at=START + key) for key in (1, 3, 2)]
    assert [run.hash for run in workspace.runs.find()] == [hashes[1], hashes[2], hashes[0]]
    assert workspace.runs.hashes() == hashes


def test_change_what_is_given(workspace: Workspace) -> None:
    run = log_run(workspace, name="a", experiment="e")
    changed = workspace.runs.update(run, description=" d ")
    assert (changed.name, changed.description, changed.experiment) == ("a", " d ", "e")
    changed = workspace.runs.update(run, name="", is_archived=True, experiment="f")
    assert (changed.name, changed.is_archived, changed.experiment) == ("", True, "f")
    changed = workspace.runs.update(run, experiment="")
    assert (changed.experiment, changed.experiment_id) == (None, None)
    assert [experiment.name for experiment in workspace.experiments.find()] == ["e", "f"]


def test_the_status_sets_and_clears_the_end(tmp_path: Path) -> None:
    clock = StillClock()
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        runs = store.default.runs
        runs.create("abc")
        clock.time_s += 10
        assert runs.update("abc", status=RunStatus.FINISHED).finished_at == START + 10
        clock.time_s += 10
        assert runs.update("abc", status=RunStatus.FAILED).status is RunStatus.FINISHED
        assert runs.update("abc", status=RunStatus.RUNNING).finished_at is None
        ended = runs.update("abc", status=RunStatus.KILLED, finished_at=START + 15)
        assert (ended.status, ended.finished_at) == (RunStatus.KILLED, START + 15)


def test_many_at_once(workspace: Workspace) -> None:
    hashes = [log_run(workspace, key) for key in range(3)]
    assert workspace.runs.archive([*hashes[:2], "nobody"]) == 2
    assert [workspace.runs.get(item).is_archived for item in hashes] == [True, True, False]
    assert workspace.runs.archive(hashes[:1], is_archived=False) == 1
    assert workspace.runs.finish([*hashes, "nobody"]) == 3
    ends = [workspace.runs.get(item).finished_at for item in hashes]
    assert workspace.runs.finish(hashes) == 3
    assert [workspace.runs.get(item).finished_at for item in hashes] == ends
    assert workspace.runs.active_hashes() == []


def test_a_deleted_run_is_gone_everywhere(workspace: Workspace) -> None:
    run = log_run(
        workspace, 1,
        LogLines([(0, "x")]),
        LogObjects(SequenceKind.TEXTS, "t", items=[{"type": "text", "data": "x"}]),
        experiment="e", tags=["t"], params={"a": 1}, metrics={"loss": [1]},
    )  # fmt: skip
    other = log_run(workspace, 2, experiment="e", tags=["t"], params={"b": 1})
    with workspace.artifacts.put(run, "model.pt") as file:
        file.write(b"weights")
    digest = workspace.artifacts.get(run, "model.pt").digest
    note = workspace.notes.create("hm", run_hash=run)
    assert workspace.runs.delete([run, run, "nobody"]) == 1
    assert workspace.runs.delete([run]) == 0
    for read in (workspace.runs.get, workspace.sequences.find, workspace.artifacts.find):
        with pytest.raises(NotFoundError):
            read(run)
    with pytest.raises(NotFoundError):
        workspace.notes.get(note.id)
    with pytest.raises(NotFoundError):
        workspace.blobs.path(digest)
    assert workspace.logs.lines(run) == []
    assert workspace.experiments.find()[0].run_count == 1
    assert workspace.tags.find()[0].run_count == 1
    assert [item.hash for item in workspace.runs.find()] == [other]
    overview = workspace.projects.params()
    assert overview.params == {"b": 1}
    assert overview.sequences[SequenceKind.METRIC] == {}
    assert overview.sequences[SequenceKind.TEXTS] == {}


def test_nothing_comes_back_while_the_tombstone_lies_there(tmp_path: Path) -> None:
    with Store.open(tmp_path / "lab.rf") as store:
        workspace = store.default
        run = log_run(workspace, metrics={"loss": [1, 2, 3]})
        number = workspace.runs.get(run).id
        workspace.runs.delete([run])
        log_run(workspace, metrics={"loss": [4]})
        with workspace.artifacts.put(run, "late.pt") as file:
            file.write(b"late")
        assert not workspace.runs.exists(run)
        assert not [path for path in (store.path / "blobs").rglob("*") if path.is_file()]
    with Store.open(tmp_path / "lab.rf") as store:
        workspace = store.default
        workspace.ingest.submit(run, [CreateRun(), make_points()]).result()
        assert not workspace.runs.exists(run)
        workspace.runs.clear_tombstone(run)
        log_run(workspace, metrics={"loss": [9]})
        assert workspace.points.read(run, SequenceKey("loss")).values.tolist() == [9]
        assert workspace.runs.get(run).id > number


def test_a_number_is_never_used_twice(tmp_path: Path) -> None:
    with Store.open(tmp_path / "lab.rf") as store:
        run = log_run(store.default, 1)
        number = store.default.runs.get(run).id
        store.default.runs.delete([run])
        store.default.runs.clear_tombstone(run)
    with Store.open(tmp_path / "lab.rf") as store:
        assert store.default.runs.create(make_hash(2)).id > number


def test_bytes_that_another_run_names_stay(workspace: Workspace) -> None:
    for key in ("a", "b"):
        with workspace.artifacts.put(key, "same.bin") as file:
            file.write(b"same")
    workspace.runs.delete(["a"])
    with workspace.artifacts.open("b", "same.bin") as file:
        assert file.read() == b"same"


def test_tenants_do_not_see_each_other(store: Store) -> None:
    ours, theirs = store.default, store.workspace("acme")
    run = log_run(ours, 1, experiment="e", tags=["t"], params={"a": 1}, metrics={"loss": [1]})
    log_run(theirs, 1, experiment="e", params={"b": 2}, metrics={"acc": [2]})
    other = log_run(theirs, 2, LogLines([(0, "x")]))
    theirs.runs.update(run, name="theirs")
    assert ours.runs.get(run).name == f"Run: {run}"
    assert theirs.runs.params(run) == {"b": 2}
    assert not ours.runs.exists(other)
    with pytest.raises(NotFoundError):
        ours.experiments.get(theirs.experiments.find()[0].id)
    assert theirs.tags.find() == []
    assert ours.logs.lines(other) == []
    assert ours.projects.activity().run_count == 1
    assert ours.projects.params().params == {"a": 1}
    assert set(ours.projects.params().sequences[SequenceKind.METRIC]) == {"loss"}
    (acc,) = theirs.sequences.find(run, [SequenceKind.METRIC])
    assert ours.points.read_many([acc.id]) == {}
    assert ours.sequences.summaries([theirs.runs.get(run).id]) == {}
    assert ours.runs.delete([other]) == 0
    assert ours.runs.delete([run]) == 1
    assert theirs.runs.exists(run)
    theirs.ingest.submit(run, [SetProperty(name="still")]).result()
    assert theirs.runs.get(run).name == "still"


@pytest.mark.parametrize("tenant", ["", "x" * 300, "a\nb"])
def test_a_bad_tenant_is_refused(store: Store, tenant: str) -> None:
    with pytest.raises(InvalidDataError):
        store.workspace(tenant)


def test_a_tombstone_ends_after_168_hours(tmp_path: Path) -> None:
    clock = StillClock()
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        old, young = (log_run(store.default, key, make_points()) for key in ("old", "young"))
        store.default.runs.delete([old])
        clock.time_s += 3600.0
        store.default.runs.delete([young])
    clock.time_s += 167.5 * 3600.0
    for _ in range(2):
        with Store.open(tmp_path / "lab.rf", clock=clock) as store:
            for run in (old, young):
                store.default.ingest.submit(run, [CreateRun()]).result()
            assert store.default.runs.hashes() == [old]
            assert store.default.sequences.find(old) == []
