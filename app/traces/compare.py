"""Runs side by side: tables of params and metrics with differences to a baseline. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from app.formatting import MISSING, metric_title, number, param, short_count
from app.traces.run_fields import is_number
from store.models import Context, MetricSummary, RunRecord
from store.queries.compare import compare_values
from store.queries.directions import Direction

VALUES = ("last", "min", "max", "best", "step of best", "at equal step", "at equal time")
"""What the table of metrics shows of each; the last two need points."""
SYSTEM_VALUES = ("last", "mean", "max")
MetricKey = tuple[str, Context]
Path = tuple[str, ...]


class CompareCell(Struct, frozen=True):
    """One value of one run."""

    text: str
    change: str = ""
    """Difference to the baseline."""
    is_different: bool = False
    is_best: bool = False
    is_better: bool | None = None
    """Than the baseline; None where neither way is better."""
    value: float = math.nan
    """For sorting."""


class CompareRow(Struct, frozen=True):
    """One param or metric over all runs, or a branch that holds some."""

    name: str
    """The whole name."""
    cells: tuple[CompareCell, ...]
    title: str = ""
    """The part of the name that is shown at this depth; the whole one if empty."""
    depth: int = 0
    is_branch: bool = False

    @property
    def differs(self) -> bool:
        """Whether not all runs have the same."""
        return len({cell.text for cell in self.cells}) > 1


class Ranking(Struct, frozen=True):
    """How the values of a metric are judged."""

    is_lower_better: Callable[[str], bool]
    """Tells the direction of a metric by its name."""
    reference: int = 0
    """Index of the run that differences are taken to."""
    points: Mapping[tuple[str, MetricKey], float] = field(default_factory=dict)
    """By run hash and metric the values at an equal step or time."""


# Params


def param_table(
    trees: Sequence[Mapping[str, Any]], reference: int = 0, *, shows_equal: bool = True
) -> list[CompareRow]:
    """The leaves of some trees below their branches; keys with two underscores are left out.

    Args:
        trees: The params of each run.
        reference: Index of the run that differences are taken to.
        shows_equal: Whether leaves that are the same in all runs are listed too.
    """
    leaves = [dict(_leaves(tree)) for tree in trees]
    rows: list[CompareRow] = []
    for path in _paths(leaves):
        cells = _param_cells([each.get(path, _ABSENT) for each in leaves], path, reference)
        row = CompareRow(".".join(path), cells, path[-1], len(path) - 1)
        if shows_equal or row.differs or any(cell.is_different for cell in cells):
            rows.append(row)
    return with_branches(rows)


def with_branches(rows: Iterable[CompareRow]) -> list[CompareRow]:
    """Rows with the branches that they hang on above them."""
    shown: list[CompareRow] = []
    known: set[str] = set()
    for row in rows:
        parts = row.name.removesuffix(row.title).rstrip(".").split(".") if row.depth else []
        for depth in range(len(parts)):
            name = ".".join(parts[: depth + 1])
            if name not in known:
                known.add(name)
                shown.append(CompareRow(name, (), parts[depth], depth, is_branch=True))
        shown.append(row)
    return shown


def param_summary(
    trees: Sequence[Mapping[str, Any]], reference: int = 0, *, shows_equal: bool = True
) -> tuple[list[str], list[CompareRow]]:
    """Params of many runs in a few columns: titles, and rows."""
    leaves = [dict(_leaves(tree)) for tree in trees]
    rows = []
    for path in _paths(leaves):
        values = [each.get(path, _ABSENT) for each in leaves]
        known = [value for value in values if value is not _ABSENT]
        texts = [param(value, 6) for value in known]
        distinct = len(set(texts)) + (len(known) < len(values))
        if not shows_equal and distinct < 2:
            continue
        common = max(dict.fromkeys(texts), key=texts.count)
        spread = ""
        if all(is_number(value) for value in known):
            spread = f"{param(min(known), 4)} to {param(max(known), 4)}"
        base = values[reference]
        cells = (
            CompareCell(str(distinct), value=distinct),
            CompareCell(common, f"in {texts.count(common)}"),
            CompareCell(spread),
            CompareCell(MISSING if base is _ABSENT else param(base, 6)),
        )
        rows.append(CompareRow(".".join(path), cells, path[-1], len(path) - 1))
    return ["values", "most common", "range", "baseline"], with_branches(rows)


# Metrics


def metric_keys(records: Sequence[RunRecord], *, is_system: bool = False) -> list[MetricKey]:
    """Metrics of any of the runs: those of the model, or those of the machine."""
    found = {
        (metric.name, metric.context)
        for record in records
        for metric in record.metrics
        if metric.is_system is is_system
    }
    return sorted(found, key=lambda key: (key[0], key[1].text))


def metric_table(
    records: Sequence[RunRecord], which: str, ranking: Ranking
) -> list[CompareRow]:
    """Every metric of any run, the best one of each row marked."""
    rows = []
    for key in metric_keys(records):
        values = metric_column(records, key, which, ranking)
        is_ranked = which != "step of best"
        is_lower = ranking.is_lower_better(key[0]) if is_ranked else None
        cells = value_cells(values, ranking.reference, is_lower)
        rows.append(CompareRow(metric_title(*key), cells))
    return rows


def metric_column(
    records: Sequence[RunRecord], key: MetricKey, which: str, ranking: Ranking
) -> list[float]:
    """One value of a metric for each run, NaN where it has none."""
    if which.startswith("at equal"):
        return [ranking.points.get((record.run.hash, key), math.nan) for record in records]
    is_lower = ranking.is_lower_better(key[0])
    return [_metric_value(_summary(record, key), which, is_lower) for record in records]


def metric_summary_table(
    records: Sequence[RunRecord], which: str, ranking: Ranking
) -> tuple[list[str], list[CompareRow]]:
    """Metrics of many runs in a few columns: titles, and rows."""
    rows = []
    for key in metric_keys(records):
        values = metric_column(records, key, which, ranking)
        finite = [value for value in values if math.isfinite(value)]
        base = values[ranking.reference]
        if not finite:
            continue
        is_lower = ranking.is_lower_better(key[0])
        best = min(finite) if is_lower else max(finite)
        run = records[values.index(best)].run
        middle = sorted(finite)[len(finite) // 2]
        mean = sum(finite) / len(finite)
        spread = math.sqrt(sum((value - mean) ** 2 for value in finite) / len(finite))
        cells = (
            CompareCell(number(mean), f"± {number(spread, 3)}", value=mean),
            *(CompareCell(number(v), value=v) for v in (min(finite), middle, max(finite))),
            CompareCell(number(best), run.name or run.hash[:8], is_best=True, value=best),
            CompareCell(MISSING if math.isnan(base) else number(base), value=base),
            CompareCell(str(len(finite)), value=len(finite)),
        )
        rows.append(CompareRow(metric_title(*key), cells))
    return ["mean", "min", "median", "max", "best", "baseline", "runs"], rows


def system_table(records: Sequence[RunRecord], reference: int = 0) -> list[CompareRow]:
    """Metrics of the machine: last, mean and highest value below the name of each."""
    rows = []
    for key in metric_keys(records, is_system=True):
        name = metric_title(key[0].removeprefix("__system__"), key[1])
        rows.append(CompareRow(name, (), name, is_branch=True))
        for which in SYSTEM_VALUES:
            values = [_metric_value(_summary(record, key), which, False) for record in records]
            cells = value_cells(values, reference, None)
            rows.append(CompareRow(f"{name} {which}", cells, which, 1))
    return rows


def value_cells(
    values: Sequence[float], reference: int, is_lower: bool | None
) -> tuple[CompareCell, ...]:
    """Values as cells with their difference to the baseline.

    Args:
        values: One for each run, NaN where there is none.
        reference: Index of the baseline.
        is_lower: Whether less is better; None where neither way is.
    """
    best = math.nan
    if is_lower is not None and len(values) > 1:
        named = {str(place): value for place, value in enumerate(values)}
        direction = Direction.MIN if is_lower else Direction.MAX
        found = compare_values("", named, direction).best_value
        best = math.nan if found is None else found
    base, cells = values[reference], []
    for place, value in enumerate(values):
        text = MISSING if math.isnan(value) else number(value)
        change, is_better = "", None
        if place != reference and math.isfinite(value) and math.isfinite(base):
            change = difference(value, base)
            if change and is_lower is not None:
                is_better = (value < base) is is_lower
        cells.append(CompareCell(text, change, bool(change), value == best, is_better, value))
    return tuple(cells)


def difference(value: float, base: float) -> str:
    """A value against a base: by how much, and by what share. Empty if they are equal."""
    if value == base:
        return ""
    sign = "+" if value > base else "-"
    text = f"{sign}{number(abs(value - base), 3)}"
    share = abs((value - base) / base) * 100 if base != 0 else 0.0
    # Beyond that a share is no measure any more: one of the two is next to nothing.
    if 0 < share < MAX_PERCENT:
        text += f" {sign}{share:.3g}%"
    elif share and value / base > 0:
        text += f" {ratio(value, base)}"
    return text


def ratio(value: Any, base: Any, name: str = "") -> str:
    """A number as a multiple of a base; empty where that says nothing, as with seeds."""
    is_seed = "seed" in name.rpartition(".")[2].lower()
    if is_seed or not is_number(value) or not is_number(base) or base in (0, value):
        return ""
    share = float(value) / float(base)
    if share <= 0 or not math.isfinite(share):
        return ""
    return f"x{short_count(share)}" if share >= 1000 else f"x{share:.3g}"


_ABSENT = object()
MAX_PERCENT = 1000


def _leaves(tree: Mapping[str, Any], prefix: Path = ()) -> Iterable[tuple[Path, Any]]:
    for key, value in tree.items():
        if not prefix and key.startswith("__"):
            continue
        path = (*prefix, str(key))
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, path)
        else:
            yield path, value


def _paths(leaves: Sequence[Collection[Path]]) -> list[Path]:
    return sorted({path for each in leaves for path in each})


def _param_cells(values: Sequence[Any], path: Path, reference: int) -> tuple[CompareCell, ...]:
    base, cells = values[reference], []
    for value in values:
        if value is _ABSENT:
            cells.append(CompareCell(MISSING, is_different=base is not _ABSENT))
            continue
        is_different = base is _ABSENT or repr(value) != repr(base)
        change = ratio(value, base, path[-1]) if is_different else ""
        size = float(value) if is_number(value) else math.nan
        cells.append(CompareCell(param(value, 6), change, is_different, value=size))
    return tuple(cells)


def _summary(record: RunRecord, key: MetricKey) -> MetricSummary | None:
    for metric in record.metrics:
        if (metric.name, metric.context) == key:
            return metric
    return None


def _metric_value(metric: MetricSummary | None, which: str, is_lower: bool) -> float:
    if metric is None or not metric.count:
        return math.nan
    if which == "best":
        return metric.min if is_lower else metric.max
    if which == "step of best":
        return float(metric.min_step if is_lower else metric.max_step)
    value: float = getattr(metric, which)
    return value
