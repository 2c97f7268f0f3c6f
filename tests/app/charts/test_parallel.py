"""Parallel coordinates."""

from __future__ import annotations

import numpy as np
import pytest

from app.charts.axes import axis_of
from app.charts.parallel import MOST_LINES, ParallelOptions, draw_parallel
from app.charts.picture import Size

SIZE = Size(80, 24)


def test_categories_tell_how_many_runs_have_them() -> None:
    axes = [axis_of("opt", ["adam", "sgd", "adam", None]), axis_of("lr", [1.0, 2.0, 3.0, 4.0])]
    counted = draw_parallel(axes, SIZE, ParallelOptions(has_counts=True)).text()
    assert "adam 2" in counted
    assert "sgd 1" in counted
    assert "adam 2" not in draw_parallel(axes, SIZE).text()


@pytest.mark.parametrize("count", [MOST_LINES, MOST_LINES + 1, 3000])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 1.0])
def test_many_runs_are_density_and_few_brushed_ones_lines(count: int, share: float) -> None:
    rng = np.random.default_rng(3)
    columns = [rng.uniform(size=count) for _ in range(3)]
    axes = [axis_of(name, column.tolist()) for name, column in zip("abc", columns, strict=True)]
    chosen = rng.uniform(size=count) < share
    picture = draw_parallel(axes, SIZE, ParallelOptions(2, chosen))
    inks = {ink.color for row in range(SIZE.height) for _, ink in picture.spans(row)}
    assert picture.size == SIZE
    assert len(inks) > 4


def test_dense_places_are_brighter_than_a_line_that_stands_alone() -> None:
    values = [0.0] * MOST_LINES + [1.0]
    picture = draw_parallel([axis_of("a", values), axis_of("b", values)], SIZE)
    low = {
        ink.color for text, ink in picture.spans(SIZE.height - 2) if "⣀" in text or "⠤" in text
    }
    high = {ink.color for text, ink in picture.spans(2) if "⠉" in text or "⠒" in text}
    assert low
    assert high
    assert low.isdisjoint(high)


@pytest.mark.parametrize(
    ("values", "is_log"),
    [
        ([0.001, 0.1], True),
        ([1e-4, 1e-3, 1e-2, 1e-3], True),
        ([16, 64, 256, 2048], True),
        (np.linspace(0.001, 1, 50).tolist(), False),
        ([0, 1, 1000], False),
        ([-1, 100], False),
        ([5.0], False),
        ([], False),
        ([float("nan"), float("inf")], False),
    ],
)
def test_axes_are_logarithmic_for_decades_of_mostly_small_numbers(
    values: list[float], is_log: bool
) -> None:
    assert axis_of("a", values).scale.is_log is is_log
