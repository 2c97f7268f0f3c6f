"""Curves minus a reference."""

from __future__ import annotations

import numpy as np
import pytest

from app.charts.line import LineOptions
from app.charts.traces import Trace
from app.traces.build import ChartData, Curve
from app.traces.difference import differences, has_differences
from store.models import MetricSummary, Run, RunRecord
from store.models.context import Context

NAN = float("nan")


def summary(run_id: int) -> MetricSummary:
    return MetricSummary(
        run_id, run_id, "loss", Context(), "float", 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, NAN, NAN
    )


def chart(**points: tuple[list[float], list[float]]) -> tuple[ChartData, dict[str, str]]:
    """A chart with a curve for each run; and the hashes by the names of the runs."""
    traces, curves, hashes = [], {}, {}
    for number, (name, (x, y)) in enumerate(points.items()):
        record = RunRecord(Run(number, f"{number:032x}", name))
        curve = Curve(record, summary(number))
        curves[curve.key] = curve
        traces.append(Trace(curve.key, name, np.array(x, float), np.array(y, float)))
        hashes[name] = record.run.hash
    return ChartData("loss", tuple(traces), LineOptions(), curves), hashes


def test_values_are_compared_at_equal_steps() -> None:
    data, hashes = chart(a=([0, 1, 2], [1, 2, 3]), b=([0, 1, 2], [2, 2, 1]))
    (found,) = differences(data, hashes["a"])
    assert found.label == "b"
    assert found.y.tolist() == [1, 0, -2]


def test_steps_that_the_reference_lacks_are_between_its_neighbours() -> None:
    data, hashes = chart(a=([0, 2, 4], [0, 2, NAN]), b=([1, 2, 3, 9], [5, 5, 5, 5]))
    (found,) = differences(data, hashes["a"])
    assert found.x.tolist() == [1, 2]
    assert found.y.tolist() == [4, 3]


@pytest.mark.parametrize("values", [[NAN, NAN], [NAN, 1.0]])
def test_curves_without_common_steps_have_no_difference(values: list[float]) -> None:
    data, hashes = chart(a=([0, 1], values), b=([5, 6], [1, 2]))
    assert has_differences(data, hashes["a"])
    assert differences(data, hashes["a"]) == []


def test_a_chart_without_the_reference_has_no_differences() -> None:
    data, _ = chart(a=([0], [1]), b=([0], [1]))
    assert not has_differences(data, "f" * 32)
