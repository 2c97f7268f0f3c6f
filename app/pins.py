"""Pinned metrics: chosen ones whose best runs Home shows to everybody who opens the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.sources import Feature, SortKey, Source
from app.widgets.columns import lower_is_better, metric_summary
from store.models import Context, SequenceKey

PINNED = "pinned_sequences"
"""Name of the setting; the REST API's pinned sequences are the same ones."""
BEST_COUNT = 3


class Pin(Struct, frozen=True):
    """A pinned metric with its best runs."""

    key: SequenceKey
    best: tuple[tuple[str, float], ...]
    """Name of the run and its best value, the best first."""


def find_pinned(source: Source) -> list[SequenceKey]:
    """The pinned metrics in order; none where the source cannot keep any."""
    if Feature.SETTINGS not in source.features:
        return []
    return [SequenceKey(str(n), Context.of(c)) for n, c in source.get_setting(PINNED) or ()]


def toggle_pin(source: Source, key: SequenceKey) -> bool:
    """Pin a metric, or unpin it; whether it is pinned now."""
    pinned = find_pinned(source)
    is_pinned = key not in pinned
    wanted = [*pinned, key] if is_pinned else [each for each in pinned if each != key]
    value: list[Any] = [[each.name, each.context.as_dict()] for each in wanted]
    source.set_setting(PINNED, value)
    return is_pinned


def read_pins(source: Source, directions: Mapping[str, str]) -> list[Pin]:
    """All pinned metrics with their best runs; blocks."""
    return [_read_pin(source, key, directions) for key in find_pinned(source)]


def _read_pin(source: Source, key: SequenceKey, directions: Mapping[str, str]) -> Pin:
    is_lower = lower_is_better(key.name, directions)
    which = "min" if is_lower else "max"
    order = SortKey(f"metrics.{key.name}.{which}", not is_lower, key.context or None)
    best: list[tuple[str, float]] = []
    for record in source.get_records(source.find_runs("", [order], limit=BEST_COUNT).hashes):
        summary = metric_summary(record, key.name, key.context)
        if summary is not None:
            best.append((record.run.name, summary.min if is_lower else summary.max))
    return Pin(key, tuple(best))
