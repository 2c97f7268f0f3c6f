"""Reading runs with everything a list shows, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from store.database import among
from store.models import RunRecord
from store.queries.run_rows import runs_by_id

if TYPE_CHECKING:
    from store.core import StoreCore

PAGE_RUNS = 100
"""Runs that are read first when a list is walked through."""
_LARGEST_PAGE = 400
"""Later pages grow up to so many runs: statements cost time, whatever they read."""


def records_by_id(
    core: StoreCore, run_ids: Sequence[int], *, params: bool = True, metrics: bool = True
) -> list[RunRecord]:
    """Runs with params and metric summaries, in the order asked for.

    Runs that do not exist are left out. A few statements whatever the number of runs.
    """
    if not run_ids:
        return []
    runs = runs_by_id(core, run_ids)
    trees = params_by_id(core, run_ids) if params else {}
    summaries = core.points.summaries(run_ids) if metrics else {}
    return [
        RunRecord(
            run=runs[run_id],
            params=trees.get(run_id, {}),
            metrics=tuple(
                sorted(
                    summaries.get(run_id, ()),
                    key=lambda summary: (summary.name, summary.context),
                )
            ),
        )
        for run_id in run_ids
        if run_id in runs
    ]


def page_bounds(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Cut a range of positions into pages, a small one first."""
    size = PAGE_RUNS
    while start < stop:
        yield start, min(start + size, stop)
        start += size
        size = min(2 * size, _LARGEST_PAGE)


def params_by_id(core: StoreCore, run_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The params of these runs."""
    condition, ids = among("id", run_ids)
    rows = core.database.rows(f"SELECT id, params FROM runs WHERE {condition} ORDER BY id", ids)
    return {run_id: _tree(text) for run_id, text in rows}


def _tree(text: str) -> dict[str, Any]:
    try:
        tree: dict[str, Any] = msgspec.json.decode(text)
    except msgspec.DecodeError:
        # NaN and infinities, as Python writes them, are not JSON.
        tree = json.loads(text)
    return tree
