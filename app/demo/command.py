"""`runfolio demo`: train small networks while the dashboard, or nobody, looks on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.launching import check_terminal

if TYPE_CHECKING:
    from app.demo.plan import PlannedRun
    from app.serving import Serving
    from app.sources import Source

PACE_S = 4.0
"""With somebody watching no run takes less."""

POLL_S = 0.5
STOP_S = 10.0


class TrainerError(click.ClickException):
    """The training process ended badly."""


@click.command("demo")
@click.argument("path", metavar="[STORE]", default="demo.rf", type=click.Path(path_type=Path))
@click.option("--runs", "run_count", default=24, show_default=True, type=click.IntRange(1, 500),
              help="How many networks to train.")  # fmt: skip
@click.option("--seed", default=0, show_default=True, help="All results follow from it.")
@click.option("--epochs", default=0, hidden=True, type=click.IntRange(0))
@click.option(
    "--no-ui", is_flag=True, help="Train without the dashboard and print the best runs."
)
def demo_command(*, path: Path, run_count: int, seed: int, epochs: int, no_ui: bool) -> None:
    """Train small neural networks and watch them.

    The results are kept in the folder STORE, demo.rf unless given; what it already holds is
    not trained again. A store that is open already is logged to where it is open. Nothing is
    downloaded.
    """
    from app.demo.plan import make_plan

    plan = make_plan(run_count, seed)
    options = ["--runs", str(run_count), "--seed", str(seed), "--epochs", str(epochs)]
    if no_ui:
        train_headless(path, plan, options)
    else:
        check_terminal("runfolio demo --no-ui")
        train_and_watch(path, options)


def train_headless(path: Path, plan: list[PlannedRun], options: list[str]) -> None:
    """Serve the store, train everything, print what came out.

    Raises:
        TrainerError: If the training process fails.
    """
    from app.demo.summary import progress_line, summary_lines
    from store.errors import NotFoundError

    started_at = time.monotonic()
    with served(path) as (source, url):
        process = subprocess.Popen(trainer(url, options), env=trainer_environment())
        try:
            for done, run_hash in enumerate(ended_runs(source, plan, process), start=1):
                click.echo(progress_line(source.get_record(run_hash), done, len(plan)))
        finally:
            status = stop(process)
        if status:
            raise TrainerError(f"The training process ended with status {status}.")
        try:
            records = [source.get_record(run.hash) for run in plan]
        except NotFoundError as error:
            raise TrainerError("A run was deleted while the others trained.") from error
    click.echo("")
    for line in summary_lines(records, time.monotonic() - started_at):
        click.echo(line)
    click.echo(f"\nLook at them with: runfolio {path}")


def ended_runs(
    source: Source, plan: list[PlannedRun], process: subprocess.Popen[bytes]
) -> Iterator[str]:
    """Hashes of the planned runs in the order in which they end, until the process does."""
    waiting = {run.hash for run in plan}
    is_over = False
    while waiting and not is_over:
        is_over = process.poll() is not None
        version = source.version()
        known = source.get_records(sorted(waiting), params=False, metrics=False)
        for record in sorted(known, key=lambda record: record.run.finished_at or 0.0):
            if not record.run.is_active:
                waiting.discard(record.run.hash)
                yield record.run.hash
        if not is_over:
            source.wait_for_change(version, POLL_S)
    process.wait()


def train_and_watch(path: Path, options: list[str]) -> None:
    """Open the dashboard on the store while a process trains into it.

    Raises:
        OpenError: If the store cannot be used.
        TrainerError: If the training process fails.
    """
    from app.launching import show_dashboard
    from app.serving import Serving
    from app.settings.config import read_config
    from app.sources.opening import open_store

    source = open_store(path, create=True)
    with closing(source), tempfile.TemporaryFile() as output:
        serving = Serving(source.store)

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                trainer(door_of(source, path, serving), [*options, "--pace", str(PACE_S)]),
                env=trainer_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

        # The server takes longer to import than the dashboard to paint.
        with ThreadPoolExecutor(1) as starter:
            starting = starter.submit(start)
            try:
                show_dashboard(source, read_config(), serving=serving)
            finally:
                process = starting.result()
                was_running = process.poll() is None
                status = stop(process)
                serving.close()
        if status and not was_running:
            output.seek(0)
            raise TrainerError(output.read().decode(errors="replace").strip())


def door_of(source: Source, path: Path, serving: Serving) -> str:
    """Where training is to be logged: to this process, or to the one that has the store open.

    Raises:
        StoreLockedError: If that one does not listen.
    """
    from app.demo.client import UNIX
    from store.errors import StoreLockedError
    from store.ownership import read_owner

    if source.store is not None:
        return serving.start("127.0.0.1", 0, time.time(), is_wanted=False)
    owner = read_owner(path.absolute())
    if owner is None or not owner.socket:
        raise StoreLockedError(path, owner.pid if owner else None)
    return UNIX + owner.socket


def trainer(url: str, options: list[str]) -> list[str]:
    """The command that trains."""
    return [sys.executable, "-m", "app.demo.trainer", url, *options]


def trainer_environment() -> dict[str, str]:
    """The environment, with one thread for each matrix product: the networks are that small."""
    return os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@contextmanager
def served(path: Path) -> Iterator[tuple[Source, str]]:
    """The store at a path, created if need be, and the address to log to.

    Raises:
        OpenError: If the store cannot be used.
    """
    from app.serving import Serving
    from app.sources.opening import open_store

    source = open_store(path, create=True)
    with closing(source):
        serving = Serving(source.store)
        try:
            yield source, door_of(source, path, serving)
        finally:
            serving.close()


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ask a process to end, insist if it does not; gives its status."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()
