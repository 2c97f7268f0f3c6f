"""Small JSON values by name: pinned sequences, metric directions, saved queries, view state."""

from __future__ import annotations

import json
from typing import Any

from duckdb import DuckDBPyConnection

from store.database import clean_text
from store.queries.noun import TenantQueries


class SettingQueries(TenantQueries):
    """Settings of one tenant."""

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a setting, or the default when it was never set."""
        row = self._database.row(
            "SELECT value FROM settings WHERE tenant = ? AND name = ?",
            [self._tenant, clean_text(name)],
        )
        return default if row is None else json.loads(row[0])

    def set(self, name: str, value: Any) -> None:
        """Store a JSON value under a name; None removes the name."""

        def work(cursor: DuckDBPyConnection) -> None:
            key = [self._tenant, clean_text(name)]
            cursor.execute("DELETE FROM settings WHERE tenant = ? AND name = ?", key)
            if value is not None:
                cursor.execute(
                    "INSERT INTO settings (tenant, name, value) VALUES (?, ?, ?)",
                    [*key, clean_text(json.dumps(value, ensure_ascii=False))],
                )

        self._core.writer.run(work, lambda _: self._core.changes.touch())

    def find(self) -> dict[str, Any]:
        """Every setting by name, sorted."""
        rows = self._database.rows(
            "SELECT name, value FROM settings WHERE tenant = ? ORDER BY name", [self._tenant]
        )
        return {name: json.loads(value) for name, value in rows}
