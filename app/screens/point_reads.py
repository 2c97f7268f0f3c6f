"""Answers explorers that ask for points: in batches, so that the first curves come at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from textual import on

from app.screens.base import DashboardScreen
from app.sources import Source
from app.traces.build import Curve, Points
from app.traces.reading import PointsRequest, read_points
from app.widgets.explorer_charts import ExplorerCharts
from store.errors import StoreError

FIRST_BATCH, BATCH = 8, 32
"""Curves to read at once: few at first, then as many as are read in a blink."""


class _Read(Struct, frozen=True):
    explorer: ExplorerCharts
    request: PointsRequest


class PointReads(DashboardScreen):
    """A screen that holds explorers."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._reads: deque[_Read] = deque()
        self._is_reading = False

    @on(ExplorerCharts.PointsNeeded)
    def _points_needed(self, message: ExplorerCharts.PointsNeeded) -> None:
        message.stop()
        reads = [
            _Read(message.explorer, replace(message.request, curves=curves))
            for curves in _batches(message.request.curves)
        ]
        if message.request.step_range is not None:
            self._reads.extendleft(reversed(reads))
        else:
            self._reads.extend(reads)
        self._read_next()

    def _read_next(self) -> None:
        if self._is_reading or not self._reads:
            return
        self._is_reading = True
        read = self._reads.popleft()
        work = partial(read_points, self.source, read.request)
        self.load("points", work, partial(self._points_read, read), self._reading_failed)

    def _points_read(self, read: _Read, points: Points) -> None:
        self._is_reading = False
        if read.explorer.is_attached:
            read.explorer.add_points(points, is_detail=read.request.step_range is not None)
        self._read_next()

    def _reading_failed(self, error: StoreError) -> None:
        self._is_reading = False
        self._reads.clear()
        self.load_failed(error)

    def cancel_loads(self) -> bool:
        """Give up what is under way, points that wait to be read too."""
        self._reads.clear()
        self._is_reading = False
        return super().cancel_loads()


def _batches(curves: Sequence[Curve]) -> list[tuple[Curve, ...]]:
    first = [tuple(curves[:FIRST_BATCH])]
    rest = range(FIRST_BATCH, len(curves), BATCH)
    return [*first, *(tuple(curves[at : at + BATCH]) for at in rest)]
