"""Series that were read in parts: finer points for a stretch, new points at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.traces.build import ChartData, Curve, Points
    from store.models import Series


TAIL_STRIDE = 512
"""Curves whose ends are this close together are read at once."""
FAR = 2**62


def tail_ranges(
    charts: Iterable[ChartData], points: Points, run_hashes: frozenset[str]
) -> list[tuple[tuple[Curve, ...], tuple[int, int]]]:
    """What to read to bring curves of some runs up to date: curves with a range of steps."""
    groups: dict[int, list[tuple[int, Curve]]] = {}
    for chart in charts:
        for key, curve in chart.curves.items():
            if curve.record.run.hash in run_hashes:
                steps = points.series[key].steps
                last = int(steps[-1]) if len(steps) else -1
                groups.setdefault(last // TAIL_STRIDE, []).append((last, curve))
    return [
        (tuple(curve for _, curve in group), (min(last for last, _ in group) + 1, FAR))
        for group in groups.values()
    ]


def with_detail(series: Series, detail: Series) -> Series:
    """The series with the stretch that `detail` covers replaced by it."""
    if not len(detail):
        return series
    before = int(np.searchsorted(series.steps, detail.steps[0], side="left"))
    after = int(np.searchsorted(series.steps, detail.steps[-1], side="right"))
    columns = [
        np.concatenate(
            [
                getattr(series, name)[:before],
                getattr(detail, name),
                getattr(series, name)[after:],
            ]
        )
        for name in ("steps", "values", "epochs", "times")
    ]
    return type(series)(*columns)
