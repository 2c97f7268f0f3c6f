"""runfolio itself, through the client that people use."""

from __future__ import annotations

import json
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import quote

from matyan_client import Run

from server.codec import decode_records, read_progress
from store import Store
from store.models import EMPTY_CONTEXT
from store.models.operations import CreateRun, FinishRun, LogPoints, SetParams
from tests.benchmarks.peers.peer import (
    BATCH_POINTS,
    FILTERED,
    FIRST_PAGE,
    METRIC_SEARCH,
    ONE_RUN,
    OVERVIEW,
    SEARCHED_RUNS,
    Http,
    Peer,
    Question,
    RunData,
    folder_bytes,
    rate_of,
)
from tests.e2e.serving import ServerProcess

_REST = "/api/v1/rest"
_UNDER_WAY = 500


def record_count(body: bytes) -> int:
    """Records of a stream without its progress; Aim speaks the same format."""
    return sum(read_progress(key, tree) is None for key, tree in decode_records([body]))


class Ours(Peer):
    """A server in a process of its own."""

    name = "runfolio"

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "ours.rf"
        self._server = ServerProcess(self._folder)

    def fill(self, runs: Sequence[RunData]) -> None:
        """Through the store."""
        self._runs = runs
        with Store.open(self._folder) as store:
            waiting = [
                store.default.ingest.submit(
                    run.hash,
                    [
                        CreateRun(),
                        SetParams({"hparams": dict(run.params)}),
                        *(
                            LogPoints(name, EMPTY_CONTEXT, range(len(values)), values)
                            for name, values in run.metrics.items()
                        ),
                        FinishRun(),
                    ],
                )
                for run in runs
            ]
            for future in waiting:
                future.result()
            store.seal()
        self._disk_bytes = folder_bytes(self._folder)
        self._server.start()
        self._http = Http(self._server.port, _REST)

    def questions(self) -> dict[str, Question]:
        """Over HTTP."""
        some = quote("run.hparams.choice == 'c3'")
        traces = quote(f"metric.name == 'metric_0' and run.hparams.seed < {SEARCHED_RUNS}")
        one = self._runs[len(self._runs) // 2]
        wanted = [{"name": name, "context": {}} for name in one.metrics]
        http = self._http
        every = f"/runs/search/run/?limit={len(self._runs)}"
        return {
            FIRST_PAGE: Question(lambda: http.get(every), record_count),
            FILTERED: Question(
                lambda: http.get(f"/runs/search/run/?limit=1000&q={some}"), record_count
            ),
            METRIC_SEARCH: Question(
                lambda: http.get(f"/runs/search/metric/?p=50&q={traces}"), record_count
            ),
            ONE_RUN: Question(
                lambda: http.post(f"/runs/{one.hash}/metric/get-batch/", wanted),
                lambda body: len(json.loads(body)),
            ),
            OVERVIEW: Question(
                lambda: http.get("/projects/params/"),
                lambda body: len(json.loads(body)["params"]["hparams"]),
            ),
        }

    def log_singly(self, seconds: float) -> float:
        """Over the WebSocket, with the client that people use."""
        started = time.perf_counter()
        run = Run(repo=self._server.url, capture_terminal_logs=False)
        count = 0
        while time.perf_counter() - started < seconds:
            run.track(count / 7, name="loss", step=count)
            count += 1
        run.close()
        rate = count / (time.perf_counter() - started)
        asked = [{"name": "loss", "context": {}}]
        body = self._http.post(f"/runs/{run.hash}/metric/get-batch/?record_density=0", asked)
        assert len(json.loads(body)[0]["iters"]) == count
        return rate

    def log_batches(self, seconds: float) -> float | None:
        """Columns over HTTP."""

        def log(call: int) -> int:
            steps = range(call * BATCH_POINTS, (call + 1) * BATCH_POINTS)
            column = {"name": "loss", "steps": list(steps), "values": [s / 7 for s in steps]}
            self._http.post("/runs/batches/log", {"columns": [column]})
            return BATCH_POINTS

        return rate_of(log, seconds)

    def log_in_process(self, seconds: float) -> float | None:
        """Through a store of our own, durable."""
        folder = Path(tempfile.mkdtemp(dir=self._folder.parent))
        with Store.open(folder / "in-process.rf") as store:
            waiting: deque[Future[None]] = deque()
            count = 0
            started = time.perf_counter()
            while time.perf_counter() - started < seconds:
                points = LogPoints("loss", EMPTY_CONTEXT, [count], [count / 7])
                waiting.append(store.default.ingest.submit("run", [points]))
                count += 1
                if len(waiting) > _UNDER_WAY:
                    waiting.popleft().result()
            for future in waiting:
                future.result()
            rate = count / (time.perf_counter() - started)
            assert store.statistics().points == count
        return rate

    def disk_bytes(self) -> int:
        """The store's folder."""
        return self._disk_bytes

    def stop(self) -> None:
        """End the server."""
        self._server.stop()
