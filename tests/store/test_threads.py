"""Many threads on one store."""

from __future__ import annotations

import threading
from collections.abc import Callable

from store import Store
from store.models import SequenceKey
from store.models.operations import AddTag, FinishRun, LogLines, SetParams, SetProperty
from tests.factories import make_hash, make_points


def in_threads(work: Callable[[int], None], count: int) -> None:
    failures: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_threads_write_to_one_run(store: Store) -> None:
    run = make_hash("shared")

    def write(thread: int) -> None:
        for number in range(20):
            step = thread * 20 + number
            store.default.ingest.submit(
                run,
                [
                    make_points("loss", [float(step)], first_step=step),
                    SetParams({"hparams": {f"p{step}": step}}),
                    LogLines([(step, str(step))]),
                    AddTag(f"t{number % 4}"),
                    SetProperty(experiment="shared"),
                ],
            ).result()
            assert store.default.runs.params(run)["hparams"][f"p{step}"] == step

    in_threads(write, 6)
    record = store.default.runs.record(run)
    assert record.params["hparams"] == {f"p{step}": step for step in range(120)}
    assert len(record.run.tags) == 4
    series = store.default.points.read(run, SequenceKey("loss"))
    assert series.steps.tolist() == list(range(120))
    assert len(store.default.logs.lines(run, 0)) == 120
    assert store.default.experiments.find()[0].run_count == 1


def test_what_is_acknowledged_is_visible_to_every_thread(store: Store) -> None:
    def write(thread: int) -> None:
        workspace = store.default
        for number in range(10):
            run = make_hash((thread, number))
            workspace.ingest.submit(run, [make_points("loss", [1.0, 2.0])]).result()
            assert workspace.runs.record(run).metrics[0].last == 2.0
            workspace.ingest.submit(run, [FinishRun()]).result()
            assert not workspace.runs.get(run).is_active
            assert run in {item.hash for item in workspace.runs.find()}

    in_threads(write, 5)
    assert store.default.runs.count() == 50


def test_deleting_while_others_write(store: Store) -> None:
    run = make_hash("doomed")
    stop = threading.Event()

    def work(thread: int) -> None:
        workspace = store.default
        if thread == 0:
            for _ in range(15):
                workspace.runs.delete([run])
                assert not workspace.runs.exists(run)
                workspace.runs.clear_tombstone(run)
            while not workspace.runs.delete([run]):
                assert not stop.is_set()
            stop.set()
            return
        while not stop.is_set():
            workspace.ingest.submit(
                run, [make_points("loss", [1.0]), SetParams({"a": thread}), AddTag("t")]
            ).result()

    in_threads(work, 4)
    assert store.default.runs.records([run]) == []
    assert [tag.run_count for tag in store.default.tags.find()] in ([], [0])
    assert store.default.projects.params().params == {}
