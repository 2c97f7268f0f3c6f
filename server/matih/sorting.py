"""The order of a list of runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from server.matih.views import params_out
from store.models import Run, RunRecord
from store.queries.compare import metric_of
from store.workspace import Workspace

_METRICS = "metrics."
_PARAMS = "params."

_RUN_KEYS: dict[str, Callable[[Run], Any]] = {
    "start_time": lambda run: run.created_at,
    "end_time": lambda run: run.finished_at,
    "name": lambda run: run.name.casefold(),
    "status": lambda run: run.status.value,
}


class SortOrder(Struct, frozen=True):
    """What runs are sorted by."""

    field: str
    """`start_time`, `end_time`, `name`, `status`, `metrics.<name>` or `params.<key>`."""
    is_descending: bool


def sorted_records(
    workspace: Workspace, runs: Sequence[Run], order: SortOrder, page: slice
) -> list[RunRecord]:
    """A page of the runs in order; only the page's runs are read whole where possible."""
    key_of = _RUN_KEYS.get(order.field)
    if key_of is not None:
        ordered = _sorted(runs, key_of, order)[page]
        return workspace.runs.records([run.hash for run in ordered])
    needs_metrics = order.field.startswith(_METRICS)
    candidates = workspace.runs.records(
        [run.hash for run in runs], params=not needs_metrics, metrics=needs_metrics
    )
    read = _metric_reader if needs_metrics else _param_reader
    ordered_records = _sorted(candidates, read(order.field), order)[page]
    return workspace.runs.records([record.run.hash for record in ordered_records])


def _sorted(items: Sequence[Any], key_of: Callable[[Any], Any], order: SortOrder) -> list[Any]:
    keyed = [(key_of(item), item) for item in items]
    present = [pair for pair in keyed if pair[0] is not None]
    present.sort(key=lambda pair: pair[0], reverse=order.is_descending)
    return [item for _, item in present] + [item for key, item in keyed if key is None]


def _metric_reader(field: str) -> Callable[[RunRecord], float | None]:
    name = field.removeprefix(_METRICS)

    def value_of(record: RunRecord) -> float | None:
        metric = metric_of(record, name)
        return None if metric is None or math.isnan(metric.last) else metric.last

    return value_of


def _param_reader(field: str) -> Callable[[RunRecord], tuple[bool, float, str] | None]:
    name = field.removeprefix(_PARAMS)

    def value_of(record: RunRecord) -> tuple[bool, float, str] | None:
        text = params_out(record.params).get(name)
        if text is None:
            return None
        try:
            number = float(text)
        except ValueError:
            return True, 0.0, text
        # Numbers by size, before all texts.
        return False, 0.0 if math.isnan(number) else number, ""

    return value_of
