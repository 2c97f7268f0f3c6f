"""Reports: written pages with live charts."""

from __future__ import annotations

from store.database import clean_text
from store.errors import NotFoundError
from store.models import Report
from store.queries.noun import TenantQueries

_SELECT = (
    "SELECT id, name, code, description, created_at, updated_at FROM reports WHERE tenant = ?"
)


class ReportQueries(TenantQueries):
    """Reports of one tenant."""

    def find(self) -> list[Report]:
        """All of them, by creation."""
        rows = self._database.rows(f"{_SELECT} ORDER BY created_at, id", [self._tenant])
        return [Report(*row) for row in rows]

    def get(self, report_id: str) -> Report:
        """One report.

        Raises:
            NotFoundError: If there is none of this id.
        """
        row = self._database.row(f"{_SELECT} AND id = ?", [self._tenant, report_id])
        if row is None:
            raise NotFoundError("report", report_id)
        return Report(*row)

    def create(self, name: str, code: str = "", description: str = "") -> Report:
        """Save a report."""
        report_id, now = self._core.clock.new_id(), self._core.clock.now()
        texts = [clean_text(text) for text in (name, code, description)]
        values = [report_id, self._tenant, *texts, now, now]
        self._core.writer.run(
            lambda cursor: cursor.execute(
                "INSERT INTO reports (id, tenant, name, code, description, created_at, "
                "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            ),
            lambda _: self._core.changes.touch(),
        )
        return self.get(report_id)

    def update(
        self,
        report_id: str,
        *,
        name: str | None = None,
        code: str | None = None,
        description: str | None = None,
    ) -> Report:
        """Change what is given.

        Raises:
            NotFoundError: If there is none of this id.
        """
        old = self.get(report_id)
        values = [
            old.name if name is None else clean_text(name),
            old.code if code is None else clean_text(code),
            old.description if description is None else clean_text(description),
            self._core.clock.now(),
            old.id,
        ]
        self._core.writer.run(
            lambda cursor: cursor.execute(
                "UPDATE reports SET name = ?, code = ?, description = ?, updated_at = ? "
                "WHERE id = ?",
                values,
            ),
            lambda _: self._core.changes.touch(),
        )
        return self.get(report_id)

    def delete(self, report_id: str) -> None:
        """Delete a report.

        Raises:
            NotFoundError: If there is none of this id.
        """
        report = self.get(report_id)
        self._core.writer.run(
            lambda cursor: cursor.execute("DELETE FROM reports WHERE id = ?", [report.id]),
            lambda _: self._core.changes.touch(),
        )
