"""The project over HTTP: activity, params of all runs, pinned sequences, health, metrics."""

from __future__ import annotations

import math

from store import Workspace
from store.models import SequenceKind
from store.models.operations import LogObjects
from tests.factories import START, VAL, log_run, make_points
from tests.server.client import ApiClient, assert_error


def test_the_project_has_a_name(client: ApiClient) -> None:
    project = client.json("/projects/")
    assert project["name"] == "runfolio"
    assert project["telemetry_enabled"] == 0
    assert client.json("/projects/status") == "up-to-date"
    assert client.json("/version/")["component"] == "backend"


def test_activity_counts_runs_by_local_day(
    client: ApiClient, aim: ApiClient, workspace: Workspace
) -> None:
    assert client.json("/projects/activity")["activity_map"] == {}
    for number, hours in enumerate((0, 1, 10)):
        log_run(workspace, number, started_at=START + 3600 * hours, experiment="x")
    activity = client.json("/projects/activity")
    assert activity["num_experiments"] == 1
    assert activity["num_runs"] == activity["num_active_runs"] == 3
    assert activity["num_archived_runs"] == 0
    # The runs start at 14:13, 15:13 and 00:13 of the next day, UTC.
    assert activity["activity_map"] == {"2026-09-21T00:00:00": 2, "2026-09-22T00:00:00": 1}
    west = {"X-Timezone-Offset": "60"}
    moved = client.request("GET", "/projects/activity", headers=west).json()
    assert moved["activity_map"] == {"2026-09-21T00:00:00": 3}
    hours = aim.json("/projects/activity")["activity_map"]
    assert list(hours) == ["2026-09-21T14:00:00", "2026-09-21T15:00:00", "2026-09-22T00:00:00"]


def test_params_of_all_runs(client: ApiClient, workspace: Workspace) -> None:
    log_run(
        workspace,
        1,
        make_points("loss", [1.0], VAL),
        make_points("loss", [1.0]),
        LogObjects(SequenceKind.TEXTS, "words", VAL, 0, None, START, [{"data": "x"}]),
        params={"a": {"b": math.nan}, "__system_params": {"cpu": 2}},
    )
    log_run(workspace, 2, params={"a": {"c": [1]}})
    overview = client.json("/projects/params")
    assert overview["params"] == {"a": {"b": "NaN", "c": [1]}}
    contexts = sorted(overview["metric"]["loss"], key=str)
    assert contexts == [{"subset": "val"}, {}]
    assert overview["texts"] == {"words": [{"subset": "val"}]}
    assert overview["images"] == overview["audios"] == overview["figures"] == {}


def test_only_the_kinds_that_were_asked_for(client: ApiClient, workspace: Workspace) -> None:
    log_run(workspace, metrics={"loss": [1.0]})
    overview = client.json(
        "/projects/params", sequence=["metric", "images"], exclude_params=True
    )
    assert overview == {"metric": {"loss": [{}]}, "images": {}}
    assert_error(client.get("/projects/params", sequence="nonsense"), 400, "bad_request")


def test_sequences_can_be_pinned(client: ApiClient) -> None:
    assert client.json("/projects/pinned-sequences") == {"sequences": []}
    pinned = {"sequences": [{"name": "loss", "context": {"subset": "train"}}]}
    assert client.post("/projects/pinned-sequences/", pinned).json() == pinned
    assert client.json("/projects/pinned-sequences") == pinned
    assert_error(client.post("/projects/pinned-sequences", {}), 422, "validation_error")


def test_health_says_what_works(client: ApiClient) -> None:
    assert client.http.get("/health/live/").json() == {"status": "ok"}
    assert client.http.get("/health/ready").json() == {
        "status": "ok",
        "checks": {"store": "ok"},
    }


def test_metrics_count_requests_by_path_template(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_run(workspace)
    client.get(f"/runs/{run}/info/")
    client.get("/runs/unknown/info")
    client.get("/no/such/path")
    response = client.http.get("/metrics/")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    page = response.text
    info = 'method="GET",path_template="/api/v1/rest/runs/{id}/info"'
    assert f'matyan_http_requests_total{{{info},status_class="2xx"}} 1.0' in page
    assert f'matyan_http_requests_total{{{info},status_class="4xx"}} 1.0' in page
    assert 'path_template="(other)"' in page
    assert f'matyan_http_request_duration_seconds_bucket{{le="10.0",{info}' in page
    assert "matyan_ws_connections_active 0.0" in page
    assert "runfolio_store_runs 1.0" in page
    assert "process_cpu_seconds_total" in page


def test_metrics_tell_where_queries_were_answered(
    client: ApiClient, workspace: Workspace
) -> None:
    for key in range(3):
        log_run(workspace, key, metrics={"loss": [1.0]})
    client.records("/runs/search/run", q='run.name == "x" and run.name.upper() == "X"')
    client.records("/runs/search/run", q='run.name == "x"')
    client.records("/runs/search/metric", q='metric.name == "loss" and run.hash.upper() != ""')
    page = client.http.get("/metrics/").text
    found = {line.split(" ")[0]: line.split(" ")[1] for line in page.splitlines()}
    paths = {
        key: count for key, count in found.items() if key.startswith("matyan_planner_path")
    }
    assert sorted(paths.values()) == ["1.0", "1.0", "1.0"]
    fast = 'matyan_planner_path_total{endpoint="run_search",path="fast",reason="exact"}'
    lazy = 'matyan_planner_path_total{endpoint="run_search",path="lazy",reason="superset"}'
    assert paths[fast] == paths[lazy] == "1.0"
    assert float(found['runfolio_search_predicates_total{by="python"}']) == 2.0
    assert float(found['runfolio_search_predicates_total{by="database"}']) >= 2.0
    assert float(found['runfolio_search_scanned_total{kind="run"}']) == 3.0


def test_a_browser_gets_the_metrics_explorer(client: ApiClient) -> None:
    headers = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    response = client.http.get("/metrics", headers=headers)
    assert response.headers["content-type"].startswith("text/html")


def test_every_answer_has_a_request_id(client: ApiClient) -> None:
    first, second = (client.http.get("/health/live") for _ in range(2))
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
