"""Logging points in process: rates, acknowledgements, pauses, recovery, size, memory.

    python -m tests.benchmarks.bench_ingest [--seconds 5] [--only memory rate size acks pauses recovery]

Everything that was acknowledged is read back before a figure is printed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from store import Store
from store.models import EMPTY_CONTEXT, SequenceKind
from store.models.operations import CreateRun, LogPoints
from tests.benchmarks.report import print_figure, print_machine, rss_mb
from tests.benchmarks.shapes import (
    build,
    metric_name,
    metric_times,
    metric_values,
    run_hash,
    shape,
)

RECORDED = 20_000
"""So many values of each metric exist; a writer goes round in them."""


class Load:
    """Writers that log batches of points as fast as they are acknowledged."""

    def __init__(self, store: Store, writers: int, metrics: int, batch: int) -> None:
        self._store = store
        self._batch = batch
        self._metrics = metrics
        self.latencies_s: list[float] = []
        self.counts = [0] * writers
        self._first_run = store.statistics().runs
        for writer in range(writers):
            store.default.ingest.submit(self.hash_of(writer), [CreateRun()]).result()
        self._recorded = [
            (metric_values(1, metric, RECORDED), metric_times(1, metric, RECORDED))
            for metric in range(metrics)
        ]

    def hash_of(self, writer: int) -> str:
        """The run of a writer."""
        return run_hash(self._first_run + writer)

    def run(self, until: Callable[[], bool]) -> float:
        """Log until the condition holds; the rate in points a second."""
        threads = [
            threading.Thread(target=self._write, args=(writer, until))
            for writer in range(len(self.counts))
        ]
        started, cpu = time.perf_counter(), time.process_time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.seconds = time.perf_counter() - started
        self.cpu_seconds = time.process_time() - cpu
        self._check()
        return sum(self.counts) / self.seconds

    def _write(self, writer: int, until: Callable[[], bool]) -> None:
        step, size = 0, self._batch
        submit = self._store.default.ingest.submit
        while not until():
            for metric, (values, times) in enumerate(self._recorded):
                place = step % (RECORDED - size)
                steps = np.arange(step, step + size)
                points = LogPoints(
                    metric_name(metric),
                    EMPTY_CONTEXT,
                    steps=steps,  # type: ignore[arg-type]
                    values=values[place : place + size],  # type: ignore[arg-type]
                    times=times[place : place + size],  # type: ignore[arg-type]
                )
                sent = time.perf_counter()
                submit(self.hash_of(writer), [points]).result()
                self.latencies_s.append(time.perf_counter() - sent)
                self.counts[writer] += size
            step += size

    def _check(self) -> None:
        for writer, count in enumerate(self.counts):
            refs = self._store.default.sequences.find(
                self.hash_of(writer), [SequenceKind.METRIC]
            )
            series = self._store.default.points.read_many([ref.id for ref in refs])
            assert sum(map(len, series.values())) == count
            for found in series.values():
                assert found.steps.tolist() == list(range(len(found)))

    def figure(self) -> str:
        """Rate and acknowledgements in words."""
        acks = np.array(self.latencies_s) * 1e3
        total = sum(self.counts)
        p50, p99 = np.percentile(acks, [50, 99])
        return (
            f"{total / self.seconds:,.0f} points/s, {total / self.cpu_seconds:,.0f} a CPU second; "
            f"ack p50 {p50:.2f} p99 {p99:.1f} max {acks.max():.1f} ms"
        )


def bench_rate(folder: Path, seconds: float) -> None:
    """Columnar messages of 200 points."""
    with Store.open(folder / "rate.rf") as store:
        load = Load(store, writers=16, metrics=10, batch=200)
        end = time.perf_counter() + seconds
        load.run(lambda: time.perf_counter() > end)
        print_figure("16 writers x 200 points, columnar", load.figure(), "500,000 points/s")


def bench_size(folder: Path) -> None:
    """What a million points of shape M take on disk."""
    of = shape("M", runs=100)
    with Store.open(folder / "size.rf") as store:
        build(store, of)
        for run in range(0, of.runs, 33):
            for ref in store.default.sequences.find(run_hash(run), [SequenceKind.METRIC]):
                series = store.default.points.read_many([ref.id])[ref.id]
                values = metric_values(run, int(ref.name.rpartition("_")[2]), of.steps)
                np.testing.assert_array_equal(series.values, values)
        points = store.statistics().points
        files = sum(path.stat().st_size for path in (folder / "size.rf/segments").iterdir())
        figure = f"{files / points:.2f} bytes/point"
        print_figure(f"sealed size, {points / 1e6:.1f}M points of shape M", figure, "4.6")


def bench_acks(folder: Path, seconds: float) -> None:
    """Many small writers, and one alone."""
    for writers, batch, target in (
        (64, 10, "p50 5 ms, 100,000 points/s"),
        (1, 10, "p50 fsync + 1 ms, p99 20 ms"),
        (1, 1, ""),
    ):
        with Store.open(folder / f"acks{writers}x{batch}.rf") as store:
            load = Load(store, writers, metrics=1, batch=batch)
            end = time.perf_counter() + seconds
            load.run(lambda end=end: time.perf_counter() > end)  # type: ignore[misc]
            print_figure(f"{writers} writers x {batch} points", load.figure(), target)


def bench_pauses(folder: Path, seconds: float) -> None:
    """One small writer while others fill generations, which are sealed and merged."""
    with Store.open(folder / "pauses.rf") as store:
        quiet = Load(store, writers=1, metrics=1, batch=10)
        end = time.perf_counter() + seconds
        quiet.run(lambda: time.perf_counter() > end)
        print_figure("acks of one writer, nothing else going on", quiet.figure())
        filled = Load(store, writers=20, metrics=5, batch=2_000)
        filled.run(lambda: sum(filled.counts) > 900_000)
        watched = Load(store, writers=1, metrics=1, batch=10)
        is_sealed = threading.Event()
        sealer = threading.Thread(target=lambda: (store.seal(), is_sealed.set()))
        sealer.start()
        watched.run(is_sealed.is_set)
        sealer.join()
        print_figure(
            "acks of one writer while 0.9M points are sealed", watched.figure(), "max 50 ms"
        )


def bench_recovery(folder: Path) -> None:
    """Open a copy that looks as if the process had been killed."""
    for writers, batch, total in ((20, 200, 1_000_000), (64, 10, 200_000)):
        name = f"recovery{batch}"
        with Store.open(folder / f"{name}.rf") as store:
            load = Load(store, writers, metrics=1, batch=batch)
            load.run(lambda load=load, total=total: sum(load.counts) >= total)  # type: ignore[misc]
            unsealed = store.statistics().unsealed_points
            copy = folder / f"{name}-killed.rf"
            skipped = shutil.ignore_patterns("socket", "owner.json", "lock")
            shutil.copytree(store.path, copy, ignore=skipped)
        times = []
        for _ in range(3):
            attempt = folder / f"{name}-attempt.rf"
            shutil.copytree(copy, attempt)
            started = time.perf_counter()
            store = Store.open(attempt)
            times.append(time.perf_counter() - started)
            assert store.statistics().points == unsealed
            store.close()
            shutil.rmtree(attempt)
        seconds = statistics.median(times)
        print_figure(
            f"opening with {unsealed:,} unsealed points in frames of {batch} or more",
            f"{seconds:.2f} s, {seconds / unsealed * 1e6:.2f} s a million",
            "1 s a million",
        )


def bench_memory(folder: Path) -> None:
    """Two million points that are not sealed."""
    with Store.open(folder / "memory.rf") as store:
        before = rss_mb()
        waiting = []
        steps = np.arange(1_000)
        for number in range(2_000):
            points = LogPoints(
                "loss", EMPTY_CONTEXT, steps + number // 100 * 1_000, np.sin(steps)
            )  # type: ignore[arg-type]
            waiting.append(store.default.ingest.submit(f"run{number % 100}", [points]))
        for future in waiting:
            future.result()
        unsealed = store.statistics().unsealed_points
        print_figure(
            f"memory with {unsealed / 1e6:.1f}M unsealed points",
            f"{rss_mb():.0f} MB ({before:.0f} MB before)",
            "350 MB",
        )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    names = ["memory", "rate", "size", "acks", "pauses", "recovery"]
    parser.add_argument("--only", nargs="+", default=names, choices=names)
    parser.add_argument("--folder", type=Path, help="on the disk that counts")
    options = parser.parse_args()
    print_machine()
    benches: dict[str, Callable[[Path], None]] = {
        "memory": bench_memory,
        "rate": lambda folder: bench_rate(folder, options.seconds),
        "size": bench_size,
        "acks": lambda folder: bench_acks(folder, options.seconds),
        "pauses": lambda folder: bench_pauses(folder, options.seconds),
        "recovery": bench_recovery,
    }
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        for name in options.only:
            benches[name](Path(temporary))


if __name__ == "__main__":
    main()
