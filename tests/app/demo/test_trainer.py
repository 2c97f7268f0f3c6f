"""Training against a real server: what arrives, how runs end, what is trained again."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from app.demo.client import Moment, RunLogger, ServerClient, TrackingError
from app.demo.plan import PlannedRun, make_plan, shortened
from app.demo.trainer import train_plan
from server.embed import EmbeddedServer
from store import Workspace
from store.models import Context, RunStatus, SequenceKey, SequenceKind
from tests.e2e.processes import wait_for

TRAIN = Context.of({"subset": "train"})
EPOCHS = 3


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[ServerClient]:
    assert server.url is not None
    opened = ServerClient(server.url)
    yield opened
    opened.close()


def short_plan(count: int) -> list[PlannedRun]:
    return [shortened(run, EPOCHS) for run in make_plan(count, seed=0)]


def losses(workspace: Workspace, run: PlannedRun) -> list[float]:
    """The training losses of a run."""
    key = SequenceKey("loss", TRAIN)
    return [float(value) for value in workspace.points.read(run.hash, key).values]


def test_a_trained_run_has_something_of_everything(
    workspace: Workspace, client: ServerClient
) -> None:
    (run,) = short_plan(1)
    train_plan(client, [run])
    record = workspace.runs.record(run.hash)
    assert record.run.name == run.name
    assert record.run.experiment == run.study.experiment
    assert record.run.status is RunStatus.FINISHED
    assert [tag.name for tag in record.run.tags] == [run.study.tag]
    assert record.params["hparams"]["hidden"] == list(run.setting.hidden)
    counts = {(metric.name, str(metric.context)): metric.count for metric in record.metrics}
    steps = EPOCHS * 29
    assert counts["loss", "subset=train"] == steps
    assert counts["loss", "subset=val"] == EPOCHS
    assert counts["learning_rate", ""] == -(-steps // 4)
    kinds = {found.kind for found in workspace.sequences.find(run.hash)}
    assert kinds == {
        SequenceKind.METRIC,
        SequenceKind.IMAGES,
        SequenceKind.TEXTS,
        SequenceKind.DISTRIBUTIONS,
        SequenceKind.FIGURES,
    }
    paths = {artifact.path for artifact in workspace.artifacts.find(run.hash)}
    assert paths == {"history.csv", "model/weights.npz"}
    assert len(workspace.logs.lines(run.hash)) == EPOCHS + 1
    (experiment,) = workspace.experiments.find()
    assert experiment.description == run.study.question
    assert "Best of 1" in workspace.notes.find(experiment_id=experiment.id)[0].content


def test_the_same_seed_gives_the_same_values(
    workspace: Workspace, client: ServerClient
) -> None:
    first, second = short_plan(2)
    train_plan(client, [first, second])
    before = losses(workspace, first), losses(workspace, second)
    workspace.runs.delete([first.hash, second.hash])
    for run in (first, second):
        workspace.runs.clear_tombstone(run.hash)
    train_plan(client, [second, first])
    assert (losses(workspace, first), losses(workspace, second)) == before


def test_the_broken_run_fails_with_its_traceback(
    workspace: Workspace, client: ServerClient
) -> None:
    run = next(run for run in short_plan(8) if run.setting.broken_epoch is not None)
    train_plan(client, [run])
    assert workspace.runs.get(run.hash).status is RunStatus.FAILED
    log = "\n".join(line.text for line in workspace.logs.lines(run.hash))
    assert "IndexError: index 7 is out of bounds" in log
    _, records = workspace.logs.records(run.hash)
    assert records[-1].message == "Training failed"
    assert workspace.notes.find(run_hash=run.hash)


def test_what_has_ended_is_not_trained_again(
    workspace: Workspace, client: ServerClient
) -> None:
    plan = short_plan(1)
    train_plan(client, plan)
    before = workspace.runs.get(plan[0].hash)
    train_plan(client, plan)
    assert workspace.runs.get(plan[0].hash) == before


def test_runs_that_were_interrupted_are_killed_and_trained_again(
    workspace: Workspace, server: EmbeddedServer
) -> None:
    assert server.url is not None
    run = make_plan(1, seed=0)[0]
    command = [sys.executable, "-m", "app.demo.trainer", server.url, "--runs", "1"]
    process = subprocess.Popen([*command, "--pace", "60"])
    wait_for(lambda: workspace.runs.count() == 1, "the run to begin")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert workspace.runs.get(run.hash).status is RunStatus.KILLED
    assert subprocess.run([*command, "--epochs", "2"], check=False).returncode == 0
    assert workspace.runs.get(run.hash).status is RunStatus.FINISHED


def test_a_refused_frame_is_an_error(workspace: Workspace, client: ServerClient) -> None:
    with RunLogger(client, "a" * 32) as logger:
        logger.log_metrics({"loss": float("nan")}, Moment(0, 0))
        logger.flush()
        logger.log_metrics({"loss": 1.0}, Moment(-5, 0))
        with pytest.raises(TrackingError, match="step"):
            logger.flush()
    (metric,) = workspace.runs.record("a" * 32).metrics
    assert np.isnan(metric.last)
