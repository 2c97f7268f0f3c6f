"""How a column goes with another: rank correlation, and variance explained by groups.

With fewer than `MIN_RUNS` values nothing is claimed (NaN).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_RUNS = 3


def rank(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    means = ends - (counts - 1) / 2
    result: NDArray[np.float64] = means[inverse]
    return result


def spearman(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Rank correlation of two columns without NaN; NaN if one of them does not vary.

    This is Spearman's rho: Pearson's correlation of the ranks, where equal values share the
    mean of theirs.
    """
    if len(x) < MIN_RUNS:
        return math.nan
    first, second = rank(x), rank(y)
    first, second = first - first.mean(), second - second.mean()
    size = math.sqrt(float((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / size if size > 0 else math.nan


def explained_variance(groups: Sequence[Any], y: NDArray[np.float64]) -> float:
    """Share of the variance of `y` that lies between groups of equal labels.

    This is eta squared: the sum of squares between the groups over the total one.
    """
    total = float(((y - y.mean()) ** 2).sum()) if len(y) else 0.0
    if len(y) < MIN_RUNS or total <= 0:
        return math.nan
    names, inverse = np.unique([str(each) for each in groups], return_inverse=True)
    sums = np.bincount(inverse, weights=y, minlength=len(names))
    counts = np.bincount(inverse, minlength=len(names))
    between = float((counts * (sums / counts - y.mean()) ** 2).sum())
    return between / total
