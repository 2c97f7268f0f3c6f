"""Smoothing against the plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from app.charts.smooth import smooth


def plain(values: list[float], strength: float) -> list[float]:
    """The definition, one value after the other."""
    average, weight, result = 0.0, 0.0, []
    for value in values:
        if not np.isfinite(value):
            result.append(value)
            continue
        average = strength * average + (1 - strength) * value
        weight = strength * weight + (1 - strength)
        result.append(average / weight)
    return result


VALUES = st.lists(
    st.one_of(st.floats(-1e6, 1e6), st.sampled_from([float("nan"), float("inf")])), max_size=300
)


@given(values=VALUES, strength=st.sampled_from([0.1, 0.6, 0.9, 0.99, 0.999]))
def test_it_is_the_moving_average(values: list[float], strength: float) -> None:
    got = smooth(np.array(values, dtype=float), strength)
    np.testing.assert_allclose(got, plain(values, strength), rtol=1e-6, atol=1e-3)


def test_the_first_value_stands_for_itself() -> None:
    assert smooth(np.array([5.0, 5.0, 5.0]), 0.99).tolist() == pytest.approx([5, 5, 5])


def test_no_strength_changes_nothing() -> None:
    values = np.array([1.0, 2.0])
    assert smooth(values, 0) is values


def test_a_constant_curve_stays_constant() -> None:
    values = np.full(5000, 0.02)
    assert (smooth(values, 0.99) == 0.02).all()


def test_huge_values_stay_finite() -> None:
    assert np.isfinite(smooth(np.full(1000, 1e300), 0.9)).all()


@pytest.mark.parametrize("strength", [-0.1, 1.0, 2.0])
def test_a_strength_out_of_range_is_refused(strength: float) -> None:
    with pytest.raises(ValueError, match="not at least 0"):
        smooth(np.array([1.0]), strength)
