"""Curves minus the curve of a reference run. Pure, for threads."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from app.charts.line import LineOptions
from app.charts.plot import Labels
from app.charts.traces import Trace
from app.traces.build import ChartData


def differences(data: ChartData, reference_hash: str) -> list[Trace]:
    """Each curve of other runs minus the one of the reference with the same context.

    Where the reference has no point at an x, its value is taken from the line between its
    neighbours; outside of its range there is no difference.
    """
    traces = {trace.key: trace for trace in data.traces if not trace.is_faint}
    references = {
        curve.metric.context.text: traces[key]
        for key, curve in data.curves.items()
        if curve.record.run.hash == reference_hash and key in traces
    }
    found = []
    for key, curve in data.curves.items():
        trace = traces.get(key)
        reference = references.get(curve.metric.context.text)
        if trace is None or reference is None or trace is reference or trace.is_path:
            continue
        found.append(_minus(trace, reference))
    return [trace for trace in found if len(trace.x)]


def has_differences(data: ChartData, reference_hash: str) -> bool:
    """Whether a chart has curves of the reference and of another run; quick."""
    shown = {trace.key for trace in data.traces if not trace.is_path}
    hashes = {c.record.run.hash for key, c in data.curves.items() if key in shown}
    return reference_hash in hashes and len(hashes) > 1


def difference_options(
    data: ChartData, name: str, x_range: tuple[float, float] | None
) -> LineOptions:
    """Options of the chart below: the same x axis, values on a linear one."""
    return LineOptions(
        labels=Labels(f"{data.name} minus {name}"),
        x_kind=data.options.x_kind,
        x_range=x_range,
        utc_offset_s=data.options.utc_offset_s,
    )


def _minus(trace: Trace, reference: Trace) -> Trace:
    is_known = np.isfinite(reference.y)
    x, y = reference.x[is_known], reference.y[is_known]
    if not len(x):
        return replace(trace, x=np.empty(0), y=np.empty(0), raw_y=None)
    inside = (trace.x >= x[0]) & (trace.x <= x[-1])
    places = trace.x[inside]
    with np.errstate(invalid="ignore", over="ignore"):
        values = trace.y[inside] - np.interp(places, x, y)
    return replace(trace, x=places, y=values, raw_y=None)
