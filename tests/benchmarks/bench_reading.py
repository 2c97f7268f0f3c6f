"""Reading points: many runs of shape M, one long sequence, one run of a wide store.

    python -m tests.benchmarks.bench_reading --runs 1000 [--folder FOLDER] [--only M L W T]

Stores are built in the folder when they are not there yet and are kept, so that the next
time is quick; without a folder a temporary one is used.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from store import Store
from store.models import SequenceKey, SequenceKind
from store.models.operations import LogPoints
from tests.benchmarks.report import measure, print_figure, print_machine, rss_mb
from tests.benchmarks.shapes import (
    SHAPES,
    Shape,
    build,
    metric_context,
    metric_name,
    metric_values,
    run_hash,
    shape,
)


def sequences_of(store: Store, runs: Sequence[int], metric: int) -> dict[int, int]:
    """Sequence ids of one metric, with their runs."""
    found = {}
    for run in runs:
        for ref in store.default.sequences.find(run_hash(run), [SequenceKind.METRIC]):
            if ref.name == metric_name(metric):
                found[ref.id] = run
    return found


def check(store: Store, of: Shape, sequences: dict[int, int], metric: int) -> None:
    """The traces are what was logged."""
    for sequence, series in store.default.points.read_many(sequences, density=50).items():
        values = metric_values(sequences[sequence], metric, of.steps)
        assert len(series) == min(50, of.steps)
        np.testing.assert_array_equal(series.values, values[series.steps])


def bench_many(store: Store, of: Shape) -> None:
    """Metric search over shape M: the part that reads points."""
    rng = np.random.default_rng(0)
    last = range(of.runs)[-100:]
    scattered = rng.choice(of.runs, min(100, of.runs), replace=False).tolist()
    cases: list[tuple[str, float, Sequence[int]]] = [
        ("M: 5 runs, 50 points a trace", 15, last[:5]),
        ("M: 100 recent runs, 50 points a trace", 40, last),
        ("M: 100 random runs, 50 points a trace", 150, scattered),
    ]
    for name, target, runs in cases:
        sequences = sequences_of(store, runs, metric=3)
        check(store, of, sequences, metric=3)
        measure(name, target, lambda s=sequences: store.default.points.read_many(s, density=50))  # type: ignore[misc]
    sequences = sequences_of(store, scattered, metric=3)
    measure(
        "M: 100 random runs, 500 points by extremes",
        None,
        lambda: store.default.points.read_many(sequences, density=500, method="minmax"),
    )
    one = [ref.id for ref in store.default.sequences.find(run_hash(of.runs // 2))]
    measure("M: all metrics of one run", None, lambda: store.default.points.read_many(one))
    run_ids = [store.default.runs.get(run_hash(run)).id for run in last]
    measure(
        "M: summaries of 100 runs", None, lambda: store.default.sequences.summaries(run_ids)
    )


def bench_long(store: Store, of: Shape) -> None:
    """One very long metric."""
    ((sequence, _),) = sequences_of(store, [0], metric=0).items()
    values = metric_values(0, 0, of.steps)
    read = store.default.points.read_many
    zoom = (of.steps // 2, of.steps // 2 + of.steps // 100)

    whole = read([sequence], density=500, method="minmax")[sequence]
    assert len(whole) <= 500
    assert whole.values.min() == values.min()
    assert whole.values.max() == values.max()
    np.testing.assert_array_equal(whole.values, values[whole.steps])
    part = read([sequence], density=500, method="minmax", step_range=zoom)[sequence]
    assert part.values.max() == values[zoom[0] : zoom[1] + 1].max()

    cases: list[tuple[str, float | None, Callable[[], object]]] = [
        (
            "L: 500 points by extremes",
            400,
            lambda: read([sequence], density=500, method="minmax"),
        ),
        (
            "L: zoom to 1 %, 500 points by extremes",
            50,
            lambda: read([sequence], density=500, method="minmax", step_range=zoom),
        ),
        ("L: 50 points by steps", None, lambda: read([sequence], density=50)),
        ("L: 500 points by steps", None, lambda: read([sequence], density=500)),
        ("L: all points", None, lambda: read([sequence])),
    ]
    for name, target, work in cases:
        measure(name, target, work, n=5)


def bench_wide(store: Store, of: Shape) -> None:
    """One run with 1,500 metrics among many."""
    run = of.runs // 2
    refs = store.default.sequences.find(run_hash(run), [SequenceKind.METRIC])
    assert len(refs) == of.metrics
    ids = [ref.id for ref in refs]
    series = store.default.points.read(
        run_hash(run), SequenceKey(metric_name(5), metric_context(5))
    )
    np.testing.assert_array_equal(series.values, metric_values(run, 5, of.steps))
    measure("W: all metrics of one run", 100, lambda: store.default.points.read_many(ids))
    run_id = store.default.runs.get(run_hash(run)).id
    measure(
        "W: summaries of one run", None, lambda: store.default.sequences.summaries([run_id])
    )
    measure("W: its sequences", None, lambda: store.default.sequences.find(run_hash(run)))


def bench_tail(store: Store) -> None:
    """Twenty live runs with two million unsealed points."""
    futures = []
    steps = np.arange(1_000)
    for start in range(0, 20_000, 1_000):
        for run in range(20):
            for name in ("a", "b", "c", "d", "e"):
                points = LogPoints(
                    name,
                    metric_context(0),
                    steps + start,
                    np.sin(steps),
                    None,
                    steps + 1.79e9,  # type: ignore[arg-type]
                )
                futures.append(store.default.ingest.submit(f"live{run}", [points]))
        futures.pop().result()
    for future in futures:
        future.result()
    refs = [store.default.sequences.find(f"live{run}")[0].id for run in range(20)]
    tails = store.default.points.tail(refs, after_step=19_900)
    assert all(
        series.steps.tolist() == list(range(19_901, 20_000)) for series in tails.values()
    )
    unsealed = store.statistics().unsealed_points
    measure(
        f"tail of 20 runs ({unsealed / 1e6:.1f}M points unsealed)",
        5,
        lambda: store.default.points.tail(refs, after_step=19_900),
        n=21,
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000, help="runs of shape M")
    parser.add_argument("--folder", type=Path, help="where stores are built and kept")
    parser.add_argument("--only", nargs="+", default=["M", "L", "W", "T"])
    options = parser.parse_args()
    print_machine()
    benches = {"M": bench_many, "L": bench_long, "W": bench_wide}
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        for name in options.only:
            if name == "T":
                with Store.open(Path(temporary) / "tail.rf") as store:
                    bench_tail(store)
                continue
            of = shape(name, options.runs) if name == "M" else SHAPES[name]
            path = folder / f"{name}-{of.runs}.rf"
            if not path.exists():
                with Store.open(path) as store:
                    print_figure(
                        f"{name}: building {of.runs} runs", f"{build(store, of):.1f} s"
                    )
            with Store.open(path) as store:
                benches[name](store, of)
                figures = store.statistics()
                print_figure(
                    f"{name}: {figures.points / 1e6:.1f}M points",
                    f"{figures.size_bytes / figures.points:.2f} bytes a point with everything, "
                    f"{figures.segments} segments, RSS {rss_mb():.0f} MB",
                )


if __name__ == "__main__":
    main()
