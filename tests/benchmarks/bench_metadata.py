"""Metadata: opening, pages of runs, the params overview, single changes, making runs.

python -m tests.benchmarks.bench_metadata [--runs 10000 100000]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from store import Store
from store.models.operations import (
    AddTag,
    CreateRun,
    LogLines,
    Operation,
    SetParams,
    SetProperty,
)
from tests.benchmarks.many_runs import make_many_runs
from tests.benchmarks.report import measure, print_figure, print_machine
from tests.factories import make_hash


def open_again(store: Store) -> Store:
    """Close and open a store, and say how long opening took."""
    store.close()
    started = time.perf_counter()
    opened = Store.open(store.path)
    print_figure(
        "open", f"{1e3 * (time.perf_counter() - started):.0f} ms", "300 ms for 100,000"
    )
    return opened


def read(store: Store) -> None:
    """Pages of runs, and what is known about the workspace."""
    workspace = store.default
    hashes = workspace.runs.hashes()
    some = random.Random(1).sample(hashes, 50)
    assert [record.run.hash for record in workspace.runs.records(some)] == some
    measure("50 newest runs, whole", 20, lambda: workspace.runs.records(hashes[-50:]))
    measure("50 random runs, whole", None, lambda: workspace.runs.records(some))
    measure("one run", None, lambda: workspace.runs.get(some[0]))
    measure("activity", None, workspace.projects.activity)

    def overview() -> None:
        workspace.runs.set_params(some[0], {"seed": random.random()})
        assert workspace.projects.params().params["seed"]

    measure("params overview after a change", 50, overview)
    measure("params overview again", 50, workspace.projects.params)


def change(store: Store) -> None:
    """Single changes, each durable."""
    workspace = store.default
    some = random.Random(2).sample(workspace.runs.hashes(), 200)
    measure("rename a run", None, lambda: workspace.runs.update(some[0], name=make_hash()))
    measure("tag a run", None, lambda: workspace.tags.attach(some.pop(), "best"))
    lines = [LogLines([(0, "a line")])]
    measure("one line", None, lambda: workspace.ingest.submit(some[0], lines).result())
    measure("delete a run", None, lambda: workspace.runs.delete([some.pop()]))


def make(store: Store, count: int = 2_000, param_count: int = 30) -> None:
    """New runs with params, a tag and an experiment, 256 under way at a time."""
    rng = random.Random(3)
    started = time.perf_counter()
    futures = []
    for number in range(count):
        params = {f"p{place}": rng.random() for place in range(param_count)}
        operations: list[Operation] = [
            CreateRun(),
            SetProperty(experiment=f"e{number % 20}"),
            SetParams({"hparams": params}),
            AddTag(f"t{number % 5}"),
        ]
        futures.append(store.default.ingest.submit(make_hash(("new", number)), operations))
        if len(futures) == 256:
            while futures:
                futures.pop().result()
    while futures:
        futures.pop().result()
    rate = count / (time.perf_counter() - started)
    print_figure(f"new runs of {param_count} params", f"{rate:,.0f} a second")


def main() -> None:
    """Measure stores of the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, nargs="+", default=[10_000, 100_000])
    arguments = parser.parse_args()
    print_machine()
    for run_count in arguments.runs:
        with tempfile.TemporaryDirectory() as folder:
            print(f"\n{run_count:,} runs of 50 params and 5 metrics")
            store = open_again(make_many_runs(Path(folder) / "many.rf", run_count, 50))
            read(store)
            change(store)
            make(store)
            store.close()


if __name__ == "__main__":
    main()
