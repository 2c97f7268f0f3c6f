"""Explore apps: the saved state of explorer pages, opaque to us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from duckdb import DuckDBPyConnection

from store.database import Row, clean_text
from store.errors import NotFoundError
from store.models import ExploreApp
from store.queries.noun import TenantQueries

_SELECT = "SELECT id, type, state, created_at, updated_at FROM apps WHERE tenant = ?"


class AppQueries(TenantQueries):
    """Explore apps of one tenant."""

    def find(self) -> list[ExploreApp]:
        """All of them, by creation."""
        rows = self._database.rows(f"{_SELECT} ORDER BY created_at, id", [self._tenant])
        return [_app(row) for row in rows]

    def get(self, app_id: str) -> ExploreApp:
        """One app.

        Raises:
            NotFoundError: If there is none of this id.
        """
        row = self._database.row(f"{_SELECT} AND id = ?", [self._tenant, app_id])
        if row is None:
            raise NotFoundError("app", app_id)
        return _app(row)

    def create(self, type: str, state: Mapping[str, Any]) -> ExploreApp:  # noqa: A002
        """Save a state; the order of its keys is kept."""
        app_id, now = self._core.clock.new_id(), self._core.clock.now()
        values = [app_id, self._tenant, clean_text(type), _text(state), now, now]
        self._core.writer.run(
            lambda cursor: cursor.execute(
                "INSERT INTO apps (id, tenant, type, state, created_at, updated_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                values,
            ),
            lambda _: self._core.changes.touch(),
        )
        return self.get(app_id)

    def update(
        self,
        app_id: str,
        *,
        type: str | None = None,  # noqa: A002
        state: Mapping[str, Any] | None = None,
    ) -> ExploreApp:
        """Change what is given; the state is replaced as a whole.

        Raises:
            NotFoundError: If there is none of this id.
        """
        old = self.get(app_id)
        values = [
            old.type if type is None else clean_text(type),
            _text(old.state if state is None else state),
            self._core.clock.now(),
            old.id,
        ]
        self._core.writer.run(
            lambda cursor: cursor.execute(
                "UPDATE apps SET type = ?, state = ?, updated_at = ? WHERE id = ?", values
            ),
            lambda _: self._core.changes.touch(),
        )
        return self.get(app_id)

    def delete(self, app_id: str) -> None:
        """Delete an app, and the dashboards that point at it.

        Raises:
            NotFoundError: If there is none of this id.
        """
        app = self.get(app_id)

        def work(cursor: DuckDBPyConnection) -> None:
            cursor.execute("DELETE FROM dashboards WHERE app_id = ?", [app.id])
            cursor.execute("DELETE FROM apps WHERE id = ?", [app.id])

        self._core.writer.run(work, lambda _: self._core.changes.touch())


def _text(state: Mapping[str, Any]) -> str:
    return clean_text(json.dumps(dict(state), ensure_ascii=False))


def _app(row: Row) -> ExploreApp:
    return ExploreApp(row[0], row[1], json.loads(row[2]), row[3], row[4])
