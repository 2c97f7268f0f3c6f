"""Run by the crash test in a process of its own: writes until it is killed.

Every acknowledged group of points is reported on standard output, one line each, and only
after its acknowledgement.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import numpy as np

from store.points.frames import SequenceBatch
from store.points.lifecycle import SealRules
from tests.store.points.harness import T0, Points

RUNS = (1, 2, 3, 4)
METRICS = ("loss", "acc")
RULES = SealRules(points=4_000, check_s=0.05, merge_count=3)


def value_at(sequence: int, step: int) -> float:
    return sequence * 1e9 + step


def write(points: Points, run: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ids = [points.sequence(run, name) for name in METRICS]
    last = {item: points.read(item).steps[-1:].tolist() for item in ids}
    step = 1 + max((steps[0] for steps in last.values() if steps), default=-1)
    while True:
        count = int(rng.integers(1, 60))
        steps = np.arange(step, step + count)
        batches = [
            SequenceBatch(
                item, steps, value_at(item, steps), np.full(count, np.nan), T0 + steps
            )
            for item in ids
        ]
        points.engine.append(run, batches).result()
        os.write(1, f"{run} {step} {step + count}\n".encode())
        step += count


def main() -> None:
    points = Points(Path(sys.argv[1]), RULES)
    if not points.database.rows("SELECT id FROM runs LIMIT 1"):
        points.add_runs(RUNS)
    for run in RUNS:
        threading.Thread(target=write, args=(points, run, int(sys.argv[2]) + run)).start()


if __name__ == "__main__":
    main()
