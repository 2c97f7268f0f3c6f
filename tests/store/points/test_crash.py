"""`kill -9` while points are logged, sealed and merged: nothing acknowledged is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.store.points.crash_writer import METRICS, RULES, RUNS, value_at
from tests.store.points.harness import Points

REPOSITORY = Path(__file__).parents[3]


def crash(folder: Path, seed: int, alive_s: float) -> dict[int, int]:
    """Let a process write for a while and kill it.

    Returns:
        For each run, up to which step (exclusive) it was acknowledged.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.points.crash_writer", str(folder), str(seed)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    acknowledged: dict[int, int] = {}
    with process:
        deadline = None
        for line in process.stdout:
            if not line.endswith("\n"):
                break
            run, _, stop = map(int, line.split())
            acknowledged[run] = stop
            # The clock starts with the first points, however long the imports took.
            deadline = deadline or time.monotonic() + alive_s
            if time.monotonic() > deadline:
                process.kill()
    return acknowledged


def check(folder: Path, acknowledged: dict[int, int]) -> tuple[int, int]:
    """Everything acknowledged is there, once, with its value.

    Returns:
        Points and segments.
    """
    with Points(folder, RULES) as points:
        total = 0
        for run in RUNS:
            for name in METRICS:
                sequence = points.sequence(run, name)
                series = points.read(sequence)
                count = len(series)
                assert count >= acknowledged.get(run, 0)
                np.testing.assert_array_equal(series.steps, np.arange(count))
                np.testing.assert_array_equal(series.values, value_at(sequence, series.steps))
                total += count
            for summary in points.engine.summaries([run])[run]:
                series = points.read(summary.sequence_id)
                assert summary.count == len(series)
                assert summary.last == series.values[-1]
        statistics = points.engine.statistics()
        assert statistics.points == total
        return total, statistics.segments


def crash_often(folder: Path, rounds: int, seed: int) -> None:
    rng = random.Random(seed)
    merged_or_sealed = 0
    for number in range(rounds):
        acknowledged = crash(folder, seed + 10 * number, rng.uniform(0.05, 1.0))
        total, segments = check(folder, acknowledged)
        merged_or_sealed += segments
    assert total > 0
    assert merged_or_sealed > 0


def test_nothing_acknowledged_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    crash_often(tmp_path / "points", rounds=3, seed=1)


@pytest.mark.slow
def test_many_crashes(tmp_path: Path) -> None:
    for series in range(4):
        crash_often(tmp_path / f"points{series}", rounds=10, seed=1000 * series)
