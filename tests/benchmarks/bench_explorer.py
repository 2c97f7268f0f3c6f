"""The Metrics screen over a store: a metric of a million points, and 160 runs at once.

    python -m tests.benchmarks.bench_explorer

Measured from the query to the first curve on screen and to the last one, as CPU time of this
process and by the clock, and how long the event loop was silent at most meanwhile.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import numpy as np

from app.application import RunfolioApplication
from app.settings.config import Config
from app.settings.state import StateFile
from app.sources.local import LocalSource
from app.widgets.explorer_surface import ExplorerSurface
from store import Store
from tests.benchmarks.report import print_figure, print_machine
from tests.factories import log_run

SIZE = (160, 45)
MILLION = 1_000_000
RUNS, STEPS = 160, 2_000


def fill(path: Path) -> None:
    """One run with a million points of `long`, and 160 runs with 2,000 of `loss`."""
    rng = np.random.default_rng(0)
    with Store.open(path) as store:
        log_run(store.default, "long", metrics={"long": rng.normal(size=MILLION).cumsum()})
        decay = np.exp(-3 * np.arange(STEPS) / STEPS)
        for number in range(RUNS):
            values = decay * (1 + number / RUNS) + rng.normal(0, 0.02, STEPS)
            log_run(store.default, number, name=f"run {number}", metrics={"loss": values})


async def measure_query(application: RunfolioApplication, query: str, wanted: int) -> None:
    """Ask, and wait for the first and the last curve to be painted."""
    screen = application.screen
    surface = screen.query_one(ExplorerSurface)
    surface.show_curves(())
    await asyncio.sleep(0.5)
    cpu, wall = time.process_time(), time.perf_counter()
    first: tuple[float, float] | None = None
    silence = 0.0
    screen.load_metrics(query)  # type: ignore[attr-defined]
    while True:
        turn = time.perf_counter()
        await asyncio.sleep(0.001)
        silence = max(silence, time.perf_counter() - turn)
        charts = surface.grid.charts
        drawn = len(charts[0].content.traces) if charts and charts[0].plot else 0
        now = (time.process_time() - cpu, time.perf_counter() - wall)
        if drawn and first is None:
            first = now
        if drawn >= wanted:
            break
        assert now[1] < 120, "the curves do not come"
    assert first is not None
    print_figure(f"{query}: first curve", f"{first[0]:.2f} s CPU, {first[1]:.2f} s")
    print_figure(f"{query}: all {wanted}", f"{now[0]:.2f} s CPU, {now[1]:.2f} s")
    print_figure(f"{query}: longest silence", f"{silence * 1000:.0f} ms")


async def measure(path: Path) -> None:
    """Both queries on one screen."""
    with Store.open(path) as store:
        application = RunfolioApplication(
            LocalSource(store), Config(start_screen="metrics"), state_file=StateFile(None)
        )
        async with application.run_test(size=SIZE) as pilot:
            await pilot.pause(1)
            application.screen.query_one(ExplorerSurface).change_options(smoothing=0.0)
            await measure_query(application, 'metric.name == "long"', 1)
            await measure_query(application, 'metric.name == "loss"', RUNS)
        application.serving.close()


def main() -> None:
    """Print all figures."""
    print_machine()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.rf"
        fill(path)
        asyncio.run(measure(path))


if __name__ == "__main__":
    main()
