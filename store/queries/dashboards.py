"""Dashboards: named bookmarks that point at explore apps."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from store.database import clean_params, clean_text
from store.errors import NotFoundError
from store.models import SavedDashboard
from store.queries.noun import TenantQueries

_SELECT = """
SELECT d.id, d.name, d.description, d.app_id, a.type, d.created_at, d.updated_at,
       d.is_archived
FROM dashboards d LEFT JOIN apps a ON a.id = d.app_id
WHERE d.tenant = ?
"""


class DashboardQueries(TenantQueries):
    """Dashboards of one tenant."""

    def find(self) -> list[SavedDashboard]:
        """Those that are not archived and whose app exists, by creation."""
        rows = self._database.rows(
            f"{_SELECT} AND NOT d.is_archived AND (d.app_id IS NULL OR a.id IS NOT NULL) "
            "ORDER BY d.created_at, d.id",
            [self._tenant],
        )
        return [SavedDashboard(*row) for row in rows]

    def get(self, dashboard_id: str) -> SavedDashboard:
        """One dashboard, archived or not.

        Raises:
            NotFoundError: If there is none of this id.
        """
        row = self._database.row(f"{_SELECT} AND d.id = ?", [self._tenant, dashboard_id])
        if row is None:
            raise NotFoundError("dashboard", dashboard_id)
        return SavedDashboard(*row)

    def create(
        self, name: str, description: str = "", app_id: str | None = None
    ) -> SavedDashboard:
        """Save a bookmark; whether the app exists is not checked."""
        dashboard_id, now = self._core.clock.new_id(), self._core.clock.now()
        values = [
            dashboard_id,
            self._tenant,
            *clean_params([name, description, app_id]),
            now,
            now,
        ]
        self._core.writer.run(
            lambda cursor: cursor.execute(
                "INSERT INTO dashboards (id, tenant, name, description, app_id, created_at, "
                "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            ),
            lambda _: self._core.changes.touch(),
        )
        return self.get(dashboard_id)

    def update(
        self,
        dashboard_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        is_archived: bool | None = None,
    ) -> SavedDashboard:
        """Change what is given.

        Raises:
            NotFoundError: If there is none of this id.
        """
        old = self.get(dashboard_id)
        values = [
            old.name if name is None else clean_text(name),
            old.description if description is None else clean_text(description),
            old.is_archived if is_archived is None else is_archived,
            self._core.clock.now(),
            old.id,
        ]

        def work(cursor: DuckDBPyConnection) -> None:
            cursor.execute(
                "UPDATE dashboards SET name = ?, description = ?, is_archived = ?, "
                "updated_at = ? WHERE id = ?",
                values,
            )

        self._core.writer.run(work, lambda _: self._core.changes.touch())
        return self.get(dashboard_id)

    def archive(self, dashboard_id: str) -> None:
        """Hide a dashboard; it can still be read by its id.

        Raises:
            NotFoundError: If there is none of this id.
        """
        self.update(dashboard_id, is_archived=True)
