"""Metrics with their points: search, x axes, alignment."""

from __future__ import annotations

import math

import numpy as np
import pytest

from store import Workspace
from store.models import Context
from tests.factories import START, TRAIN, VAL, log_run, make_points
from tests.server.client import ApiClient, assert_error

SEARCH = "/runs/search/metric"


def test_a_trace_has_columns_of_one_length(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace, 1, make_points("loss", np.arange(200.0), TRAIN), params={"lr": 1})
    frames = client.frames(SEARCH, q="metric.name == 'loss'", p=5)
    assert [key for key, _ in frames] == ["progress_0", "progress_1", run, "progress_2"]
    assert frames[0][1] == [0, 1]
    assert frames[-1][1] == [0, 0]
    tree = dict(frames)[run]
    assert list(tree) == ["params", "traces", "props"]
    (trace,) = tree["traces"]
    assert list(trace) == [
        "name",
        "context",
        "slice",
        "values",
        "iters",
        "epochs",
        "timestamps",
    ]
    assert trace["context"] == {"subset": "train"}
    assert trace["slice"] == [0, 199, 1]
    assert trace["iters"].tolist() == [0, 50, 100, 149, 199]
    assert trace["values"].tolist() == [0, 50, 100, 149, 199]
    assert trace["epochs"].tolist() == [0, 5, 10, 14, 19]
    assert trace["timestamps"].tolist() == [START + step for step in (0, 50, 100, 149, 199)]


@pytest.mark.parametrize(("p", "count"), [(1, 1), (0, 1), (-5, 1), (300, 200), ("", 50)])
def test_the_number_of_points(
    client: ApiClient, workspace: Workspace, p: object, count: int
) -> None:
    run = log_run(workspace, metrics={"loss": np.arange(200.0)})
    (trace,) = client.records(SEARCH, p=p)[run]["traces"]
    assert len(trace["values"]) == count


def test_nan_and_unknown_epochs_stay_nan(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace, metrics={"loss": [1.0, math.nan, math.inf]})
    (trace,) = client.records(SEARCH)[run]["traces"]
    np.testing.assert_array_equal(trace["values"], [1.0, math.nan, math.inf])


def test_newest_runs_come_first_and_others_not_at_all(
    client: ApiClient, workspace: Workspace
) -> None:
    old = log_run(workspace, 1, metrics={"loss": [1]}, started_at=START)
    new = log_run(workspace, 2, metrics={"loss": [1], "acc": [2]}, started_at=START + 5)
    log_run(workspace, 3, metrics={"acc": [1]}, started_at=START + 6)
    records = client.records(SEARCH, q="metric.name == 'loss'")
    assert list(records) == [new, old]
    assert [trace["name"] for trace in records[new]["traces"]] == ["loss"]
    assert client.frames(SEARCH, q="metric.name == 'none'", report_progress=False) == []


def test_pages_of_many_runs_are_all_there(client: ApiClient, workspace: Workspace) -> None:
    runs = [
        log_run(workspace, number, metrics={"loss": [number]}, started_at=START + number)
        for number in range(80)
    ]
    records = client.records(SEARCH, q="metric.name == 'loss'", trace_chunk_size=10)
    assert list(records) == runs[::-1]
    values = [tree["traces"][0]["values"].tolist() for tree in records.values()]
    assert values == [[float(number)] for number in reversed(range(80))]


def test_another_metric_can_be_the_x_axis(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(
        workspace,
        1,
        make_points("loss", np.arange(10.0), VAL),
        make_points("tokens", [100.0, 200.0, 300.0], VAL, first_step=4),
        make_points("tokens", [7.0], TRAIN),
    )
    (trace,) = client.records(SEARCH, q="metric.name == 'loss'", x_axis="tokens")[run]["traces"]
    assert trace["x_axis_iters"].tolist() == [4, 5, 6, 7, 8, 9]
    assert trace["x_axis_values"].tolist() == [100, 200, 300, 300, 300, 300]
    (trace,) = client.records(SEARCH, q="metric.name == 'loss'", x_axis="none")[run]["traces"]
    assert len(trace["x_axis_iters"]) == len(trace["x_axis_values"]) == 0


def test_alignment_keeps_the_order_and_leaves_out_what_is_not_there(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_run(
        workspace,
        1,
        make_points("loss", np.arange(10.0), VAL),
        make_points("acc", np.arange(10.0), VAL),
        make_points("acc", np.arange(10.0), TRAIN),
        make_points("epoch", np.arange(10.0) / 2, VAL),
    )
    bare = log_run(workspace, 2)

    def trace(name: str, context: Context, last: int) -> dict[str, object]:
        return {"name": name, "context": context.as_dict(), "slice": [0, last, 1]}

    wanted = {
        "align_by": "epoch",
        "runs": [
            {"run_id": "unknown", "traces": []},
            {"run_id": bare, "traces": [trace("loss", VAL, 5)]},
            {
                "run_id": run,
                "traces": [
                    trace("loss", VAL, 3),
                    trace("nope", VAL, 3),
                    trace("acc", TRAIN, 3),
                    trace("acc", VAL, 0),
                ],
            },
        ],
    }
    records = client.records(f"{SEARCH}/align", wanted)
    assert list(records) == [bare, run]
    assert records[bare] == []
    loss, acc = records[run]
    assert (loss["name"], acc["name"]) == ("loss", "acc")
    assert loss["x_axis_iters"].tolist() == [0, 1, 2, 3]
    assert loss["x_axis_values"].tolist() == [0, 0.5, 1, 1.5]
    assert len(acc["x_axis_iters"]) == 10


def test_alignment_needs_its_members(client: ApiClient) -> None:
    assert_error(client.post(f"{SEARCH}/align", {"runs": []}), 422, "validation_error")
    bad = {"run_id": "x", "traces": [{"name": "a", "context": {}, "slice": [0, 1]}]}
    response = client.post(f"{SEARCH}/align", {"align_by": "x", "runs": [bad]})
    assert_error(response, 422, "validation_error")


def test_a_bad_query_fails_before_the_stream(client: ApiClient) -> None:
    assert_error(client.get(SEARCH, q="metric.name =="), 400, "bad_request", "Invalid query")
