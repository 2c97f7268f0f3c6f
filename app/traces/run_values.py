"""One value of each curve, by group: what bars, box plots and histograms show."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.charts.groups import ValueGroup
from app.traces.options import RunValue

if TYPE_CHECKING:
    from app.traces.build import Curve


def value_of(curve: Curve, which: RunValue, *, is_lower_better: bool) -> float:
    """The value of a curve; NaN if it has none."""
    metric = curve.metric
    if which is RunValue.BEST:
        which = RunValue.MIN if is_lower_better else RunValue.MAX
    found = getattr(metric, which.value)
    return math.nan if found is None else float(found)


def value_groups(
    curves: Sequence[Curve],
    which: RunValue,
    group: Callable[[Curve], tuple[str, str, str]],
    *,
    is_lower_better: bool = False,
    best_first: bool = False,
) -> tuple[ValueGroup, ...]:
    """The finite values of curves by group; groups without any are left out.

    Args:
        curves: Of one chart, in the order in which groups shall appear.
        which: Which of their values.
        group: Key, label and colour of a curve's group.
        is_lower_better: What `best` means.
        best_first: Order groups by their means, not as they come.
    """
    members: dict[str, list[float]] = {}
    looks: dict[str, tuple[str, str]] = {}
    for curve in curves:
        key, label, color = group(curve)
        value = value_of(curve, which, is_lower_better=is_lower_better)
        if math.isfinite(value):
            members.setdefault(key, []).append(value)
            looks.setdefault(key, (label, color))
    groups = [
        ValueGroup(key, *looks[key], np.sort(np.array(values)))
        for key, values in members.items()
    ]
    if best_first:
        groups.sort(key=lambda each: each.mean if is_lower_better else -each.mean)
    return tuple(groups)
