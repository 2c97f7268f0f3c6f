"""A server in a process of its own, that can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from loguru import logger

# The client logs when it is collected, which may be after pytest has closed the streams.
logger.remove()

ROOT = Path(__file__).parents[2]

_PROGRAM = """
import sys
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from store.collector import calm_collector

store = Store.open(sys.argv[1])
path = store.path / "socket" if sys.argv[3] else None
settings = ServerSettings(port=int(sys.argv[2]), socket_path=path, has_web_ui=False)
server = EmbeddedServer(store, settings)
server.start()
calm_collector(20_000, 50, 50)
store.ownership.publish(socket=path and str(path))
print("ready", flush=True)
sys.stdin.read()
server.stop()
store.close()
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ServerProcess:
    """Serves a store folder on a fixed port, and on the store's socket if wanted."""

    def __init__(self, folder: Path, port: int | None = None, *, socket: bool = False) -> None:
        self.folder = folder
        self._socket = "socket" if socket else ""
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(self.folder), str(self.port), self._socket],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(os.environ, PYTHONPATH=str(ROOT)),
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """Stop in good order."""
        if self.process is not None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            self._reap()

    def cpu_s(self) -> float:
        """CPU seconds that the process has used, user and system."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _reap(self) -> None:
        assert self.process is not None
        self.process.wait(30)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process = None


def wait_until(is_true: Callable[[], object], timeout_s: float = 30.0) -> None:
    """Poll a condition until it holds.

    Raises:
        AssertionError: If it does not in time.
    """
    deadline = time.monotonic() + timeout_s
    while not is_true():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.02)


def run_info(url: str, run_id: str) -> dict[str, Any]:
    """The run's info over REST."""
    answer = httpx.get(f"{url}/api/v1/rest/runs/{run_id}/info/")
    answer.raise_for_status()
    info: dict[str, Any] = answer.json()
    return info


def metric_points(
    url: str, run_id: str, name: str, context: object = None
) -> list[tuple[int, object]]:
    """All points of a metric over REST, as step and value."""
    answer = httpx.post(
        f"{url}/api/v1/rest/runs/{run_id}/metric/get-batch/",
        params={"record_density": 10_000_000},
        json=[{"name": name, "context": context or {}}],
        timeout=60,
    )
    answer.raise_for_status()
    traces = answer.json()
    if not traces:
        return []
    return list(zip(traces[0]["iters"], traces[0]["values"], strict=True))
