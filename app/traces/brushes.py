"""Brushes on the axes of parallel coordinates: which runs they leave, and as a query. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from app.charts.axes import Axis

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP = 0.05
"""How far one key press moves an edge, as a share of the axis."""


class Brush(Struct, frozen=True):
    """A part of an axis, in shares from its lower end as it is drawn."""

    low: float = 0.0
    high: float = 1.0
    is_upper: bool = False
    """Whether keys move the upper edge."""

    def moved(self, count: int, step: float = STEP) -> Brush:
        """The brush with the edge that keys move elsewhere; edges do not pass each other."""
        if self.is_upper:
            high = min(1.0, max(self.low, self.high + count * step))
            return Brush(self.low, high, is_upper=True)
        return Brush(max(0.0, min(self.high, self.low + count * step)), self.high)


def brushed(axes: Sequence[Axis], brushes: Mapping[int, Brush]) -> NDArray[np.bool_]:
    """Which runs all brushes contain; runs without a value are outside."""
    inside = np.ones(len(axes[0].values) if axes else 0, dtype=bool)
    for number, brush in brushes.items():
        shares = axes[number].shares()
        # A little room: shares of the same value differ in their last digits.
        inside &= (shares >= brush.low - 1e-9) & (shares <= brush.high + 1e-9)
    return inside


def brush_query(columns: Sequence[tuple[str, Sequence[Any]]]) -> str:
    """A query for the values that the brushed runs have on the brushed axes.

    Args:
        columns: For each brushed axis how a query names it, and the values of the runs inside.
    """
    parts = []
    for name, values in columns:
        known = [value for value in values if value is not None]
        if known and all(_is_number(value) for value in known):
            finite = [value for value in known if math.isfinite(value)]
            if finite and min(finite) == max(finite):
                parts.append(f"{name} == {finite[0]!r}")
            elif finite:
                parts.append(f"{name} >= {min(finite)!r} and {name} <= {max(finite)!r}")
        elif known:
            different = {_literal(value): None for value in known}
            parts.append(f"{name} in ({', '.join(sorted(different))},)")
    return " and ".join(parts)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _literal(value: Any) -> str:
    if isinstance(value, bool | int | float):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False)
