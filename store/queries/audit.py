"""The audit trail: who did what, appended and never changed."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from store.database import clean_text, insert_rows
from store.models.access import AuditEntry

if TYPE_CHECKING:
    from store.core import StoreCore

_COLUMNS = {
    "time": "DOUBLE",
    "tenant": "VARCHAR",
    "actor": "VARCHAR",
    "action": "VARCHAR",
    "subject": "VARCHAR",
    "request_id": "VARCHAR",
}


class AuditQueries:
    """The audit trail of the store."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    def record(
        self,
        actor: str,
        action: str,
        subject: str,
        *,
        tenant: str = "default",
        request_id: str | None = None,
    ) -> Future[None]:
        """Append an entry; resolves when it is durable, which nobody has to wait for."""
        row = (self._core.clock.now(), tenant, actor, action, subject, request_id)
        return self._core.writer.submit(
            lambda cursor: insert_rows(cursor, "audit", _COLUMNS, [row])
        )

    def find(
        self, tenant: str | None = None, search: str = "", limit: int = 100
    ) -> list[AuditEntry]:
        """The newest entries, newest first.

        Args:
            tenant: Of one tenant only.
            search: Only those whose actor, action or subject contains the text.
            limit: At most so many.
        """
        text = clean_text(search).lower()
        rows = self._core.database.rows(
            "SELECT time, tenant, actor, action, subject, request_id FROM audit "
            "WHERE (? IS NULL OR tenant = ?) "
            "AND contains(lower(actor || ' ' || action || ' ' || subject), ?) "
            "ORDER BY time DESC, rowid DESC LIMIT ?",
            [tenant, tenant, text, limit],
        )
        return [AuditEntry(*row) for row in rows]
