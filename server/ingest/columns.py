"""Points that come one by one, gathered into columns.

The four arrays of a frame are made once for all its sequences: a frame often has a hundred
metrics with one point each, and making arrays costs more than filling them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from store.models import Context
from store.models.operations import LogColumns

_NAN = float("nan")


class PointColumns:
    """Points by metric and context, each group in the order in which its points came."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._metrics: list[tuple[str, Context, str]] = []
        self._groups: list[int] = []
        """The number of the metric of each point."""
        self._steps: list[int] = []
        self._values: list[float] = []
        self._epochs: list[float] = []
        self._times: list[float] = []

    def append(
        self,
        metric: tuple[str, Context, str | None],
        step: int,
        value: float,
        epoch: float | None,
        time: float,
    ) -> None:
        """One more point of a metric, given by name, context and dtype."""
        self._groups.append(self._number(metric))
        self._steps.append(step)
        self._values.append(value)
        self._epochs.append(_NAN if epoch is None else epoch)
        self._times.append(time)

    def extend(
        self,
        metric: tuple[str, Context, str | None],
        steps: Iterable[int],
        values: list[float],
        epochs: Iterable[float],
        times: Iterable[float],
    ) -> None:
        """More points of a metric, as columns of one length."""
        self._groups += [self._number(metric)] * len(values)
        self._steps += steps
        self._values += values
        self._epochs += epochs
        self._times += times

    def _number(self, metric: tuple[str, Context, str | None]) -> int:
        name, context, dtype = metric
        # By the context's text: a string keeps its hash, a context would make it each time.
        number = self._numbers.setdefault((name, context.text), len(self._metrics))
        if number == len(self._metrics):
            self._metrics.append((name, context, dtype or "float"))
        return number

    def operations(self) -> list[LogColumns]:
        """One operation with all groups, in the order of their first points; none if empty."""
        if not self._groups:
            return []
        steps = np.array(self._steps, np.int64)
        values = np.array(self._values, np.float64)
        epochs = np.array(self._epochs, np.float64)
        times = np.array(self._times, np.float64)
        if len(self._metrics) == len(self._groups):
            return [LogColumns(self._metrics, [1] * len(steps), steps, values, epochs, times)]
        groups = np.array(self._groups, np.int32)
        lengths = np.bincount(groups).tolist()
        order = np.argsort(groups, kind="stable")
        return [
            LogColumns(
                self._metrics, lengths, steps[order], values[order], epochs[order], times[order]
            )
        ]
