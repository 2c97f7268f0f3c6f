"""Which params matter for a metric."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from app.charts.forest import binned
from app.charts.importance import CELLS, rank_params, stretch_means

SEEDS = st.integers(0, 2**20)


def params_of(**columns: Any) -> list[dict[str, Any]]:
    """Columns as params of runs; None is missing."""
    names = list(columns)
    rows = zip(*columns.values(), strict=True)
    return [{n: v for n, v in zip(names, row, strict=True) if v is not None} for row in rows]


@settings(max_examples=15)
@given(SEEDS, st.sampled_from(["rising", "valley", "category", "ties"]))
def test_the_param_that_decides_comes_first_and_noise_is_near_zero(
    seed: int, shape: str
) -> None:
    rng = np.random.default_rng(seed)
    cause = rng.uniform(-1, 1, 80)
    if shape == "ties":
        cause = np.round(cause * 2)
    target = cause**2 if shape == "valley" else cause * 3
    values: list[Any] = cause.tolist()
    if shape == "category":
        values = [f"kind {round(each * 3)}" for each in cause]
    found = rank_params(
        params_of(junk=rng.uniform(size=80).tolist(), cause=values, same=[1] * 80), target
    )
    assert [each.param for each in found] == ["cause", "junk"]
    assert found[0].importance > 0.3
    assert abs(found[1].importance) < 0.15 < found[0].importance
    assert found[1].importance < found[0].importance / 3
    if shape == "rising":
        assert found[0].correlation > 0.99
    if shape == "category":
        assert math.isnan(found[0].correlation)
        assert found[0].explained > 0.9


def test_the_same_seed_gives_the_same_answer_and_a_cancelled_one_none() -> None:
    rng = np.random.default_rng(1)
    params = params_of(a=rng.uniform(size=40).tolist(), b=rng.uniform(size=40).tolist())
    target = rng.uniform(size=40)
    assert rank_params(params, target, seed=4) == rank_params(params, target, seed=4)
    assert rank_params(params, target, is_cancelled=lambda: True) == []


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(["adam", "sgd", ""]),
    st.just([64, 64]),
)
ROWS = st.lists(
    st.tuples(ODD, ODD, st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf])),
    max_size=14,
)


@settings(max_examples=40)
@given(ROWS)
def test_any_values_are_ranked(rows: list[tuple[Any, Any, float]]) -> None:
    params = [{"a": a, "b": b} for a, b, _ in rows]
    target = np.array([each for *_, each in rows], dtype=np.float64)
    found = rank_params(params, target)
    assert {each.param for each in found} <= {"a", "b"}
    for each in found:
        assert math.isfinite(each.importance)
        assert each.spread >= 0
        assert 0 <= each.run_count <= len(rows)
        assert math.isnan(each.correlation) or abs(each.correlation) <= 1 + 1e-9
        assert len(each.means) in (0, CELLS)


def test_a_target_that_stands_still_makes_nothing_important() -> None:
    (found,) = rank_params(params_of(a=[1, 2, 3, 4, 5, 6]), np.ones(6))
    assert found.importance == found.spread == 0
    assert math.isnan(found.correlation)


def test_missing_values_are_a_value_of_their_own() -> None:
    rng = np.random.default_rng(2)
    has = rng.uniform(size=60) > 0.5
    params = params_of(
        dropout=[0.1 if each else None for each in has], junk=rng.uniform(size=60).tolist()
    )
    found = rank_params(params, has + rng.normal(0, 0.05, 60))
    assert found[0].param == "dropout"
    assert found[0].run_count == int(has.sum())
    assert found[0].importance > 0.5
    assert rank_params([], np.empty(0)) == []


def test_small_curves_follow_the_order_of_the_param() -> None:
    assert stretch_means(np.array([2.0, 1.0]), np.array([5.0, 3.0]), 4) == (3, 3, 5, 5)
    x = np.arange(1000.0)
    assert stretch_means(x, x, 4) == pytest.approx((124.5, 374.5, 624.5, 874.5))
    assert stretch_means(np.array([math.nan]), np.array([1.0])) == ()


@given(st.lists(st.floats(), min_size=1, max_size=200))
def test_bins_keep_the_order(values: list[float]) -> None:
    column = np.array(values)
    bins = binned(column)
    assert bins.max() <= 24
    known = np.isfinite(column)
    assert (bins[known] > 0).all()
    assert (bins[~known] == 0).all()
    order = np.argsort(column[known], kind="stable")
    assert (np.diff(bins[known][order]) >= 0).all()
