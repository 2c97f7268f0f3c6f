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
"""Runs that are in memory at a time while a list is walked through."""


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


def records_in_pages(
    core: StoreCore, run_ids: Sequence[int], *, params: bool, metrics: bool
) -> Iterator[RunRecord]:
    """The same for any number of runs, with a page of them in memory at a time."""
    for start in range(0, len(run_ids), PAGE_RUNS):
        page = run_ids[start : start + PAGE_RUNS]
        yield from records_by_id(core, page, params=params, metrics=metrics)


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
