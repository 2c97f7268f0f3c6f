"""Answers to requests that carried a key of their own, kept for when they are sent again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from store.models.access import KeptAnswer

if TYPE_CHECKING:
    from store.core import StoreCore

REMEMBERED_S = 86_400.0
MAX_ANSWERS = 10_000
_TRIM_EVERY = 100


class AnswerQueries:
    """Answers of all tenants; the key says whose each is."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core
        self._kept = 0

    def find(self, key: str) -> KeptAnswer | None:
        """The answer that was kept under a key, if it is not too old."""
        row = self._core.database.row(
            "SELECT body_digest, status, headers, body FROM idempotent_answers "
            "WHERE key = ? AND expires_at > ?",
            [key, self._core.clock.now()],
        )
        if row is None:
            return None
        headers = tuple((name, value) for name, value in json.loads(row[2]))
        return KeptAnswer(row[0], row[1], headers, bytes(row[3]))

    def keep(self, key: str, answer: KeptAnswer) -> None:
        """Keep an answer for a day; returns once it is durable."""
        now = self._core.clock.now()
        self._kept += 1
        is_trimmed = self._kept % _TRIM_EVERY == 0

        def work(cursor: DuckDBPyConnection) -> None:
            cursor.execute(
                "DELETE FROM idempotent_answers WHERE key = ? OR expires_at <= ?", [key, now]
            )
            if is_trimmed:
                cursor.execute(
                    "DELETE FROM idempotent_answers WHERE key NOT IN (SELECT key FROM "
                    "idempotent_answers ORDER BY expires_at DESC, key LIMIT ?)",
                    [MAX_ANSWERS],
                )
            cursor.execute(
                "INSERT INTO idempotent_answers VALUES (?, ?, ?, ?, ?, ?)",
                [
                    key,
                    answer.body_digest,
                    answer.status,
                    json.dumps(answer.headers),
                    answer.body,
                    now + REMEMBERED_S,
                ],
            )

        self._core.writer.run(work)
