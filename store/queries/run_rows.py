"""Rows of the table `runs` as `Run` values, with everything that hangs on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.database import Row, among
from store.models import Run, RunRecord, RunStatus
from store.queries.names import Names
from store.queries.params import params_tree

if TYPE_CHECKING:
    from store.core import StoreCore

NEWEST_FIRST = "r.created_at DESC, r.id DESC"

_COLUMNS = """r.id, r.hash, r.name, r.description, r.experiment_id, r.status, r.is_archived,
       r.created_at, r.finished_at, r.updated_at"""

_LINKS = "SELECT attached_at, rowid, run_id, tag_id FROM run_tags WHERE {among}"
"""Not in order: sorting a few rows in Python takes a third of what planning a sort does."""


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
    sql = f"SELECT {_COLUMNS} FROM runs r WHERE {condition} ORDER BY {order}"
    return _runs(core, core.database.rows(sql, params))


def runs_by_id(core: StoreCore, run_ids: Sequence[int]) -> dict[int, Run]:
    """Runs by their number; those that do not exist are left out."""
    condition, params = among("r.id", run_ids)
    sql = f"SELECT {_COLUMNS} FROM runs r WHERE {condition}"
    return {run.id: run for run in _runs(core, core.database.rows(sql, params))}


def records_by_id(
    core: StoreCore, run_ids: Sequence[int], *, params: bool = True, metrics: bool = True
) -> list[RunRecord]:
    """Runs with params and metric summaries, in the order asked for.

    Runs that do not exist are left out. A few statements whatever the number of runs.
    """
    if not run_ids:
        return []
    condition, ids = among("r.id", run_ids)
    text = "r.params" if params else "'{}'"
    rows = core.database.rows(f"SELECT {_COLUMNS}, {text} FROM runs r WHERE {condition}", ids)
    runs = {run.id: (run, row[-1]) for run, row in zip(_runs(core, rows), rows, strict=True)}
    summaries = core.points.summaries(run_ids) if metrics else {}
    return [
        RunRecord(
            run=runs[run_id][0],
            params=params_tree(runs[run_id][1]),
            metrics=tuple(summaries.get(run_id, ())),
        )
        for run_id in run_ids
        if run_id in runs
    ]


def _runs(core: StoreCore, rows: Sequence[Row]) -> list[Run]:
    if not rows:
        return []
    tags: defaultdict[int, list[str]] = defaultdict(list)
    if core.names.get().tags:
        linked, ids = among("run_id", [row[0] for row in rows])
        for _, _, run_id, tag_id in sorted(
            core.database.rows(_LINKS.format(among=linked), ids)
        ):
            tags[run_id].append(tag_id)
    # Again, behind the links: a tag made meanwhile has its name.
    names = core.names.get()
    return [_run(core, row, names, tags.get(row[0], ())) for row in rows]


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
