"""The same data in other trackers, asked the same questions, turn by turn.

    python -m tests.benchmarks.bench_peers [--aim-python PATH] [--mlflow-python PATH]

The paths name interpreters that have Aim or MLflow installed; who has none is named as
absent. Every answer is checked before it is timed. Times are medians, of interleaved rounds.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.peers.of_aim import Aim
from tests.benchmarks.peers.of_mlflow import MLflow
from tests.benchmarks.peers.of_runfolio import Ours
from tests.benchmarks.peers.peer import (
    BATCH_POINTS,
    CHOICES,
    FILTERED,
    FIRST_PAGE,
    METRIC_SEARCH,
    ONE_RUN,
    OVERVIEW,
    QUESTIONS,
    SEARCHED_RUNS,
    Peer,
    RunData,
    make_runs,
)
from tests.benchmarks.report import print_machine

SINGLY = "points/s, one call each, own client to server"
BATCHES = f"points/s, batches of {BATCH_POINTS} over HTTP"
IN_PROCESS = "points/s, one call each, in process"
BYTES = "bytes on disk for each point, with everything"

Figures = dict[str, dict[str, float]]
"""By row, then by peer."""


def expected_answers(runs: list[RunData]) -> dict[str, int]:
    """How many answers each question has."""
    return {
        FIRST_PAGE: len(runs),
        FILTERED: sum(run.number % CHOICES == 3 for run in runs),
        METRIC_SEARCH: min(SEARCHED_RUNS, len(runs)),
        ONE_RUN: len(runs[0].metrics),
        OVERVIEW: len(runs[0].params),
    }


def ask(peers: list[Peer], runs: list[RunData], rounds: int) -> Figures:
    """Median milliseconds of each question to each peer."""
    expected = expected_answers(runs)
    asked = {peer.name: peer.questions() for peer in peers}
    figures: Figures = {}
    for question in QUESTIONS:
        walls: dict[str, list[float]] = {}
        for number in range(rounds + 1):
            for peer, questions in asked.items():
                if question not in questions:
                    continue
                started = time.perf_counter()
                answer = questions[question].ask()
                wall = 1e3 * (time.perf_counter() - started)
                count = questions[question].count(answer)
                assert count == expected[question], (peer, question, count)
                if number:
                    walls.setdefault(peer, []).append(wall)
        name = f"{question}, ms"
        figures[name] = {peer: statistics.median(found) for peer, found in walls.items()}
    return figures


def log(peers: list[Peer], seconds: float) -> Figures:
    """Points a second that each peer takes in; the better of two rounds."""
    figures: Figures = {}
    ways: dict[str, Callable[[Peer], float | None]] = {
        SINGLY: lambda peer: peer.log_singly(seconds),
        BATCHES: lambda peer: peer.log_batches(seconds),
        IN_PROCESS: lambda peer: peer.log_in_process(seconds),
    }
    for name, way in ways.items():
        best: dict[str, float] = {}
        for _ in range(2):
            for peer in peers:
                rate = way(peer)
                if rate is not None:
                    best[peer.name] = max(best.get(peer.name, 0.0), rate)
        figures[name] = best
    return figures


def print_table(figures: Figures, names: list[str]) -> None:
    """One row for each figure, with how far ahead of the best peer we are."""
    print(f"\n{'':<48}" + "".join(f"{name:>12}" for name in names) + f"{'ahead':>10}")
    for row, found in figures.items():
        ours = found[Ours.name]
        theirs = [value for name, value in found.items() if name != Ours.name]
        cells = "".join(
            f"{found[name]:>12,.1f}" if name in found else f"{'-':>12}" for name in names
        )
        ahead = "-"
        if theirs:
            is_rate = row.startswith("points/s")
            ratio = ours / max(theirs) if is_rate else min(theirs) / ours
            ahead = f"{ratio:.1f}x"
        print(f"{row:<48}{cells}{ahead:>10}")


def main() -> None:
    """Fill all trackers, ask all, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aim-python", type=Path, help="an interpreter that has Aim")
    parser.add_argument("--mlflow-python", type=Path, help="an interpreter that has MLflow")
    parser.add_argument("--runs", type=int, default=110)
    parser.add_argument("--metrics", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    # Stopped from outside, it must end the servers that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    print_machine()
    runs = make_runs(options.runs, options.metrics, options.steps)
    points = sum(run.point_count for run in runs)
    print(f"# {len(runs):,} runs, {points:,} points, {len(runs[0].params)} params a run")
    peers: list[Peer] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        try:
            peers.append(Ours(folder))
            if options.aim_python is not None:
                peers.append(Aim(folder, options.aim_python))
            if options.mlflow_python is not None:
                peers.append(MLflow(folder, options.mlflow_python))
            for peer in peers:
                started = time.perf_counter()
                peer.fill(runs)
                print(f"# {peer.name} filled in {time.perf_counter() - started:.1f} s")
            figures = ask(peers, runs, options.rounds)
            figures[BYTES] = {peer.name: peer.disk_bytes() / points for peer in peers}
            figures |= log(peers, options.seconds)
            print_table(figures, [peer.name for peer in peers])
        finally:
            for peer in peers:
                peer.stop()
    for name, path in (("Aim", options.aim_python), ("MLflow", options.mlflow_python)):
        if path is None:
            print(f"# {name} is absent: no interpreter was named")


if __name__ == "__main__":
    main()
