"""Points that come one by one, gathered into columns.

The four arrays of a frame are made once for all its sequences: a frame often has a hundred
metrics with one point each, and making arrays costs more than filling them.
"""

from __future__ import annotations

from itertools import chain

import numpy as np

from store.models import Context
from store.models.operations import LogColumns

_NAN = float("nan")


class PointColumns:
    """Points by metric and context, each group in the order in which its points came."""

    def __init__(self) -> None:
        # By the context's text: a string keeps its hash, a context would make it each time.
        self._groups: dict[tuple[str, str], PointGroup] = {}

    def group(self, name: str, context: Context, dtype: str | None) -> PointGroup:
        """The points of one metric; empty at first."""
        key = (name, context.text)
        group = self._groups.get(key)
        if group is None:
            self._groups[key] = group = PointGroup(name, context, dtype or "float")
        return group

    def operations(self) -> list[LogColumns]:
        """One operation with all groups, in the order of their first points; none if empty."""
        groups = self._groups.values()
        if not groups:
            return []
        steps = np.array(list(chain.from_iterable(g.steps for g in groups)), np.int64)
        values = np.array(list(chain.from_iterable(g.values for g in groups)), np.float64)
        epochs = np.array(list(chain.from_iterable(g.epochs for g in groups)), np.float64)
        times = np.array(list(chain.from_iterable(g.times for g in groups)), np.float64)
        metrics = [group.metric for group in groups]
        lengths = [len(group.steps) for group in groups]
        return [LogColumns(metrics, lengths, steps, values, epochs, times)]


class PointGroup:
    """Points of one sequence, in the order in which they came."""

    __slots__ = ("epochs", "metric", "steps", "times", "values")

    def __init__(self, name: str, context: Context, dtype: str) -> None:
        self.metric = (name, context, dtype)
        self.steps: list[int] = []
        self.values: list[float] = []
        self.epochs: list[float] = []
        self.times: list[float] = []

    def append(self, step: int, value: float, epoch: float | None, time: float) -> None:
        """One more point."""
        self.steps.append(step)
        self.values.append(value)
        self.epochs.append(_NAN if epoch is None else epoch)
        self.times.append(time)
