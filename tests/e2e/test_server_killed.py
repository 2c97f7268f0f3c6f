"""kill -9 of the server while clients write: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import json
import threading
from functools import partial
from pathlib import Path

import pytest
from matyan_client import Run
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.e2e.serving import ServerProcess, metric_points, run_info, wait_until

CLIENTS = 8


class RawClient(threading.Thread):
    """Writes frames of ten points and remembers which were acknowledged."""

    def __init__(self, server: ServerProcess, number: int, may_stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.run_id = f"{number:032x}"
        self._server = server
        self._may_stop = may_stop
        self.next_step = 0
        self.acknowledged: set[int] = set()

    def run(self) -> None:
        while not self._may_stop.is_set():
            try:
                self._write()
            except (OSError, ConnectionClosed, EOFError, TimeoutError):
                # The server is gone; what was not acknowledged is sent again later.
                self._may_stop.wait(0.05)

    def _write(self) -> None:
        address = self._server.url.replace("http", "ws", 1)
        with connect(f"{address}/api/v1/ws/runs/{self.run_id}", open_timeout=5) as socket:
            while not self._may_stop.is_set():
                steps = range(self.next_step, self.next_step + 10)
                frame = [
                    {"type": "log_metric", "name": "loss", "value": float(step), "step": step}
                    for step in steps
                ]
                socket.send(json.dumps(frame))
                assert json.loads(socket.recv(timeout=20))["status"] == "ok"
                self.acknowledged.update(steps)
                self.next_step += 10


@pytest.mark.parametrize("kills", [1, pytest.param(6, marks=pytest.mark.slow)])
def test_acknowledged_points_survive_kills_exactly_once(tmp_path: Path, kills: int) -> None:
    server = ServerProcess(tmp_path / "lab.rf")
    server.start()
    may_stop = threading.Event()
    clients = [RawClient(server, number, may_stop) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        for round_number in range(1, kills + 1):
            goal = 1_000 * round_number
            wait_until(partial(_has_acknowledged, clients, goal))
            server.kill()
            server.start()
        wait_until(lambda: all(client.acknowledged for client in clients))
        may_stop.set()
        for client in clients:
            client.join(30)
        for client in clients:
            points = metric_points(server.url, client.run_id, "loss")
            steps = [step for step, _ in points]
            assert len(set(steps)) == len(steps)
            assert client.acknowledged <= set(steps)
            assert all(value == float(step) for step, value in points)
            # At most one frame was stored without its acknowledgement getting through.
            assert len(steps) - len(client.acknowledged) <= 10
    finally:
        may_stop.set()
        server.stop()


def test_the_real_client_goes_on_after_a_restart(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "lab.rf")
    server.start()
    runs = [Run(repo=server.url, capture_terminal_logs=False) for _ in range(CLIENTS)]
    try:
        for step in range(300):
            for run in runs:
                run.track(float(step), name="loss", step=step)
        wait_until(lambda: all(_sent(run) > 50 for run in runs))
        server.kill()
        server.start()
        for step in range(300, 600):
            for run in runs:
                run.track(float(step), name="loss", step=step)
        for run in runs:
            run.close()
        for run in runs:
            points = metric_points(server.url, run.hash, "loss")
            steps = [step for step, _ in points]
            assert len(set(steps)) == len(steps)
            assert max(steps) == 599
            assert run_info(server.url, run.hash)["props"]["active"] is False
    finally:
        server.stop()


def _has_acknowledged(clients: list[RawClient], goal: int) -> bool:
    return sum(len(client.acknowledged) for client in clients) > goal


def _sent(run: Run) -> int:
    assert run._ws is not None
    sent: int = run._ws.stats["sent"]
    return sent
