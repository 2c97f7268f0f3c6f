"""Puts the points of a series on the x axis that was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.charts.scale import ScaleKind
from app.traces.options import ExploreOptions, XAxis

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store.models import Series


class Placed(Struct, frozen=True, eq=False):
    """Points with their place; those without one are left out."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    steps: NDArray[np.int64]
    is_path: bool = False
    """Whether `x` does not ascend."""


_KINDS = {
    XAxis.STEP: ScaleKind.STEPS,
    XAxis.EPOCH: ScaleKind.LINEAR,
    XAxis.RELATIVE: ScaleKind.DURATION,
    XAxis.ABSOLUTE: ScaleKind.CLOCK,
    XAxis.METRIC: ScaleKind.LINEAR,
}


def x_kind(options: ExploreOptions) -> ScaleKind:
    """The kind of scale of the x axis."""
    return ScaleKind.LOG if options.is_log_x else _KINDS[options.x_axis]


def x_title(options: ExploreOptions) -> str:
    """The label of the x axis."""
    return options.x_metric if options.x_axis is XAxis.METRIC else options.x_axis.value


def place(
    series: Series, options: ExploreOptions, start_s: float, x_series: Series | None = None
) -> Placed:
    """The points of a series on the x axis of the options.

    Args:
        series: What is drawn.
        options: Says which axis.
        start_s: When the run began, for relative times.
        x_series: The metric on the x axis, if it is one.
    """
    if options.x_axis is XAxis.STEP:
        return Placed(series.steps.astype(np.float64), series.values, series.steps)
    if options.x_axis is XAxis.METRIC:
        x = _values_at(x_series, series.steps)
        return _kept(x, series, may_run_back=True)
    if options.x_axis is XAxis.EPOCH:
        return _kept(series.epochs, series)
    times = series.times
    if options.x_axis is XAxis.RELATIVE:
        known = times[np.isfinite(times)]
        begin = start_s if start_s > 0 and (not len(known) or start_s <= known[0]) else None
        first = float(known[0]) if len(known) else 0.0
        times = times - (begin if begin is not None else first)
    return _kept(times, series)


def _kept(x: NDArray[np.float64], series: Series, *, may_run_back: bool = False) -> Placed:
    is_known = np.isfinite(x)
    x, y, steps = x[is_known], series.values[is_known], series.steps[is_known]
    is_ascending = bool((np.diff(x) >= 0).all())
    if is_ascending:
        return Placed(x, y, steps)
    if may_run_back:
        return Placed(x, y, steps, is_path=True)
    order = np.argsort(x, kind="stable")
    return Placed(x[order], y[order], steps[order])


def _values_at(series: Series | None, steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """The last value at or before each step; NaN before the first."""
    if series is None or not len(series):
        return np.full(len(steps), np.nan)
    at = np.searchsorted(series.steps, steps, side="right") - 1
    return np.where(at >= 0, series.values[np.maximum(at, 0)], np.nan)
