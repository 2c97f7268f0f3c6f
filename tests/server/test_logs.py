"""Terminal lines and structured records over HTTP."""

from __future__ import annotations

import pytest

from store import Workspace
from store.models.operations import LogLines, LogRecords, NewRecord
from tests.factories import START, log_run
from tests.server.client import ApiClient, assert_error


@pytest.mark.parametrize(
    ("record_range", "first", "last"),
    [
        ("", 60, 259),
        ("nonsense", 60, 259),
        (":", 60, 259),
        ("3:5", 3, 4),
        ("255:", 255, 259),
        (":2", 0, 1),
    ],
)
def test_a_range_of_lines(
    client: ApiClient, workspace: Workspace, record_range: str, first: int, last: int
) -> None:
    run = log_run(workspace, 1, LogLines([(step, f"line {step}") for step in range(260)]))
    lines = client.frames(f"/runs/{run}/logs", record_range=record_range)
    assert lines == [(step, f"line {step}") for step in range(first, last + 1)]


def test_no_lines_are_an_empty_body(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    for run_id in (run, "unknown"):
        response = client.get(f"/runs/{run_id}/logs")
        assert (response.status_code, response.content) == (200, b"")


def test_a_range_that_is_none_is_a_bad_request(client: ApiClient) -> None:
    for path in ("/runs/x/logs", "/runs/x/log-records"):
        assert_error(client.get(path, record_range="a:b"), 400, "bad_request", "Invalid range")


def test_records_follow_their_number(client: ApiClient, workspace: Workspace) -> None:
    records = [
        NewRecord("hi", 20, START, {"k": 1}, ["f.py", 3]),
        NewRecord("odd", 33, START + 1),
        NewRecord("bad", 40, START + 2),
    ]
    run = log_run(workspace, 1, LogRecords(records))
    frames = client.frames(f"/runs/{run}/log-records")
    assert frames[0] == ("log_records_count", 3)
    assert frames[1] == (
        0,
        {
            "message": "hi",
            "log_level": "INFO",
            "timestamp": START,
            "args": {"k": 1},
            "logger_info": ["f.py", 3],
            "is_notified": True,
        },
    )
    assert [tree["log_level"] for _, tree in frames[1:]] == ["INFO", "INFO", "ERROR"]
    assert frames[2][1]["args"] is None
    ranged = client.frames(f"/runs/{run}/log-records", record_range="1:2")
    assert [key for key, _ in ranged] == ["log_records_count", 1]


def test_an_unknown_run_has_no_records(client: ApiClient) -> None:
    assert client.frames("/runs/unknown/log-records") == [("log_records_count", 0)]
