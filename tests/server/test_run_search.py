"""Run search and active runs: records, progress, order, paging, errors."""

from __future__ import annotations

import json
import math

import pytest

from server.codec import Progress, read_progress
from store import Workspace
from store.models import RunStatus
from tests.factories import START, log_run, make_hash
from tests.server.client import ApiClient, assert_error

SEARCH = "/runs/search/run"


def log_three(workspace: Workspace) -> list[str]:
    """Three runs, oldest first."""
    return [
        log_run(
            workspace,
            number,
            name=f"run {'cab'[number]}",
            params={"lr": number, "__system_params": {"cpu": 1}},
            metrics={"loss": [3.0, 1.0 + number, 2.0]},
            started_at=START + number,
        )
        for number in range(3)
    ]


def test_records_come_newest_first_with_progress_between(
    client: ApiClient, workspace: Workspace
) -> None:
    first, second, third = log_three(workspace)
    frames = client.frames(SEARCH)
    assert [read_progress(key, tree) or key for key, tree in frames] == [
        Progress(0, 3),
        third,
        Progress(1, 3),
        second,
        Progress(2, 3),
        first,
        Progress(3, 3),
        Progress(0, 0),
    ]
    tree = dict(frames)[first]
    assert list(tree) == ["params", "traces", "props"]
    assert tree["params"] == {"lr": 0}
    assert tree["traces"] == {
        "metric": [
            {
                "name": "loss",
                "context": {},
                "values": {"last": 2.0, "last_step": 2, "first": 3.0, "min": 1.0, "max": 3.0},
            }
        ]
    }
    assert tree["props"]["creation_time"] == START
    assert tree["props"]["experiment"] == {"id": None, "name": None, "description": None}


def test_no_match_is_one_frame(client: ApiClient) -> None:
    assert client.frames(SEARCH) == [("progress_0", [0, 0])]


def test_without_progress_only_runs_come(client: ApiClient, workspace: Workspace) -> None:
    runs = log_three(workspace)
    frames = client.frames(SEARCH, report_progress="False")
    assert [key for key, _ in frames] == runs[::-1]
    assert client.frames(SEARCH, report_progress=False, q="run.lr == 9") == []


def test_parts_can_be_left_out(client: ApiClient, workspace: Workspace) -> None:
    log_three(workspace)
    records = client.records(SEARCH, exclude_params=True, exclude_traces=True)
    assert all(tree["params"] == {} for tree in records.values())
    assert all(tree["traces"] == {"metric": []} for tree in records.values())
    records = client.records(SEARCH, skip_system=False)
    assert all("__system_params" in tree["params"] for tree in records.values())


def test_pages_follow_each_other(client: ApiClient, workspace: Workspace) -> None:
    first, second, third = log_three(workspace)
    assert list(client.records(SEARCH, limit=2)) == [third, second]
    frames = client.frames(SEARCH, limit=2, offset=second)
    assert [read_progress(key, tree) or key for key, tree in frames] == [
        Progress(0, 3),
        first,
        Progress(3, 3),
        Progress(0, 0),
    ]
    assert client.records(SEARCH, offset=make_hash("nobody")) == {}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ([{"field": "run", "order": "asc"}], [1, 2, 0]),
        ([{"field": "run", "order": "desc"}], [0, 2, 1]),
        ([{"field": "date"}], [0, 1, 2]),
        ([], [2, 1, 0]),
        ({}, [2, 1, 0]),
        ([{"field": "creator"}, {"field": "date", "order": "asc"}], [0, 1, 2]),
        ([{"field": "params.lr", "order": "desc"}], [2, 1, 0]),
    ],
)
def test_order(client: ApiClient, workspace: Workspace, sort: object, order: list[int]) -> None:
    runs = log_three(workspace)
    found = client.records(SEARCH, sort=json.dumps(sort))
    assert list(found) == [runs[number] for number in order]


@pytest.mark.parametrize(
    ("sort", "message"),
    [
        ("[{", "Invalid sort JSON"),
        ('[{"field": "size"}]', "Unknown sort field: 'size'"),
        ('[{"field": "run", "order": "up"}]', "Invalid sort order: 'up'"),
        ("[1]", "Invalid sort JSON"),
        ('[{"field": ["run"]}]', "Unknown sort field"),
    ],
)
def test_a_wrong_order_is_a_bad_request(client: ApiClient, sort: str, message: str) -> None:
    assert_error(client.get(SEARCH, sort=sort), 400, "bad_request", message)


def test_a_query_that_cannot_be_understood_is_a_bad_request(client: ApiClient) -> None:
    for query in ("run.x ==", "__import__('os')", "run.__class__"):
        assert_error(client.get(SEARCH, q=query), 400, "bad_request", "Invalid query syntax")


def test_aim_gets_the_place_of_the_error(aim: ApiClient) -> None:
    response = aim.get(SEARCH, q="run.x ==")
    assert response.status_code == 400
    body = response.json()
    assert body["message"] == "SyntaxError"
    assert body["detail"]["statement"] == "run.x =="
    assert body["detail"]["line"] == 1
    assert set(body["detail"]) == {"statement", "line", "offset", "end_offset"}
    assert body["error"]["code"] == "bad_request"


def test_values_that_are_no_numbers_reach_the_page(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_run(workspace, params={"": 1, "seed": 2**40}, metrics={"loss": [1.0, math.nan]})
    tree = client.records(SEARCH)[run]
    assert math.isnan(tree["traces"]["metric"][0]["values"]["last"])
    assert tree["params"] == {"_": 1, "seed": float(2**40)}


def test_active_runs_have_last_values_only(client: ApiClient, workspace: Workspace) -> None:
    assert client.frames("/runs/active") == []
    running = log_run(workspace, 1, metrics={"loss": [1.0, 0.5]})
    log_run(workspace, 2, status=RunStatus.FINISHED, started_at=START)
    frames = client.frames("/runs/active")
    assert [key for key, _ in frames] == [running, "progress_0"]
    assert frames[1][1] == [1, 1]
    assert frames[0][1]["traces"] == {
        "metric": [{"name": "loss", "context": {}, "values": {"last": 0.5, "last_step": 1}}]
    }
    assert list(client.records("/runs/active", report_progress=False)) == [running]
