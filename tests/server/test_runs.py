"""One run over HTTP: info, changing it; many runs at once."""

from __future__ import annotations

import math

from store import Workspace
from tests.factories import START, log_run, make_hash, make_points
from tests.server.client import ApiClient, assert_error


def test_info_says_everything_small_about_a_run(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_run(
        workspace,
        name="first",
        experiment="vision",
        params={"z": {"b": 1, "a": [1, {}]}, "a": None},
        metrics={"loss": [1.0, 0.5]},
        tags=["best"],
        started_at=START,
    )
    info = client.json(f"/runs/{run}/info")
    assert list(info["params"]) == ["a", "z"]
    assert list(info["params"]["z"]) == ["a", "b"]
    assert info["params"] == {"a": None, "z": {"a": [1, {}], "b": 1}}
    assert info["traces"] == {
        "metric": [{"context": {}, "name": "loss", "last_value": 0.5}],
        "images": [],
        "texts": [],
        "distributions": [],
        "audios": [],
        "figures": [],
    }
    props = info["props"]
    assert (props["name"], props["archived"], props["active"]) == ("first", False, True)
    assert props["creation_time"] == START
    assert props["end_time"] is None
    assert props["experiment"]["name"] == "vision"
    assert [tag["name"] for tag in props["tags"]] == ["best"]
    assert info["artifacts"] == []


def test_a_run_without_experiment_has_an_object_of_nulls(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_run(workspace)
    props = client.json(f"/runs/{run}/info")["props"]
    assert props["experiment"] == {"id": None, "name": None, "description": None}
    assert props["tags"] == []
    assert props["description"] == ""
    assert props["name"] == f"Run: {run}"


def test_numbers_that_json_does_not_know_come_as_text(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_run(
        workspace, params={"lr": math.inf, "x": [math.nan]}, metrics={"loss": [1.0, math.nan]}
    )
    info = client.json(f"/runs/{run}/info")
    assert info["params"] == {"lr": "inf", "x": ["NaN"]}
    assert info["traces"]["metric"][0]["last_value"] == "NaN"


def test_info_leaves_out_the_machine_and_other_kinds(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_run(
        workspace, params={"__system_params": {"cpu": 2}, "lr": 1}, metrics={"a": [1]}
    )
    info = client.json(f"/runs/{run}/info", skip_system=True, sequence=["images", "nonsense"])
    assert info["params"] == {"lr": 1}
    assert info["traces"] == {"images": []}


def test_an_unknown_run_is_not_found(client: ApiClient) -> None:
    for response in (
        client.get("/runs/nope/info"),
        client.put("/runs/nope", {}),
        client.delete("/runs/nope"),
    ):
        assert_error(response, 404, "not_found", "nope")


def test_a_run_can_be_changed(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    changed = {"name": " new ", "description": "why", "archived": True, "experiment": "speech"}
    assert client.put(f"/runs/{run}", changed).json() == {"id": run, "status": "OK"}
    props = client.json(f"/runs/{run}/info")["props"]
    assert (props["name"], props["description"], props["archived"]) == (" new ", "why", True)
    assert props["experiment"]["name"] == "speech"
    assert client.put(f"/runs/{run}", {}).status_code == 200
    unchanged = client.json(f"/runs/{run}/info")["props"]
    assert {**unchanged, "updated_at": 0} == {**props, "updated_at": 0}
    client.put(f"/runs/{run}", {"experiment": "", "description": ""})
    props = client.json(f"/runs/{run}/info")["props"]
    assert props["experiment"]["id"] is None
    assert props["description"] == ""


def test_a_run_ends_once_and_can_be_taken_up_again(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_run(workspace)
    client.put(f"/runs/{run}", {"active": False})
    ended = client.json(f"/runs/{run}/info")["props"]
    assert not ended["active"]
    assert ended["end_time"] is not None
    client.put(f"/runs/{run}", {"active": False})
    assert client.json(f"/runs/{run}/info")["props"]["end_time"] == ended["end_time"]
    client.put(f"/runs/{run}", {"active": True})
    props = client.json(f"/runs/{run}/info")["props"]
    assert props["active"]
    assert props["end_time"] is None


def test_a_wrong_type_is_a_validation_error(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    assert_error(client.put(f"/runs/{run}", {"archived": "maybe"}), 422, "validation_error")


def test_a_deleted_run_is_gone_until_its_tombstone_is_cleared(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_run(workspace)
    assert client.delete(f"/runs/{run}").json() == {"id": run, "status": "OK"}
    assert_error(client.delete(f"/runs/{run}"), 404, "not_found")
    log_run(workspace)
    assert client.get(f"/runs/{run}/info").status_code == 404
    response = client.post(f"/runs/{run}/clear-tombstone")
    assert (response.status_code, response.content) == (204, b"")
    log_run(workspace)
    assert client.get(f"/runs/{run}/info").status_code == 200


def test_clearing_a_tombstone_that_is_not_there_is_fine(client: ApiClient) -> None:
    assert client.post("/runs/never/clear-tombstone/").status_code == 204


def test_batches_leave_unknown_runs_alone(client: ApiClient, workspace: Workspace) -> None:
    first, second = log_run(workspace, 1), log_run(workspace, 2)
    ok = {"status": "OK"}
    assert client.post("/runs/archive-batch", [first, "ghost"]).json() == ok
    assert client.json(f"/runs/{first}/info")["props"]["archived"]
    assert client.post("/runs/archive-batch", [first], archive="false").json() == ok
    assert not client.json(f"/runs/{first}/info")["props"]["archived"]
    assert client.post("/runs/finish-batch", [first, second, "ghost"]).json() == ok
    assert not client.json(f"/runs/{second}/info")["props"]["active"]
    assert client.post("/runs/delete-batch/", [first, "ghost"]).json() == ok
    assert client.get(f"/runs/{first}/info").status_code == 404
    assert client.get("/runs/ghost/info").status_code == 404
    assert workspace.runs.count() == 1


def test_an_empty_batch_may_be_an_empty_object(client: ApiClient) -> None:
    assert client.post("/runs/delete-batch", {}).status_code == 200
    assert_error(client.post("/runs/delete-batch", {"a": 1}), 422, "validation_error")


def test_tags_hang_on_runs(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    first = client.post(f"/runs/{run}/tags/new", {"tag_name": " best "}).json()
    again = client.post(f"/runs/{run}/tags/new", {"tag_name": "best"}).json()
    assert first == again == {"id": run, "tag_id": first["tag_id"], "status": "OK"}
    (tag,) = client.json("/tags")
    assert (tag["name"], tag["run_count"]) == ("best", 1)
    removed = {"id": run, "removed": True, "status": "OK"}
    assert client.delete(f"/runs/{run}/tags/{tag['id']}").json() == removed
    assert client.delete(f"/runs/{run}/tags/unknown").json() == removed
    assert client.json("/tags")[0]["run_count"] == 0
    assert_error(client.post("/runs/nope/tags/new", {"tag_name": "x"}), 404, "not_found")
    assert_error(client.post(f"/runs/{run}/tags/new", {"tag_name": " "}), 400, "bad_request")
    assert_error(client.delete(f"/runs/nope/tags/{tag['id']}"), 404, "not_found")


def test_notes_on_a_run(client: ApiClient, workspace: Workspace) -> None:
    run, other = log_run(workspace, 1), log_run(workspace, 2)
    assert client.json("/runs/unknown/note") == []
    created = client.post(f"/runs/{run}/note", {"content": " good \n"})
    assert created.status_code == 201
    note = created.json()["id"]
    (listed,) = client.json(f"/runs/{run}/note")
    assert list(listed) == ["id", "content", "updated_at", "created_at", "run_hash"]
    assert (listed["content"], listed["run_hash"]) == ("good", run)
    assert client.json(f"/runs/{run}/note/{note}")["content"] == "good"
    assert client.put(f"/runs/{run}/note/{note}", {"content": "bad"}).json()["content"] == "bad"
    assert_error(client.get(f"/runs/{other}/note/{note}"), 404, "not_found")
    assert_error(client.put(f"/runs/{run}/note/{note}", {}), 422, "validation_error")
    assert client.delete(f"/runs/{run}/note/{note}").json() == {"status": "OK"}
    assert_error(client.delete(f"/runs/{run}/note/{note}"), 404, "not_found")
    assert_error(client.post("/runs/nope/note", {"content": "x"}), 404, "not_found")


def test_a_batch_of_metrics_comes_in_the_order_asked_for(
    client: ApiClient, workspace: Workspace
) -> None:
    values = [float(step) for step in range(50)]
    run = log_run(
        workspace, 1, make_points("acc", [math.nan, 1.0]), make_points("loss", values)
    )
    wanted = [{"name": "loss", "context": {}}, {"name": "nope"}, {"name": "acc", "context": {}}]
    path = f"/runs/{run}/metric/get-batch"
    loss, acc = client.post(path, wanted, record_density=3).json()
    assert (loss["iters"], loss["values"]) == ([0, 24, 49], [0.0, 24.0, 49.0])
    assert acc["values"] == [None, 1.0]
    whole = client.post(path, wanted[:1], record_density=0).json()
    assert whole[0]["iters"] == list(range(50))
    ranged = client.post(path, wanted[:1], record_range="10:13").json()
    assert ranged[0]["iters"] == [10, 11, 12]
    assert len(client.post(path, wanted[:1], record_density="").json()[0]["iters"]) == 50
    assert_error(client.post(f"/runs/{make_hash(9)}/metric/get-batch", []), 404, "not_found")
    assert_error(client.post(path, wanted, record_range="a:b"), 400, "bad_request", "range")
