"""How a long list of runs is cut into pages."""

from __future__ import annotations

from collections.abc import Iterator

PAGE_RUNS = 100
"""Runs that are read first when a list is walked through."""
_LARGEST_PAGE = 400
"""Later pages grow up to so many runs: statements cost time, whatever they read."""


def page_bounds(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Cut a range of positions into pages, a small one first."""
    size = PAGE_RUNS
    while start < stop:
        yield start, min(start + size, stop)
        start += size
        size = min(2 * size, _LARGEST_PAGE)
