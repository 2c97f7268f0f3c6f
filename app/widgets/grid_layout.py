"""Where the columns of a table are. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct

GAP = 1
"""Screen cells between two columns."""


class GridColumn(Struct, frozen=True):
    """A column as it is drawn."""

    id: str
    title: str
    width: int
    is_right: bool = False


class ColumnLayout:
    """Columns side by side, some of them frozen at the left while the rest scrolls."""

    def __init__(self, columns: Sequence[GridColumn] = (), frozen_count: int = 0) -> None:
        self.columns = tuple(columns)
        self.frozen_count = min(frozen_count, len(columns))
        self._starts = (0, *accumulate(column.width + GAP for column in columns))

    @property
    def width(self) -> int:
        """Screen cells of all columns with the gaps after them."""
        return self._starts[-1]

    @property
    def frozen_width(self) -> int:
        """Screen cells of the frozen columns."""
        return self._starts[self.frozen_count]

    def start(self, at: int) -> int:
        """Where a column begins if nothing is scrolled."""
        return self._starts[at]

    def span(self, at: int, scroll_x: int) -> tuple[int, int]:
        """First and last screen cell of a column, as far as no frozen one covers it."""
        start, width = self._starts[at], self.columns[at].width
        if at < self.frozen_count:
            return start, start + width
        start -= scroll_x
        return max(self.frozen_width, start), start + width

    def in_sight(self, scroll_x: int, width: int) -> range:
        """Scrolling columns of which something is visible."""
        left = self.frozen_width + scroll_x
        first = max(self.frozen_count, bisect_right(self._starts, left) - 1)
        stop = bisect_left(self._starts, scroll_x + width)
        return range(first, max(first, min(stop, len(self.columns))))

    def at(self, x: int, scroll_x: int) -> int | None:
        """The column at a screen cell."""
        for at in range(len(self.columns)):
            start, stop = self.span(at, scroll_x)
            if start <= x < stop + GAP:
                return at
        return None

    def border_at(self, x: int, scroll_x: int) -> int | None:
        """The column whose right border is at a screen cell."""
        for at in range(len(self.columns)):
            start, stop = self.span(at, scroll_x)
            if stop > start and x == stop:
                return at
        return None

    def scroll_to(self, at: int, scroll_x: int, width: int) -> int:
        """How far to scroll so that a column is in sight, as little as possible."""
        if at < self.frozen_count:
            return scroll_x
        start = self._starts[at] - self.frozen_width
        room = max(1, width - self.frozen_width)
        return min(max(scroll_x, start + self.columns[at].width - room), start)
