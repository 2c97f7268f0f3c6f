"""Rows of the table `runs` as `Run` values, with everything that hangs on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.database import INTEGERS, Row, json_list
from store.models import Run, RunStatus, TagRef

if TYPE_CHECKING:
    from store.core import StoreCore

NEWEST_FIRST = "r.created_at DESC, r.id DESC"

_SELECT = """
SELECT r.id, r.hash, r.name, r.description, e.id, e.name, e.description, r.status,
       r.is_archived, r.created_at, r.finished_at, r.updated_at
FROM runs r LEFT JOIN experiments e ON e.id = r.experiment_id
"""

# Each run's own rows are few; asking by number for a page of runs is faster than a join.
_TAGS = f"""
SELECT l.run_id, t.id, t.name, t.color, t.description
FROM run_tags l JOIN tags t ON t.id = l.tag_id
WHERE l.run_id IN {INTEGERS}
ORDER BY l.attached_at, l.rowid
"""

_NOTE_COUNTS = f"""
SELECT run_id, count(*) FROM notes WHERE run_id IN {INTEGERS} GROUP BY run_id ORDER BY run_id
"""


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
    ids = json_list(row[0] for row in rows)
    tags: defaultdict[int, list[TagRef]] = defaultdict(list)
    for run_id, *tag in core.database.rows(_TAGS, [ids]):
        tags[run_id].append(TagRef(*tag))
    notes: dict[int, int] = dict(core.database.rows(_NOTE_COUNTS, [ids]))
    return [_run(core, row, tuple(tags.get(row[0], ())), notes.get(row[0], 0)) for row in rows]


def runs_by_id(core: StoreCore, run_ids: Sequence[int]) -> dict[int, Run]:
    """Runs by their number; those that do not exist are left out."""
    runs = find_runs(core, f"r.id IN {INTEGERS}", [json_list(run_ids)], order="r.id")
    return {run.id: run for run in runs}


def _run(core: StoreCore, row: Row, tags: tuple[TagRef, ...], note_count: int) -> Run:
    return Run(
        id=row[0],
        hash=row[1],
        name=row[2],
        description=row[3],
        experiment_id=row[4],
        experiment=row[5],
        experiment_description=row[6],
        tags=tags,
        status=RunStatus(row[7]),
        is_archived=row[8],
        created_at=row[9],
        finished_at=row[10],
        updated_at=max(row[11], core.registry.touched_at(row[0])),
        note_count=note_count,
    )
