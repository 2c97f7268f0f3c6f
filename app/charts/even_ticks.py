"""Ticks of an axis of few rows: a tick stands in the middle of a row, and that can look crooked.

Ticks that are equally far apart in value can be two rows apart here and three rows there. On a
low axis the eye sees that, so there fewer ticks are taken that are equally many rows apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from app.charts.scale import Scale
from app.charts.ticks import Ticks, ticks_of

LOW_ROWS = 12
"""On a higher axis one row more or less between two ticks is not seen."""


def even_ticks(scale: Scale, count: int, rows: int) -> Ticks:
    """About `count` ticks on an axis of some rows, fewer where they would stand unevenly.

    A log axis of few decades, where even values lie unevenly, keeps all of them.
    """
    wanted = ticks_of(scale, count)
    if rows > LOW_ROWS or len(wanted.positions) == 2 or not _are_alike(scale, wanted):
        return wanted
    best, best_rank = wanted, (-1, -1)
    # One tick alone tells no scale: then closer ones are looked at too.
    most = count if len(wanted.positions) > 2 else 3 * count
    for number in range(most, 0, -1):
        ticks = ticks_of(scale, number)
        rows_taken = tick_rows(scale, ticks, rows)
        for part in _even_parts(rows_taken):
            taken = rows_taken[part]
            span = taken[-1] - taken[0]
            # Ticks at one end only say little of the rest: then rather two far apart.
            rank = (len(taken) if span >= (rows - 1) / 2 else 0, span)
            if rank > best_rank:
                best, best_rank = Ticks(ticks.positions[part], ticks.labels[part]), rank
    return best


def tick_rows(scale: Scale, ticks: Ticks, rows: int) -> list[int]:
    """The row of every tick, counted from below."""
    return [math.floor(share * (rows - 1) + 0.5) for share in scale.shares(ticks.positions)]


def _are_alike(scale: Scale, ticks: Ticks) -> bool:
    """Whether all ticks are equally far apart on the axis."""
    shares = scale.shares(ticks.positions).tolist()
    steps = [after - before for before, after in pairwise(shares)]
    return not steps or max(steps) - min(steps) < 1e-6


def _even_parts(rows: list[int]) -> Iterator[slice]:
    """Ticks that are equally many rows apart, two at least: all of them or every so many."""
    for stride in range(1, len(rows)):
        for first in range(len(rows)):
            for end in range(first + stride + 1, len(rows) + 1, stride):
                part = slice(first, end, stride)
                steps = {after - before for before, after in pairwise(rows[part])}
                if len(steps) == 1 and (steps != {1} or len(rows[part]) == 2):
                    yield part
