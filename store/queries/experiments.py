"""Experiments: named groups of runs.

A name is unique among the tenant's experiments that are not archived; who creates one may
ask that archived ones count as well. Deleting an experiment leaves its runs alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection
from msgspec.structs import replace

from store.database import TEXTS, Row, clean_text, insert_rows, json_list
from store.errors import InvalidDataError, NameTakenError, NotFoundError
from store.models import Activity, Experiment, Run
from store.queries.activity import find_activity
from store.queries.noun import TenantQueries
from store.queries.run_rows import find_runs

if TYPE_CHECKING:
    from store.core import StoreCore

_INSERT = {
    "id": "VARCHAR",
    "tenant": "VARCHAR",
    "name": "VARCHAR",
    "description": "VARCHAR",
    "artifact_location": "VARCHAR",
    "tags": "VARCHAR",
    "is_archived": "BOOLEAN",
    "created_at": "DOUBLE",
    "updated_at": "DOUBLE",
}

_SELECT = """
SELECT e.id, e.name, e.description, e.artifact_location, e.tags, e.is_archived,
       e.created_at, e.updated_at, coalesce(r.run_count, 0)
FROM experiments e
LEFT JOIN (SELECT experiment_id, tenant, count(*) AS run_count FROM runs GROUP BY ALL) r
       ON r.experiment_id = e.id AND r.tenant = e.tenant
WHERE e.tenant = ?
"""


class ExperimentQueries(TenantQueries):
    """Experiments of one tenant."""

    def find(self, search: str = "") -> list[Experiment]:
        """Experiments whose name contains the text whatever the case, by creation."""
        rows = self._database.rows(
            f"{_SELECT} AND contains(lower(e.name), lower(?)) ORDER BY e.created_at, e.id",
            [self._tenant, search],
        )
        return [_experiment(row) for row in rows]

    def get(self, experiment_id: str) -> Experiment:
        """One experiment.

        Raises:
            NotFoundError: If there is none of this id.
        """
        row = self._database.row(f"{_SELECT} AND e.id = ?", [self._tenant, experiment_id])
        if row is None:
            raise NotFoundError("experiment", experiment_id)
        return _experiment(row)

    def get_by_name(self, name: str) -> Experiment:
        """The experiment of this name, an archived one only if no other has it.

        Raises:
            NotFoundError: If there is none.
        """
        row = self._database.row(
            f"{_SELECT} AND e.name = ? ORDER BY e.is_archived, e.created_at LIMIT 1",
            [self._tenant, name],
        )
        if row is None:
            raise NotFoundError("experiment", name)
        return _experiment(row)

    def create(
        self,
        name: str,
        description: str = "",
        tags: Mapping[str, str] | None = None,
        artifact_location: str | None = None,
        *,
        archived_name_is_free: bool = False,
    ) -> Experiment:
        """Create an experiment; white space around the name goes.

        Raises:
            InvalidDataError: If the name is empty.
            NameTakenError: If the name is in use.
        """
        name = _checked_name(name)
        now = self._core.clock.now()
        experiment = Experiment(
            id=self._core.clock.new_id(),
            name=name,
            description=clean_text(description),
            artifact_location=artifact_location,
            tags=dict(tags or {}),
            created_at=now,
            updated_at=now,
        )

        def work(cursor: DuckDBPyConnection) -> None:
            self._check_free(cursor, name, "", archived_too=not archived_name_is_free)
            insert_experiments(cursor, self._tenant, [experiment])

        self._core.writer.run(work, lambda _: self._core.names_changed())
        return self.get(experiment.id)

    def update(
        self,
        experiment_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        artifact_location: str | None = None,
        is_archived: bool | None = None,
    ) -> Experiment:
        """Change what is given; an empty name changes nothing, `tags` replaces all of them.

        Raises:
            NotFoundError: If there is none of this id.
            NameTakenError: If another active experiment has the name.
        """
        wanted = clean_text(name or "").strip()

        def work(cursor: DuckDBPyConnection) -> None:
            row = cursor.execute(
                f"{_SELECT} AND e.id = ?", [self._tenant, clean_text(experiment_id)]
            ).fetchone()
            if row is None:
                raise NotFoundError("experiment", experiment_id)
            old = _experiment(row)
            new = replace(
                old,
                name=wanted or old.name,
                description=old.description if description is None else description,
                tags=old.tags if tags is None else dict(tags),
                artifact_location=artifact_location or old.artifact_location,
                is_archived=old.is_archived if is_archived is None else is_archived,
                updated_at=self._core.clock.now(),
            )
            comes_back = old.is_archived and not new.is_archived
            if new.name != old.name or comes_back:
                self._check_free(cursor, new.name, old.id, archived_too=not comes_back)
            cursor.execute("DELETE FROM experiments WHERE id = ?", [old.id])
            insert_experiments(cursor, self._tenant, [new])

        self._core.writer.run(work, lambda _: self._core.names_changed())
        return self.get(experiment_id)

    def archive(self, experiment_id: str, is_archived: bool = True) -> Experiment:
        """Hide an experiment, or bring it back.

        Raises:
            NotFoundError: If there is none of this id.
            NameTakenError: If its name was taken while it was archived.
        """
        return self.update(experiment_id, is_archived=is_archived)

    def delete(self, experiment_id: str) -> None:
        """Delete an experiment and its notes; its runs stay, without an experiment.

        Raises:
            NotFoundError: If there is none of this id.
        """
        experiment = self.get(experiment_id)

        def work(cursor: DuckDBPyConnection) -> None:
            cursor.execute(
                "UPDATE runs SET experiment_id = NULL WHERE experiment_id = ?", [experiment.id]
            )
            cursor.execute("DELETE FROM notes WHERE experiment_id = ?", [experiment.id])
            cursor.execute("DELETE FROM experiments WHERE id = ?", [experiment.id])

        self._core.writer.run(work, lambda _: self._core.names_changed())

    def runs(self, experiment_id: str, limit: int = 0, offset: str = "") -> list[Run]:
        """Runs of an experiment, newest first.

        Args:
            experiment_id: The experiment.
            limit: At most so many; 0 for all.
            offset: Start after the run of this hash; from the start if it is not there.

        Raises:
            NotFoundError: If there is no such experiment.
        """
        self.get(experiment_id)
        runs = find_runs(
            self._core,
            "r.tenant = ? AND r.experiment_id = ?",
            [self._tenant, experiment_id],
        )
        hashes = [run.hash for run in runs]
        start = hashes.index(offset) + 1 if offset in hashes else 0
        return runs[start : start + limit if limit > 0 else None]

    def activity(self, experiment_id: str) -> Activity:
        """How busy an experiment is.

        Raises:
            NotFoundError: If there is none of this id.
        """
        self.get(experiment_id)
        return find_activity(self._database, self._tenant, experiment_id)

    def _check_free(
        self, cursor: DuckDBPyConnection, name: str, but_id: str, *, archived_too: bool
    ) -> None:
        taken = cursor.execute(
            "SELECT 1 FROM experiments WHERE tenant = ? AND name = ? AND id <> ? "
            "AND (? OR NOT is_archived)",
            [self._tenant, name, but_id, archived_too],
        ).fetchone()
        if taken:
            raise NameTakenError("experiment", name)


def insert_experiments(
    cursor: DuckDBPyConnection, tenant: str, experiments: Iterable[Experiment]
) -> None:
    """Insert experiments in bulk, inside the writer's transaction."""
    rows: list[Row] = [
        (
            experiment.id,
            tenant,
            experiment.name,
            experiment.description,
            experiment.artifact_location,
            json.dumps(dict(experiment.tags)),
            experiment.is_archived,
            experiment.created_at,
            experiment.updated_at,
        )
        for experiment in experiments
    ]
    insert_rows(cursor, "experiments", _INSERT, rows)


def resolve_experiments(
    core: StoreCore, cursor: DuckDBPyConnection, tenant: str, names: Iterable[str]
) -> dict[str, str]:
    """Ids of experiments by exact, clean name; those that are missing are created.

    Runs inside the writer's transaction.
    """
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    rows = cursor.execute(
        f"SELECT name, id FROM experiments WHERE tenant = ? AND name IN {TEXTS} "
        "ORDER BY is_archived DESC, created_at DESC",
        [tenant, json_list(wanted)],
    ).fetchall()
    ids = {str(name): str(experiment_id) for name, experiment_id in rows}
    now = core.clock.now()
    missing = [
        Experiment(id=core.clock.new_id(), name=name, created_at=now, updated_at=now)
        for name in wanted
        if name not in ids
    ]
    insert_experiments(cursor, tenant, missing)
    return ids | {experiment.name: experiment.id for experiment in missing}


def _checked_name(name: str) -> str:
    name = clean_text(name).strip()
    if not name:
        raise InvalidDataError("name", "must not be empty")
    return name


def _experiment(row: Row) -> Experiment:
    return Experiment(
        id=row[0],
        name=row[1],
        description=row[2],
        artifact_location=row[3],
        tags=json.loads(row[4]),
        is_archived=row[5],
        created_at=row[6],
        updated_at=row[7],
        run_count=row[8],
    )
