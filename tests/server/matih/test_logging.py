"""Logging through the experiments API: metrics, params, batches."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx
import pytest

from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from store.models import SequenceKey
from store.workspace import Workspace
from tests.server.matih.conftest import Api


def test_metrics_of_one_step(api: Api, workspace: Workspace) -> None:
    run = api.run()
    body = {"metrics": {"loss": 0.38, "ok": True}, "step": 15, "timestamp": 1707723600000}
    answer = api.good("POST", f"/runs/{run}/log-metrics/", body)
    assert answer == {"message": "Metrics logged", "run_id": run, "count": 2}
    series = workspace.points.read(run, SequenceKey("loss"))
    assert (series.steps.tolist(), series.values.tolist()) == ([15], [0.38])
    assert series.times.tolist() == [1707723600.0]
    assert workspace.points.read(run, SequenceKey("ok")).values.tolist() == [1.0]
    api.good("POST", f"/runs/{run}/log-metrics", {"metrics": {"loss": 0.5}})
    api.good("POST", f"/runs/{run}/log-metrics", {"metrics": {"loss": 0.25}, "step": 15})
    series = workspace.points.read(run, SequenceKey("loss"))
    assert (series.steps.tolist(), series.values.tolist()) == ([15, 16], [0.25, 0.5])


def test_values_that_are_not_finite(api: Api, workspace: Workspace) -> None:
    run = api.run()
    body = json.dumps({"metrics": {"a": math.nan, "b": "Infinity", "c": "NaN"}})
    answer = api.raw(f"/runs/{run}/log-metrics", body)
    assert answer.status_code == 200
    assert api.good("GET", f"/runs/{run}")["metrics"] == {"a": None, "b": None, "c": None}
    assert workspace.points.read(run, SequenceKey("b")).values.tolist() == [math.inf]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"metrics": {}},
        {"metrics": {"a": "high"}},
        {"metrics": {"a": "0.5"}},
        {"metrics": {"a": None}},
        {"metrics": {"a": [1]}},
        {"metrics": {"a": 1}, "step": -1},
        {"metrics": {"a": 1}, "step": 1.5},
        {"metrics": {"a": 1}, "timestamp": "soon"},
        {"metrics": {"": 1}},
        {"metrics": [1]},
    ],
)
def test_invalid_metrics_are_a_400(api: Api, workspace: Workspace, body: Any) -> None:
    run = api.run()
    api.error(400, "POST", f"/runs/{run}/log-metrics", body)
    assert workspace.sequences.find(run) == []


def test_params_keep_their_types_inside_and_are_texts_outside(
    api: Api, workspace: Workspace
) -> None:
    run = api.run()
    params = {"lr": "0.01", "depth": 6, "a.b": True, "nothing": None}
    answer = api.good("POST", f"/runs/{run}/log-params", {"params": params})
    assert answer == {"message": "Parameters logged", "run_id": run, "count": 4}
    api.good("POST", f"/runs/{run}/log-params", {"params": {"depth": 7}})
    assert workspace.runs.record(run).params["hparams"] == {**params, "depth": 7}
    assert api.good("GET", f"/runs/{run}")["params"] == {
        "lr": "0.01",
        "depth": "7",
        "a.b": "true",
        "nothing": "null",
    }
    api.error(400, "POST", f"/runs/{run}/log-params", {})
    api.error(400, "POST", f"/runs/{run}/log-params", {"params": [1]})


def test_a_batch_says_what_it_logged(api: Api, workspace: Workspace) -> None:
    run = api.run()
    metrics = [{"key": "loss", "value": 0.34, "step": step} for step in range(3)]
    body = {
        "metrics": [*metrics, {"key": "acc", "value": 1, "timestamp": 1707723600000}],
        "params": [{"key": "lr", "value": "0.01"}],
        "tags": [{"key": "type", "value": "baseline"}, {"key": "label", "value": ""}],
    }
    answer = api.good("POST", f"/runs/{run}/log-batch", body)
    counts = {"metrics": 4, "params": 1, "tags": 2}
    assert answer["logged"] == counts
    assert {name: answer[name] for name in counts} == counts
    assert {name: answer[f"{name}_logged"] for name in counts} == counts
    shown = api.good("GET", f"/runs/{run}")
    assert shown["metrics"] == {"acc": 1.0, "loss": 0.34}
    assert shown["tags"]["type"] == "baseline"
    assert [tag.name for tag in workspace.runs.get(run).tags] == ["label"]
    assert len(workspace.points.read(run, SequenceKey("loss"))) == 3
    assert api.good("POST", f"/runs/{run}/log-batch", {})["metrics"] == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"metrics": [{"key": "good", "value": 1}, {"key": "bad"}]},
        {"metrics": [{"key": "good", "value": 1}, {"key": "bad", "value": "x"}]},
        {"metrics": [{"key": "good", "value": 1}], "params": [{"value": 1}]},
        {"metrics": [{"key": "good", "value": 1}], "tags": [{"key": "a", "value": []}]},
        {"metrics": [{"key": "m", "value": 1}] * 1001},
        {"params": [{"key": "p", "value": 1}] * 101},
        {"tags": [{"key": "t", "value": "1"}] * 101},
        {"metrics": {}},
    ],
)
def test_one_bad_entry_and_nothing_is_stored(
    api: Api, workspace: Workspace, bad: dict[str, Any]
) -> None:
    run = api.run()
    api.error(400, "POST", f"/runs/{run}/log-batch", bad)
    shown = api.good("GET", f"/runs/{run}")
    assert shown["metrics"] == shown["params"] == {}


def test_logging_to_no_run_is_a_404(api: Api, workspace: Workspace) -> None:
    for path, body in (
        ("log-metrics", {"metrics": {"a": 1}}),
        ("log-params", {"params": {"a": 1}}),
        ("log-batch", {}),
    ):
        api.error(404, "POST", f"/runs/nope/{path}", body)
    assert workspace.runs.count() == 0


def test_late_data_is_kept_and_does_not_restart_the_run(api: Api) -> None:
    run = api.run()
    api.good("POST", f"/runs/{run}/end")
    api.good("POST", f"/runs/{run}/log-metrics", {"metrics": {"late": 1}})
    shown = api.good("GET", f"/runs/{run}")
    assert (shown["status"], shown["metrics"]) == ("finished", {"late": 1.0})


def test_strict_settings_refuse_late_data_and_params_that_change(store: Store) -> None:
    server = EmbeddedServer(store, ServerSettings(port=0, is_strict=True))
    with httpx.Client(base_url=server.start() or "", timeout=30) as client:
        api = Api(client)
        run = api.run()
        log = f"/runs/{run}/log-"
        api.good("POST", f"{log}params", {"params": {"lr": 0.1, "deep.key": "a"}})
        api.good("POST", f"{log}params", {"params": {"lr": "0.1", "other": 1}})
        why = api.error(409, "POST", f"{log}params", {"params": {"new": 1, "lr": 0.2}})
        assert why == "Param 'lr' is '0.1' already and cannot become 0.2"
        batch = {
            "metrics": [{"key": "loss", "value": 1.0}],
            "params": [{"key": "deep.key", "value": "b"}],
        }
        api.error(409, "POST", f"{log}batch", batch)
        read = api.good("GET", f"/runs/{run}")
        assert read["params"] == {"lr": "0.1", "deep.key": "a", "other": "1"}
        assert read["metrics"] == {}
        api.good("POST", f"/runs/{run}/end", {"status": "failed"})
        late = {"metrics": {"loss": 1.0}}
        assert "has ended (failed)" in api.error(409, "POST", f"{log}metrics", late)
        path = f"/api/v1/experiments{log}artifact"
        assert client.post(path, files={"file": ("a", b"b")}).status_code == 409
        api.error(404, "POST", "/runs/nobody/log-metrics", late)
        both = {"run_ids": [run, api.run(api.experiment("second"))]}
        assert api.good("POST", "/runs/compare", both)["comparison"]["best_run"] is None
    server.stop()


def test_strict_settings_hold_when_many_log_at_once(store: Store) -> None:
    server = EmbeddedServer(store, ServerSettings(port=0, is_strict=True))
    with httpx.Client(base_url=server.start() or "", timeout=60) as client:
        api = Api(client)
        experiment = api.experiment()
        with ThreadPoolExecutor(8) as threads:
            for _ in range(8):
                run = api.run(experiment)
                bodies = [{"params": {"lr": value}} for value in range(8)]
                answers = list(
                    threads.map(
                        partial(api, "POST", f"/runs/{run}/log-params"), bodies, timeout=120
                    )
                )
                statuses = [answer.status_code for answer in answers]
                assert sorted(statuses) == [200] + [409] * 7
                kept = api.good("GET", f"/runs/{run}")["params"]
                assert kept == {"lr": str(statuses.index(200))}
    server.stop()
