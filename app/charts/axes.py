"""A column of any values as an axis: numbers, or categories at equal distances."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from app.charts.scale import Scale, ScaleKind, fitted

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DECADES_FOR_LOG = 2.0
"""Positive numbers that span more than this get a log axis, if most of them are small."""
SMALL = 0.2
"""Share of the largest number that the middle one must not exceed for that."""


class Axis(Struct, frozen=True, eq=False):
    """Values of one field for all items."""

    name: str
    values: NDArray[np.float64]
    """NaN where an item has none; for categories their number."""
    scale: Scale
    categories: tuple[str, ...] = ()
    """Names of the categories in order; empty for numbers."""
    is_inverted: bool = False
    """Whether the lowest value is at the top."""

    def shares(self) -> NDArray[np.float64]:
        """Where the values lie on the axis, 0 to 1."""
        return self.shares_of(self.values)

    def shares_of(self, values: ArrayLike) -> NDArray[np.float64]:
        """Where any values lie on the axis."""
        shares = self.scale.shares(values)
        return 1.0 - shares if self.is_inverted else shares


def axis_of(name: str, values: Sequence[Any], *, is_log: bool | None = None) -> Axis:
    """The axis that fits some values: numbers if all are, else categories.

    Args:
        name: What it is called.
        values: One for each item; None where there is none.
        is_log: Whether to use a log axis; by itself when the numbers span many decades.
    """
    known = [value for value in values if value is not None]
    if known and all(_is_number(value) for value in known):
        numbers = np.array([math.nan if value is None else float(value) for value in values])
        finite = numbers[np.isfinite(numbers)]
        low, high = (finite.min(), finite.max()) if len(finite) else (math.nan, math.nan)
        if is_log is None:
            is_log = _spans_decades(finite)
        kind = ScaleKind.LOG if is_log and low > 0 else ScaleKind.LINEAR
        return Axis(name, numbers, fitted(kind, float(low), float(high)))
    names = tuple(sorted({_name(value) for value in known}))
    places = [math.nan if v is None else float(names.index(_name(v))) for v in values]
    scale = fitted(ScaleKind.STEPS, 0.0, float(max(0, len(names) - 1)))
    return Axis(name, np.array(places), scale, names)


def _spans_decades(finite: NDArray[np.float64]) -> bool:
    """Whether numbers are better told apart on a log axis.

    The middle of the different values counts too: numbers drawn evenly from 0 to 1 span many
    decades when there are enough of them, and belong on a linear axis.
    """
    distinct = np.unique(finite)
    if not len(distinct) or distinct[0] <= 0:
        return False
    low, high = float(distinct[0]), float(distinct[-1])
    middle = float(distinct[(len(distinct) - 1) // 2])
    return high / low >= 10**DECADES_FOR_LOG * 0.999 and middle <= SMALL * high


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _name(value: Any) -> str:
    return str(value)
