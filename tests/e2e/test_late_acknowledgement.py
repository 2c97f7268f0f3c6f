"""An acknowledgement that comes late: the client sends again, nothing is doubled."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import httpx
import pytest
from matyan_client import Run
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from server.embed import EmbeddedServer
from tests.e2e.serving import metric_points, wait_until


class HoldingProxy(threading.Thread):
    """Passes frames on, and holds the first acknowledgements back for a while."""

    def __init__(self, target: str, hold_s: float, held_count: int) -> None:
        super().__init__(daemon=True)
        self._target = target.replace("http", "ws", 1)
        self._hold_s = hold_s
        self._left = held_count
        self._ready = threading.Event()
        self._stopped = asyncio.Event()
        self.port = 0
        self.frames: list[str] = []
        self.start()
        self._ready.wait(10)

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with serve(self._handle, "127.0.0.1", 0) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            self._ready.set()
            await self._stopped.wait()

    async def _handle(self, client: ServerConnection) -> None:
        assert client.request is not None
        async with connect(f"{self._target}{client.request.path}") as upstream:
            async for frame in client:
                self.frames.append(str(frame))
                await upstream.send(frame)
                reply = await upstream.recv()
                if self._left > 0:
                    self._left -= 1
                    await asyncio.sleep(self._hold_s)
                await client.send(reply)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self.join(10)


@pytest.mark.slow
def test_a_frame_sent_again_is_stored_once(server: EmbeddedServer) -> None:
    assert server.url is not None
    proxy = HoldingProxy(server.url, hold_s=17.0, held_count=1)
    run = Run(
        repo=server.url,
        frontier_url=f"http://127.0.0.1:{proxy.port}",
        capture_terminal_logs=False,
    )
    for step in range(50):
        run.track(float(step), name="loss", step=step)
    run.log_info("once")
    run._send_terminal_line("line", 0)
    ws = run._ws
    assert ws is not None
    wait_until(lambda: ws.stats["sent"] >= 53, timeout_s=60)
    run.close()
    proxy.stop()
    assert len(proxy.frames) > len(set(proxy.frames)), "the client did not send again"
    assert [step for step, _ in metric_points(server.url, run.hash, "loss")] == list(range(50))
    reader = Run(run.hash, repo=server.url, read_only=True)
    assert reader._http.get_run_log_records(run.hash)[0] == 1


async def _exchange(url: str, frames: list[Any]) -> list[dict[str, Any]]:
    async with connect(url) as socket:
        replies = []
        for frame in frames:
            await socket.send(json.dumps(frame))
            replies.append(json.loads(await socket.recv()))
        return replies


async def test_the_same_frame_twice_on_one_connection(server: EmbeddedServer) -> None:
    assert server.url is not None
    clock = "2026-11-21T20:41:43.377208+00:00"
    frame = [
        {"type": "create_run", "client_datetime": clock},
        {"type": "log_metric", "name": "loss", "value": 1.5, "step": 3},
        {"type": "log_metric", "name": "free", "value": 1.5, "client_datetime": clock},
        {"type": "log_record", "message": "m", "level": 20, "timestamp": 1.5},
        {"type": "log_terminal_line", "line": "text", "step": 0},
        {"type": "add_tag", "tag_name": "t"},
        {"type": "log_hparams", "value": {"lr": 1}},
    ]
    socket_url = server.url.replace("http", "ws", 1) + "/api/v1/ws/runs/twice"
    replies = await _exchange(socket_url, [frame, frame, frame])
    assert [reply["status"] for reply in replies] == ["ok"] * 3
    assert await asyncio.to_thread(metric_points, server.url, "twice", "loss") == [(3, 1.5)]
    assert await asyncio.to_thread(metric_points, server.url, "twice", "free") == [(0, 1.5)]
    rest = f"{server.url}/api/v1/rest/runs/twice"
    async with httpx.AsyncClient() as client:
        info = (await client.get(f"{rest}/info/")).json()
    assert len(info["props"]["tags"]) == 1
