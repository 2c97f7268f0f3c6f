"""Searching for runs and metrics in stores with very many runs.

    python -m tests.benchmarks.bench_search [R|M|S ...]

Prints for each question the median and the best of several rounds, and the least processor
time, which a busy machine disturbs less; in milliseconds. What is found is checked first.
"""

from __future__ import annotations

import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import duckdb

from store import Store
from store.models import SequenceKind
from store.search import RunSearch, SortKey
from tests.benchmarks.many_runs import make_many_runs

SHAPES = {"S": (1_000, 30), "M": (10_000, 30), "R": (100_000, 50)}
ROUNDS = 9

FILTER = 'run.hparams.lr > 0.05 and run.metrics["acc"].last > 0.5'
PUSHED_NOWHERE = 'run.hparams.model.upper() == "VIT_B"'
METRICS = 'metric.name == "val_loss" and metric.context.subset == "val" and metric.last < 0.01'
SLOW = ("filter that only Python knows", "all runs streamed")
BY_PARAM = (SortKey("params.hparams.lr", descending=True),)
BY_METRIC = (SortKey("metrics.acc.last"),)


def first_page(store: Store, query: str, sort: tuple[SortKey, ...] = ()) -> int:
    """Read the first fifty runs with params and last values; the total."""
    matches = store.default.search.runs(RunSearch(query, sort=sort, limit=50))
    assert len(list(matches)) == min(50, matches.total)
    return matches.total


def indexed(store: Store) -> int:
    """The hashes of all runs."""
    index = store.default.search.index(RunSearch("run.archived or not run.archived"))
    assert len(index.hashes) == index.total
    return index.total


def metrics_found(store: Store) -> int:
    """Find metrics and read the first hundred runs."""
    matches = store.default.search.sequences(SequenceKind.METRIC, METRICS)
    list(islice(matches, 100))
    return matches.total


def streamed(store: Store) -> int:
    """Read all runs."""
    return sum(1 for _ in store.default.search.runs(RunSearch()))


def questions(store: Store, run_count: int) -> list[tuple[str, Callable[[], int], int]]:
    """Name, question, and how many runs must be found."""
    numbers = range(1, run_count + 1)
    shown = sum(number % 40 != 0 for number in numbers)
    high = sum(n % 40 != 0 and n % 5 < 2 and n * 7919 % 1000 > 500 for n in numbers)
    vit = sum(number % 40 != 0 and number % 3 == 0 for number in numbers)
    low = sum(number % 40 != 0 and number * 7919 % 1000 < 10 for number in numbers)
    return [
        ("first page of 50", lambda: first_page(store, ""), shown),
        ("param and metric filter, newest first", lambda: first_page(store, FILTER), high),
        ("... sorted by a param", lambda: first_page(store, FILTER, BY_PARAM), high),
        ("... sorted by a metric", lambda: first_page(store, FILTER, BY_METRIC), high),
        ("all, sorted by a metric", lambda: first_page(store, "", BY_METRIC), shown),
        ("hashes of all runs", lambda: indexed(store), run_count),
        ("metric search, 100 runs read", lambda: metrics_found(store), low),
        ("filter that only Python knows", lambda: first_page(store, PUSHED_NOWHERE), vit),
        ("all runs streamed", lambda: streamed(store), shown),
    ]


def measure(shape: str) -> None:
    """Print the figures of one shape."""
    run_count, param_count = SHAPES[shape]
    with tempfile.TemporaryDirectory() as folder:
        store = make_many_runs(Path(folder) / "lab.rf", run_count, param_count)
        print(f"{shape}: {run_count:,} runs x {param_count} params x 5 metrics")
        for name, ask, expected in questions(store, run_count):
            assert ask() == expected, (name, ask(), expected)
            rounds = (
                2 if run_count > 50_000 and name[0] in "fa" and "s" in name[-2:] else ROUNDS
            )
            walls, processor = [], []
            for _ in range(rounds):
                started_at, used = time.perf_counter(), time.process_time()
                ask()
                walls.append((time.perf_counter() - started_at) * 1000)
                processor.append((time.process_time() - used) * 1000)
            print(
                f"  {name:40} median {statistics.median(walls):8.1f}  best {min(walls):8.1f}"
                f"  processor {min(processor):8.1f} ms"
            )
        store.close()


def main() -> None:
    """Measure the shapes named on the command line, by default all."""
    print(
        f"{platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
    for shape in sys.argv[1:] or SHAPES:
        measure(shape)


if __name__ == "__main__":
    main()
