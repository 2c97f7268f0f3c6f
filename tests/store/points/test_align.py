"""A trace put on another metric's axis."""

from __future__ import annotations

import numpy as np

from store.models import Series
from store.points.align import aligned


def axis(steps: list[int]) -> Series:
    column = np.array(steps, np.int64)
    return Series(column, column * 10.0, column / 100, column + 1000.0)


def test_the_same_step_or_the_nearest_before() -> None:
    placed, positions = aligned(np.array([0, 3, 4, 5, 9]), axis([3, 5, 7]))
    assert positions.tolist() == [1, 2, 3, 4]
    assert placed.steps.tolist() == [3, 4, 5, 9]
    assert placed.values.tolist() == [30.0, 30.0, 50.0, 70.0]


def test_no_axis_no_places() -> None:
    placed, positions = aligned(np.array([0, 3]), axis([]))
    assert len(placed) == len(positions) == 0
