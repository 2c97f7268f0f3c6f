"""Fewer points, same picture; arrays in, positions out.

`positions_by_step` follows the rules of the wire: evenly spaced steps below 128 points,
buckets of steps from there. `positions_by_extremes` keeps the smallest and the largest
finite value of every bucket, for charts. All of them keep the first and the last point,
return at most as many positions as asked for, and want steps that rise strictly.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int64]
Positions = NDArray[np.intp]

BUCKETS_FROM = 128
"""From this density on, points are chosen by buckets."""


def positions_by_step(steps: Steps, density: int) -> Positions:
    """Which points a trace of this density consists of; one point if it is not positive."""
    count = len(steps)
    if count == 0:
        return np.empty(0, np.intp)
    if density <= 1 or count == 1:
        return np.zeros(1, np.intp)
    if density < BUCKETS_FROM:
        return _nearest_to_targets(steps, density)
    return _first_of_buckets(steps, density)


@lru_cache(maxsize=1024)
def targets(first: int, last: int, density: int) -> Steps:
    """Evenly spaced steps from first to last, halves rounded to even; not to be changed.

    Kept, since metrics that are searched for together mostly have the same steps.
    """
    # Integers throughout: steps may be larger than a float holds exactly.
    spans = density - 1
    products = [i * (last - first) for i in range(density)]
    wanted = [first + _divide_half_even(product, spans) for product in products]
    column = _distinct(np.array(wanted, np.int64))
    column.flags.writeable = False
    return column


def _distinct(rising: NDArray[np.int64]) -> NDArray[np.int64]:
    """What rises or stands still, each number once; `np.unique` would sort it again."""
    is_new = np.ones(len(rising), np.bool_)
    is_new[1:] = rising[1:] != rising[:-1]
    return rising[is_new]


def _divide_half_even(numerator: int, denominator: int) -> int:
    quotient, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and quotient % 2):
        return quotient + 1
    return quotient


def _nearest_to_targets(steps: Steps, density: int) -> Positions:
    wanted = targets(int(steps[0]), int(steps[-1]), density)
    found = _distinct(np.searchsorted(steps, wanted, side="left"))
    if len(found) >= density:
        return found
    count = len(steps)
    if count <= density:
        return np.arange(count)
    spread = [_divide_half_even(i * (count - 1), density - 1) for i in range(density)]
    return np.unique(np.array(spread, np.intp))


def _first_of_buckets(steps: Steps, density: int) -> Positions:
    last = len(steps) - 1
    buckets = bucket_numbers(steps[1:last], int(steps[0]), int(steps[last]), density - 2)
    is_first = np.ones(len(buckets), np.bool_)
    is_first[1:] = buckets[1:] != buckets[:-1]
    return np.concatenate(([0], np.flatnonzero(is_first) + 1, [last]))


def bucket_numbers(steps: Steps, first: int, last: int, buckets: int) -> Steps:
    """The bucket of each step between `first` and `last`, both exclusive."""
    width = max(1, last - first - 1)
    offsets = steps - (first + 1)
    if width < (2**63 - 1) // buckets:
        numbers = offsets * buckets // width
    else:
        numbers = np.array([int(o) * buckets // width for o in offsets], np.int64)
    return np.minimum(numbers, buckets - 1)


def positions_by_extremes(steps: Steps, values: NDArray[np.float64], count: int) -> Positions:
    """At most `count` points with the smallest and the largest finite value of each bucket.

    Buckets are equally wide in steps, as columns of a chart are. Where steps jump many of
    them stay empty; what is left of `count` then goes to buckets of equally many points, so
    that a stretch of close steps keeps its detail for when it is zoomed into. A bucket
    without any finite value keeps its first point, so that a gap stays visible.
    """
    total = len(steps)
    if total <= max(count, 1):
        return np.arange(total)
    if count <= 2:
        return np.unique(np.array([0, total - 1][: max(count, 1)], np.intp))
    chosen = [np.array([0, total - 1])]
    if count > 3:
        buckets = (count - 2) // 2
        numbers = bucket_numbers(steps[1:-1], int(steps[0]), int(steps[-1]), buckets)
        starts = np.concatenate(([0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1))
        chosen.extend(_extremes(values[1:-1], starts))
        spare = (count - 2 - 2 * len(starts)) // 2
        if spare > 0:
            inner = total - 2
            by_rank = np.unique(np.arange(spare) * inner // spare)
            chosen.extend(_extremes(values[1:-1], by_rank))
    return np.unique(np.concatenate(chosen))


def _extremes(values: NDArray[np.float64], starts: Positions) -> list[Positions]:
    """Positions (from 1) of the smallest and the largest finite value of each group."""
    finite = np.isfinite(values)
    lengths = np.diff(np.concatenate((starts, [len(values)])))
    chosen = []
    for extreme, worst in ((np.minimum, np.inf), (np.maximum, -np.inf)):
        candidates = np.where(finite, values, worst)
        found = extreme.reduceat(candidates, starts)
        holders = np.flatnonzero(candidates == np.repeat(found, lengths))
        chosen.append(holders[np.searchsorted(holders, starts)] + 1)
    return chosen
