"""Runs, series and a whole small store, with sensible defaults and always the same values."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from store.models import Context, RunStatus, SequenceKind, Series
from store.models.operations import (
    AddTag,
    CreateRun,
    FinishRun,
    LogLines,
    LogObjects,
    LogPoints,
    LogRecords,
    NewRecord,
    Operation,
    SetParams,
    SetProperty,
)

if TYPE_CHECKING:
    from store.workspace import Workspace

START = 1_790_000_000.0
"""When the tests' world begins: 2026-09-21, UTC."""

DEMO_NOW = START + 12 * 3600
"""The time at which `fill_demo` expects the store's clock to stand: an hour after the last run
began."""

TRAIN = Context.of({"subset": "train"})
VAL = Context.of({"subset": "val"})


class StillClock:
    """A clock that stands until it is moved, and ids that are counted."""

    def __init__(self, time_s: float = START) -> None:
        self.time_s = time_s
        self.id_count = 0

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.time_s

    def new_id(self) -> str:
        """The next UUID."""
        self.id_count += 1
        return str(uuid.UUID(int=self.id_count))


def make_hash(key: object = 1) -> str:
    """A run hash as clients make them, the same for the same key."""
    return hashlib.md5(repr(key).encode(), usedforsecurity=False).hexdigest()


def make_series(values: ArrayLike = (1.0, 0.5, 0.25), first_step: int = 0) -> Series:
    """A series with these values at consecutive steps, ten steps an epoch, one step a second."""
    column = np.asarray(values, dtype=np.float64)
    steps = np.arange(first_step, first_step + len(column), dtype=np.int64)
    return Series(steps, column, (steps // 10).astype(np.float64), START + steps)


def make_points(
    name: str = "loss",
    values: ArrayLike = (1.0, 0.5, 0.25),
    context: Context | None = None,
    *,
    first_step: int = 0,
    started_at: float = START,
) -> LogPoints:
    """The operation that logs `make_series`."""
    series = make_series(values, first_step)
    return LogPoints(
        name=name,
        context=context or Context(),
        steps=series.steps.tolist(),
        values=series.values.tolist(),
        epochs=series.epochs.tolist(),
        times=(series.times - START + started_at).tolist(),
    )


def log_run(
    workspace: Workspace,
    key: object = 1,
    *operations: Operation,
    name: str | None = None,
    experiment: str | None = None,
    params: Mapping[str, Any] | None = None,
    metrics: Mapping[str, ArrayLike] | None = None,
    tags: Iterable[str] = (),
    started_at: float | None = None,
    status: RunStatus = RunStatus.RUNNING,
) -> str:
    """Log one run, wait until it is durable, give its hash; further operations go last."""
    run_hash = make_hash(key)
    first: list[Operation] = [CreateRun(started_at)]
    if name is not None or experiment is not None:
        first.append(SetProperty(name=name, experiment=experiment))
    if params:
        first += [SetParams({part: value}) for part, value in params.items()]
    first += [AddTag(tag) for tag in tags]
    start = START if started_at is None else started_at
    for metric, values in (metrics or {}).items():
        first.append(make_points(metric, values, started_at=start))
    last: list[Operation] = []
    if status is not RunStatus.RUNNING:
        last.append(FinishRun(None if started_at is None else started_at + 60, status))
    workspace.ingest.submit(run_hash, [*first, *operations, *last]).result()
    return run_hash


def decaying(count: int, rate: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Values that fall like a loss does, with noise."""
    steps = np.arange(count)
    values: NDArray[np.float64] = np.exp(-rate * steps) + 0.05
    return values + np.abs(rng.normal(0, 0.02, count))


DEMO_STATUSES = (
    *[RunStatus.FINISHED] * 7,
    RunStatus.FAILED,
    RunStatus.KILLED,
    RunStatus.RUNNING,
    RunStatus.FINISHED,
    RunStatus.RUNNING,
)


def fill_demo(workspace: Workspace) -> None:
    """Twelve runs in three experiments with something of everything; the same every time."""
    rng = np.random.default_rng(7)
    for number, status in enumerate(DEMO_STATUSES):
        experiment = ("vision", "speech", "été 🌻")[number % 3]
        log_run(
            workspace,
            ("demo", number),
            *demo_points(number, rng),
            *demo_objects(number),
            name=f"{experiment}-{number:02d}",
            experiment=experiment,
            params=demo_params(number),
            tags=["baseline"] if number % 4 == 0 else ["sweep", f"group {number % 2}"],
            started_at=START + 3600 * number,
            status=status,
        )
    first, second = make_hash(("demo", 0)), make_hash(("demo", 1))
    workspace.runs.update(first, description="The run that everything is compared with.")
    workspace.runs.archive([make_hash(("demo", 10))], is_archived=True)
    workspace.notes.create("Converges **early**.", run_hash=first)
    workspace.notes.create("Try a smaller batch.\n\n- 16\n- 8", run_hash=second)


def demo_params(number: int) -> dict[str, Any]:
    """Params in which some keys differ, some do not, and some are missing."""
    hparams = {
        "lr": (0.1, 0.01, 0.001)[number % 3],
        "batch_size": 2 ** (4 + number % 4),
        "optimiser": ("sgd", "adam")[number % 2],
        "layers": [64, 32] if number % 2 else [128],
    }
    if number % 5 == 0:
        hparams["dropout"] = 0.1 * number
    return {"hparams": hparams, "data": {"name": "cifar10", "shuffle": True}, "seed": number}


def demo_points(number: int, rng: np.random.Generator) -> list[Operation]:
    """Losses, accuracies, a metric with NaN, one with a single point, one of the machine."""
    loss = decaying(200, 0.01 + 0.003 * number, rng)
    start = START + 3600 * number
    operations: list[Operation] = [
        make_points("loss", loss, TRAIN, started_at=start),
        make_points("loss", loss[::10] * 1.1, VAL, started_at=start),
        make_points("acc", 1 - loss / 1.2, VAL, started_at=start),
        make_points("__system__cpu", rng.uniform(0, 100, 20), started_at=start),
    ]
    if number == 3:
        broken = np.where(np.arange(50) > 30, np.nan, np.exp(np.arange(50) / 5))
        operations.append(make_points("grad_norm", broken, started_at=start))
    if number == 4:
        operations.append(make_points("final/f1 score", [0.87], started_at=start))
    return operations


def demo_objects(number: int) -> list[Operation]:
    """Texts, histograms, a figure, terminal output and records for the first few runs."""
    if number > 2:
        return []
    figure = {"data": [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}], "layout": {}}
    bins = {"type": "distribution", "bin_count": 4, "range": [-1.0, 1.0], "data": [1, 5, 4, 2]}
    objects: list[tuple[str, SequenceKind, dict[str, Any], int]] = [
        *(("mistakes", SequenceKind.TEXTS, {"type": "text", "data": f"step {step}"}, step)
          for step in (0, 50, 100)),
        *(("weights", SequenceKind.DISTRIBUTIONS, bins, step) for step in (0, 100)),
        ("confusion", SequenceKind.FIGURES, {"type": "figure", "data": figure}, 100),
    ]  # fmt: skip
    lines = [f"epoch {epoch}: loss \x1b[31m{1 / (epoch + 1):.3f}\x1b[0m" for epoch in range(30)]
    return [
        *(
            LogObjects(kind, name, VAL, step, step / 10, START + step, [item])
            for name, kind, item, step in objects
        ),
        LogLines(list(enumerate(lines))),
        LogRecords([NewRecord("started", 20, START), NewRecord("lr is high", 30, START + 9)]),
    ]
