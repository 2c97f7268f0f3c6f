"""Axes: places, zoom, ticks and their labels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from app.charts.picture import text_width
from app.charts.scale import Scale, ScaleKind, fitted
from app.charts.ticks import clock_label, duration_label, nice_step, ticks_of

FINITE = st.floats(-1e12, 1e12)
KINDS = st.sampled_from(list(ScaleKind))


def test_shares_run_from_low_to_high() -> None:
    scale = Scale(ScaleKind.LINEAR, 10, 20)
    assert scale.shares([10, 15, 20]).tolist() == [0, 0.5, 1]
    assert scale.value(0.25) == 12.5


def test_a_log_scale_spaces_factors_evenly() -> None:
    scale = Scale(ScaleKind.LOG, 1, 100)
    assert scale.shares([1, 10, 100]).tolist() == [0, 0.5, 1]
    assert np.isnan(scale.shares([0, -1, np.nan])).all()


@given(low=FINITE, high=FINITE, share=st.floats(0, 1))
def test_a_share_and_its_value_agree(low: float, high: float, share: float) -> None:
    scale = fitted(ScaleKind.LINEAR, low, high)
    assert float(scale.shares(scale.value(share))) == pytest.approx(share, abs=1e-3)


def test_zooming_keeps_the_anchor_in_place() -> None:
    scale = Scale(ScaleKind.LINEAR, 0, 100).zoomed(2, 0.25)
    assert (scale.low, scale.high) == (12.5, 62.5)
    assert float(scale.shares(25)) == 0.25


def test_zooming_ends_where_numbers_cannot_be_told_apart() -> None:
    scale = Scale(ScaleKind.LINEAR, 1, 2)
    for _ in range(200):
        scale = scale.zoomed(2)
    assert scale.low < scale.high


def test_panning_moves_by_a_share() -> None:
    scale = Scale(ScaleKind.LINEAR, 0, 10).panned(0.5)
    assert (scale.low, scale.high) == (5, 15)


@pytest.mark.parametrize("value", [0.0, 5.0, -1e9, 1e300])
def test_one_value_gets_room_around_it(value: float) -> None:
    scale = fitted(ScaleKind.LINEAR, value, value)
    assert scale.low < value < scale.high


def test_nothing_finite_gives_an_ordinary_axis() -> None:
    assert fitted(ScaleKind.LINEAR, math.nan, math.nan).high == 1
    assert fitted(ScaleKind.LOG, math.nan, math.nan).low == 1


@given(kind=KINDS, low=FINITE, high=FINITE, count=st.integers(1, 15))
def test_ticks_lie_inside_and_ascend(
    kind: ScaleKind, low: float, high: float, count: int
) -> None:
    low, high = min(low, high), max(low, high)
    if kind is ScaleKind.LOG:
        low, high = abs(low) + 1e-9, abs(high) + abs(low) + 1e-6
    scale = fitted(kind, low, high)
    ticks = ticks_of(scale, count)
    shares = scale.shares(ticks.positions)
    assert len(ticks.positions) >= 1
    assert len(ticks.labels) == len(ticks.positions)
    assert (np.diff(ticks.positions) > 0).all()
    assert (shares >= -1e-6).all()
    assert (shares <= 1 + 1e-6).all()
    assert all(text_width(label) <= 24 for label in ticks.labels)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0, 50_000, ["0", "10k", "20k", "30k", "40k", "50k"]),
        (0, 5e6, ["0", "1M", "2M", "3M", "4M", "5M"]),
        (0, 1e-5, ["0", "2e-6", "4e-6", "6e-6", "8e-6", "1e-5"]),
        (99.5, 100, ["99.5", "99.6", "99.7", "99.8", "99.9", "100.0"]),
    ],
)
def test_labels_are_short_and_alike(low: float, high: float, labels: list[str]) -> None:
    assert list(ticks_of(Scale(ScaleKind.LINEAR, low, high), 5).labels) == labels


def test_steps_have_no_ticks_between_them() -> None:
    assert ticks_of(Scale(ScaleKind.STEPS, 0, 3), 10).positions == (0, 1, 2, 3)


def test_log_ticks_are_powers_of_ten() -> None:
    assert ticks_of(Scale(ScaleKind.LOG, 1e-4, 1), 5).labels == (
        "1e-4",
        "0.001",
        "0.01",
        "0.1",
        "1",
    )


def test_a_short_log_axis_has_ticks_too() -> None:
    assert len(ticks_of(Scale(ScaleKind.LOG, 0.21, 0.34), 5).positions) >= 2


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5, "0.5s"), (45, "45s"), (90, "1m30"), (120, "2m"), (7500, "2h05"), (273_600, "3d4h")],
)
def test_durations_have_two_units(seconds: float, text: str) -> None:
    assert duration_label(seconds) == text
    assert duration_label(-seconds) == f"-{text}"


def test_clock_labels_are_as_fine_as_their_distance() -> None:
    noon = 1_790_000_000 - 1_790_000_000 % 86400 + 12 * 3600
    assert clock_label(noon, 1) == "12:00:00"
    assert clock_label(noon, 3600) == "12:00"
    assert clock_label(noon, 3600, 7200) == "14:00"
    assert clock_label(noon, 86400) == "21 Sep"
    assert clock_label(1e300, 1) == "1e+300"


def test_clock_ticks_follow_the_wall() -> None:
    midnight = 1_790_000_000 - 1_790_000_000 % 86400
    scale = Scale(ScaleKind.CLOCK, midnight, midnight + 86400, utc_offset_s=3600)
    assert "00:00" not in ticks_of(scale, 4).labels
    assert all((at + 3600) % 3600 == 0 for at in ticks_of(scale, 4).positions)


@pytest.mark.parametrize(("least", "step"), [(0.3, 0.5), (1, 1), (1.1, 2), (7, 10), (0, 1)])
def test_nice_steps(least: float, step: float) -> None:
    assert nice_step(least) == pytest.approx(step)
