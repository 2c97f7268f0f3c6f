"""Numbered steps that bring a store's schema up to date.

A step is a file `NNNN_name.sql` in this folder. It runs in one transaction together with
its record in the table `migrations`, and is never edited after a release.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from msgspec import Struct

from store.database import Database, driver_errors
from store.errors import StoreCorruptError, StoreVersionError

_RECORDS = (
    "CREATE TABLE IF NOT EXISTS migrations "
    "(number INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at DOUBLE NOT NULL)"
)


class Step(Struct, frozen=True):
    """One migration."""

    number: int
    name: str
    sql: str


def known_steps() -> list[Step]:
    """Every step that this program knows, ascending."""
    steps = []
    for path in sorted(Path(__file__).parent.glob("[0-9][0-9][0-9][0-9]_*.sql")):
        number, _, name = path.stem.partition("_")
        steps.append(Step(int(number), name, path.read_text(encoding="utf-8")))
    return steps


def schema_version(database: Database) -> int:
    """Number of the newest step applied; 0 for an empty file."""
    tables = {
        name
        for (name,) in database.rows(
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name"
        )
    }
    if "migrations" not in tables:
        if tables:
            raise StoreCorruptError(database.path, "its tables are not those of a store")
        return 0
    row = database.row("SELECT max(number) FROM migrations")
    return int(row[0]) if row and row[0] is not None else 0


def migrate(database: Database, now: float, steps: list[Step] | None = None) -> list[Step]:
    """Apply the pending steps, each in a transaction of its own.

    Args:
        database: The store's database.
        now: The time to record.
        steps: The known steps; all of this folder unless given.

    Returns:
        The steps that were applied.

    Raises:
        StoreVersionError: A newer program made the file; nothing is changed.
        StoreCorruptError: The file is no store's.
    """
    steps = known_steps() if steps is None else steps
    newest = steps[-1].number if steps else 0
    found = schema_version(database)
    if found > newest:
        raise StoreVersionError(database.path.parent, found, newest)
    pending = [step for step in steps if step.number > found]
    for step in pending:
        _apply(database.cursor(), step, now)
    return pending


def _apply(cursor: duckdb.DuckDBPyConnection, step: Step, now: float) -> None:
    with driver_errors():
        cursor.execute("BEGIN TRANSACTION")
        try:
            cursor.execute(_RECORDS)
            cursor.execute(step.sql)
            cursor.execute(
                "INSERT INTO migrations (number, name, applied_at) VALUES (?, ?, ?)",
                [step.number, step.name, now],
            )
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
