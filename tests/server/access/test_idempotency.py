"""`X-Idempotency-Key` when the same request comes more than once at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from server.embed import EmbeddedServer
from store import Store
from store.errors import StoreError
from tests.server.client import assert_error

AT_ONCE = 8
RUNS = "/api/v1/experiments/runs"


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[httpx.Client]:
    limits = httpx.Limits(max_connections=AT_ONCE)
    with httpx.Client(base_url=server.url or "", timeout=60, limits=limits) as http:
        yield http


@pytest.fixture
def experiment(client: httpx.Client) -> str:
    made: str = client.post("/api/v1/experiments", json={"name": "once"}).json()["id"]
    return made


def sent_at_once(client: httpx.Client, key: str, bodies: list[object]) -> list[httpx.Response]:
    """The answers to requests that set out together."""
    together = threading.Barrier(len(bodies))

    def post(body: object) -> httpx.Response:
        together.wait(60)
        return client.post(RUNS, json=body, headers={"X-Idempotency-Key": key})

    with ThreadPoolExecutor(len(bodies)) as threads:
        futures: list[Future[httpx.Response]] = [threads.submit(post, body) for body in bodies]
        return [future.result(120) for future in futures]


def test_the_same_request_many_times_at_once_is_done_once(
    client: httpx.Client, store: Store, experiment: str
) -> None:
    for number in range(5):
        before = len(store.default.runs.find())
        answers = sent_at_once(client, f"k{number}", [{"experiment_id": experiment}] * AT_ONCE)
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["run_id"] for answer in answers}) == 1
        assert len(store.default.runs.find()) == before + 1


def test_of_other_requests_under_one_key_the_first_is_done(
    client: httpx.Client, store: Store, experiment: str
) -> None:
    bodies: list[object] = [
        {"experiment_id": experiment, "run_name": f"run {number}"} for number in range(AT_ONCE)
    ]
    answers = sent_at_once(client, "k", bodies)
    made = [answer for answer in answers if answer.status_code == 201]
    assert len(made) == 1
    for answer in answers:
        if answer is not made[0]:
            assert_error(answer, 409, "idempotency_key_reused", "another body")
    assert [run.hash for run in store.default.runs.find()] == [made[0].json()["run_id"]]


def test_each_key_is_a_request_of_its_own(
    client: httpx.Client, store: Store, experiment: str
) -> None:
    body = {"experiment_id": experiment}
    for key in ("a", "b"):
        sent_at_once(client, key, [body] * 2)
    assert len(store.default.runs.find()) == 2


def test_a_run_is_made_once_even_if_its_answer_was_not_kept(
    client: httpx.Client,
    store: Store,
    experiment: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full_disk(*_: object) -> None:
        raise StoreError("No space left")

    monkeypatch.setattr(store.answers, "keep", full_disk)
    body = {"experiment_id": experiment, "name": "first", "tags": {"a": "b"}}
    headers = {"X-Idempotency-Key": "k"}
    first = client.post(RUNS, json=body, headers=headers)
    run = first.json()["run_id"]
    ended = client.post(f"{RUNS}/{run}/end", json={"status": "failed"}).json()
    again = client.post(RUNS, json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    # It has not been started again.
    assert again.json() == {**ended, "run_id": run}
    other = client.post(RUNS, json={**body, "name": "second"}, headers=headers).json()["run_id"]
    third = client.post(RUNS, json=body, headers={"X-Idempotency-Key": "l"}).json()["run_id"]
    assert {each.hash for each in store.default.runs.find()} == {run, other, third}
    assert len({run, other, third}) == 3
