"""Reading over HTTP: the server runs in a process of its own, its CPU time is counted apart.

    python -m tests.benchmarks.bench_server [S|M|...] [--runs N] [--folder STORE]

Answers are decoded and checked once before anything is timed. Load on the machine shows in
the wall times; the server's CPU time is what counts.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import quote

from server.codec import decode_records, read_progress
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.benchmarks.report import print_figure, print_machine
from tests.benchmarks.shapes import Shape, build, metric_context, metric_name, run_hash, shape

REST = "/api/v1/rest"
ROUNDS = 9
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def serve(folder: Path, pipe: Connection) -> None:
    """Serve a store until the other end says stop."""
    with Store.open(folder, create=False) as store:
        server = EmbeddedServer(store, ServerSettings(port=0))
        pipe.send(server.start())
        pipe.recv()
        server.stop()


class Client:
    """The thinnest client there is: what is measured is the server."""

    def __init__(self, url: str, pid: int) -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        self._status = Path(f"/proc/{pid}/stat")
        self._memory = Path(f"/proc/{pid}/statm")

    def get(self, path: str) -> bytes:
        """The body of an answer."""
        self._connection.request("GET", REST + path)
        return self._read()

    def post(self, path: str, body: object) -> bytes:
        """The body of an answer to a JSON body."""
        headers = {"content-type": "application/json"}
        self._connection.request("POST", REST + path, json.dumps(body), headers)
        return self._read()

    def _read(self) -> bytes:
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        return body

    def cpu_s(self) -> float:
        """CPU time of the server so far, all its threads."""
        fields = self._status.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S

    def memory_mb(self) -> float:
        """Memory of the server now."""
        pages = int(self._memory.read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def record_count(body: bytes) -> int:
    """Records of a stream without its progress."""
    return sum(read_progress(key, tree) is None for key, tree in decode_records([body]))


def measure(
    client: Client, name: str, target_ms: float | None, work: Callable[[], bytes]
) -> None:
    """Print median and best wall time, the server's CPU time, and the size."""
    size = len(work())
    walls = []
    cpu = client.cpu_s()
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        walls.append(1e3 * (time.perf_counter() - started))
    cpu_ms = 1e3 * (client.cpu_s() - cpu) / ROUNDS
    target = "" if target_ms is None else f"  target {target_ms:g} ms"
    print(
        f"{name:<44} median {statistics.median(walls):8.1f} ms  min {min(walls):8.1f}"
        f"  server cpu {cpu_ms:7.1f}  {size / 1e6:6.2f} MB{target}"
    )


def measure_all(client: Client, of: Shape) -> None:
    """Ask everything once, check it, then time it."""
    is_small = of.runs <= 1_000
    one = quote(f"metric.name == '{metric_name(0)}'")
    hundred = quote(
        f"metric.name == '{metric_name(0)}' and run.hparams.seed >= {of.runs - 100}"
    )
    first = run_hash(0)
    traces = [
        {"name": metric_name(number), "context": metric_context(number).as_dict()}
        for number in range(of.metrics)
    ]
    questions: list[tuple[str, int, float | None, Callable[[], bytes]]] = [
        ("first page of 50 runs", 50, 10, lambda: client.get("/runs/search/run?limit=50")),
        (
            "all runs streamed",
            of.runs,
            300 if is_small else None,
            lambda: client.get("/runs/search/run"),
        ),
        (
            "metric search, 100 runs, 50 points",
            min(100, of.runs),
            40,
            lambda: client.get(f"/runs/search/metric?q={hundred}"),
        ),
    ]
    if is_small:
        questions.append(
            (
                "metric search, all runs, 50 points",
                of.runs,
                None,
                lambda: client.get(f"/runs/search/metric?q={one}"),
            )
        )
    for name, count, target_ms, work in questions:
        assert record_count(work()) == count, name
        measure(client, name, target_ms, work)
    batch = json.loads(client.post(f"/runs/{first}/metric/get-batch", traces))
    assert len(batch) == of.metrics
    measure(
        client,
        f"all {of.metrics} metrics of one run (JSON)",
        100,
        lambda: client.post(f"/runs/{first}/metric/get-batch", traces),
    )
    measure(client, "info of one run", None, lambda: client.get(f"/runs/{first}/info"))
    measure(client, "params overview", 50, lambda: client.get("/projects/params"))
    measure(client, "version (the framework alone)", None, lambda: client.get("/version"))


def measure_memory(client: Client) -> None:
    """How far memory rises while all runs are streamed again and again."""
    before = client.memory_mb()
    for _ in range(5):
        client.get("/runs/search/run")
    print_figure(
        "memory of the server",
        f"{before:.0f} MB, {client.memory_mb() - before:+.0f} MB after 5 x",
    )


def main() -> None:
    """Build the shape if need be, serve it, ask."""
    parser = argparse.ArgumentParser(description="Benchmark reading over HTTP.")
    parser.add_argument("shape", nargs="?", default="S")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--folder", type=Path, help="a store of this shape, built before")
    options = parser.parse_args()
    of = shape(options.shape, options.runs)
    print_machine()
    print(f"# {of}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary) / "bench.rf"
        if not folder.exists():
            with Store.open(folder) as store:
                build(store, of)
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(folder, theirs)
        )
        process.start()
        try:
            client = Client(ours.recv(), process.pid or 0)
            measure_all(client, of)
            measure_memory(client)
        finally:
            ours.send(None)
            process.join()


if __name__ == "__main__":
    main()
