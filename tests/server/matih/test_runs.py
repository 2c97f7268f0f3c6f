"""Runs of the experiments API: create, list, read, end."""

from __future__ import annotations

from typing import Any

import pytest

from store.models import EMPTY_CONTEXT, RunStatus
from store.models.operations import FinishRun, LogPoints, SetParams
from store.workspace import Workspace
from tests.server.matih.conftest import Api


def test_a_new_run_is_shown_whole(api: Api, workspace: Workspace) -> None:
    experiment = api.experiment()
    answer = api(
        "POST",
        "/runs/",
        {
            "experiment_id": experiment,
            "name": "xgb",
            "description": "d",
            "tags": {"model_type": "xgboost", "best": "true", "matih.tenant_id": "evil"},
            "start_time": 1707723600000,
        },
    )
    assert answer.status_code == 201
    run = answer.json()
    assert run["id"] == run["run_id"]
    assert (run["name"], run["description"], run["status"]) == ("xgb", "d", "running")
    assert run["start_time"] == "2024-02-12T07:40:00"
    assert (run["end_time"], run["duration_ms"]) == (None, None)
    assert run["tags"] == {
        "model_type": "xgboost",
        "best": "true",
        "matih.tenant_id": "default",
    }
    assert run["params"] == run["metrics"] == {}
    assert experiment in run["artifact_uri"]
    again = api.good("GET", f"/runs/{run['id']}/")
    assert again.pop("last_updated") >= run.pop("last_updated")
    assert again == run
    assert [tag.name for tag in workspace.runs.get(run["id"]).tags] == ["best"]


def test_a_run_without_a_name_gets_one(api: Api) -> None:
    run = api.good("POST", "/runs", {"experiment_id": api.experiment()})
    assert run["name"] == f"run-{run['id'][:8]}"


def test_a_run_needs_a_living_experiment(api: Api) -> None:
    experiment = api.experiment()
    api.error(404, "POST", "/runs", {"experiment_id": "nope"})
    api.error(400, "POST", "/runs", {"name": "x"})
    api.error(400, "POST", "/runs", {"experiment_id": experiment, "start_time": "soon"})
    api.good("DELETE", f"/{experiment}")
    api.error(409, "POST", "/runs", {"experiment_id": experiment})


def test_a_run_of_an_archived_namesake_goes_to_the_right_experiment(api: Api) -> None:
    old = api.experiment("same")
    api.good("DELETE", f"/{old}")
    new = api.experiment("same")
    assert api.good("POST", "/runs", {"experiment_id": new})["experiment_id"] == new


def test_lists_are_filtered_sorted_and_paged(api: Api) -> None:
    experiment, other = api.experiment("a"), api.experiment("b")
    runs = [api.run(experiment, name=f"Run {n}", start_time=1.7e12 + n) for n in range(4)]
    api.run(other, name="elsewhere")
    for number, run in enumerate(runs[:3]):
        api.good(
            "POST", f"/runs/{run}/log-metrics", {"metrics": {"f1": [0.5, 0.9, 0.1][number]}}
        )
        api.good("POST", f"/runs/{run}/log-params", {"params": {"lr": 10**number}})
    api.good("POST", f"/runs/{runs[0]}/end", {"status": "failed"})

    def listed(**query: Any) -> list[str]:
        return [run["id"] for run in api.good("GET", "/runs", **query)["runs"]]

    in_a = {"experiment_id": experiment}
    assert listed(**in_a) == runs[::-1]
    assert listed(**in_a, order="asc") == runs
    assert listed(**in_a, limit=2, offset=1) == [runs[2], runs[1]]
    assert listed(**in_a, status="failed") == [runs[0]]
    assert set(listed(**in_a, status="RUNNING")) == set(runs[1:])
    assert listed(**in_a, search="rUN 2") == [runs[2]]
    assert listed(**in_a, sort_by="metrics.f1") == [runs[1], runs[0], runs[2], runs[3]]
    assert listed(**in_a, sort_by="metrics.f1", order="asc") == [
        runs[2],
        runs[0],
        runs[1],
        runs[3],
    ]
    assert listed(**in_a, sort_by="params.lr", order="asc") == runs
    assert listed(**in_a, sort_by="name", order="asc") == runs
    assert listed(**in_a, sort_by="end_time", order="asc")[0] == runs[0]
    assert api.good("GET", "/runs")["total"] == 5
    assert api.good("GET", "/runs", **in_a, limit=1)["total"] == 4


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 1001},
        {"offset": -1},
        {"status": "asleep"},
        {"sort_by": "colour"},
        {"order": "up"},
    ],
)
def test_a_bad_query_is_a_400(api: Api, query: dict[str, Any]) -> None:
    assert next(iter(query)) in api.error(400, "GET", "/runs", **query)


def test_runs_of_an_unknown_experiment_are_a_404(api: Api) -> None:
    api.error(404, "GET", "/runs", experiment_id="nope")
    api.error(404, "GET", "/runs/nope")
    api.error(404, "POST", "/runs/nope/end")


def test_a_run_ends_once(api: Api) -> None:
    run = api.run(start_time=1707723600000)
    ended = api.good(
        "POST", f"/runs/{run}/end", {"status": "FINISHED", "end_time": 1707723601500}
    )
    assert ended["status"] == "finished"
    assert ended["end_time"] == "2024-02-12T07:40:01.500000"
    assert ended["duration_ms"] == 1500
    assert api.good("POST", f"/runs/{run}/end") == ended
    api.error(409, "POST", f"/runs/{run}/end", {"status": "failed"})


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("completed", "finished"),
        ("Success", "finished"),
        ("error", "failed"),
        ("FAILED", "failed"),
        ("canceled", "killed"),
        ("aborted", "killed"),
    ],
)
def test_the_many_words_for_an_end(api: Api, word: str, status: str) -> None:
    run = api.run()
    assert api.good("POST", f"/runs/{run}/end", {"status": word})["status"] == status
    assert api.good("POST", f"/runs/{run}/end", status=word)["status"] == status


@pytest.mark.parametrize("word", ["running", "asleep", "", 3])
def test_no_end_at_all(api: Api, word: Any) -> None:
    run = api.run()
    assert "status" in api.error(400, "POST", f"/runs/{run}/end", {"status": word})
    assert "status" in api.error(400, "POST", f"/runs/{run}/end", status=word)
    assert api.good("GET", f"/runs/{run}")["status"] == "running"


def test_a_run_of_the_other_client_is_seen_here(api: Api, workspace: Workspace) -> None:
    run = "d" * 32
    workspace.ingest.submit(
        run,
        [
            SetParams({"hparams": {"lr": 0.1, "deep": {"er": [1, 2], "on": True}}}),
            LogPoints("loss", EMPTY_CONTEXT, [0, 1], [2.0, 1.0]),
            FinishRun(),
        ],
    ).result()
    shown = api.good("GET", f"/runs/{run}")
    assert shown["status"] == RunStatus.FINISHED.value
    assert shown["params"] == {"lr": "0.1", "deep.er": "[1, 2]", "deep.on": "true"}
    assert shown["metrics"] == {"loss": 1.0}
    assert shown["experiment_id"] is None
    history = api.good("GET", f"/runs/{run}", history="true")["metric_history"]
    assert [(point["step"], point["value"]) for point in history["loss"]] == [
        (0, 2.0),
        (1, 1.0),
    ]
