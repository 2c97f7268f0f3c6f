"""What can be asked, over HTTP."""

from __future__ import annotations

import math

from store import Workspace
from tests.factories import VAL, log_run, make_points
from tests.server.client import ApiClient


def test_names_and_values_come_with_counts(client: ApiClient, workspace: Workspace) -> None:
    for number, rate in enumerate([0.1, 0.1, math.nan]):
        log_run(
            workspace,
            number,
            make_points("loss", [1.0], VAL),
            params={"hparams": {"lr": rate}},
            experiment="first",
            tags=["x"],
        )
    found = client.json("/projects/vocabulary")
    assert found["run_count"] == 3
    (rate,) = found["params"]
    assert rate["keys"] == ["hparams", "lr"]
    assert rate["values"] == [
        {"value": 0.1, "run_count": 2},
        {"value": "NaN", "run_count": 1},
    ]
    assert found["metrics"][0]["contexts"] == [{"subset": "val"}]
    assert found["experiments"] == [{"value": "first", "run_count": 3}]
    assert found["tags"] == [{"value": "x", "run_count": 3}]
