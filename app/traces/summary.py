"""The options of an explorer in one line of words."""

from __future__ import annotations

from app.charts.band import Aggregate
from app.formatting import plural
from app.traces.axis import x_title
from app.traces.options import AUTO, EXPLORER_DEFAULTS, ChartKind, ExploreOptions

_DEFAULTS = EXPLORER_DEFAULTS
CROWDED = 20
"""With more traces than this in a chart, one can no longer tell them apart."""


def summary(
    options: ExploreOptions, curve_count: int, chart_count: int, pages: str = ""
) -> str:
    """What is drawn, then whatever differs from the ordinary."""
    parts = [f"{plural(curve_count, 'trace')} in {plural(chart_count, 'chart')}"]
    if options.aggregate is Aggregate.OFF and curve_count > CROWDED * max(1, chart_count):
        parts.append("crowded: A shows means of groups, b groups")
    parts += [pages] if pages else []
    if options.kind is not ChartKind.LINES:
        parts.append(f"{options.value} of each run")
    else:
        parts.append(f"x {x_title(options)}{' log' if options.is_log_x else ''}")
    if options.is_log_y:
        parts.append("y log")
    if options.smoothing and options.kind is ChartKind.LINES:
        parts.append(f"smoothing {options.smoothing:g}")
    if options.aggregate is not Aggregate.OFF:
        parts.append(options.aggregate.value)
    for name, word in (("color_by", "colour"), ("stroke_by", "stroke"), ("facet_by", "chart")):
        fields = getattr(options, name)
        if fields != getattr(_DEFAULTS, name) and fields != AUTO:
            parts.append(f"{word} by {', '.join(fields) or 'nothing'}")
    if not options.without_outliers:
        parts.append("with outliers")
    if options.is_normalised:
        parts.append("normalised")
    if options.hidden:
        parts.append(f"{len(options.hidden)} hidden")
    return " · ".join(parts)
