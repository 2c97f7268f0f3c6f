"""The wire: points and acknowledgements through a real server, clients in other processes.

    python -m tests.benchmarks.bench_protocol [seconds]

Prints for each shape: points per second of wall time, points (or requests) per second of the
server's CPU time, and quantiles of the acknowledgement. The number of points that the store
has at the end is compared with what was acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import httpx
import msgspec
import numpy as np
import uvicorn
from websockets.asyncio.client import connect

from tests.e2e.serving import ServerProcess

CLIENT_PROCESSES = 2
METRICS_PER_RUN = 10


@dataclass(frozen=True)
class Shape:
    """What the clients of one measurement do."""

    name: str
    kind: str
    clients: int
    points: int
    """Points of one frame or request."""


SHAPES = (
    Shape("socket, 1 client x 10 points", "socket", 1, 10),
    Shape("socket, 16 clients x 100 points", "socket", 16, 100),
    Shape("socket, 64 clients x 10 points", "socket", 64, 10),
    Shape("HTTP rows, 16 clients x 20 points", "rows", 16, 20),
    Shape("HTTP columns, 16 clients x 20 points", "columns", 16, 20),
    Shape("HTTP columns, 16 clients x 200 points", "columns", 16, 200),
)


def frame_texts(run_id: str, shape: Shape, first_step: int) -> str:
    """A frame as matyan-client writes it, or the body of a batch."""
    steps = range(first_step, first_step + shape.points // METRICS_PER_RUN)
    if shape.kind == "socket":
        return json.dumps(
            [
                {
                    "type": "log_metric",
                    "run_id": run_id,
                    "name": f"metric {number}",
                    "value": step / 7,
                    "step": step,
                    "epoch": 0,
                    "context": {"subset": "train"},
                    "dtype": "float",
                    "client_datetime": "2026-11-21T20:41:43.377208+00:00",
                }
                for step in steps
                for number in range(METRICS_PER_RUN)
            ]
        )
    if shape.kind == "rows":
        return json.dumps(
            {
                "points": [
                    {"name": f"metric {number}", "value": step / 7, "step": step}
                    for step in steps
                    for number in range(METRICS_PER_RUN)
                ]
            }
        )
    return json.dumps(
        {
            "columns": [
                {
                    "name": f"metric {number}",
                    "steps": list(steps),
                    "values": [step / 7 for step in steps],
                }
                for number in range(METRICS_PER_RUN)
            ]
        }
    )


async def _socket_client(url: str, run_id: str, shape: Shape, until: float) -> list[float]:
    waits = []
    step = 0
    address = f"{url.replace('http', 'ws', 1)}/api/v1/ws/runs/{run_id}"
    async with connect(address, compression=None) as socket:
        while time.time() < until:
            text = frame_texts(run_id, shape, step)
            started = time.perf_counter()
            await socket.send(text)
            reply = await socket.recv()
            waits.append(time.perf_counter() - started)
            assert '"ok"' in str(reply), reply
            step += shape.points // METRICS_PER_RUN
    return waits


async def _http_client(url: str, run_id: str, shape: Shape, until: float) -> list[float]:
    # A bare connection: the client's own cost must not hide the server's.
    waits = []
    step = 0
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /api/v1/rest/runs/{run_id}/log HTTP/1.1\r\nhost: {host}\r\ncontent-length: "
    while time.time() < until:
        body = frame_texts(run_id, shape, step).encode()
        started = time.perf_counter()
        writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in answer, answer
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        waits.append(time.perf_counter() - started)
        step += shape.points // METRICS_PER_RUN
    writer.close()
    return waits


def _client_process(
    url: str, shape: Shape, run_ids: list[str], until: float, results: Any
) -> None:
    async def work() -> list[float]:
        client = _socket_client if shape.kind == "socket" else _http_client
        waits = await asyncio.gather(*(client(url, run_id, shape, until) for run_id in run_ids))
        return [wait for one in waits for wait in one]

    results.put(asyncio.run(work()))


def measure(server: ServerProcess, shape: Shape, number: int, seconds: float) -> None:
    """Run one shape and print its row."""
    run_ids = [f"{number:08x}{client:024x}" for client in range(shape.clients)]
    results: Any = multiprocessing.Queue()
    until = time.time() + seconds + 0.5
    count = min(CLIENT_PROCESSES, shape.clients)
    processes = [
        multiprocessing.Process(
            target=_client_process,
            args=(server.url, shape, run_ids[part::count], until, results),
        )
        for part in range(count)
    ]
    cpu_before, started = server.cpu_s(), time.perf_counter()
    for process in processes:
        process.start()
    waits = np.array([wait for _ in processes for wait in results.get()])
    for process in processes:
        process.join()
    wall_s = time.perf_counter() - started
    cpu_s = server.cpu_s() - cpu_before
    points = len(waits) * shape.points
    check(server, run_ids, points)
    p50, p99 = np.quantile(waits, [0.5, 0.99]) * 1000
    print(
        f"{shape.name:40} {points / wall_s:9.0f} points/s "
        f"{points / cpu_s:9.0f} points/CPU-s {len(waits) / cpu_s:7.0f} frames/CPU-s "
        f"p50 {p50:6.2f} ms  p99 {p99:6.1f} ms  max {waits.max() * 1000:6.0f} ms",
        flush=True,
    )


def check(server: ServerProcess, run_ids: list[str], points: int) -> None:
    """Compare what the store has with what was acknowledged."""
    stored = 0
    for run_id in run_ids:
        for number in range(METRICS_PER_RUN):
            for context in ({"subset": "train"}, {}):
                answer = httpx.post(
                    f"{server.url}/api/v1/rest/runs/{run_id}/metric/get-batch/",
                    params={"record_density": 0},
                    json=[{"name": f"metric {number}", "context": context}],
                    timeout=60,
                )
                stored += sum(len(trace["iters"]) for trace in answer.json())
    assert stored == points, f"{points} points acknowledged, {stored} stored"


def fsync_ms(folder: Path) -> float:
    """Median of appending 4 KB and syncing."""
    waits = []
    with (folder / "probe").open("wb", buffering=0) as file:
        for _ in range(200):
            file.write(bytes(4096))
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            waits.append(time.perf_counter() - started)
    return float(np.median(waits) * 1000)


def main() -> None:
    """Measure every shape."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, duckdb {duckdb.__version__}, "
        f"msgspec {msgspec.__version__}, uvicorn {uvicorn.__version__}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        print(f"fdatasync p50 {fsync_ms(Path(folder)):.2f} ms")
        server = ServerProcess(Path(folder) / "lab.rf")
        server.start()
        try:
            for number, shape in enumerate(SHAPES):
                measure(server, shape, number, seconds)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
