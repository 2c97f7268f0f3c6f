"""Aim: its server for remote tracking, and the server of its web UI for questions."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

from tests.benchmarks.peers.of_runfolio import record_count
from tests.benchmarks.peers.peer import (
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
    ServerOf,
    folder_bytes,
)
from tests.e2e.serving import free_port

_WORKER = Path(__file__).with_name("aim_worker.py")


class Aim(Peer):
    """Aim in an environment of its own."""

    name = "Aim"

    def __init__(self, folder: Path, python: Path) -> None:
        self._folder = folder / "aim"
        self._folder.mkdir()
        self._python = python
        self._servers: list[ServerOf] = []

    def fill(self, runs: Sequence[RunData]) -> None:
        """In a process of Aim's own."""
        self._runs = runs
        self._command("init", "--repo", str(self._folder))
        lines = "".join(json.dumps(asdict(run)) + "\n" for run in runs)
        self._hashes = self._work(["fill", str(self._folder)], lines)
        self._disk_bytes = folder_bytes(self._folder)
        port = free_port()
        program = str(self._python.with_name("aim"))
        where = ["--repo", str(self._folder), "--host", "127.0.0.1", "--yes"]
        ui = [program, "up", *where, "--port", str(port)]
        self._servers.append(ServerOf(ui, port, "/api/projects/", self._folder))
        self._http = Http(port, "/api")
        # Its answers to remote clients come from a repository of their own.
        self._port = free_port()
        remote = self._folder / "remote"
        remote.mkdir()
        self._command("init", "--repo", str(remote))
        server = [program, "server", "--repo", str(remote), "--host", "127.0.0.1", "--yes"]
        server += ["--port", str(self._port)]
        self._servers.append(ServerOf(server, self._port, "/status/", self._folder))

    def questions(self) -> dict[str, Question]:
        """Over HTTP."""
        some = quote("run.hparams.choice == 'c3'")
        traces = quote(f"metric.name == 'metric_0' and run.hparams.seed < {SEARCHED_RUNS}")
        place = len(self._runs) // 2
        wanted = [{"name": name, "context": {}} for name in self._runs[place].metrics]
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
                lambda: http.post(f"/runs/{self._hashes[place]}/metric/get-batch/", wanted),
                lambda body: len(json.loads(body)),
            ),
            OVERVIEW: Question(
                lambda: http.get("/projects/params/"),
                lambda body: len(json.loads(body)["params"]["hparams"]),
            ),
        }

    def log_singly(self, seconds: float) -> float:
        """With its client to its tracking server."""
        return float(self._work(["log", f"aim://127.0.0.1:{self._port}", str(seconds)])[0])

    def log_batches(self, seconds: float) -> float | None:  # noqa: ARG002 - no such way
        """It takes one point a call."""
        return None

    def log_in_process(self, seconds: float) -> float | None:
        """With its client straight into a repository."""
        return float(self._work(["log", str(self._folder), str(seconds)])[0])

    def disk_bytes(self) -> int:
        """The repository."""
        return self._disk_bytes

    def stop(self) -> None:
        """End the servers."""
        for server in self._servers:
            server.stop()

    def _command(self, *arguments: str) -> None:
        program = str(self._python.with_name("aim"))
        subprocess.run([program, *arguments], check=True, capture_output=True, input=b"y\n")

    def _work(self, arguments: list[str], lines: str = "") -> list[str]:
        done = subprocess.run(
            [str(self._python), str(_WORKER), *arguments],
            input=lines,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return [line[2:] for line in done.stdout.splitlines() if line.startswith("= ")]
