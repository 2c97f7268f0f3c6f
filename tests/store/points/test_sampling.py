"""Sampling follows the rules of the wire to the letter; extremes are kept where promised."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from store.points.longreads import dense_choice
from store.points.sampling import bucket_numbers, positions_by_extremes, positions_by_step
from tests import strategies as ours


def slow_choice(steps: list[int], p: int) -> list[int]:
    """The rules written down one by one."""
    first, last = steps[0], steps[-1]
    if p <= 1 or first == last:
        return [first]
    if p >= 128:
        chosen, seen = [first], set()
        for step in steps[1:-1]:
            bucket = min(p - 3, (step - first - 1) * (p - 2) // max(1, last - first - 1))
            if bucket not in seen:
                seen.add(bucket)
                chosen.append(step)
        return [*chosen, last]
    targets = sorted({first + half_even(i * (last - first), p - 1) for i in range(p)})
    nearest = sorted({min(step for step in steps if step >= target) for target in targets})
    if len(nearest) >= p:
        return nearest
    if len(steps) <= p:
        return steps
    picks = sorted({half_even(i * (len(steps) - 1), p - 1) for i in range(p)})
    return [steps[pick] for pick in picks]


def half_even(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest integer, halves to even."""
    doubled = 2 * numerator + denominator
    down = doubled // (2 * denominator)
    is_half = doubled % (2 * denominator) == 0
    return down - 1 if is_half and down % 2 else down


@pytest.mark.parametrize(
    ("steps", "p", "expected"),
    [
        (range(200), 3, [0, 100, 199]),
        (range(200), 5, [0, 50, 100, 149, 199]),
        (range(200), 7, [0, 33, 66, 100, 133, 166, 199]),
        (range(0, 200, 20), 3, [0, 100, 180]),
        (range(0, 200, 20), 5, [0, 60, 100, 140, 180]),
        (range(50), 3, [0, 24, 49]),
        (range(200), 300, list(range(200))),
        (range(200), 1, [0]),
        (range(200), 0, [0]),
        (range(200), -5, [0]),
    ],
)
def test_the_verified_table(steps: range, p: int, expected: list[int]) -> None:
    column = np.array(steps, np.int64)
    assert column[positions_by_step(column, p)].tolist() == expected


def test_the_verified_table_with_buckets() -> None:
    column = np.arange(200)
    chosen = column[positions_by_step(column, 150)].tolist()
    assert len(chosen) == 150
    assert chosen[:8] == [0, 1, 3, 4, 6, 7, 8, 10]


@given(ours.steps(min_size=1, max_size=400), st.integers(-2, 300))
def test_steps_are_chosen_as_written_down(steps: np.ndarray, p: int) -> None:
    chosen = steps[positions_by_step(steps, p)].tolist()
    assert chosen == slow_choice(steps.tolist(), p)


@given(st.integers(0, 10**15), st.integers(0, 3000), st.integers(-2, 300))
def test_where_every_step_exists_arithmetic_is_enough(first: int, span: int, p: int) -> None:
    steps = np.arange(first, first + span + 1)
    expected = steps[positions_by_step(steps, p)].tolist()
    assert dense_choice(first, first + span, p).tolist() == expected


@given(ours.series(min_size=1, max_size=300), st.integers(1, 80))
def test_extremes_first_and_last_are_kept(series: object, count: int) -> None:
    steps, values = series.steps, series.values  # type: ignore[attr-defined]
    chosen = positions_by_extremes(steps, values, count)
    assert len(chosen) <= count
    assert (np.diff(chosen) > 0).all()
    assert chosen[0] == 0
    if count >= 2:
        assert chosen[-1] == len(steps) - 1
    finite = values[np.isfinite(values)]
    if count >= 4 and len(finite):
        kept = values[chosen]
        kept = kept[np.isfinite(kept)]
        assert kept.min() == finite.min()
        assert kept.max() == finite.max()


def test_a_gap_of_nan_stays_visible() -> None:
    values = np.ones(1000)
    values[400:600] = np.nan
    chosen = positions_by_extremes(np.arange(1000), values, 50)
    assert np.isnan(values[chosen]).any()


@given(
    ours.series(min_size=4, max_size=300),
    st.integers(4, 120),
    st.integers(1, 10**9),
    st.integers(1, 298),
)
def test_every_column_of_a_chart_keeps_its_extremes(
    series: object, count: int, jump: int, at: int
) -> None:
    steps, values = series.steps.copy(), series.values  # type: ignore[attr-defined]
    # Steps that jump somewhere, such as after a restart with another counter.
    steps[min(at, len(steps) - 1) :] += jump
    chosen = positions_by_extremes(steps, values, count)
    assert len(chosen) <= max(count, 1)
    columns = (count - 2) // 2
    numbers = bucket_numbers(steps[1:-1], int(steps[0]), int(steps[-1]), max(1, columns))
    kept = set(chosen.tolist())
    for number in set(numbers.tolist()):
        members = np.flatnonzero(numbers == number) + 1
        finite = values[members][np.isfinite(values[members])]
        held = [values[at] for at in members.tolist() if at in kept]
        if len(finite):
            assert finite.min() in held
            assert finite.max() in held


def test_close_steps_keep_their_detail_beside_a_jump() -> None:
    steps = np.concatenate([np.arange(10_000), [10**9]])
    values = np.sin(np.arange(10_001.0))
    chosen = positions_by_extremes(steps, values, 400)
    assert 350 < len(chosen) <= 400
    assert np.diff(chosen).max() < 120


def test_no_points_no_positions() -> None:
    nothing = np.empty(0, np.int64)
    assert len(positions_by_step(nothing, 50)) == 0
    assert len(positions_by_extremes(nothing, np.empty(0), 50)) == 0
