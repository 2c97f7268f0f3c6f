"""What changed since."""

from __future__ import annotations

import threading

import store.changes
from store import Store
from store.changes import Changes
from tests.factories import log_run, make_hash, make_points


def test_the_version_moves_with_every_change(store: Store) -> None:
    workspace, changes = store.default, store.changes
    run = log_run(workspace)
    seen = [changes.version]

    def moved() -> bool:
        seen.append(changes.version)
        return seen[-1] > seen[-2]

    workspace.ingest.submit(run, [make_points()]).result()
    assert moved()
    workspace.runs.update(run, name="x")
    assert moved()
    workspace.tags.attach(run, "t")
    assert moved()
    workspace.notes.create("n", run_hash=run)
    assert moved()
    workspace.experiments.create("e")
    assert moved()
    workspace.settings.set("a", 1)
    assert moved()
    workspace.runs.delete([run])
    assert moved()
    workspace.runs.records([run])
    assert not moved()


def test_runs_that_changed_are_known(store: Store) -> None:
    workspace, changes = store.default, store.changes
    first, second = log_run(workspace, 1), log_run(workspace, 2)
    before = changes.version
    assert changes.runs_since(before) == set()
    workspace.ingest.submit(second, [make_points()]).result()
    assert changes.runs_since(before) == {second}
    workspace.runs.update(first, name="x")
    assert changes.runs_since(before) == {first, second}
    workspace.runs.delete([first])
    assert changes.runs_since(changes.version - 1) == {first}


def test_a_renamed_experiment_changes_every_run(store: Store) -> None:
    log_run(store.default, experiment="e")
    before = store.changes.version
    store.default.experiments.update(store.default.experiments.find()[0].id, name="f")
    assert store.changes.runs_since(before) is None
    assert store.changes.runs_since(store.changes.version) == set()


def test_tenants_are_told_apart(store: Store) -> None:
    before = store.changes.version
    ours, theirs = log_run(store.default, 1), log_run(store.workspace("acme"), 2)
    assert store.changes.runs_since(before) == {ours, theirs}
    assert store.changes.runs_since(before, "acme") == {theirs}


def test_what_is_too_long_ago_is_not_known() -> None:
    changes = Changes()
    for number in range(store.changes.REMEMBERED_RUNS + 1):
        changes.touch([("default", make_hash(number))])
    assert changes.runs_since(0) is None
    newest = {make_hash(store.changes.REMEMBERED_RUNS)}
    assert changes.runs_since(changes.version - 1) == newest


def test_waiting_ends_with_a_change() -> None:
    changes = Changes()
    seen: list[int] = []
    waiter = threading.Thread(target=lambda: seen.append(changes.wait(0, 10)))
    waiter.start()
    changes.touch()
    waiter.join(10)
    assert seen == [1]
    assert changes.wait(0, 10) == 1
    assert changes.wait(1, 0.01) == 1
