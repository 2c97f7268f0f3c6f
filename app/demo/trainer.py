"""The process that trains the plan: `python -m app.demo.trainer URL --runs 24 --seed 0`.

A few runs train at the same time, each with a connection of its own. A run that the server
already has and that ended is not trained again; one that was interrupted starts anew under the
same hash. With `--pace` no run takes less than so many seconds, so that there is something to
watch on a fast machine. SIGTERM ends what is being trained as killed.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import numpy as np

from app.demo.client import RunLogger, ServerClient
from app.demo.plan import BROKEN_TAG, DIVERGED_TAG, PlannedRun, Study, make_plan, shortened
from app.demo.training import Training, learning_rate_at

WORKERS = 3

_stop = threading.Event()
"""Set when the process is asked to end."""


class StoppedError(Exception):
    """Training was asked to end."""


@click.command()
@click.argument("url")
@click.option("--runs", "run_count", default=24, show_default=True, help="How many runs.")
@click.option("--seed", default=0, show_default=True, help="Everything follows from it.")
@click.option("--pace", "pace_s", default=0.0, help="Least seconds for a run.")
@click.option("--epochs", default=0, help="At most so many epochs; 0 as planned.")
def main(url: str, run_count: int, seed: int, pace_s: float, epochs: int) -> None:
    """Train the demonstration's networks and log them to the server at URL."""
    plan = make_plan(run_count, seed)
    if epochs:
        plan = [shortened(run, epochs) for run in plan]
    signal.signal(signal.SIGTERM, lambda _number, _frame: _stop.set())
    client = ServerClient(url)
    try:
        train_plan(client, plan, pace_s)
    finally:
        client.close()


def train_plan(client: ServerClient, plan: list[PlannedRun], pace_s: float = 0.0) -> None:
    """Train every run of the plan that the server does not have yet."""
    missing = [run for run in plan if not client.has_ended(run.hash)]
    if not missing:
        return
    experiment_ids = prepare(client, missing)
    # Divergence is part of the show; NumPy need not warn of it. The setting is per thread.
    with ThreadPoolExecutor(WORKERS, initializer=np.seterr, initargs=("ignore",)) as pool:
        accuracies = list(pool.map(lambda run: train_run(client, run, pace_s), missing))
    results = list(zip(missing, accuracies, strict=True))
    for study, experiment_id in experiment_ids.items():
        note_best(client, study, experiment_id, results)


def prepare(client: ServerClient, runs: list[PlannedRun]) -> dict[Study, str]:
    """Create experiments and tags with their colours; gives the ids of the experiments."""
    studies = dict.fromkeys(run.study for run in runs)
    for study in studies:
        client.colour_tag(study.tag, study.color, study.question)
    client.colour_tag(*DIVERGED_TAG, "The loss left the numbers")
    client.colour_tag(*BROKEN_TAG, "Failed on damaged data")
    return {
        study: client.describe_experiment(study.experiment, study.question) for study in studies
    }


def train_run(
    client: ServerClient,
    run: PlannedRun,
    pace_s: float = 0.0,
    clock: Callable[[], float] = time.time,
) -> float:
    """Train and log one run to its end; gives the last validation accuracy, NaN if failed."""
    if _stop.is_set():
        return float("nan")
    with RunLogger(client, run.hash, clock) as logger:
        training = Training(run, logger)
        training.describe()
        try:
            train_epochs(training, pace_s / run.setting.epochs)
        except IndexError:
            report_failure(client, training)
            return float("nan")
        except StoppedError:
            logger.log_record(logging.WARNING, "Training was stopped", step=training.step)
            logger.flush()
            client.end_run(run.hash, "killed")
            return float("nan")
        training.log_results()
        logger.log_record(logging.INFO, "Training finished", epochs=len(training.history))
        logger.finish()
    if training.has_diverged:
        best_epoch, _, best = max(training.history, key=lambda row: row[2])
        good, bad = (
            learning_rate_at(run.setting, at) for at in (best_epoch, training.diverged_epoch)
        )
        client.add_run_note(
            run.hash,
            f"The loss left the numbers in epoch {training.diverged_epoch + 1}, at a learning "
            f"rate of {bad:.2g}. It was best ({best:.1%}) at {good:.2g}.",
        )
    return training.history[-1][2]


def train_epochs(training: Training, least_s: float) -> None:
    """All epochs, each taking at least so many seconds.

    Raises:
        IndexError: If the data hold a class that does not exist.
        StoppedError: If the process was asked to end.
    """
    due_at = time.monotonic()
    for epoch in range(training.setting.epochs):
        training.train_epoch(epoch)
        training.finish_epoch(epoch)
        if training.has_diverged and epoch == training.diverged_epoch:
            training.logger.add_tag(DIVERGED_TAG[0])
            training.logger.log_record(logging.WARNING, "Loss is not finite", epoch=epoch)
        due_at += least_s
        if _stop.wait(max(0.0, due_at - time.monotonic())):
            raise StoppedError


def report_failure(client: ServerClient, training: Training) -> None:
    """Log the traceback being handled and end the run as failed."""
    logger = training.logger
    # Where this is installed is nobody's business, and too long to read.
    text = traceback.format_exc().replace(f"{Path(__file__).parents[2]}{os.sep}", "")
    for line in text.splitlines():
        logger.log_line(f"\x1b[31m{line}\x1b[0m")
    logger.log_record(logging.ERROR, "Training failed", step=training.step, traceback=text)
    logger.add_tag(BROKEN_TAG[0])
    logger.flush()
    client.end_run(training.run.hash, "failed")
    client.add_run_note(
        training.run.hash,
        "The data name a class that does not exist. Check the file, then train again.",
    )


def note_best(
    client: ServerClient,
    study: Study,
    experiment_id: str,
    results: list[tuple[PlannedRun, float]],
) -> None:
    """Write the answer of a study as a note on its experiment."""
    scores = [(acc, run) for run, acc in results if run.study == study and np.isfinite(acc)]
    if not scores:
        return
    accuracy, best = max(scores, key=lambda score: score[0])
    client.add_experiment_note(
        experiment_id, f"Best of {len(scores)}: **{best.name}**, accuracy {accuracy:.1%}."
    )


if __name__ == "__main__":
    main()
