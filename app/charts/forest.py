"""A random forest for regression, small enough for a terminal, and what it says of its columns.

The forest is that of Breiman, "Random Forests", Machine Learning 45 (2001): every tree grows on
a sample drawn with replacement, every node looks at some random columns, and the split is the one
that leaves the smallest sum of squares. A tree is judged only by the rows that it
has not seen ("out of bag"). The importance of a column is how much worse those predictions
become when its values are shuffled among the rows:

    importance = (error with the column shuffled - error as it is) / variance of the target

All trees grow at once, level by level, over columns cut into a few bins, so the work is a
handful of array operations for each level.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

TREES = 48
LEVELS = 7
BINS = 24
LEAST_ROWS = 2
"""Rows that each side of a split needs."""
SHUFFLES = 10
MOST_TRIED = 16
"""Columns that a node looks at: a third of all, and no more than this."""
SEPARATE_BINS = 20
"""Up to so many different values each has a bin of its own."""


class Forest(Struct, frozen=True, eq=False):
    """Grown trees: the children of node `i` are `2i + 1` and `2i + 2`."""

    columns: NDArray[np.int64]
    """By tree and node the column that is asked for; -1 in a leaf."""
    cuts: NDArray[np.int64]
    """The largest bin that goes to the left."""
    values: NDArray[np.float64]
    """Mean of the target in the node."""
    is_seen: NDArray[np.bool_]
    """By tree and row whether the row was in the sample."""


def binned(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Numbers as bins in their order; what is missing has the lowest bin of its own."""
    known = np.isfinite(values)
    bins = np.zeros(len(values), dtype=np.int64)
    if not known.any():
        return bins
    distinct, inverse = np.unique(values[known], return_inverse=True)
    if len(distinct) > SEPARATE_BINS:
        edges = np.unique(np.quantile(values[known], np.linspace(0, 1, BINS)[1:-1]))
        inverse = np.searchsorted(edges, values[known], side="right")
    bins[known] = inverse + 1
    return bins


def grow(bins: NDArray[np.int64], target: NDArray[np.float64], seed: int) -> Forest:
    """Grow all trees.

    Args:
        bins: By row and column, as `binned` makes them.
        target: What to predict, without NaN.
        seed: The same one gives the same forest.
    """
    rng = np.random.default_rng(seed)
    rows, columns = bins.shape
    node_count = 2 ** (LEVELS + 1) - 1
    sample = rng.integers(0, rows, (TREES, rows))
    is_seen = np.zeros((TREES, rows), dtype=bool)
    np.put_along_axis(is_seen, sample, values=True, axis=1)
    forest = Forest(
        np.full((TREES, node_count), -1),
        np.zeros((TREES, node_count), dtype=np.int64),
        np.full((TREES, node_count), float(target.mean())),
        is_seen,
    )
    tree = np.repeat(np.arange(TREES), rows)
    row, node = sample.ravel(), np.zeros(TREES * rows, dtype=np.int64)
    for level in range(LEVELS + 1):
        first, width = 2**level - 1, 2**level
        place = tree * width + (node - first)
        counts = np.bincount(place, minlength=TREES * width).reshape(TREES, width)
        sums = np.bincount(place, weights=target[row], minlength=TREES * width)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = sums.reshape(TREES, width) / counts
        here = slice(first, first + width)
        forest.values[:, here] = np.where(counts > 0, means, forest.values[:, here])
        if level == LEVELS or not len(row):
            break
        tried = _tried_columns(rng, TREES * width, columns)
        chosen, cuts = _best_splits(bins[row[:, None], tried[place]], place, target[row], tried)
        forest.columns[:, here] = chosen.reshape(TREES, width)
        forest.cuts[:, here] = cuts.reshape(TREES, width)
        goes_on = chosen[place] >= 0
        tree, row, node, place = tree[goes_on], row[goes_on], node[goes_on], place[goes_on]
        is_right = bins[row, chosen[place]] > cuts[place]
        node = 2 * node + 1 + is_right
    return forest


def _tried_columns(rng: np.random.Generator, nodes: int, columns: int) -> NDArray[np.int64]:
    """For each node a random third of the columns, in random order."""
    count = max(1, min(MOST_TRIED, -(-columns // 3)))
    order: NDArray[np.int64] = np.argsort(rng.random((nodes, columns)), axis=1)[:, :count]
    return order


def _best_splits(
    bins: NDArray[np.int64],
    place: NDArray[np.int64],
    target: NDArray[np.float64],
    tried: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each node the column and the bin to split at; column -1 where no split helps."""
    nodes, count = tried.shape
    shape = (nodes, count, BINS + 1)
    size = nodes * count * (BINS + 1)
    at = ((place[:, None] * count + np.arange(count)) * (BINS + 1) + bins).ravel()
    weights = np.repeat(target, count)
    left = np.bincount(at, minlength=size).reshape(shape).cumsum(axis=2).astype(np.float64)
    left_sum = np.bincount(at, weights=weights, minlength=size).reshape(shape).cumsum(axis=2)
    total, total_sum = left[:, :, -1:], left_sum[:, :, -1:]
    right, right_sum = total - left, total_sum - left_sum
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = left_sum**2 / left + right_sum**2 / right - total_sum**2 / total
    is_allowed = (left >= LEAST_ROWS) & (right >= LEAST_ROWS)
    gain = np.where(is_allowed, gain, -np.inf).reshape(nodes, -1)
    best = np.argmax(gain, axis=1)
    helps = gain[np.arange(nodes), best] > 1e-12
    chosen = np.where(helps, tried[np.arange(nodes), best // (BINS + 1)], -1)
    return chosen, best % (BINS + 1)


def permutation_shares(
    columns: list[NDArray[np.float64]],
    target: NDArray[np.float64],
    seed: int,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> list[tuple[float, float]]:
    """For each column mean and deviation of its importance over some shuffles.

    Only trees and rows whose path asks for the column are walked again: for all others
    nothing changes.
    """
    variance = float(target.var())
    if variance <= 0 or not columns:
        return [(0.0, 0.0)] * len(columns)
    bins = np.stack([binned(column) for column in columns], axis=1)
    forest = grow(bins, target - target.mean(), seed)
    tree, row = np.nonzero(~forest.is_seen)
    before, asks = _walk(forest, bins, tree, row)
    sums, counts = _per_row(before, row, len(target)), np.bincount(row, minlength=len(target))
    judged = counts > 0
    if not judged.any():
        return [(0.0, 0.0)] * len(columns)
    centred = (target - target.mean())[judged]
    base = float(((sums[judged] / counts[judged] - centred) ** 2).mean())
    rng = np.random.default_rng(seed + 1)
    found = []
    for number in range(len(columns)):
        if is_cancelled():
            return []
        touched = np.flatnonzero(asks[:, number])
        shares, original = [], bins[:, number].copy()
        for _ in range(SHUFFLES):
            order = rng.permutation(len(target))
            bins[:, number] = original[order]
            after, _ = _walk(forest, bins, tree[touched], row[touched], counts_columns=False)
            change = _per_row(after - before[touched], row[touched], len(target))
            predicted = (sums + change)[judged] / counts[judged]
            shares.append((float(((predicted - centred) ** 2).mean()) - base) / variance)
        bins[:, number] = original
        found.append((float(np.mean(shares)), float(np.std(shares))))
    return found


def _per_row(
    values: NDArray[np.float64], row: NDArray[np.int64], rows: int
) -> NDArray[np.float64]:
    return np.bincount(row, weights=values, minlength=rows).astype(np.float64)


def _walk(
    forest: Forest,
    bins: NDArray[np.int64],
    tree: NDArray[np.int64],
    row: NDArray[np.int64],
    *,
    counts_columns: bool = True,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Predictions of trees for rows, and which columns were asked for on the way."""
    node = np.zeros(len(tree), dtype=np.int64)
    asks = np.zeros((len(tree) if counts_columns else 0, bins.shape[1]), dtype=bool)
    active = np.arange(len(tree))
    for _ in range(LEVELS):
        column = forest.columns[tree[active], node[active]]
        goes_on = column >= 0
        active, column = active[goes_on], column[goes_on]
        if not len(active):
            break
        if counts_columns:
            asks[active, column] = True
        here = node[active]
        is_right = bins[row[active], column] > forest.cuts[tree[active], here]
        node[active] = 2 * here + 1 + is_right
    return forest.values[tree, node], asks
