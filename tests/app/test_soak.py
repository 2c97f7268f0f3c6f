"""Twenty runs that log over their sockets while the dashboard shows them."""

from __future__ import annotations

import gc
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.demo.client import Moment, RunLogger, ServerClient
from app.messages import OpenRun
from tests.app.dashboard import PATIENCE_S, Driven, driven
from tests.factories import make_hash

if TYPE_CHECKING:
    from server.embed import EmbeddedServer
    from store import Store

RUNS = 20
ROUND_S = 0.1
KEY_S = 5.0
"""A key has to be answered in this time, also on a machine with much else to do."""
MOST_LOADS = 12
GROWTH_BYTES = 60_000_000


def resident() -> int:
    """Bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


class Training:
    """Runs that log a point of two metrics each, ten times a second."""

    def __init__(self, url: str) -> None:
        self.url, self.step = url, 0
        self.failure: BaseException | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="training")

    def start(self) -> None:
        """Begin to log."""
        self._thread.start()

    def stop(self) -> None:
        """Log no more, and wait for that."""
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        client = ServerClient(self.url)
        try:
            with ExitStack() as stack:
                loggers = [
                    stack.enter_context(RunLogger(client, make_hash(number)))
                    for number in range(RUNS)
                ]
                for number, logger in enumerate(loggers):
                    logger.set_properties(name=f"live-{number:02d}", experiment="soak")
                while not self._is_over.wait(ROUND_S):
                    self.step += 1
                    for number, logger in enumerate(loggers):
                        values = {"loss": number + 1 / self.step, "step_seen": self.step}
                        logger.log_metrics(values, Moment(self.step, 0))
                        logger.flush()
        except BaseException as error:
            self.failure = error
            raise
        finally:
            client.close()


@contextmanager
def training(url: str) -> Iterator[Training]:
    """Twenty runs that log while in here."""
    runs = Training(url)
    runs.start()
    try:
        yield runs
    finally:
        runs.stop()
    assert runs.failure is None


async def comes(driving: Driven, condition: Callable[[], object], what: str) -> None:
    """Wait until something is true, though there is always something on its way."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        await driving.pilot.pause(0.02)


async def timed(driving: Driven, key: str) -> None:
    """Press a key, which has to be answered soon."""
    began = time.monotonic()
    await driving.pilot.press(key)
    assert time.monotonic() - began < KEY_S, f"{key} was not answered"
    loads = [each for each in driving.application.workers if not each.is_finished]
    assert len(loads) <= MOST_LOADS, [each.group for each in loads]


def seen(driving: Driven) -> float:
    """The highest step that the runs table shows."""
    page = driving.screen.table.page
    metrics = [
        metric.last
        for record in page.known(page.hashes)
        for metric in record.metrics
        if metric.name == "step_seen" and metric.last is not None
    ]
    return max(metrics, default=0.0)


async def visit(driving: Driven, runs: Training) -> None:
    """Look at Runs, Metrics, Home and a run, moving about; values follow everywhere."""
    await timed(driving, "3")
    step = runs.step
    await comes(driving, lambda: seen(driving) > step, "newer values in Runs")
    assert driving.screen.table.row_count == RUNS
    for key in ("down", "up", "4"):
        await timed(driving, key)
    await comes(driving, lambda: "step_seen" in driving.text(), "charts")
    for key in ("right", "1"):
        await timed(driving, key)
    await comes(driving, lambda: "live-" in driving.text(), "Home")
    driving.application.post_message(OpenRun(make_hash(3)))
    await comes(driving, lambda: getattr(driving.screen, "record", None), "the run")
    for key in ("greater_than_sign", "less_than_sign", "escape"):
        await timed(driving, key)


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.slow)])
async def test_twenty_live_runs(store: Store, server: EmbeddedServer, rounds: int) -> None:
    async with driven(store, screen="runs") as driving:
        with training(server.url or "") as runs:
            await comes(driving, lambda: driving.screen.table.row_count == RUNS, "all runs")
            await visit(driving, runs)
            sizes = []
            for _ in range(rounds - 1):
                await visit(driving, runs)
                gc.collect()
                sizes.append(resident())
            if sizes:
                assert sizes[-1] - sizes[len(sizes) // 2] < GROWTH_BYTES, sizes
            await timed(driving, "3")
            last = runs.step
            await comes(driving, lambda: seen(driving) >= last, "the last values")
    assert store.default.runs.get(make_hash(0)) is not None
