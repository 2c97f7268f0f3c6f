"""What is asked of every tracker, on which data, and how its server is reached."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST_PAGE = "first page, all runs"
FILTERED = "runs with one value of a param"
METRIC_SEARCH = "metric search, 100 runs"
ONE_RUN = "all metrics of one run"
OVERVIEW = "params overview"
QUESTIONS = (FIRST_PAGE, FILTERED, METRIC_SEARCH, ONE_RUN, OVERVIEW)

SEARCHED_RUNS = 100
CHOICES = 7
BATCH_POINTS = 200


@dataclass(frozen=True, slots=True)
class RunData:
    """One run, the same for everybody."""

    number: int
    params: Mapping[str, float | int | str]
    metrics: Mapping[str, Sequence[float]]

    @property
    def hash(self) -> str:
        """Its hash, where the client may choose it."""
        return hashlib.blake2b(self.number.to_bytes(8, "little"), digest_size=12).hexdigest()

    @property
    def point_count(self) -> int:
        """Points of all its metrics."""
        return sum(map(len, self.metrics.values()))


def make_runs(count: int, metrics: int, steps: int) -> list[RunData]:
    """Runs with ten params each."""
    return [
        RunData(
            number,
            {
                "lr": 10.0 ** -(1 + number % 5),
                "seed": number,
                "choice": f"c{number % CHOICES}",
                **{f"param_{place}": (number * 7919 + place) % 97 / 97 for place in range(7)},
            },
            {
                f"metric_{metric}": [
                    (number * 7919 + metric * 104_729 + step * 31) % 10_007 / 10_007
                    for step in range(steps)
                ]
                for metric in range(metrics)
            },
        )
        for number in range(count)
    ]


@dataclass(frozen=True, slots=True)
class Question:
    """Asking is timed; counting the answers, which takes the client's time, is not."""

    ask: Callable[[], bytes]
    count: Callable[[bytes], int]


class Peer(ABC):
    """A tracker with a server of its own."""

    name: str

    @abstractmethod
    def fill(self, runs: Sequence[RunData]) -> None:
        """Store the runs by the quickest way there is, and start the server."""

    @abstractmethod
    def questions(self) -> dict[str, Question]:
        """How the questions are asked."""

    @abstractmethod
    def log_singly(self, seconds: float) -> float:
        """Points a second, one call each, from its own client to its server."""

    @abstractmethod
    def log_batches(self, seconds: float) -> float | None:
        """Points a second in batches over HTTP; None if there is no such way."""

    @abstractmethod
    def log_in_process(self, seconds: float) -> float | None:
        """Points a second, one call each, without a server; None if there is no such way."""

    @abstractmethod
    def disk_bytes(self) -> int:
        """What the runs of `fill` take on disk."""

    @abstractmethod
    def stop(self) -> None:
        """End all processes."""


class Http:
    """A connection that stays open; the thinnest client there is."""

    def __init__(self, port: int, prefix: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._prefix = prefix
        self._used_at = 0.0

    def get(self, path: str) -> bytes:
        """The body of an answer."""
        self._fresh()
        self._connection.request("GET", self._prefix + path)
        return self._read()

    def post(self, path: str, body: object) -> bytes:
        """The body of an answer to a JSON body."""
        self._fresh()
        headers = {"content-type": "application/json"}
        self._connection.request("POST", self._prefix + path, json.dumps(body), headers)
        return self._read()

    def _fresh(self) -> None:
        # Servers close connections that were quiet for some seconds.
        if time.monotonic() - self._used_at > 2:
            self._connection.close()

    def _read(self) -> bytes:
        answer = self._connection.getresponse()
        body = answer.read()
        self._used_at = time.monotonic()
        assert answer.status == 200, (answer.status, body[:500])
        return body


class ServerOf:
    """A peer's server, and whatever processes it starts."""

    def __init__(
        self, command: Sequence[str], port: int, ready_path: str, folder: Path
    ) -> None:
        environment = dict(os.environ, MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="1")
        # Workers for jobs that nobody gives it would only take time from the others.
        environment["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
        with (folder / f"server-{port}.log").open("wb") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
        deadline = time.monotonic() + 90
        while not _answers(port, ready_path):
            assert self._process.poll() is None, (folder / f"server-{port}.log").read_text()
            assert time.monotonic() < deadline, "the server never answered"
            time.sleep(0.1)

    def stop(self) -> None:
        """End the process and its children."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def rate_of(log: Callable[[int], int], seconds: float) -> float:
    """Points a second of a call that gets its number and says how many points it logged."""
    points = calls = 0
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        points += log(calls)
        calls += 1
    return points / (time.perf_counter() - started)


def folder_bytes(folder: Path) -> int:
    """Size of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
