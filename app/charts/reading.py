"""What traces say at one place: the values under a crosshair, and where to step next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.charts.traces import Trace


class Reading(Struct, frozen=True):
    """The point of one trace that is nearest to a place."""

    key: str
    label: str
    color: str
    index: int
    x: float
    y: float


def read_at(
    traces: Iterable[Trace],
    x: float,
    *,
    reach: float = float("inf"),
    is_lower_better: bool = False,
) -> list[Reading]:
    """For each trace the point nearest to `x`, the best value first, NaN last.

    Args:
        traces: Faint ones are left out; they stand behind another one.
        x: The place.
        reach: How far beyond its ends a trace still counts.
        is_lower_better: Whether the lowest value is the best one, not the highest.
    """
    readings = []
    for trace in traces:
        if trace.is_faint or not len(trace.x):
            continue
        if not trace.is_path and not trace.x[0] - reach <= x <= trace.x[-1] + reach:
            continue
        index = nearest_index(trace, x)
        place, value = float(trace.x[index]), float(trace.y[index])
        readings.append(Reading(trace.key, trace.label, trace.color, index, place, value))
    return ranked(readings, is_lower_better=is_lower_better)


def ranked(readings: Iterable[Reading], *, is_lower_better: bool = False) -> list[Reading]:
    """Readings with the best value first and NaN last."""
    sign = 1.0 if is_lower_better else -1.0

    def order(reading: Reading) -> tuple[bool, float]:
        is_nan = math.isnan(reading.y)
        return is_nan, 0.0 if is_nan else sign * reading.y

    return sorted(readings, key=order)


def nearest_index(trace: Trace, x: float) -> int:
    """Index of the point nearest to `x`; the trace must have points."""
    if trace.is_path:
        return int(np.argmin(np.abs(trace.x - x)))
    right = min(int(np.searchsorted(trace.x, x)), len(trace.x) - 1)
    left = max(0, right - 1)
    return left if x - float(trace.x[left]) <= float(trace.x[right]) - x else right


def next_extreme(trace: Trace, x: float, *, forward: bool) -> float | None:
    """The x of the next local minimum or maximum after (before) `x`; None if there is none."""
    values = trace.y
    if len(values) < 3:
        return None
    falls = np.diff(values)
    with np.errstate(invalid="ignore"):
        is_turn = np.sign(falls[:-1]) * np.sign(falls[1:]) < 0
    places: NDArray[np.float64] = trace.x[1:-1][is_turn]
    later = places[places > x] if forward else places[places < x]
    if not len(later):
        return None
    return float(later[0] if forward else later[-1])


def all_places(traces: Sequence[Trace]) -> NDArray[np.float64]:
    """Every distinct x of the traces, ascending."""
    columns = [trace.x for trace in traces if not trace.is_faint and len(trace.x)]
    return np.unique(np.concatenate(columns)) if columns else np.empty(0)
