"""`runfolio compare`: runs side by side, what differs first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from app.formatting import MISSING, flatten, number, param, shorten
from app.output.table import render_table
from app.output.values import metric_label
from store.models import RunRecord

NAME_WIDTH = 24


def compare_json(records: Sequence[RunRecord]) -> dict[str, Any]:
    """Params and last metric values by run."""
    return {
        "runs": [{"hash": record.run.hash, "name": record.run.name} for record in records],
        "params": {key: dict(_by_hash(records, values)) for key, values in params_of(records)},
        "metrics": {
            key: dict(_by_hash(records, values)) for key, values in metrics_of(records)
        },
    }


def compare_lines(records: Sequence[RunRecord], *, only_differences: bool) -> Iterator[str]:
    """A table of params and one of metrics; the first run is what others are measured by."""
    names = [shorten(record.run.name, NAME_WIDTH) for record in records]
    rows = [
        [key, *(MISSING if value is None else param(value[0]) for value in values)]
        for key, values in params_of(records)
        if not only_differences or len({repr(value) for value in values}) > 1
    ]
    if rows:
        yield from render_table(["param", *names], rows)
        yield ""
    numeric = frozenset(range(1, len(records) + 1))
    cells = [[key, *metric_cells(values)] for key, values in metrics_of(records)]
    if cells:
        yield from render_table(["metric", *names], cells, right_aligned=numeric)


Cells = list[tuple[Any] | None]
"""For each run its value in a tuple, or None where the run has none."""


def params_of(records: Sequence[RunRecord]) -> list[tuple[str, Cells]]:
    """Every param of any of the runs by key."""
    trees = [flatten(dict(record.params)) for record in records]
    keys = sorted({key for tree in trees for key in tree if key and not key.startswith("__")})
    return [(key, [(tree[key],) if key in tree else None for tree in trees]) for key in keys]


def metrics_of(records: Sequence[RunRecord]) -> list[tuple[str, Cells]]:
    """The last value of every metric of any of the runs by name and context."""
    trees = [
        {metric_label(metric.name, metric.context): metric.last for metric in record.metrics}
        for record in records
    ]
    keys = sorted({key for tree in trees for key in tree})
    return [(key, [(tree[key],) if key in tree else None for tree in trees]) for key in keys]


def metric_cells(values: Cells) -> list[str]:
    """Values as text, with the difference to the first run where both are finite."""
    reference = values[0][0] if values[0] is not None else math.nan
    cells = []
    for position, value in enumerate(values):
        if value is None:
            cells.append(MISSING)
            continue
        difference = value[0] - reference
        is_shown = position > 0 and math.isfinite(difference)
        sign = "+" if difference >= 0 else ""
        cells.append(number(value[0]) + (f" ({sign}{number(difference)})" if is_shown else ""))
    return cells


def _by_hash(records: Sequence[RunRecord], values: Cells) -> Iterator[tuple[str, Any]]:
    for record, value in zip(records, values, strict=True):
        if value is not None:
            yield record.run.hash, value[0]
