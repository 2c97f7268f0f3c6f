"""Reads points of curves from a source. Blocks: only for thread workers."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.sources import Source
from app.sources.protocol import TraceRef
from app.traces.build import Curve, Points
from app.traces.options import ExploreOptions, XAxis

DENSITY = 2000
"""Points to ask for of each curve: more than the dots across the widest terminal."""


class PointsRequest(Struct, frozen=True):
    """Points that are wanted."""

    curves: tuple[Curve, ...]
    options: ExploreOptions
    step_range: tuple[int, int] | None = None
    """Only this stretch, in more detail."""


def read_points(source: Source, request: PointsRequest) -> Points:
    """Points of curves, and of the metrics on their x axis if the options want one."""
    curves = request.curves
    refs = [trace_ref(curve) for curve in curves]
    found = source.read_series(refs, density=DENSITY, step_range=request.step_range)
    series = {curve.key: each for curve, each in zip(curves, found, strict=True)}
    options = request.options
    if options.x_axis is not XAxis.METRIC:
        return Points(series)
    x_refs = [_x_ref(curve, options.x_metric) for curve in curves]
    x_found = source.read_series(x_refs, density=DENSITY, step_range=request.step_range)
    return Points(
        series, {curve.key: each for curve, each in zip(curves, x_found, strict=True)}
    )


def trace_ref(curve: Curve) -> TraceRef:
    """The curve as sources name it."""
    return TraceRef(curve.record.run.hash, curve.metric.name, curve.metric.context)


def _x_ref(curve: Curve, name: str) -> TraceRef:
    """The metric of that name in the same context if there is one, else in any."""
    contexts: Sequence[TraceRef] = [
        TraceRef(curve.record.run.hash, metric.name, metric.context)
        for metric in curve.record.metrics
        if metric.name == name
    ]
    same = [ref for ref in contexts if ref.context == curve.metric.context]
    fallback = TraceRef(curve.record.run.hash, name, curve.metric.context)
    return (same or [*contexts, fallback])[0]
