"""Scales: values to shares of an axis and back, zoom and pan. Labels are in `ticks`.

A share is 0 at the low end of the axis and 1 at the high end; it may lie outside. What has no
place on the axis (NaN, infinities, non-positive values on a log axis) has the share NaN.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LARGEST = 1e300
"""Limits are kept inside this, so that differences of limits stay finite."""


class ScaleKind(StrEnum):
    """What the numbers of an axis mean."""

    LINEAR = "linear"
    LOG = "log"
    STEPS = "steps"
    """Whole numbers: no tick between two of them."""
    DURATION = "duration"
    """Seconds since a start."""
    CLOCK = "clock"
    """Seconds since the epoch."""


class Scale(Struct, frozen=True):
    """One axis: what it means and what part of it is shown. Low is always below high."""

    kind: ScaleKind = ScaleKind.LINEAR
    low: float = 0.0
    high: float = 1.0
    utc_offset_s: float = 0.0
    """For clocks: seconds to add to UTC for the time on the wall."""

    @property
    def is_log(self) -> bool:
        """Whether equal distances are equal factors."""
        return self.kind is ScaleKind.LOG

    def shares(self, values: ArrayLike) -> NDArray[np.float64]:
        """Where values lie on the axis; NaN for those without a place."""
        numbers = np.asarray(values, dtype=np.float64)
        low, high = self._inner(self.low), self._inner(self.high)
        if self.is_log:
            with np.errstate(divide="ignore", invalid="ignore"):
                numbers = np.where(numbers > 0, np.log10(numbers), np.nan)
        with np.errstate(over="ignore", invalid="ignore"):
            shares = (numbers - low) / (high - low)
        return np.where(np.isfinite(shares), shares, np.nan)

    def value(self, share: float) -> float:
        """The value at a share of the axis."""
        low, high = self._inner(self.low), self._inner(self.high)
        return self._outer(low + (high - low) * share)

    def values(self, shares: ArrayLike) -> NDArray[np.float64]:
        """The values at shares of the axis."""
        low, high = self._inner(self.low), self._inner(self.high)
        inner = low + (high - low) * np.asarray(shares, dtype=np.float64)
        with np.errstate(over="ignore"):
            return np.power(10.0, inner) if self.is_log else inner

    def zoomed(self, factor: float, anchor: float = 0.5) -> Scale:
        """The axis with its length divided by `factor`; the share `anchor` stays in place."""
        length = 1.0 / factor
        start = anchor - anchor * length
        return self.part(start, start + length)

    def panned(self, share: float) -> Scale:
        """The axis moved by a share of its length."""
        return self.part(share, 1.0 + share)

    def part(self, start: float, stop: float) -> Scale:
        """The axis between two shares; this one when they are too close to tell apart."""
        low, high = sorted((self.value(start), self.value(stop)))
        if not can_be_told_apart(low, high) or (self.is_log and low <= 0):
            return self
        return replace(self, low=low, high=high)

    def _inner(self, value: float) -> float:
        return math.log10(value) if self.is_log else value

    def _outer(self, inner: float) -> float:
        if not self.is_log:
            return min(max(inner, -LARGEST), LARGEST)
        return math.pow(10.0, min(max(inner, -300.0), 300.0))


def can_be_told_apart(low: float, high: float) -> bool:
    """Whether an axis between two values has room for positions in floating point."""
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return False
    return high - low > max(abs(low), abs(high)) * 1e-13


def fitted(
    kind: ScaleKind, low: float, high: float, *, margin: float = 0.0, utc_offset_s: float = 0.0
) -> Scale:
    """An axis that shows everything from `low` to `high`, with a margin on both sides.

    One value alone gets room around it; no finite value at all gives 0 to 1 (1 to 10 on a log
    axis). On a log axis `low` must be positive where there is anything to show.
    """
    if kind is ScaleKind.LOG and (not math.isfinite(low) or low <= 0):
        low = high / 10 if math.isfinite(high) and high > 0 else math.nan
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = (1.0, 10.0) if kind is ScaleKind.LOG else (0.0, 1.0)
    low, high = max(min(low, LARGEST), -LARGEST), max(min(high, LARGEST), -LARGEST)
    if not can_be_told_apart(low, high):
        low, high = _around(kind, low)
    scale = Scale(kind, low, high, utc_offset_s)
    return scale.part(-margin, 1.0 + margin) if margin else scale


def _around(kind: ScaleKind, value: float) -> tuple[float, float]:
    if kind is ScaleKind.LOG:
        value = max(value, 1e-299)
        return value / 2, value * 2
    # Steps and times get half a unit, so that the one tick lies in the middle.
    room = abs(value) * 0.1 or 1.0
    if kind is not ScaleKind.LINEAR:
        room = max(0.5, abs(value) * 1e-9)
    return value - room, value + room
