"""The order of runs of a server that cannot sort: keys read off the records. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.sources.protocol import SortKey
from store.models import RunRecord

_UNKNOWN_END = math.inf
_NUMBERS = ("first", "last", "min", "max", "mean")


def in_order(records: Sequence[RunRecord], keys: Sequence[SortKey]) -> list[RunRecord]:
    """Records by the keys, the first one counts most; those without a value come last."""
    ordered = list(records)
    # Sorting is stable, so the key that counts most goes last.
    for key in reversed(keys):
        values = {id(record): value_of(record, key) for record in ordered}
        known = [record for record in ordered if values[id(record)] is not None]
        unknown = [record for record in ordered if values[id(record)] is None]
        known.sort(key=lambda record: _rank(values[id(record)]), reverse=key.descending)
        ordered = known + unknown
    return ordered


def _rank(value: Any) -> tuple[int, float, str]:
    # Numbers before texts; everything else by how it is written.
    if isinstance(value, bool | int | float):
        return 0, float(value), ""
    return 1, 0.0, value if isinstance(value, str) else repr(value)


def value_of(record: RunRecord, key: SortKey) -> Any:
    """What a run has for a key; None if nothing."""
    kind, _, rest = key.field.partition(".")
    if kind == "params":
        return _param(record.params, rest)
    if kind == "metrics":
        return _number(record, rest, key)
    run = record.run
    end = _UNKNOWN_END if run.finished_at is None else run.finished_at
    values = {
        "run": run.name,
        "experiment": run.experiment,
        "date": run.created_at,
        "duration": end - run.created_at,
        "hash": run.hash,
        "description": run.description,
        "status": run.status.value,
    }
    return values.get(kind)


def _param(tree: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(tree, dict) or part not in tree:
            return None
        tree = tree[part]
    return tree


def _number(record: RunRecord, rest: str, key: SortKey) -> float | None:
    name, _, which = rest.rpartition(".")
    if which not in _NUMBERS:
        name, which = rest, "last"
    for summary in record.metrics:
        if summary.name == name and key.context in (None, summary.context):
            value = float(getattr(summary, which))
            return None if math.isnan(value) else value
    return None
