"""Batches over plain HTTP: durable and visible when answered, all or nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from server.embed import EmbeddedServer
from store.models import Context, SequenceKey
from store.workspace import Workspace

RUN = "c" * 32
PATH = f"/api/v1/rest/runs/{RUN}/log"


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[httpx.Client]:
    assert server.url is not None
    with httpx.Client(base_url=server.url) as opened:
        yield opened


def test_columns_become_points(client: httpx.Client, workspace: Workspace) -> None:
    column = {
        "name": "loss",
        "context": {"subset": "val"},
        "steps": [0, 2, 4],
        "values": [1, 0.5, 0.25],
        "epochs": [0, 0, 1],
        "times": [1.7e9, 1.7e9 + 1, 1.7e9 + 2],
    }
    answer = client.post(PATH, json={"columns": [column]})
    assert (answer.status_code, answer.json()) == (
        200,
        {"id": RUN, "status": "OK", "points": 3},
    )
    series = workspace.points.read(RUN, SequenceKey("loss", Context.of({"subset": "val"})))
    assert series.steps.tolist() == [0, 2, 4]
    assert series.values.tolist() == [1.0, 0.5, 0.25]
    assert series.epochs.tolist() == [0.0, 0.0, 1.0]
    assert series.times.tolist() == column["times"]


def test_rows_params_and_messages_in_one_batch(
    client: httpx.Client, workspace: Workspace
) -> None:
    body: dict[str, Any] = {
        "points": [{"name": "acc", "value": 0.5, "step": 3}, {"name": "acc", "value": 0.75}],
        "params": {"hparams": {"lr": 0.1}},
        "messages": [{"type": "set_run_property", "name": "named"}],
    }
    assert client.post(PATH + "/", json=body).json()["points"] == 2
    assert workspace.points.read(RUN, SequenceKey("acc")).steps.tolist() == [3, 4]
    record = workspace.runs.record(RUN)
    assert (record.run.name, record.params) == ("named", {"hparams": {"lr": 0.1}})


def test_pythons_numbers_are_understood(client: httpx.Client, workspace: Workspace) -> None:
    body = json.dumps({"columns": [{"name": "x", "values": [math.nan, math.inf]}]})
    assert client.post(PATH, content=body).status_code == 200
    values = workspace.points.read(RUN, SequenceKey("x")).values.tolist()
    assert [repr(value) for value in values] == ["nan", "inf"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"columns": [{"name": "x", "values": [1, 2], "steps": [1]}]}',
        b'{"columns": [{"name": "x", "values": [1], "steps": [-1]}]}',
        b'{"columns": [{"name": "", "values": [1]}]}',
        b'{"points": [{"name": "x"}]}',
        b'{"messages": [{"type": "from the future"}]}',
        b'{"points": [{"name": "good", "value": 1}], "messages": [{"type": "add_tag"}]}',
        b"\xff\xfe",
    ],
)
def test_an_invalid_batch_changes_nothing(
    client: httpx.Client, workspace: Workspace, body: bytes
) -> None:
    answer = client.post(PATH, content=body)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert workspace.runs.count() == 0


def test_a_repeated_batch_doubles_nothing(client: httpx.Client, workspace: Workspace) -> None:
    body = {"columns": [{"name": "x", "values": [1, 2], "steps": [0, 1]}]}
    for _ in range(2):
        assert client.post(PATH, json=body).status_code == 200
    assert len(workspace.points.read(RUN, SequenceKey("x"))) == 2


def test_bad_run_ids_and_methods(client: httpx.Client) -> None:
    assert client.post("/api/v1/rest/runs/progress_x/log", json={}).status_code == 400
    assert client.get(PATH).status_code == 405
    assert client.post(PATH, json={}).json()["points"] == 0
