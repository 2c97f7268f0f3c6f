"""Experiments, tags, apps, dashboards and reports over HTTP, in both dialects."""

from __future__ import annotations

from typing import Any

import pytest

from store import Workspace
from store.models import RunStatus
from tests.factories import START, log_run
from tests.server.client import ApiClient, assert_error


def test_an_experiment_from_creation_to_deletion(client: ApiClient) -> None:
    created = client.post("/experiments/", {"name": " vision "})
    assert created.status_code == 200
    key = created.json()["id"]
    assert created.json() == {"id": key, "status": "OK"}
    experiment = client.json(f"/experiments/{key}")
    assert list(experiment) == [
        "id",
        "name",
        "description",
        "run_count",
        "archived",
        "creation_time",
    ]
    assert (experiment["name"], experiment["run_count"]) == ("vision", 0)
    assert_error(
        client.post("/experiments", {"name": "vision"}),
        400,
        "bad_request",
        "Experiment with name 'vision' already exists",
    )
    assert_error(client.post("/experiments", {"name": " "}), 400, "bad_request")
    changed = client.put(f"/experiments/{key}", {"description": "eyes"})
    assert changed.json() == {"id": key, "status": "OK"}
    client.put(f"/experiments/{key}", {"archived": True, "name": ""})
    (experiment,) = client.json("/experiments")
    assert (experiment["name"], experiment["description"]) == ("vision", "eyes")
    assert experiment["archived"]
    assert client.delete(f"/experiments/{key}").json() == {"status": "OK"}
    for response in (
        client.get(f"/experiments/{key}"),
        client.put(f"/experiments/{key}", {}),
        client.delete(f"/experiments/{key}"),
        client.get(f"/experiments/{key}/runs"),
        client.get(f"/experiments/{key}/activity"),
        client.get(f"/experiments/{key}/note"),
        client.post(f"/experiments/{key}/note", {"content": "x"}),
    ):
        assert_error(response, 404, "not_found")


def test_experiments_are_found_by_a_part_of_their_name(client: ApiClient) -> None:
    for name in ("Vision", "speech", "100%"):
        client.post("/experiments", {"name": name})
    assert [each["name"] for each in client.json("/experiments/search", q="VIS")] == ["Vision"]
    assert [each["name"] for each in client.json("/experiments/search/", q="%")] == ["100%"]
    assert len(client.json("/experiments/search")) == 3


def test_renaming_onto_a_taken_name_is_refused(client: ApiClient) -> None:
    client.post("/experiments", {"name": "a"})
    key = client.post("/experiments", {"name": "b"}).json()["id"]
    assert_error(client.put(f"/experiments/{key}", {"name": "a"}), 400, "bad_request", "'a'")


def test_runs_and_activity_of_an_experiment(client: ApiClient, workspace: Workspace) -> None:
    runs = [
        log_run(
            workspace,
            number,
            name=f"run {number}",
            experiment="vision",
            started_at=START + 3600 * number,
            status=RunStatus.FINISHED if number else RunStatus.RUNNING,
        )
        for number in range(3)
    ]
    (experiment,) = client.json("/experiments")
    assert experiment["run_count"] == 3
    path = f"/experiments/{experiment['id']}"
    answer = client.json(f"{path}/runs", limit=2)
    assert answer["id"] == experiment["id"]
    assert [run["run_id"] for run in answer["runs"]] == [runs[2], runs[1]]
    assert list(answer["runs"][0]) == [
        "run_id",
        "name",
        "creation_time",
        "end_time",
        "archived",
    ]
    rest = client.json(f"{path}/runs", limit=2, offset=runs[1])
    assert [run["run_id"] for run in rest["runs"]] == [runs[0]]
    assert len(client.json(f"{path}/runs", offset="unknown", limit="")["runs"]) == 3
    activity = client.request(
        "GET", f"{path}/activity", headers={"X-Timezone-Offset": "-120"}
    ).json()
    assert (activity["num_runs"], activity["num_active_runs"]) == (3, 1)
    # 2026-09-21 14:13 UTC is 16:13 at UTC+2.
    assert activity["activity_map"] == {f"2026-09-21T{hour}:00:00": 1 for hour in (16, 17, 18)}


def test_notes_of_an_experiment(client: ApiClient) -> None:
    first = client.post("/experiments", {"name": "a"}).json()["id"]
    other = client.post("/experiments", {"name": "b"}).json()["id"]
    path = f"/experiments/{first}/note"
    created = client.post(path, {"content": " x "})
    assert created.status_code == 201
    note = created.json()["id"]
    (listed,) = client.json(path)
    assert (listed["content"], listed["experiment_id"]) == ("x", first)
    assert client.put(f"{path}/{note}", {"content": "y"}).json()["content"] == "y"
    assert client.json(f"{path}/{note}")["content"] == "y"
    assert_error(client.get(f"/experiments/{other}/note/{note}"), 404, "not_found")
    assert client.delete(f"{path}/{note}").json() == {"status": "OK"}
    assert_error(client.delete(f"{path}/{note}"), 404, "not_found")


def test_aim_has_a_default_experiment(
    client: ApiClient, aim: ApiClient, workspace: Workspace
) -> None:
    loose = log_run(workspace, 1, started_at=START)
    log_run(workspace, 2, experiment="vision")
    default, vision = aim.json("/experiments")
    assert (default["name"], default["run_count"], vision["name"]) == ("default", 1, "vision")
    path = f"/experiments/{default['id']}"
    assert aim.json(path) == default
    assert [run["run_id"] for run in aim.json(f"{path}/runs", limit=10)["runs"]] == [loose]
    assert aim.json(f"{path}/activity")["num_runs"] == 1
    assert [each["name"] for each in client.json("/experiments")] == ["vision"]
    assert_error(client.get(path), 404, "not_found")
    client.post("/experiments", {"name": "default"})
    assert [each["name"] for each in aim.json("/experiments")] == ["default", "vision"]


def test_a_tag_from_creation_to_deletion(client: ApiClient, workspace: Workspace) -> None:
    key = client.post("/tags/", {"name": " best ", "color": "#ff0000"}).json()["id"]
    tag = client.json(f"/tags/{key}")
    assert tag == {
        "id": key,
        "name": "best",
        "color": "#ff0000",
        "description": None,
        "run_count": 0,
        "archived": False,
    }
    assert_error(
        client.post("/tags", {"name": "best"}),
        400,
        "bad_request",
        "Tag with name 'best' already exists",
    )
    client.post("/tags", {"name": "Best"})
    assert_error(client.put(f"/tags/{key}", {"name": "Best"}), 400, "bad_request")
    assert client.put(f"/tags/{key}", {"description": "d", "archived": True}).status_code == 200
    tag = client.json(f"/tags/{key}")
    assert (tag["color"], tag["description"], tag["archived"]) == ("#ff0000", "d", True)
    assert [each["name"] for each in client.json("/tags/search", q="EST")] == ["best", "Best"]
    run = log_run(workspace, tags=["best"], name="first", experiment="vision", started_at=START)
    assert client.json(f"/tags/{key}/runs") == {
        "id": key,
        "runs": [
            {
                "run_id": run,
                "name": "first",
                "experiment": "vision",
                "creation_time": START,
                "end_time": None,
            }
        ],
    }
    deleted = client.delete(f"/tags/{key}")
    assert (deleted.status_code, deleted.json()) == (200, None)
    assert client.json(f"/runs/{run}/info")["props"]["tags"] == []
    for response in (
        client.get(f"/tags/{key}"),
        client.put(f"/tags/{key}", {}),
        client.delete(f"/tags/{key}"),
        client.get(f"/tags/{key}/runs"),
    ):
        assert_error(response, 404, "not_found")


STATE: dict[str, Any] = {"select": {"query": "run.lr > 0.1"}, "b": [1, {"é": None}], "a": 1.5}


def test_an_app_keeps_its_state_as_it_was_sent(client: ApiClient) -> None:
    created = client.post("/apps", {"type": "metrics", "state": STATE})
    assert created.status_code == 201
    app = created.json()
    assert list(app) == ["id", "type", "updated_at", "created_at", "state"]
    assert list(app["state"]) == ["select", "b", "a"]
    assert client.json(f"/apps/{app['id']}") == client.json("/apps")[0] == app
    changed = client.put(f"/apps/{app['id']}", {"state": {"x": 1}}).json()
    assert (changed["type"], changed["state"]) == ("metrics", {"x": 1})
    assert_error(client.post("/apps", {"type": "metrics"}), 422, "validation_error")
    response = client.delete(f"/apps/{app['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert_error(client.delete(f"/apps/{app['id']}"), 404, "not_found")
    assert_error(client.put(f"/apps/{app['id']}", {}), 404, "not_found")


def test_a_dashboard_is_archived_when_it_is_deleted(client: ApiClient) -> None:
    app = client.post("/apps", {"type": "metrics", "state": STATE}).json()
    created = client.post("/dashboards", {"name": "d", "app_id": app["id"]})
    assert created.status_code == 201
    dashboard = created.json()
    assert (dashboard["app_type"], dashboard["description"]) == ("metrics", "")
    path = f"/dashboards/{dashboard['id']}"
    assert client.put(path, {"description": "x"}).json()["description"] == "x"
    assert [each["id"] for each in client.json("/dashboards")] == [dashboard["id"]]
    for _ in range(2):
        assert client.delete(path).status_code == 204
    assert client.json("/dashboards") == []
    assert client.json(path)["name"] == "d"
    assert_error(client.delete("/dashboards/none"), 404, "not_found")


def test_aim_is_spared_dashboards_without_their_app(client: ApiClient, aim: ApiClient) -> None:
    app = client.post("/apps", {"type": "metrics", "state": STATE}).json()
    client.post("/dashboards", {"name": "kept", "app_id": app["id"]})
    client.post("/dashboards", {"name": "bare"})
    assert [each["name"] for each in client.json("/dashboards")] == ["kept", "bare"]
    assert [each["name"] for each in aim.json("/dashboards")] == ["kept"]
    client.delete(f"/apps/{app['id']}")
    assert aim.json("/dashboards") == []


def test_a_report_from_creation_to_deletion(client: ApiClient) -> None:
    created = client.post("/reports/", {"name": "r"})
    assert created.status_code == 201
    report = created.json()
    assert list(report) == ["id", "name", "code", "description", "updated_at", "created_at"]
    assert (report["code"], report["description"]) == ("", "")
    path = f"/reports/{report['id']}"
    assert client.put(path, {"code": "# Hi"}).json()["code"] == "# Hi"
    assert client.json(path)["name"] == "r"
    assert [each["id"] for each in client.json("/reports")] == [report["id"]]
    assert client.delete(path).status_code == 204
    for response in (client.get(path), client.put(path, {}), client.delete(path)):
        assert_error(response, 404, "not_found")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/apps", {"type": "metrics", "state": {}}),
        ("/dashboards", {"name": "d"}),
        ("/reports", {"name": "r"}),
    ],
)
def test_aim_gets_a_body_after_deleting(
    aim: ApiClient, path: str, body: dict[str, Any]
) -> None:
    key = aim.post(path, body).json()["id"]
    response = aim.delete(f"{path}/{key}")
    assert (response.status_code, response.json()["status"]) == (200, "OK")


def test_aim_gets_times_of_notes_in_milliseconds(
    client: ApiClient, aim: ApiClient, workspace: Workspace
) -> None:
    run = log_run(workspace)
    key = aim.post(f"/runs/{run}/note", {"content": "x"}).json()["id"]
    (theirs,), (ours,) = aim.json(f"/runs/{run}/note"), client.json(f"/runs/{run}/note")
    assert theirs["created_at"] == ours["created_at"] * 1000
    one = client.json(f"/runs/{run}/note/{key}")
    assert aim.json(f"/runs/{run}/note/{key}")["updated_at"] == one["updated_at"] * 1000
