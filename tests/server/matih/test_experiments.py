"""Experiments of the experiments API."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from store.workspace import Workspace
from tests.server.matih.conftest import Api

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")


def test_a_new_experiment_is_shown_whole(api: Api) -> None:
    answer = api(
        "POST",
        "",
        {"name": "  fraud-v3 ", "description": "d", "tags": {"team": "risk", "n": 1}, "x": 0},
    )
    assert answer.status_code == 201
    shown = answer.json()
    assert uuid.UUID(shown["id"])
    assert (shown["name"], shown["description"]) == ("fraud-v3", "d")
    assert shown["lifecycle_stage"] == "active"
    assert shown["artifact_location"].endswith(shown["id"])
    assert shown["tags"] == {"team": "risk", "n": "1", "matih.tenant_id": "default"}
    assert ISO.fullmatch(shown["created_at"])
    assert ISO.fullmatch(shown["last_updated"])
    assert api.good("GET", f"/{shown['id']}") == shown
    assert api.good("GET", f"/{shown['id']}/") == shown


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": 3}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "x", "description": "y" * 1001}, "description"),
        ({"name": "x", "tags": ["a"]}, "tags"),
        ({"name": "x", "tags": {"a": {}}}, "tags"),
        ([], ""),
    ],
)
def test_an_invalid_experiment_is_a_400_that_names_the_member(
    api: Api, body: Any, member: str
) -> None:
    assert member in api.error(400, "POST", "", body)
    assert api.good("GET", "")["total"] == 0


def test_lengths_at_the_limit_are_accepted(api: Api) -> None:
    api.good("POST", "", {"name": "x" * 255, "description": "y" * 1000})


def test_a_body_that_is_no_json_is_a_400(api: Api) -> None:
    answer = api.raw("", b"{")
    assert answer.status_code == 400
    assert "JSON" in answer.json()["message"]


def test_a_name_is_free_again_after_deletion(api: Api) -> None:
    first = api.experiment("same")
    api.error(409, "POST", "", {"name": "same"})
    assert api.good("DELETE", f"/{first}")["lifecycle_stage"] == "deleted"
    second = api.experiment("same")
    api.error(409, "POST", f"/{first}/restore")
    api.good("DELETE", f"/{second}")
    assert api.good("POST", f"/{first}/restore")["lifecycle_stage"] == "active"
    assert api.good("POST", f"/{first}/restore")["id"] == first


def test_lists_are_filtered_and_paged_newest_first(api: Api) -> None:
    ids = [api.experiment(f"Exp {number}") for number in range(5)]
    api.good("DELETE", f"/{ids[0]}")
    page = api.good("GET", "", limit=2, offset=1)
    assert [entry["id"] for entry in page["experiments"]] == [ids[3], ids[2]]
    assert (page["total"], page["limit"], page["offset"]) == (4, 2, 1)
    assert api.good("GET", "", search="eXP 3")["total"] == 1
    assert api.good("GET", "", lifecycle_stage="deleted")["experiments"][0]["id"] == ids[0]
    assert api.good("GET", "/", lifecycle_stage="all")["total"] == 5
    assert api.good("GET", "", limit=1000, offset=99)["experiments"] == []


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 1001}, {"limit": "x"}, {"offset": -1}, {"lifecycle_stage": "x"}],
)
def test_a_bad_query_is_a_400(api: Api, query: dict[str, Any]) -> None:
    assert next(iter(query)) in api.error(400, "GET", "", **query)


def test_changes_keep_what_is_absent_and_merge_tags(api: Api) -> None:
    created = api.good(
        "POST", "", {"name": "a", "description": "d", "tags": {"x": "1", "y": "2"}}
    )
    path = f"/{created['id']}"
    changed = api.good("PATCH", path, {"tags": {"x": None, "z": "3"}})
    assert changed["tags"] == {"y": "2", "z": "3", "matih.tenant_id": "default"}
    assert (changed["name"], changed["description"]) == ("a", "d")
    assert changed["last_updated"] > created["last_updated"]
    renamed = api.good(
        "PATCH", path, {"name": "b", "description": "", "artifact_location": "s3://x"}
    )
    assert (renamed["name"], renamed["description"]) == ("b", "")
    assert renamed["artifact_location"] == "s3://x"
    api.good("PATCH", path, {"tags": {"matih.tenant_id": "other"}})
    assert api.good("GET", path)["tags"]["matih.tenant_id"] == "default"


def test_changes_are_checked(api: Api) -> None:
    first, _ = api.experiment("a"), api.experiment("b")
    api.error(409, "PATCH", f"/{first}", {"name": "b"})
    for body in ({"name": ""}, {"name": "x" * 256}, {"description": "y" * 1001}, {"tags": 3}):
        api.error(400, "PATCH", f"/{first}", body)
    api.good("DELETE", f"/{first}")
    api.error(409, "PATCH", f"/{first}", {"name": "c"})
    assert api.good("DELETE", f"/{first}")["lifecycle_stage"] == "deleted"


def test_what_does_not_exist_is_a_404(api: Api) -> None:
    missing = str(uuid.uuid4())
    for method, path in (
        ("GET", f"/{missing}"),
        ("PATCH", f"/{missing}"),
        ("DELETE", f"/{missing}"),
        ("POST", f"/{missing}/restore"),
        ("POST", "/runs/restore"),
        ("GET", "/runs/compare"),
        ("DELETE", "/runs"),
    ):
        answer = api(method, path, {} if method == "PATCH" else None)
        assert answer.status_code in (404, 405), (method, path)
        assert answer.json()["detail"]


def test_deletion_archives_in_the_other_api_and_keeps_runs(
    api: Api, workspace: Workspace
) -> None:
    experiment = api.experiment()
    run = api.run(experiment)
    api.good("DELETE", f"/{experiment}")
    assert workspace.experiments.get(experiment).is_archived
    assert workspace.runs.get(run).experiment_id == experiment
    assert api.good("GET", f"/{experiment}")["run_count"] == 1
