"""A point of a curve that shall be shown under the crosshair."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.traces.axis import place
from app.traces.options import XAxis
from store.models import Context

if TYPE_CHECKING:
    from app.traces.build import Curve, Facet, Points
    from app.traces.options import ExploreOptions
    from store.models import Series


class Target(Struct, frozen=True):
    """Where the crosshair shall be; whatever is empty may be anything."""

    step: float
    run_hash: str = ""
    metric: str = ""
    context: Context | None = None
    is_onset: bool = False
    """Whether to go where the curve first was not a number, if it ever was none."""

    def is_on(self, curve: Curve) -> bool:
        """Whether the point belongs to this curve."""
        return (
            self.run_hash in {"", curve.record.run.hash}
            and self.metric in {"", curve.metric.name}
            and self.context in {None, curve.metric.context}
        )

    def find(self, facets: Iterable[Facet]) -> tuple[Facet, Curve] | None:
        """The first chart and curve that it is on."""
        for facet in facets:
            for curve in facet.curves:
                if self.is_on(curve):
                    return facet, curve
        return None

    def x_on(self, curve: Curve, points: Points, options: ExploreOptions) -> float | None:
        """Its place on the axis of the options; None while the points are not there."""
        series = points.series.get(curve.key)
        if series is None:
            return None
        step = self._step_in(series)
        if options.x_axis is XAxis.STEP:
            return step
        if not len(series):
            return None
        x_series = points.x_series.get(curve.key)
        placed = place(series, options, curve.record.run.created_at, x_series)
        if not len(placed.steps):
            return None
        return float(placed.x[int(np.argmin(np.abs(placed.steps - step)))])

    def _step_in(self, series: Series) -> float:
        if self.is_onset:
            gaps = np.flatnonzero(~np.isfinite(series.values))
            if len(gaps):
                return float(series.steps[gaps[0]])
        return self.step
