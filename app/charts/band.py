"""Many curves as one: mean or median with a band around it.

Curves are brought to common places first: their own if they all share them, else places
spread over the whole range, between which each curve is interpolated. A curve counts only
between its own first and last point.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.charts.traces import Trace

MAX_PLACES = 2000
_OUTER = (10, 90)


class Aggregate(StrEnum):
    """How curves become one."""

    OFF = "off"
    MEAN_STD = "mean ± std"
    MEAN_RANGE = "mean with range"
    MEDIAN_QUANTILES = "median with p10 to p90"


class _Table(Struct, frozen=True, eq=False):
    places: NDArray[np.float64]
    values: NDArray[np.float64]
    """A row for each curve, NaN where it has no value."""


def aggregate(traces: Sequence[Trace], how: Aggregate, label: str, key: str) -> Trace:
    """One trace with a band, in the looks of the first of the traces, which must exist."""
    table = _aligned(traces)
    values = np.where(np.isfinite(table.values), table.values, np.nan)
    with warnings.catch_warnings():
        # A place where no curve has a value gives NaN, which is a gap.
        warnings.simplefilter("ignore", RuntimeWarning)
        middle, low, high = _summarised(values, how)
    first = traces[0]
    named = f"{label} ({len(traces)})" if len(traces) > 1 else label
    return replace(
        first, key=key, label=named, x=table.places, y=middle, low=low, high=high, is_path=False
    )


def _summarised(
    values: NDArray[np.float64], how: Aggregate
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    if not values.shape[1]:
        return np.empty(0), np.empty(0), np.empty(0)
    if how is Aggregate.MEDIAN_QUANTILES:
        low, middle, high = np.nanpercentile(values, (_OUTER[0], 50, _OUTER[1]), axis=0)
        return middle, low, high
    middle = np.nanmean(values, axis=0)
    if how is Aggregate.MEAN_RANGE:
        return middle, np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    spread = np.nanstd(values, axis=0)
    return middle, middle - spread, middle + spread


def _aligned(traces: Sequence[Trace]) -> _Table:
    known = [trace for trace in traces if len(trace.x)]
    if not known:
        return _Table(np.empty(0), np.empty((1, 0)))
    first = known[0].x
    if all(len(trace.x) == len(first) and bool((trace.x == first).all()) for trace in known):
        return _Table(first, np.stack([trace.y for trace in known]))
    places = np.unique(np.concatenate([trace.x for trace in known]))
    if len(places) > MAX_PLACES:
        places = np.linspace(places[0], places[-1], MAX_PLACES)
    rows = [_interpolated(trace, places) for trace in known]
    return _Table(places, np.stack(rows))


def _interpolated(trace: Trace, places: NDArray[np.float64]) -> NDArray[np.float64]:
    is_finite = np.isfinite(trace.y)
    if not is_finite.any():
        return np.full(len(places), np.nan)
    x, y = trace.x[is_finite], trace.y[is_finite]
    return np.interp(places, x, y, left=np.nan, right=np.nan)
