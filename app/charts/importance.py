"""How much each param matters for a metric: importance, rank correlation, variance explained.

What holds: runs without a finite target are left out; a param that is missing in a run counts
as a value of its own in the forest, and is left out everywhere else; with fewer than
`MIN_RUNS` runs nothing is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from app.charts.forest import permutation_shares
from app.charts.statistics import MIN_RUNS, explained_variance, spearman

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW_RUNS = 10
"""Below this a ranking says little, and whoever shows it should say so."""
MAX_CATEGORIES = 20
"""Words with more different values than this tell every run apart, and say nothing."""
CELLS = 20
"""Of the small curve."""


class Importance(Struct, frozen=True):
    """How much one param matters for a metric."""

    param: str
    run_count: int
    """Runs that have both."""
    correlation: float
    """Spearman's rank correlation; NaN for params that are not numbers."""
    explained: float
    """Share of the variance explained by the groups of equal values (eta squared); NaN where
    most values differ."""
    importance: float
    """Loss of a random forest when the param is shuffled, as a share of the variance; it may
    be a little below 0 for a param that says nothing, and above 1."""
    spread: float
    """Standard deviation of the importance over the shuffles."""
    means: tuple[float, ...] = ()
    """Mean of the metric over stretches of the param, for a small curve of `CELLS` cells."""


def rank_params(
    params: Sequence[Mapping[str, Any]],
    target: NDArray[np.float64],
    *,
    seed: int = 0,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> list[Importance]:
    """All params that vary, the most important first.

    Args:
        params: For each run its params by dotted name.
        target: The metric of each run; runs where it is not finite are left out.
        seed: Of sampling and shuffling; the same seed gives the same answer.
        is_cancelled: Asked now and then; nothing is found once it says so.
    """
    is_known = np.isfinite(target)
    kept = [each for each, known in zip(params, is_known, strict=True) if known]
    y = target[is_known]
    names = [
        name
        for name in dict.fromkeys(key for each in kept for key in each)
        if _varies(kept, name)
    ]
    if len(y) < MIN_RUNS or not names:
        return []
    columns = {name: _column(kept, name) for name in names}
    shares = permutation_shares(list(columns.values()), y, seed, is_cancelled)
    found = []
    for name, (importance, spread) in zip(names, shares, strict=False):
        values = [each.get(name) for each in kept]
        has = np.array([value is not None for value in values])
        present = [value for value in values if value is not None]
        correlation = math.nan
        if all(_is_number(value) for value in present):
            finite = np.isfinite(columns[name])
            correlation = spearman(columns[name][finite], y[finite])
        means = stretch_means(columns[name], y)
        is_grouped = len({repr(value) for value in present}) <= len(present) / 2
        explained = explained_variance(present, y[has]) if is_grouped else math.nan
        found.append(
            Importance(name, int(has.sum()), correlation, explained, importance, spread, means)
        )
    return sorted(found, key=lambda each: (-each.importance, each.param))


def stretch_means(
    x: NDArray[np.float64], y: NDArray[np.float64], count: int = CELLS
) -> tuple[float, ...]:
    """Mean of `y` for each value of `x`, or over stretches with equally many values.

    Fewer means than asked for are repeated to fill the cells, so that all curves are equally
    wide; without any value of `x` there are none.
    """
    known = np.isfinite(x)
    x, y = x[known], y[known]
    if not len(x):
        return ()
    distinct, inverse = np.unique(x, return_inverse=True)
    if len(distinct) > count:
        inverse = np.empty(len(x), dtype=np.int64)
        inverse[np.argsort(x, kind="stable")] = np.arange(len(x)) * count // len(x)
    sums, counts = np.bincount(inverse, weights=y), np.bincount(inverse)
    means = sums / counts
    return tuple(float(means[at * len(means) // count]) for at in range(count))


def _column(params: Sequence[Mapping[str, Any]], name: str) -> NDArray[np.float64]:
    """A param as numbers, NaN where it is missing: categories by the order of their names."""
    values = [each.get(name) for each in params]
    if all(value is None or _is_number(value) for value in values):
        return np.array([math.nan if value is None else float(value) for value in values])
    names = {
        each: at for at, each in enumerate(sorted({str(v) for v in values if v is not None}))
    }
    return np.array([math.nan if v is None else float(names[str(v)]) for v in values])


def _varies(params: Sequence[Mapping[str, Any]], name: str) -> bool:
    values = {repr(each.get(name)) for each in params}
    is_category = any(not _is_number(each.get(name, 0.0)) for each in params)
    return len(values) > 1 and not (is_category and len(values) > MAX_CATEGORIES)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
