"""The metrics of runs in a run search: the second run of a kind is written like the first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest

from server import overviews
from server.codec import encode_tree
from server.overviews import metric_overviews
from store.models import Context, MetricSummary


def summary(name: str, context: Context, last: float, last_step: int = 9) -> MetricSummary:
    return MetricSummary(
        sequence_id=1,
        run_id=1,
        name=name,
        context=context,
        dtype="float",
        count=10,
        non_finite_count=0,
        first=last + 1,
        first_step=0,
        last=last,
        last_step=last_step,
        min=last - 1,
        min_step=1,
        max=last + 2,
        max_step=2,
        first_time=0.0,
        last_time=1.0,
    )


def in_full(metrics: Sequence[MetricSummary]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "context": each.context.as_dict(),
            "values": {
                "last": each.last,
                "last_step": each.last_step,
                "first": each.first,
                "min": each.min,
                "max": each.max,
            },
        }
        for each in metrics
    ]


def check(metrics: Sequence[MetricSummary], run: str = "r") -> None:
    written = b"".join(encode_tree({run: {"metric": metric_overviews(metrics)}}))
    assert written == b"".join(encode_tree({run: {"metric": in_full(metrics)}}))


def some(count: int, last: float = 0.5, last_step: int = 9) -> list[MetricSummary]:
    contexts = [Context(), Context.of({"subset": "val"}), Context.of({"k": 2**40, "": [1, {}]})]
    return [summary(f"metric {n}", contexts[n % 3], last + n, last_step) for n in range(count)]


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "_stencils", {})


@pytest.mark.parametrize("count", [0, 1, 3, 10, 100, 101, 300])
def test_runs_of_the_same_metrics_are_written_alike(count: int) -> None:
    for number in range(4):
        check(some(count, last=number / 3), f"run {number % 2}" * (1 + number % 2))


@pytest.mark.parametrize("last", [math.nan, math.inf, -math.inf, 0.0])
@pytest.mark.parametrize("last_step", [0, 2**31 - 1, 2**31, 2**62])
def test_odd_numbers_are_written_alike(last: float, last_step: int) -> None:
    for _ in range(3):
        check(some(4))
        check(some(4, last, last_step))


def test_very_many_kinds_of_runs_are_written_and_not_all_kept() -> None:
    for _ in range(2):
        for count in range(1, 90):
            check(some(count))
            check(some(count))
    assert len(overviews._stencils) < 90
