"""MLflow: its server on SQLite, asked over its REST interface."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks.peers.peer import (
    BATCH_POINTS,
    FILTERED,
    FIRST_PAGE,
    METRIC_SEARCH,
    ONE_RUN,
    SEARCHED_RUNS,
    Http,
    Peer,
    Question,
    RunData,
    ServerOf,
    folder_bytes,
    rate_of,
)
from tests.e2e.serving import free_port

_MOST_METRICS = 1_000
"""Of one batch."""


class MLflow(Peer):
    """MLflow in an environment of its own."""

    name = "MLflow"

    def __init__(self, folder: Path, python: Path) -> None:
        self._folder = folder / "mlflow"
        self._folder.mkdir()
        port = free_port()
        command = [str(python), "-m", "mlflow", "server", "--host", "127.0.0.1", "--workers"]
        command += ["1", "--port", str(port), "--backend-store-uri"]
        command += [f"sqlite:///{self._folder / 'mlflow.db'}"]
        self._server = ServerOf(command, port, "/health", self._folder)
        self._http = Http(port, "")

    def fill(self, runs: Sequence[RunData]) -> None:
        """In batches over REST."""
        self._runs = runs
        self._ids = [self._create() for _ in runs]
        for run_id, run in zip(self._ids, runs, strict=True):
            params = [{"key": key, "value": str(value)} for key, value in run.params.items()]
            points = _points(run)
            while batch := list(islice(points, _MOST_METRICS)):
                self._post("runs/log-batch", run_id=run_id, params=params, metrics=batch)
                params = []
            self._post("runs/update", run_id=run_id, status="FINISHED")
        self._disk_bytes = folder_bytes(self._folder)

    def questions(self) -> dict[str, Question]:
        """Over REST; there is none that gives all params."""
        place = len(self._runs) // 2
        names = list(self._runs[place].metrics)
        one = [self._ids[place]]
        return {
            FIRST_PAGE: Question(self._search, _run_count),
            FILTERED: Question(lambda: self._search(filter="params.choice = 'c3'"), _run_count),
            METRIC_SEARCH: Question(self._search_metrics, _traced_runs),
            ONE_RUN: Question(
                lambda: b"\n".join(self._histories(one, name) for name in names),
                lambda bodies: sum(_traced_runs(body) == 1 for body in bodies.split(b"\n")),
            ),
        }

    def log_singly(self, seconds: float) -> float:
        """A request for each."""
        run_id = self._create()

        def log(call: int) -> int:
            now = int(time.time() * 1000)
            self._post(
                "runs/log-metric",
                run_id=run_id,
                key="loss",
                value=call / 7,
                timestamp=now,
                step=call,
            )
            return 1

        return rate_of(log, seconds)

    def log_batches(self, seconds: float) -> float | None:
        """As `log_batch` sends them."""
        run_id = self._create()

        def log(call: int) -> int:
            steps = range(call * BATCH_POINTS, (call + 1) * BATCH_POINTS)
            now = int(time.time() * 1000)
            metrics = [
                {"key": "loss", "value": step / 7, "timestamp": now, "step": step}
                for step in steps
            ]
            self._post("runs/log-batch", run_id=run_id, metrics=metrics)
            return BATCH_POINTS

        return rate_of(log, seconds)

    def log_in_process(self, seconds: float) -> float | None:  # noqa: ARG002 - not here
        """Its client needs its environment, and the server was measured."""
        return None

    def disk_bytes(self) -> int:
        """The database."""
        return self._disk_bytes

    def stop(self) -> None:
        """End the server."""
        self._server.stop()

    def _create(self) -> str:
        now = int(time.time() * 1000)
        answer = json.loads(self._post("runs/create", experiment_id="0", start_time=now))
        run_id: str = answer["run"]["info"]["run_id"]
        return run_id

    def _post(self, what: str, **body: object) -> bytes:
        return self._http.post(f"/api/2.0/mlflow/{what}", body)

    def _search(self, **options: object) -> bytes:
        asked: dict[str, object] = {"experiment_ids": ["0"], "max_results": len(self._runs)}
        return self._post("runs/search", **asked | options)

    def _search_metrics(self) -> bytes:
        """The oldest runs, as params are texts and cannot be compared; then their points."""
        body = self._search(
            order_by=["attributes.start_time ASC"],
            max_results=min(SEARCHED_RUNS, len(self._runs)),
        )
        found = json.loads(body)["runs"]
        return self._histories([run["info"]["run_id"] for run in found], "metric_0")

    def _histories(self, run_ids: Sequence[str], name: str) -> bytes:
        """The points of a metric of some runs."""
        asked = [("run_id", run_id) for run_id in run_ids]
        asked += [("metric_key", name), ("max_results", "25000")]
        body = self._http.get(
            f"/ajax-api/2.0/mlflow/metrics/get-history-bulk?{urlencode(asked)}"
        )
        return body.replace(b"\n", b" ")


def _run_count(body: bytes) -> int:
    return len(json.loads(body)["runs"])


def _traced_runs(body: bytes) -> int:
    return len({point["run_id"] for point in json.loads(body)["metrics"]})


def _points(run: RunData) -> Iterator[dict[str, object]]:
    now = int(time.time() * 1000)
    for name, values in run.metrics.items():
        for step, value in enumerate(values):
            yield {"key": name, "value": value, "timestamp": now, "step": step}
