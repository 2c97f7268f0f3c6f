"""`Trace`: a series prepared for a chart, and the limits of what several traces show.

What holds: `x` and `y` have one length; `x` is finite and ascending unless the trace is a
path. `y` may hold NaN, which is a gap, and infinities, which are counted but not drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.charts.canvas import Stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray


OUTLIER_REACH = 2.0
"""How many times the length of what is typical an ordinary value may lie outside it."""
FEWEST_FOR_OUTLIERS = 8
"""Among fewer values nothing can be called an outlier."""
SAMPLE = 50_000
"""So many values are enough to say what is typical."""


class Trace(Struct, frozen=True, eq=False):
    """Points of one curve with its looks."""

    key: str
    """Tells the trace apart from the others of the chart."""
    label: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    color: str = "#5fb3ff"
    stroke: Stroke = Stroke.SOLID
    is_faint: bool = False
    """Drawn first and pale: the raw curve behind a smoothed one, or one that is out of focus."""
    is_focused: bool = False
    """Drawn last, on top."""
    low: NDArray[np.float64] | None = None
    """Lower edge of a band around the curve."""
    high: NDArray[np.float64] | None = None
    """Upper edge of the band; there exactly when `low` is."""
    is_path: bool = False
    """Whether `x` may run backwards (one metric against another)."""
    raw_y: NDArray[np.float64] | None = None
    """Values before smoothing, for lists of values."""

    @property
    def order(self) -> int:
        """Place in the order of drawing: bands and faint traces first, the focus last."""
        return 2 if self.is_focused else 0 if self.is_faint else 1

    def non_finite(self) -> tuple[int, int, int]:
        """How many values are NaN, plus infinity and minus infinity."""
        if bool(np.isfinite(self.y).all()):
            return 0, 0, 0
        y = self.y
        return int(np.isnan(y).sum()), int((y == np.inf).sum()), int((y == -np.inf).sum())


class Limits(Struct, frozen=True):
    """Smallest and largest value; NaN when there is none."""

    low: float
    high: float


def x_limits(traces: Iterable[Trace], *, is_log: bool = False) -> Limits:
    """Smallest and largest finite x of all traces (positive ones only for a log axis)."""
    return _joined([_range(trace.x, is_log=is_log) for trace in traces])


def y_limits(
    traces: Sequence[Trace],
    x_window: tuple[float, float],
    *,
    is_log: bool = False,
    without_outliers: bool = False,
) -> Limits:
    """Smallest and largest finite y inside a window of x.

    Args:
        traces: What the chart shows.
        x_window: Lowest and highest visible x.
        is_log: Whether only positive values have a place.
        without_outliers: Leave out what lies far from nearly all other values.
    """
    parts = [part for trace in traces for part in _visible(trace, x_window)]
    if without_outliers:
        return typical_limits(parts, is_log=is_log)
    return _joined([_range(part, is_log=is_log) for part in parts])


def typical_limits(parts: Sequence[NDArray[np.float64]], *, is_log: bool = False) -> Limits:
    """Smallest and largest value that is not an outlier.

    The 1st to 99th percentile (of few values: all but the smallest and the largest) is what
    is typical. A value further away from it than `OUTLIER_REACH` times its length is an
    outlier. The ordinary start of a falling curve therefore stays in view and a lone spike
    does not set the axis. Values that are all alike have no outliers.
    """
    values = np.concatenate(parts) if parts else np.empty(0)
    values = values[np.isfinite(values) & ((values > 0) | (not is_log))]
    if not len(values):
        return Limits(float("nan"), float("nan"))
    everything = Limits(float(values.min()), float(values.max()))
    if len(values) < FEWEST_FOR_OUTLIERS:
        return everything
    places = np.log10(values) if is_log else values
    sample = places[:: max(1, len(places) // SAMPLE)]
    share = max(1.0, 100.0 / (len(sample) - 1))
    low, high = (float(edge) for edge in np.percentile(sample, (share, 100 - share)))
    reach = OUTLIER_REACH * (high - low)
    if not np.isfinite(reach) or reach <= 0:
        return everything
    kept = values[(places >= low - reach) & (places <= high + reach)]
    return Limits(float(kept.min()), float(kept.max()))


def visible_slice(x: NDArray[np.float64], window: tuple[float, float]) -> slice:
    """The points of ascending `x` inside a window and one more on each side."""
    start = int(np.searchsorted(x, window[0], side="left")) - 1
    stop = int(np.searchsorted(x, window[1], side="right")) + 1
    return slice(max(0, start), min(len(x), stop))


def _visible(trace: Trace, window: tuple[float, float]) -> list[NDArray[np.float64]]:
    if trace.is_path:
        inside = (trace.x >= window[0]) & (trace.x <= window[1])
        return [trace.y[inside]]
    start = int(np.searchsorted(trace.x, window[0], side="left"))
    stop = int(np.searchsorted(trace.x, window[1], side="right"))
    if start >= stop:
        return []
    columns = [column for column in (trace.y, trace.low, trace.high) if column is not None]
    return [column[start:stop] for column in columns]


def _range(values: NDArray[np.float64], *, is_log: bool) -> Limits:
    if not len(values):
        return Limits(float("nan"), float("nan"))
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high)) or (is_log and low <= 0):
        kept = values[np.isfinite(values) & ((values > 0) | (not is_log))]
        if not len(kept):
            return Limits(float("nan"), float("nan"))
        low, high = float(kept.min()), float(kept.max())
    return Limits(low, high)


def _joined(parts: Sequence[Limits]) -> Limits:
    known = [part for part in parts if part.low == part.low]
    if not known:
        return Limits(float("nan"), float("nan"))
    return Limits(min(part.low for part in known), max(part.high for part in known))
