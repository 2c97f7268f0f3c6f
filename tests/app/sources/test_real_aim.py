"""The dashboard's source over a real Aim server.

`AIM_PYTHON` names a Python interpreter with Aim in it, which needs an environment of its own;
without it there is nothing here to collect. As in

    AIM_PYTHON=~/aim/bin/python pytest -m slow tests/app/sources/test_real_aim.py
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.querying.plain_words import as_query
from app.sources import FeatureMissingError, SortKey, SourceUnavailableError, TraceRef
from app.sources.foreign import ForeignSource
from app.sources.opening import open_source
from store.errors import NameTakenError, NotFoundError
from store.models import Context, RunStatus
from tests.e2e.processes import free_port

AIM_PYTHON = os.environ.get("AIM_PYTHON", "")
START_S = 90.0
POINTS = 500
TRAIN = Context.of({"subset": "train"})
VAL = Context.of({"subset": "val"})

LOG = """
import sys
from aim import Run
for number in range(2):
    run = Run(repo=sys.argv[1], experiment="resnet", system_tracking_interval=None,
              log_system_params=False, capture_terminal_logs=False)
    run.name = f"run-{number}"
    run["hparams"] = {"lr": 0.1 * (number + 1), "layers": [1, 2], "deep": {"none": None}}
    run.add_tag("kept")
    for step in range(int(sys.argv[2])):
        run.track(1 / (step + 1) + number, name="loss", step=step, epoch=step // 10,
                  context={"subset": "train"})
    for step in range(4):
        value = float("nan") if step == 1 else step / 4
        run.track(value, name="acc", step=step, context={"subset": "val"})
    print(run.hash)
    run.close()
"""

# Without an Aim there is nothing to collect, rather than something to skip.
__test__ = bool(AIM_PYTHON)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def aim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The URL of an Aim server with two runs, and their hashes, oldest first."""
    folder = tmp_path_factory.mktemp("aim")
    command = str(Path(AIM_PYTHON).expanduser().with_name("aim"))
    subprocess.run([command, "init", "--repo", str(folder), "-y"], check=True)
    logged = subprocess.run(
        [str(Path(AIM_PYTHON).expanduser()), "-c", LOG, str(folder), str(POINTS)],
        check=True,
        capture_output=True,
        text=True,
    )
    port = free_port()
    where = ["--repo", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("w") as output:
        # Aim starts its server as a process of its own, which does not end with its parent.
        server = subprocess.Popen(
            [command, "up", *where, "-y"],
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        yield f"http://127.0.0.1:{port}", logged.stdout.split()
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(START_S)


@pytest.fixture
def source(aim: tuple[str, list[str]]) -> Iterator[ForeignSource]:
    give_up_at = time.monotonic() + START_S
    while True:
        try:
            found = open_source(aim[0])
            break
        except SourceUnavailableError:
            assert time.monotonic() < give_up_at, "Aim does not start"
            time.sleep(0.2)
    assert isinstance(found, ForeignSource)
    yield found
    found.close()


@pytest.fixture
def hashes(aim: tuple[str, list[str]]) -> list[str]:
    return aim[1]


def test_the_table_of_runs(source: ForeignSource, hashes: list[str]) -> None:
    index = source.find_runs()
    assert (list(index.hashes), index.total) == (hashes[::-1], 2)
    assert list(source.find_runs("run.hparams.lr > 0.15").hashes) == hashes[1:]
    assert list(source.find_runs(limit=1).hashes) == hashes[1:]
    assert list(source.find_runs(as_query("RUN-1 resnet")).hashes) == hashes[1:]
    assert source.find_runs(as_query("KEP")).total == 2
    assert source.find_runs(as_query("nobody")).total == 0
    first, second = source.get_records(hashes)
    assert (first.run.name, second.run.name) == ("run-0", "run-1")
    assert first.run.experiment == "resnet"
    assert first.run.status is RunStatus.FINISHED
    assert [tag.name for tag in first.run.tags] == ["kept"]
    assert first.params["hparams"] == {"lr": 0.1, "layers": [1, 2], "deep": {"none": None}}
    assert [(each.name, each.context) for each in first.metrics] == [
        ("acc", VAL),
        ("loss", TRAIN),
    ]
    assert first.metrics[1].last == pytest.approx(1 / POINTS)
    assert source.find_active() == []
    with pytest.raises(NotFoundError):
        source.get_record("f" * 24)


@pytest.mark.parametrize("field", ["run", "date", "params.hparams.lr", "metrics.loss.last"])
def test_an_order_that_aim_does_not_know(
    source: ForeignSource, hashes: list[str], field: str
) -> None:
    assert list(source.find_runs(sort=[SortKey(field)]).hashes) == hashes
    assert list(source.find_runs(sort=[SortKey(field, True)]).hashes) == hashes[::-1]
    assert list(source.find_runs(sort=[SortKey(field)], limit=1).hashes) == hashes[:1]


def test_metrics_and_their_points(source: ForeignSource, hashes: list[str]) -> None:
    hits = source.find_metrics('metric.name == "loss" and run.hparams.lr < 0.15')
    assert [hit.record.run.hash for hit in hits] == hashes[:1]
    assert [each.name for each in hits[0].metrics] == ["loss"]
    loss, acc, nothing = source.read_series(
        [
            TraceRef(hashes[1], "loss", TRAIN),
            TraceRef(hashes[0], "acc", VAL),
            TraceRef(hashes[0], "nothing"),
        ]
    )
    np.testing.assert_array_equal(loss.steps, np.arange(POINTS))
    np.testing.assert_allclose(loss.values, 1 / (np.arange(POINTS) + 1) + 1)
    np.testing.assert_array_equal(loss.epochs, np.arange(POINTS) // 10)
    assert np.isfinite(loss.times).all()
    assert [math.isnan(value) for value in acc.values] == [False, True, False, False]
    assert len(nothing) == 0
    trace = TraceRef(hashes[0], "loss", TRAIN)
    (part,) = source.read_series([trace], step_range=(3, 6))
    assert list(part.steps) == [3, 4, 5, 6]
    (coarse,) = source.read_series([trace], density=20)
    assert 10 <= len(coarse) <= 40


def test_the_page_of_a_run(source: ForeignSource, hashes: list[str]) -> None:
    names = [(each.name, each.context) for each in source.find_sequences(hashes[0])]
    assert names == [("acc", VAL), ("loss", TRAIN)]
    assert source.find_artifacts(hashes[0]) == []
    assert source.log_lines(hashes[0]) == []
    assert source.log_records(hashes[0]) == (0, [])
    overview = source.params_overview()
    assert set(overview.params["hparams"]) == {"lr", "layers", "deep"}
    assert overview.params["hparams"]["lr"] is None
    words = [each.keys for each in source.vocabulary().params]
    assert ("hparams", "lr") in words
    assert source.activity().run_count == 2


def test_tags_and_names(source: ForeignSource, hashes: list[str]) -> None:
    source.attach_tag(hashes[0], "new")
    assert {tag.name for tag in source.get_record(hashes[0]).run.tags} == {"kept", "new"}
    assert {tag.name for tag in source.find_tags()} == {"kept", "new"}
    source.detach_tag(hashes[0], "new")
    assert [tag.name for tag in source.get_record(hashes[0]).run.tags] == ["kept"]
    source.update_run(hashes[0], experiment="other", description="how it went")
    run = source.get_record(hashes[0]).run
    assert (run.experiment, run.description) == ("other", "how it went")
    source.update_run(hashes[0], experiment="")
    assert source.get_record(hashes[0]).run.experiment == "default"
    source.update_run(hashes[0], experiment="resnet")


def test_archived_runs_stay_archived_when_renamed(
    source: ForeignSource, hashes: list[str]
) -> None:
    source.archive_runs(hashes[:1], True)
    assert list(source.find_runs().hashes) == hashes[1:]
    source.update_run(hashes[0], name="renamed")
    run = source.get_record(hashes[0]).run
    assert (run.name, run.is_archived) == ("renamed", True)
    source.update_run(hashes[0], name="run-0", is_archived=False)
    assert set(source.find_runs().hashes) == set(hashes)


def test_notes(source: ForeignSource, hashes: list[str]) -> None:
    begun_at = time.time()
    source.create_note("first", run_hash=hashes[0])
    source.create_note("look", trace=TraceRef(hashes[0], "loss", TRAIN), step=3)
    look, first = source.find_notes(run_hash=hashes[0])
    assert (look.content, first.content) == ("loss at step 3: look", "first")
    assert first.run_hash == hashes[0]
    assert begun_at - 5 < first.created_at < time.time() + 5
    assert source.update_note(first, "changed").content == "changed"
    source.delete_note(look)
    assert [each.content for each in source.find_notes(run_hash=hashes[0])] == ["changed"]
    with pytest.raises(FeatureMissingError):
        source.find_notes()


def test_experiments(source: ForeignSource) -> None:
    made = source.create_experiment("fresh", "what it is for")
    assert made.description == "what it is for"
    with pytest.raises(NameTakenError):
        source.create_experiment("fresh")
    source.create_note("on it", experiment_id=made.id)
    (note,) = source.find_notes(experiment_id=made.id)
    assert (note.content, note.experiment_id) == ("on it", made.id)
    source.update_experiment(made.id, is_archived=True)
    assert [e.is_archived for e in source.find_experiments() if e.id == made.id] == [True]
    source.delete_experiment(made.id)
    assert "fresh" not in [each.name for each in source.find_experiments()]


def test_what_aim_cannot_do_is_named(source: ForeignSource, hashes: list[str]) -> None:
    with pytest.raises(FeatureMissingError, match="Finishing runs"):
        source.finish_runs(hashes[:1])
    assert source.get_setting("queries") is None


def test_runs_are_deleted_in_the_end(source: ForeignSource, hashes: list[str]) -> None:
    assert source.delete_runs(hashes[1:]) == 1
    assert list(source.find_runs().hashes) == hashes[:1]
