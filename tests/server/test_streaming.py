"""Streams of two thousand runs: memory stays flat, and nothing is read for who has left."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest

from server.codec import Progress, decode_records, encode_records, read_progress
from server.embed import EmbeddedServer
from server.responses import BinaryStream
from server.settings import ServerSettings
from store import Store, Workspace
from store.models.operations import CreateRun, SetParams
from tests.factories import START, make_hash, make_points
from tests.server.client import ApiClient

RUN_COUNT = 2_000
FULL_PAGES = 700
"""So many runs make the store read pages of the largest size that it uses."""


async def test_progress_is_repeated_while_the_next_record_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.responses.BEAT_S", 0.02)
    sent: list[bytes] = []
    beats = threading.Event()

    def slow() -> Iterator[tuple[str, Any] | Progress]:
        yield Progress(0, 2)
        yield "first", {"text": "x" * 200_000, "after": 1}
        yield Progress(1, 2)
        beats.wait(20)
        yield "second", {"n": 2}
        yield Progress(0, 0)

    async def send(event: Any) -> None:
        sent.append(event.get("body", b""))
        known = [key for key, _ in decode_records([b"".join(sent)])]
        if len([key for key in known if str(key).startswith("progress")]) >= 4:
            beats.set()

    async def receive() -> Any:
        await asyncio.Event().wait()

    answer = BinaryStream(encode_records(slow()))
    await answer({}, receive, send)
    records = list(decode_records([b"".join(sent)]))
    progress = [(key, read_progress(key, tree)) for key, tree in records]
    seen = [(key, each) for key, each in progress if each is not None]
    assert len({key for key, _ in seen}) == len(seen) >= 5
    assert [each for _, each in seen].count(Progress(1, 2)) >= 3
    data = {key: tree for key, tree in records if read_progress(key, tree) is None}
    assert data == {"first": {"text": "x" * 200_000, "after": 1}, "second": {"n": 2}}


@pytest.fixture(scope="module")
def large_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Runs with five metrics and thirty params each."""
    with Store.open(tmp_path_factory.mktemp("large") / "lab.rf") as store:
        params = {f"key_{number}": number / 7 for number in range(30)}
        futures = [
            store.default.ingest.submit(
                make_hash(number),
                [
                    CreateRun(START + number),
                    SetParams({"hparams": params}),
                    *(make_points(f"metric_{m}", np.arange(20.0)) for m in range(5)),
                ],
            )
            for number in range(RUN_COUNT)
        ]
        for future in futures:
            future.result()
        yield store


@pytest.fixture
def large(large_store: Store) -> Iterator[ApiClient]:
    server = EmbeddedServer(large_store, ServerSettings(port=0))
    client = ApiClient(server.start() or "")
    yield client
    client.close()
    server.stop()


def peak_of_streaming(client: ApiClient, **params: object) -> tuple[int, int]:
    """Bytes streamed, and how far memory rose while streaming and dropping them.

    The least of a few times: the store's own threads allocate as well.
    """
    url = f"{client.prefix}/runs/search/run"
    peaks = []
    for _ in range(4):
        gc.collect()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        with client.http.stream("GET", url, params=params) as response:
            size = sum(len(chunk) for chunk in response.iter_raw())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        peaks.append(peak - before)
    return size, min(peaks)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_answer(large: ApiClient) -> None:
    few_size, few_peak = peak_of_streaming(large, limit=FULL_PAGES)
    all_size, all_peak = peak_of_streaming(large)
    assert all_size > 2.5 * few_size
    assert all_peak < 1.5 * few_peak
    assert all_peak < all_size


def test_every_run_arrives(large: ApiClient) -> None:
    records = large.records("/runs/search/run")
    assert list(records) == [make_hash(number) for number in reversed(range(RUN_COUNT))]
    assert all(len(tree["traces"]["metric"]) == 5 for tree in records.values())


def test_the_first_runs_arrive_before_the_last_are_read(large: ApiClient) -> None:
    url = f"{large.prefix}/runs/search/metric"
    with large.http.stream("GET", url, params={"q": "metric.name == 'metric_1'"}) as response:
        chunks = response.iter_raw()
        first = next(chunks)
        assert len(first) < 300_000
        rest = sum(len(chunk) for chunk in chunks)
    assert rest > 2 * len(first)


def test_who_leaves_early_stops_the_work(large: ApiClient) -> None:
    url = f"{large.prefix}/runs/search/run"
    with large.http.stream("GET", url) as response:
        next(response.iter_raw())
    deadline = time.monotonic() + 10
    while large.json("/statistics")["server"]["active_requests"] > 1:
        assert time.monotonic() < deadline
    assert len(large.records("/runs/search/run", limit=3)) == 3


async def test_the_generator_is_closed_when_the_client_leaves() -> None:
    closed_after: list[int] = []

    def chunks() -> Iterator[bytes]:
        count = 0
        try:
            while True:
                count += 1
                yield b"x" * 1000
        finally:
            closed_after.append(count)

    stream = BinaryStream(chunks())
    sent: list[dict[str, object]] = []

    async def send(event: dict[str, object]) -> None:
        sent.append(event)
        if len(sent) > 5:
            raise OSError

    async def receive() -> dict[str, str]:
        await asyncio.get_running_loop().create_future()
        return {"type": "http.disconnect"}

    await stream({}, receive, send)  # type: ignore[arg-type]
    assert len(closed_after) == 1
    assert closed_after[0] <= 6


async def test_an_error_on_the_way_breaks_the_connection() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x"
        raise ValueError("the disk is gone")

    stream = BinaryStream(chunks())
    sent: list[dict[str, object]] = []

    async def send(event: dict[str, object]) -> None:
        sent.append(event)

    async def receive() -> dict[str, str]:
        await asyncio.get_running_loop().create_future()
        return {"type": "http.disconnect"}

    with pytest.raises(ValueError, match="disk"):
        await stream({}, receive, send)  # type: ignore[arg-type]
    assert all(event.get("more_body", True) for event in sent)


def test_a_stream_can_be_read_while_runs_are_logged(
    server: EmbeddedServer, workspace: Workspace
) -> None:
    def log(first: int) -> None:
        futures = [
            workspace.ingest.submit(make_hash(n), [CreateRun(START + n)])
            for n in range(first, first + 150)
        ]
        for future in futures:
            future.result()

    log(0)
    with httpx.Client(base_url=server.url or "") as http:
        with http.stream("GET", "/api/v1/rest/runs/search/run") as response:
            chunks = response.iter_raw()
            data = [next(chunks)]
            log(1000)
            data += chunks
        records = dict(decode_records(data))
    runs = [key for key, tree in records.items() if read_progress(key, tree) is None]
    assert {make_hash(n) for n in range(150)} <= set(runs)
