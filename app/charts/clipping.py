"""Values that the y axis leaves out: found, counted and marked at the edge of the plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.charts.picture import Ink
from app.charts.traces import Trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.charts.plot import Ground
    from app.charts.scale import Scale

ABOVE, BELOW = "▲", "▼"


class Clipped(Struct, frozen=True, eq=False):
    """Points of one trace that lie above or below the axis."""

    color: str
    above: NDArray[np.float64]
    """Places on the x axis."""
    below: NDArray[np.float64]

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(self.above) + len(self.below)


def find_clipped(
    traces: Sequence[Trace], x_scale: Scale, y_scale: Scale
) -> tuple[Clipped, ...]:
    """What lies outside of a y axis inside the visible part of the x axis.

    Of a smoothed curve and the raw one behind it the one with more such points counts.
    """
    found: dict[str, Clipped] = {}
    for trace in traces:
        key = trace.key.removesuffix("|raw")
        each = _clipped(trace, x_scale, y_scale)
        if each.count and (key not in found or found[key].count < each.count):
            found[key] = each
    return tuple(found.values())


def _clipped(trace: Trace, x_scale: Scale, y_scale: Scale) -> Clipped:
    above, below = trace.y > y_scale.high, trace.y < y_scale.low
    if not above.any() and not below.any():
        return Clipped(trace.color, np.empty(0), np.empty(0))
    seen = (trace.x >= x_scale.low) & (trace.x <= x_scale.high) & np.isfinite(trace.y)
    if y_scale.is_log:
        seen &= trace.y > 0
    return Clipped(trace.color, trace.x[above & seen], trace.x[below & seen])


def mark_clipped(made: Ground, clipped: Sequence[Clipped]) -> None:
    """Put an arrow at the edge wherever points are left out."""
    area = made.area
    if area.width < 1 or area.height < 2:
        return
    for each in clipped:
        edges = ((each.above, area.y, ABOVE), (each.below, area.bottom - 1, BELOW))
        for places, row, arrow in edges:
            shares = made.x_scale.shares(places)
            columns = np.floor(shares * (area.width - 1) + 0.5)
            for column in np.unique(columns[np.isfinite(columns)]).astype(int).tolist():
                made.sheet.write(area.x + column, row, arrow, Ink(each.color, is_bold=True))
