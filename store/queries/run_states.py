"""The changing part of runs: read for a batch of messages, folded in memory, written once.

Only the metadata writer's thread uses this, inside its transaction, so what is read here
cannot change before it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from duckdb import DuckDBPyConnection
from msgspec import Struct, field

from store.clock import sane_time
from store.database import INTEGERS, insert_rows, json_list, json_rows
from store.models.operations import CreateRun, FinishRun, SetProperty
from store.models.run import RunStatus
from store.queries.params import params_tree

_COLUMNS = {
    "id": "INTEGER",
    "tenant": "VARCHAR",
    "hash": "VARCHAR",
    "name": "VARCHAR",
    "description": "VARCHAR",
    "experiment_id": "VARCHAR",
    "status": "VARCHAR",
    "is_archived": "BOOLEAN",
    "created_at": "DOUBLE",
    "client_started_at": "DOUBLE",
    "finished_at": "DOUBLE",
    "updated_at": "DOUBLE",
}

_CHANGING = [name for name in _COLUMNS if name not in {"id", "tenant", "hash"}]


class RunState(Struct):
    """One run while a batch is folded into it."""

    id: int
    tenant: str
    hash: str
    name: str
    description: str = ""
    experiment_id: str | None = None
    status: str = RunStatus.RUNNING
    is_archived: bool = False
    created_at: float = 0.0
    client_started_at: float | None = None
    finished_at: float | None = None
    updated_at: float = 0.0
    is_new: bool = False
    is_changed: bool = False
    params_before: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)

    def create(self, operation: CreateRun, now: float) -> None:
        """Start the run, or resume it: active again, nothing else lost."""
        started_at = sane_time(operation.client_time, now)
        if self.is_new and self.client_started_at is None:
            self.created_at = started_at
        self.client_started_at = started_at
        self.status = RunStatus.RUNNING
        self.finished_at = None
        self.is_changed = True

    def finish(self, operation: FinishRun, now: float) -> None:
        """End the run; the first end counts until the run is resumed."""
        if self.status != RunStatus.RUNNING:
            return
        self.status = operation.status
        self.finished_at = max(self.created_at, sane_time(operation.client_time, now))
        self.is_changed = True

    def set_property(self, operation: SetProperty) -> None:
        """Change properties; the experiment is resolved by the caller."""
        if operation.name is not None:
            self.name = operation.name
        if operation.description is not None:
            self.description = operation.description
        if operation.is_archived is not None:
            self.is_archived = operation.is_archived
        self.is_changed = True

    def row(self) -> tuple[Any, ...]:
        """Values in the order of the table's columns."""
        return tuple(getattr(self, name) for name in _COLUMNS)


def new_state(run_id: int, tenant: str, run_hash: str, now: float) -> RunState:
    """The state of a run that nobody has heard of before."""
    return RunState(
        id=run_id,
        tenant=tenant,
        hash=run_hash,
        name=f"Run: {run_hash}",
        created_at=now,
        updated_at=now,
        is_new=True,
        is_changed=True,
    )


def load_states(cursor: DuckDBPyConnection, run_ids: Iterable[int]) -> dict[int, RunState]:
    """States of those of the runs that exist, with their params."""
    names = ", ".join(_COLUMNS)
    rows = cursor.execute(
        f"SELECT {names}, params FROM runs WHERE id IN {INTEGERS} ORDER BY id",
        [json_list(run_ids)],
    ).fetchall()
    states = {}
    for *values, text in rows:
        state = RunState(**dict(zip(_COLUMNS, values, strict=True)))
        state.params_before = state.params = params_tree(text)
        states[state.id] = state
    return states


def write_states(cursor: DuckDBPyConnection, states: Iterable[RunState], now: float) -> None:
    """Insert the new ones and update the changed ones; params are not written here."""
    new, changed = [], []
    for state in states:
        state.updated_at = max(state.updated_at, now)
        if state.is_new:
            new.append(state.row())
        elif state.is_changed:
            changed.append(state.row())
    insert_rows(cursor, "runs", _COLUMNS, new)
    if changed:
        relation, text = json_rows(_COLUMNS, changed)
        assignments = ", ".join(f"{name} = u.{name}" for name in _CHANGING)
        cursor.execute(
            f"UPDATE runs SET {assignments} FROM {relation} u WHERE runs.id = u.id", [text]
        )


def write_updated_at(cursor: DuckDBPyConnection, times: Iterable[tuple[int, float]]) -> None:
    """Store when runs last changed."""
    relation, text = json_rows({"id": "INTEGER", "at": "DOUBLE"}, list(times))
    cursor.execute(
        f"UPDATE runs SET updated_at = u.at FROM {relation} u WHERE runs.id = u.id", [text]
    )
