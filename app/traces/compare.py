"""Runs side by side: tables of params and metrics with differences to a reference. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.formatting import MISSING, flatten, number, param
from store.models import MetricSummary, RunRecord

VALUES = ("last", "min", "max", "best", "step of best")
"""What the table of metrics shows of each."""


@dataclass(frozen=True, slots=True)
class CompareCell:
    """One value of one run."""

    text: str
    change: str = ""
    """Difference to the reference."""
    is_different: bool = False
    is_best: bool = False
    value: float = math.nan
    """For sorting."""


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One param or metric over all runs."""

    name: str
    cells: tuple[CompareCell, ...]

    @property
    def differs(self) -> bool:
        """Whether not all runs have the same."""
        return len({cell.text for cell in self.cells}) > 1


def param_table(records: Sequence[RunRecord], reference: int = 0) -> list[CompareRow]:
    """Every param of any run; internal ones are left out."""
    leaves = [_leaves(record.params) for record in records]
    rows = []
    for path in sorted({path for each in leaves for path in each}):
        values = [each.get(path, _ABSENT) for each in leaves]
        base = values[reference]
        is_seed = "seed" in path.rpartition(".")[2].lower()
        cells = tuple(_param_cell(value, base, has_ratio=not is_seed) for value in values)
        rows.append(CompareRow(path, cells))
    return rows


def metric_table(
    records: Sequence[RunRecord],
    which: str,
    is_lower_better: Callable[[str], bool],
    reference: int = 0,
) -> list[CompareRow]:
    """Every metric of any run, the best one of each row marked.

    Args:
        records: The runs.
        which: One of `VALUES`.
        is_lower_better: Tells the direction of a metric by its name.
        reference: Index of the run that differences are taken to.
    """
    summaries = [{(m.name, m.context): m for m in record.metrics} for record in records]
    keys = sorted(
        {key for each in summaries for key in each if not key[0].startswith("__system__")}
    )
    rows = []
    for key in keys:
        is_lower = is_lower_better(key[0])
        values = [_metric_value(each.get(key), which, is_lower) for each in summaries]
        context = f" ({key[1]})" if key[1] else ""
        is_ranked = which != "step of best"
        cells = _metric_cells(values, reference, is_lower=is_lower, is_ranked=is_ranked)
        rows.append(CompareRow(key[0] + context, cells))
    return rows


def metric_values(
    records: Sequence[RunRecord], name: str, which: str, *, is_lower_better: bool
) -> list[float | None]:
    """One value of a metric for each run; None where it has none. Any context will do."""
    found: list[float | None] = []
    for record in records:
        metrics = [metric for metric in record.metrics if metric.name == name]
        value = _metric_value(metrics[0] if metrics else None, which, is_lower_better)
        found.append(value if math.isfinite(value) else None)
    return found


def param_values(records: Sequence[RunRecord], path: str) -> list[Any]:
    """A param of each run; None where it has none."""
    return [_leaves(record.params).get(path) for record in records]


def leaves_of(records: Sequence[RunRecord]) -> list[dict[str, Any]]:
    """Params of each run by dotted name, internal ones left out."""
    return [_leaves(record.params) for record in records]


_ABSENT = object()


def _leaves(params: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in params.items() if not key.startswith("__")}
    return flatten(shown) if shown else {}


def _param_cell(value: Any, base: Any, *, has_ratio: bool) -> CompareCell:
    if value is _ABSENT:
        return CompareCell(MISSING, is_different=base is not _ABSENT)
    size = float(value) if _is_number(value) else math.nan
    is_different = base is _ABSENT or repr(value) != repr(base)
    change = ""
    if has_ratio and is_different and _is_number(value) and _is_number(base) and base != 0:
        change = _ratio(float(value) / float(base))
    return CompareCell(param(value, 6), change, is_different, value=size)


def _metric_value(metric: MetricSummary | None, which: str, is_lower_better: bool) -> float:
    if metric is None:
        return math.nan
    if which == "best":
        return metric.min if is_lower_better else metric.max
    if which == "step of best":
        return float(metric.min_step if is_lower_better else metric.max_step)
    value: float = getattr(metric, which)
    return value


def _metric_cells(
    values: Sequence[float], reference: int, *, is_lower: bool, is_ranked: bool
) -> tuple[CompareCell, ...]:
    finite = [value for value in values if math.isfinite(value)]
    best = (min(finite) if is_lower else max(finite)) if finite else math.nan
    base = values[reference]
    cells = []
    for place, value in enumerate(values):
        text = MISSING if math.isnan(value) else number(value)
        change = ""
        if place != reference and math.isfinite(value) and math.isfinite(base):
            change = _difference(value, base)
        is_best = is_ranked and len(values) > 1 and value == best
        cells.append(CompareCell(text, change, bool(change), is_best, value))
    return tuple(cells)


def _difference(value: float, base: float) -> str:
    if value == base:
        return ""
    sign = "+" if value > base else "-"
    text = f"{sign}{number(abs(value - base), 3)}"
    if base != 0:
        text += f" {sign}{abs((value - base) / base) * 100:.3g}%"
    return text


def _ratio(ratio: float) -> str:
    return f"x{ratio:.3g}" if ratio > 0 else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
