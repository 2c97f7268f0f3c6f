"""Comparing runs through the experiments API."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tests.server.matih.conftest import Api


def runs_with(api: Api, *metrics: dict[str, float]) -> list[str]:
    experiment = api.experiment()
    runs = [api.run(experiment, name=f"r{number}") for number in range(len(metrics))]
    for run, values in zip(runs, metrics, strict=True):
        if values:
            answer = api.raw(f"/runs/{run}/log-metrics", json.dumps({"metrics": values}))
            assert answer.status_code == 200
    return runs


def compared(api: Api, runs: list[str], **body: Any) -> dict[str, Any]:
    answer: dict[str, Any] = api.good("POST", "/runs/compare/", {"run_ids": runs, **body})
    return answer


def test_each_metric_has_its_own_direction(api: Api) -> None:
    a, b = runs_with(
        api, {"val_accuracy": 0.91, "val_loss": 0.3}, {"val_accuracy": 0.88, "val_loss": 0.2}
    )
    answer = compared(api, [a, b])
    assert [run["run_id"] for run in answer["runs"]] == [a, b]
    assert answer["runs"][0]["metrics"] == {"val_accuracy": 0.91, "val_loss": 0.3}
    metrics = answer["comparison"]["metric_comparison"]
    assert metrics["val_accuracy"]["best_run_id"] == a
    assert metrics["val_accuracy"]["best_value"] == 0.91
    assert metrics["val_accuracy"]["all_values"] == {a: 0.91, b: 0.88}
    assert metrics["val_accuracy"]["direction"] == "max"
    assert metrics["val_accuracy"]["delta"] == pytest.approx(0.03)
    assert metrics["val_loss"]["best_run_id"] == b
    assert answer["comparison"]["best_run"] is None


def test_the_asked_direction_beats_the_tag_and_the_name(api: Api) -> None:
    a, b = runs_with(api, {"accuracy": 1.0, "odd": 1.0}, {"accuracy": 2.0, "odd": 2.0})
    api.good(
        "POST", f"/runs/{a}/log-batch", {"tags": [{"key": "direction.odd", "value": "max"}]}
    )
    metrics = compared(api, [a, b], directions={"accuracy": "min"})["comparison"][
        "metric_comparison"
    ]
    assert (metrics["accuracy"]["best_run_id"], metrics["accuracy"]["direction_source"]) == (
        a,
        "request",
    )
    assert (metrics["odd"]["best_run_id"], metrics["odd"]["direction_source"]) == (b, "tag")
    again = compared(api, [a, b], minimize=["odd"])["comparison"]["metric_comparison"]
    assert again["odd"]["best_run_id"] == a


def test_missing_and_nan_do_not_compete_and_infinity_is_null(api: Api) -> None:
    a, b, c = runs_with(api, {"loss": math.nan}, {"loss": -math.inf, "x": 1.0}, {})
    entry = compared(api, [a, b, c])["comparison"]["metric_comparison"]["loss"]
    assert entry["best_run_id"] == b
    assert entry["best_value"] is None
    assert entry["all_values"] == {a: None, b: None, c: None}
    nobody = compared(api, [a, c], metrics=["loss"])["comparison"]["metric_comparison"]["loss"]
    assert (nobody["best_run_id"], nobody["best_value"]) == (None, None)


def test_ties_go_to_the_first_asked_for(api: Api) -> None:
    a, b = runs_with(api, {"loss": 1.0}, {"loss": 1.0})
    entry = compared(api, [b, a])["comparison"]["metric_comparison"]["loss"]
    assert (entry["best_run_id"], entry["tied_run_ids"]) == (b, [b, a])


def test_another_value_may_stand_for_the_run(api: Api) -> None:
    a, b = runs_with(api, {"loss": 0.1}, {"loss": 0.5})
    api.good("POST", f"/runs/{a}/log-metrics", {"metrics": {"loss": 0.9}})
    last = compared(api, [a, b])["comparison"]
    best = compared(api, [a, b], aggregate="best")["comparison"]
    assert last["metric_comparison"]["loss"]["best_run_id"] == b
    assert best["metric_comparison"]["loss"]["all_values"][a] == 0.1
    assert best["best_run"] == a


@pytest.mark.parametrize("count", [0, 1, 11])
def test_two_to_ten_different_runs(api: Api, count: int) -> None:
    runs = runs_with(api, *([{}] * max(count, 1)))
    api.error(400, "POST", "/runs/compare", {"run_ids": runs[:count]})
    api.error(400, "POST", "/runs/compare", {"run_ids": [runs[0], runs[0]]})


def test_invalid_comparisons(api: Api) -> None:
    runs = runs_with(api, {}, {})
    api.error(404, "POST", "/runs/compare", {"run_ids": [runs[0], "nope"]})
    api.error(400, "POST", "/runs/compare", {})
    api.error(400, "POST", "/runs/compare", {"run_ids": "ab"})
    api.error(400, "POST", "/runs/compare", {"run_ids": runs, "directions": {"a": "up"}})
    api.error(400, "POST", "/runs/compare", {"run_ids": runs, "aggregate": "sum"})
