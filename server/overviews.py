"""The metrics of a run as a run search lists them.

Most runs of a store have the same metrics. From the second run on they are written through
a stencil, which takes a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.codec import FLOAT, INT, Stencil, Tree
from store.models import Context, MetricSummary

Keys = tuple[tuple[str, str], ...]
"""Names and contexts of the metrics of a run, in order."""

_MAX_STENCILS = 64
_MAX_METRICS = 100
_stencils: dict[Keys, Stencil | None] = {}
"""None for keys that came once only."""


def metric_overviews(metrics: Sequence[MetricSummary]) -> Tree:
    """The metrics of a run, with their last values and extremes."""
    keys = tuple([(metric.name, metric.context.text) for metric in metrics])
    stencil = _stencil_of(keys)
    if stencil is not None:
        numbers = [
            number
            for each in metrics
            for number in (each.last, each.last_step, each.first, each.min, each.max)
        ]
        filled = stencil.filled(numbers)
        if filled is not None:
            return filled
    return [
        _overview(
            metric.name,
            metric.context,
            {
                "last": metric.last,
                "last_step": metric.last_step,
                "first": metric.first,
                "min": metric.min,
                "max": metric.max,
            },
        )
        for metric in metrics
    ]


def _stencil_of(keys: Keys) -> Stencil | None:
    """The stencil for metrics of these keys, if it is worth while."""
    known = _stencils.get(keys)
    if known is not None or not 0 < len(keys) <= _MAX_METRICS:
        return known
    if keys not in _stencils:
        if len(_stencils) >= _MAX_STENCILS:
            _stencils.clear()
        _stencils[keys] = None
        return None
    values = {"last": FLOAT, "last_step": INT, "first": FLOAT, "min": FLOAT, "max": FLOAT}
    made = Stencil([_overview(name, Context(text), values) for name, text in keys])
    _stencils[keys] = made
    return made


def _overview(name: str, context: Context, values: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "context": context.as_dict(), "values": values}
