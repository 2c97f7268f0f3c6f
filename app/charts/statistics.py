"""How params go with a metric: rank correlation, variance explained, permutation importance.

What holds: runs without a finite target or without the param are left out; with fewer than
`MIN_RUNS` runs nothing is claimed (NaN).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_RUNS = 3
FEW_RUNS = 10
"""Below this a ranking says little, and whoever shows it should say so."""
MAX_CATEGORIES = 20
SHUFFLES = 10


@dataclass(frozen=True, slots=True)
class Importance:
    """How much one param matters for a metric."""

    param: str
    run_count: int
    correlation: float
    """Spearman's rank correlation; NaN for params that are not numbers."""
    explained: float
    """Share of the variance explained by the groups of equal values (eta squared); NaN where
    most values differ."""
    importance: float
    """Share of the variance that is lost when the param is shuffled, in a model of all."""
    spread: float
    """Standard deviation of the importance over the shuffles."""
    means: tuple[float, ...] = ()
    """Mean of the metric over stretches of the param, for a small curve."""


def rank(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    means = ends - (counts - 1) / 2
    result: NDArray[np.float64] = means[inverse]
    return result


def spearman(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Rank correlation of two columns without NaN; NaN if one of them does not vary."""
    if len(x) < MIN_RUNS:
        return math.nan
    first, second = rank(x), rank(y)
    first, second = first - first.mean(), second - second.mean()
    size = math.sqrt(float((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / size if size > 0 else math.nan


def explained_variance(groups: Sequence[Any], y: NDArray[np.float64]) -> float:
    """Share of the variance of `y` that lies between groups of equal labels (eta squared)."""
    total = float(((y - y.mean()) ** 2).sum()) if len(y) else 0.0
    if len(y) < MIN_RUNS or total <= 0:
        return math.nan
    names, inverse = np.unique([str(each) for each in groups], return_inverse=True)
    sums = np.bincount(inverse, weights=y, minlength=len(names))
    counts = np.bincount(inverse, minlength=len(names))
    between = float((counts * (sums / counts - y.mean()) ** 2).sum())
    return between / total


def rank_params(
    params: Sequence[Mapping[str, Any]], target: NDArray[np.float64], *, seed: int = 0
) -> list[Importance]:
    """All params that vary, the most important first.

    Args:
        params: For each run its params by dotted name.
        target: The metric of each run; runs where it is not finite are left out.
        seed: Of the shuffling; the same seed gives the same answer.
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
    shares = _permutation_shares(list(columns.values()), y, seed)
    found = []
    for name, (importance, spread) in zip(names, shares, strict=True):
        values = [each.get(name) for each in kept]
        has = np.array([value is not None for value in values])
        present = [value for value in values if value is not None]
        correlation = math.nan
        if all(_is_number(value) for value in present):
            correlation = spearman(columns[name][has], y[has])
        means = _stretch_means(columns[name][has], y[has])
        is_grouped = len({repr(value) for value in present}) <= len(present) / 2
        explained = explained_variance(present, y[has]) if is_grouped else math.nan
        found.append(
            Importance(name, int(has.sum()), correlation, explained, importance, spread, means)
        )
    return sorted(found, key=lambda each: (-each.importance, each.param))


def _permutation_shares(
    columns: Sequence[NDArray[np.float64]], y: NDArray[np.float64], seed: int
) -> list[tuple[float, float]]:
    """For each column mean and deviation of the loss of explained variance by shuffling."""
    rng = np.random.default_rng(seed)
    ranked = [rank(column) for column in columns]
    features = np.stack([_standard(column) for column in ranked], axis=1)
    # Squares let the model see a best value in the middle.
    bent = np.stack([_standard((each - each.mean()) ** 2) for each in ranked], axis=1)
    design = np.concatenate([features, bent], axis=1)
    centred = y - y.mean()
    total = float((centred**2).sum())
    if total <= 0:
        return [(0.0, 0.0)] * len(columns)
    penalty = np.eye(design.shape[1]) * max(1.0, len(y) * 0.02)
    weights = np.linalg.solve(design.T @ design + penalty, design.T @ centred)
    base = float(((centred - design @ weights) ** 2).sum())
    shares = []
    for number in range(len(columns)):
        losses = []
        for _ in range(SHUFFLES):
            shuffled = design.copy()
            order = rng.permutation(len(y))
            for place in (number, number + len(columns)):
                shuffled[:, place] = design[order, place]
            error = float(((centred - shuffled @ weights) ** 2).sum())
            losses.append(max(0.0, (error - base) / total))
        shares.append((float(np.mean(losses)), float(np.std(losses))))
    return shares


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))


def _column(params: Sequence[Mapping[str, Any]], name: str) -> NDArray[np.float64]:
    """A param as numbers: categories by their place in the order of their names."""
    values = [each.get(name) for each in params]
    if all(value is None or _is_number(value) for value in values):
        numbers = np.array([math.nan if value is None else float(value) for value in values])
        middle = float(np.nanmedian(numbers)) if not np.isnan(numbers).all() else 0.0
        return np.where(np.isfinite(numbers), numbers, middle)
    names = sorted({str(value) for value in values})
    return np.array([float(names.index(str(value))) for value in values])


def _varies(params: Sequence[Mapping[str, Any]], name: str) -> bool:
    values = {repr(each.get(name)) for each in params}
    is_category = any(not _is_number(each.get(name, 0.0)) for each in params)
    return len(values) > 1 and not (is_category and len(values) > MAX_CATEGORIES)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _stretch_means(
    x: NDArray[np.float64], y: NDArray[np.float64], count: int = 12
) -> tuple[float, ...]:
    order = np.argsort(x, kind="stable")
    parts = np.array_split(y[order], min(count, len(y)))
    return tuple(float(part.mean()) for part in parts if len(part))
