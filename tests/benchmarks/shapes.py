"""The shapes of data that speed is measured on, built through the public API.

    S  1,000 runs x 10 metrics x 100 steps: the ordinary lab
    M  10,000 runs x 10 metrics x 1,000 steps: the busy team
    W  75,000 runs x 1,500 metrics x 20 steps: wide; by default a hundredth of its runs
    L  one metric with 10,000,000 points
    R  100,000 runs x 5 metrics with one point: the long table

Everything follows from numbers, so whoever measures can check the answers. To build one:

    python -m tests.benchmarks.shapes FOLDER M --runs 1000
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store import Store
from store.models import Context
from store.models.operations import (
    AddTag,
    CreateRun,
    FinishRun,
    LogPoints,
    Operation,
    SetParams,
    SetProperty,
)

STARTED_AT = 1_750_000_000.0
RUN_EVERY_S = 600.0
FRAME_POINTS = 100_000
"""A run with more points than this is sent in several frames."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of what."""

    name: str
    runs: int
    metrics: int
    steps: int
    params: int = 30
    tags: int = 2
    experiments: int = 4


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("S", runs=1_000, metrics=10, steps=100),
        Shape("M", runs=10_000, metrics=10, steps=1_000),
        Shape("W", runs=750, metrics=1_500, steps=20, params=150, tags=50, experiments=50),
        Shape("L", runs=1, metrics=1, steps=10_000_000),
        Shape("R", runs=100_000, metrics=5, steps=1, params=50, tags=1),
    )
}


def shape(name: str, runs: int | None = None) -> Shape:
    """One of the shapes, with another number of runs if wanted."""
    found = SHAPES[name]
    return found if runs is None else replace(found, runs=runs)


def run_hash(run: int) -> str:
    """The hash of a run by its number, from 0."""
    return hashlib.blake2b(run.to_bytes(8, "little"), digest_size=16).hexdigest()


def metric_name(metric: int) -> str:
    """The name of a metric by its number, from 0; one in ten is of the machine."""
    return f"__system__metric_{metric}" if metric % 10 == 9 else f"metric_{metric}"


def metric_context(metric: int) -> Context:
    """Half of the metrics have a context."""
    return Context.of({"subset": "val"} if metric % 2 else None)


def metric_values(run: int, metric: int, steps: int) -> NDArray[np.float64]:
    """All values of a metric: a float32 loss, a share of 512, a schedule, or full float64."""
    rng = np.random.default_rng([run, metric])
    position = np.arange(steps, dtype=np.float64)
    kind = metric % 4
    if kind == 0:
        loss = 2.0 * np.exp(-position / (0.3 * steps)) + 0.05 * rng.standard_normal(steps)
        return loss.astype(np.float32).astype(np.float64)
    if kind == 1:
        accuracy = 1.0 - np.exp(-position / (0.2 * steps)) + 0.02 * rng.standard_normal(steps)
        return np.round(np.clip(accuracy, 0.0, 1.0) * 512) / 512
    if kind == 2:
        return 1e-3 * 0.5 * (1.0 + np.cos(np.pi * np.floor(position / 10) * 10 / steps))
    return rng.lognormal(size=steps)


def metric_times(run: int, metric: int, steps: int) -> NDArray[np.float64]:
    """A tenth of a second for each step, more or less."""
    rng = np.random.default_rng([run, metric, 1])
    jitter = rng.normal(scale=0.003, size=steps)
    return STARTED_AT + run * RUN_EVERY_S + 0.1 * np.arange(steps) + jitter


def run_params(run: int, count: int) -> dict[str, Any]:
    """A nested tree with `count` leaves of all types."""
    leaves: dict[str, Any] = {}
    for number in range(count):
        group = leaves.setdefault(f"group_{number % 5}", {})
        group[f"param_{number}"] = (
            (run * 7919 + number) % 97 / 97,
            (run + number) % 13,
            f"choice_{(run + number) % 7}",
            (run + number) % 2 == 0,
        )[number % 4]
    return {"hparams": leaves | {"lr": 10.0 ** -(1 + run % 5), "seed": run}}


def frames(of: Shape, run: int) -> Iterator[list[Operation]]:
    """Everything that is sent for a run."""
    started_at = STARTED_AT + run * RUN_EVERY_S
    head: list[Operation] = [
        CreateRun(started_at),
        SetProperty(name=f"run {run}", experiment=f"experiment {run % of.experiments}"),
        SetParams(run_params(run, of.params)),
    ]
    head.extend(AddTag(f"tag {(run + number) % 60}") for number in range(of.tags))
    yield head
    points: list[Operation] = []
    for metric in range(of.metrics):
        values = metric_values(run, metric, of.steps)
        times = metric_times(run, metric, of.steps)
        for start in range(0, of.steps, FRAME_POINTS):
            part = slice(start, min(of.steps, start + FRAME_POINTS))
            steps = np.arange(part.start, part.stop)
            points.append(
                LogPoints(
                    metric_name(metric),
                    metric_context(metric),
                    steps=steps,  # type: ignore[arg-type]
                    values=values[part],  # type: ignore[arg-type]
                    epochs=np.floor(steps / 100),  # type: ignore[arg-type]
                    times=times[part],  # type: ignore[arg-type]
                )
            )
            if len(points) * len(steps) >= FRAME_POINTS:
                yield points
                points = []
    if points:
        yield points
    yield [FinishRun(started_at + 0.1 * of.steps)]


def build(store: Store, of: Shape, first_run: int = 0) -> float:
    """Put a shape into a store, and seal it.

    Returns:
        Seconds it took.
    """
    started = time.perf_counter()
    waiting: deque[Future[None]] = deque()
    for run in range(first_run, first_run + of.runs):
        for frame in frames(of, run):
            waiting.append(store.default.ingest.submit(run_hash(run), frame))
            if len(waiting) > 200:
                waiting.popleft().result()
    for future in waiting:
        future.result()
    store.seal()
    return time.perf_counter() - started


def main() -> None:
    """Build a shape from the command line."""
    parser = argparse.ArgumentParser(description="Build a store of a given shape.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("--runs", type=int)
    options = parser.parse_args()
    of = shape(options.shape, options.runs)
    with Store.open(options.folder) as store:
        seconds = build(store, of)
        print(f"{of}: {seconds:.1f} s, {store.statistics()}")


if __name__ == "__main__":
    main()
