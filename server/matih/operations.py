"""What is logged, as operations on the store.

Params are the run's `hparams`; a dot in a key stays part of the key. Tags are kept as params
under `tags`; one without a value, or with the value `true`, is a tag of the other API too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from server.matih.schemas import MetricEntry
from server.matih.views import HPARAMS, TAGS, TENANT_TAG
from store.models import EMPTY_CONTEXT
from store.models.operations import (
    NEXT_STEP,
    AddTag,
    LogPoints,
    Operation,
    RemoveTag,
    SetParams,
)


def tag_operations(tags: Mapping[str, str]) -> list[Operation]:
    """Set tags; the one that says whose the run is cannot be set."""
    operations: list[Operation] = []
    for key, value in tags.items():
        if key == TENANT_TAG:
            continue
        operations.append(SetParams({TAGS: {key: value}}))
        is_label = value.strip().lower() in ("", "true")
        operations.append(AddTag(key) if is_label else RemoveTag(key))
    return operations


def param_operations(params: Mapping[str, Any]) -> list[Operation]:
    """Set params one by one, so that others stay."""
    return [SetParams({HPARAMS: {key: value}}) for key, value in params.items()]


def metric_operations(entries: Iterable[MetricEntry], now: float) -> list[Operation]:
    """Points of metrics, gathered by name."""
    columns: dict[str, tuple[list[int], list[float], list[float]]] = {}
    for entry in entries:
        steps, values, times = columns.setdefault(entry.key, ([], [], []))
        steps.append(NEXT_STEP if entry.step is None else entry.step)
        values.append(entry.value)
        times.append(now if entry.timestamp is None else entry.timestamp)
    return [
        LogPoints(name, EMPTY_CONTEXT, steps, values, [math.nan] * len(steps), times)
        for name, (steps, values, times) in columns.items()
    ]
