"""Grouping that suits what is shown, where the options leave it open.

A few runs share a chart for each metric, with a stroke for each context. With more runs,
train and val in one chart would be a tangle: then every metric and context has its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.traces.options import AUTO, ExploreOptions

if TYPE_CHECKING:
    from app.traces.build import Curve

MOST_RUNS_TOGETHER = 3
"""With more runs each context of a metric has a chart of its own."""


def resolved(options: ExploreOptions, curves: Sequence[Curve]) -> ExploreOptions:
    """The options with every automatic grouping replaced by the one that fits."""
    facet_by = options.facet_by
    if facet_by == AUTO:
        runs = {curve.record.run.hash for curve in curves}
        is_crowded = len(runs) > MOST_RUNS_TOGETHER
        facet_by = ("metric", "context") if is_crowded else ("metric",)
    stroke_by = options.stroke_by
    if stroke_by == AUTO:
        stroke_by = () if "context" in facet_by else ("context",)
    return replace(options, facet_by=facet_by, stroke_by=stroke_by)
