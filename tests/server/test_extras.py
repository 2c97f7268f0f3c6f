"""Routes of our own: index, records, points, changes, settings, notes, statistics."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from store import Workspace
from tests.factories import START, TRAIN, log_run, make_points
from tests.server.client import ApiClient, assert_error


def test_the_index_has_the_hashes_of_all_matches(
    client: ApiClient, workspace: Workspace
) -> None:
    runs = [
        log_run(workspace, number, params={"lr": number}, started_at=START + number)
        for number in range(4)
    ]
    index = client.json("/runs/index")
    assert (index["total"], index["hashes"]) == (4, runs[::-1])
    assert client.json("/runs/index", q="run.lr > 1")["hashes"] == runs[:1:-1]
    ordered = client.json("/runs/index", sort='[{"field": "params.lr"}]', limit=2)
    assert (ordered["total"], ordered["hashes"]) == (4, runs[:2])
    assert_error(client.get("/runs/index", q="run.lr >"), 400, "bad_request")


def test_records_carry_whole_summaries(client: ApiClient, workspace: Workspace) -> None:
    first = log_run(workspace, 1, params={"lr": 1}, metrics={"loss": [1.0, np.nan, 0.5]})
    second = log_run(workspace, 2)
    records = client.records("/runs/records", {"hashes": [second, "ghost", first, second]})
    assert list(records) == [second, first]
    tree = records[first]
    assert tree["params"] == {"lr": 1}
    (metric,) = tree["metrics"]
    assert (metric["count"], metric["non_finite_count"]) == (3, 1)
    assert (metric["min"], metric["min_step"], metric["last_step"]) == (0.5, 2, 2)
    bare = client.records(
        "/runs/records", {"hashes": [first], "params": False, "metrics": False}
    )
    assert (bare[first]["params"], bare[first]["metrics"]) == ({}, [])


def test_points_of_any_runs_keep_extremes(client: ApiClient, workspace: Workspace) -> None:
    values = np.zeros(1000)
    values[333], values[777] = 9.0, -9.0
    run = log_run(workspace, 1, make_points("loss", values, TRAIN))
    trace = {"run_id": run, "name": "loss", "context": {"subset": "train"}}
    wanted: dict[str, Any] = {
        "traces": [trace, {"run_id": "ghost", "name": "loss"}, trace],
        "density": 20,
    }
    points = client.records("/runs/points", wanted)
    assert list(points) == ["0", "1", "2"]
    assert len(points["0"]["steps"]) <= 20
    assert {9.0, -9.0} <= set(points["0"]["values"].tolist())
    assert len(points["1"]["steps"]) == 0
    part = client.records("/runs/points", {"traces": [trace], "first_step": 5, "last_step": 7})
    assert part["0"]["steps"].tolist() == [5, 6, 7]
    assert part["0"]["times"].tolist() == [START + 5, START + 6, START + 7]


def test_changes_are_told_at_once(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    version = client.json("/changes")["version"]
    assert client.json("/changes", since=version, timeout_s=0) == {
        "version": version,
        "runs": [],
    }
    heard: list[Any] = []
    listener = threading.Thread(
        target=lambda: heard.append(client.json("/changes", since=version, timeout_s=20))
    )
    listener.start()
    workspace.runs.update(run, name="new")
    listener.join(15)
    assert heard[0]["version"] > version
    assert heard[0]["runs"] == [run]


def test_a_version_from_another_time_means_everything_changed(
    client: ApiClient, workspace: Workspace
) -> None:
    log_run(workspace)
    assert client.json("/changes", since=10**9)["runs"] is None


def test_settings_are_kept(client: ApiClient) -> None:
    assert client.json("/settings/queries") == {"name": "queries", "value": None}
    value = {"b": [1, None, "é"], "a": {}}
    assert client.put("/settings/queries", {"value": value}).json()["value"] == value
    assert client.json("/settings/queries")["value"] == value
    client.put("/settings/queries", {"value": None})
    assert client.json("/settings/queries")["value"] is None


def test_notes_of_everything(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    key = client.post("/experiments", {"name": "vision"}).json()["id"]
    client.post(f"/experiments/{key}/note", {"content": "on eyes"})
    point = {"run_hash": run, "metric": "loss", "context": {"subset": "val"}, "step": 7}
    created = client.post("/notes", {"content": "spike", **point})
    assert created.status_code == 201
    assert created.json().items() >= {"content": "spike", **point}.items()
    notes = client.json("/notes")
    assert {note["content"] for note in notes} == {"spike", "on eyes"}
    assert [note["content"] for note in client.json("/notes", search="SPI")] == ["spike"]
    assert_error(
        client.post("/notes", {"content": "x", "experiment_id": "none"}), 404, "not_found"
    )


def test_statistics_of_server_and_store(client: ApiClient, workspace: Workspace) -> None:
    log_run(workspace, metrics={"loss": [1.0, 2.0]})
    client.get("/runs/nope/info")
    statistics = client.json("/statistics")
    assert statistics["store"]["runs"] == 1
    assert statistics["store"]["points"] == 2
    assert statistics["ingest"] == {"clients": 0, "frames": 0, "errors": 0, "messages": {}}
    server = statistics["server"]
    assert server["request_count"] >= 1
    assert server["active_requests"] == 1
    assert server["median_ms"] > 0
    (error,) = server["errors"]
    assert (error["status"], error["path"]) == (404, "/api/v1/rest/runs/{id}/info")
    assert server["error_count"] == 0
    assert server["paths"][0]["count"] >= 1
