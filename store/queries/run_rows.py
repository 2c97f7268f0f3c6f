"""Rows of the table `runs` as `Run` values, with everything that hangs on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.database import Row, among
from store.models import Run, RunStatus
from store.queries.names import Names

if TYPE_CHECKING:
    from store.core import StoreCore

NEWEST_FIRST = "r.created_at DESC, r.id DESC"

_SELECT = """
SELECT r.id, r.hash, r.name, r.description, r.experiment_id, r.status, r.is_archived,
       r.created_at, r.finished_at, r.updated_at
FROM runs r
"""

_LINKS = "SELECT run_id, tag_id FROM run_tags WHERE {among} ORDER BY attached_at, rowid"


def find_runs(
    core: StoreCore,
    condition: str,
    params: Sequence[object],
    *,
    order: str = NEWEST_FIRST,
) -> list[Run]:
    """Runs that satisfy a condition of our own, with tags and number of notes.

    Args:
        core: The store.
        condition: SQL over `r`, the table of runs.
        params: Parameters of the condition.
        order: SQL for the order.
    """
    rows = core.database.rows(f"{_SELECT} WHERE {condition} ORDER BY {order}", params)
    if not rows:
        return []
    tags: defaultdict[int, list[str]] = defaultdict(list)
    linked, ids = among("run_id", [row[0] for row in rows])
    for run_id, tag_id in core.database.rows(_LINKS.format(among=linked), ids):
        tags[run_id].append(tag_id)
    names = core.names.get()
    return [_run(core, row, names, tags.get(row[0], ())) for row in rows]


def runs_by_id(core: StoreCore, run_ids: Sequence[int]) -> dict[int, Run]:
    """Runs by their number; those that do not exist are left out."""
    runs = find_runs(core, *among("r.id", run_ids), order="r.id")
    return {run.id: run for run in runs}


def _run(core: StoreCore, row: Row, names: Names, tag_ids: Sequence[str]) -> Run:
    experiment = names.experiments.get(row[4])
    return Run(
        id=row[0],
        hash=row[1],
        name=row[2],
        description=row[3],
        experiment_id=None if experiment is None else row[4],
        experiment=None if experiment is None else experiment.name,
        experiment_description=None if experiment is None else experiment.description,
        tags=tuple(names.tags[tag_id] for tag_id in tag_ids if tag_id in names.tags),
        status=RunStatus(row[5]),
        is_archived=row[6],
        created_at=row[7],
        finished_at=row[8],
        updated_at=max(row[9], core.registry.touched_at(row[0])),
        note_count=names.note_counts.get(row[0], 0),
    )
