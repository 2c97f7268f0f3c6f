"""Deleting runs: every row that hangs on them, in one transaction with the tombstones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from duckdb import DuckDBPyConnection

from store.database import INTEGERS, TEXTS, Database, insert_rows, json_list
from store.registry import TRASH, RunKey
from store.writer import MetadataWriter

TOMBSTONE_AGE_S = 168 * 3600.0
"""After this time nobody goes on logging to a deleted run, and its hash is free again."""

_OF_RUN = ("params", "run_tags", "notes", "log_lines", "log_records", "artifacts", "sequences")

_TOMBSTONES = {"tenant": "VARCHAR", "hash": "VARCHAR", "deleted_at": "DOUBLE"}


def delete_rows(
    cursor: DuckDBPyConnection, runs: Sequence[tuple[int, RunKey]], now: float
) -> set[str]:
    """Delete the rows of runs and lay tombstones; inside the writer's transaction.

    Returns:
        Digests that the deleted rows named; others may still name them.
    """
    ids = json_list(run_id for run_id, _ in runs)
    of_sequences = f"sequence_id IN (SELECT id FROM sequences WHERE run_id IN {INTEGERS})"
    digests = cursor.execute(
        f"SELECT digest FROM artifacts WHERE run_id IN {INTEGERS} "
        f"UNION SELECT blob FROM objects WHERE blob IS NOT NULL AND {of_sequences}",
        [ids, ids],
    ).fetchall()
    cursor.execute(f"DELETE FROM objects WHERE {of_sequences}", [ids])
    for table in _OF_RUN:
        cursor.execute(f"DELETE FROM {table} WHERE run_id IN {INTEGERS}", [ids])
    cursor.execute(f"DELETE FROM runs WHERE id IN {INTEGERS}", [ids])
    insert_tombstones(cursor, [key for _, key in runs], now)
    _raise_counter(cursor, max(run_id for run_id, _ in runs) + 1)
    return {str(digest) for (digest,) in digests if digest}


def insert_tombstones(cursor: DuckDBPyConnection, keys: Iterable[RunKey], now: float) -> None:
    """Lay tombstones on hashes."""
    insert_rows(cursor, "tombstones", _TOMBSTONES, [(*key, now) for key in keys])


def delete_tombstones(cursor: DuckDBPyConnection, tenant: str, hashes: Iterable[str]) -> None:
    """Take the tombstones off some hashes of a tenant."""
    sql = f"DELETE FROM tombstones WHERE tenant = ? AND hash IN {TEXTS}"
    cursor.execute(sql, [tenant, json_list(hashes)])


def delete_tombstone(cursor: DuckDBPyConnection, tenant: str, run_hash: str) -> None:
    """Take the tombstone off a hash."""
    delete_tombstones(cursor, tenant, [run_hash])


def clear_old_tombstones(database: Database, writer: MetadataWriter, now: float) -> None:
    """Take the tombstones off the hashes of runs that were deleted long ago.

    Those of runs in the trash stay. Nothing is written when there are none.
    """
    old = "FROM tombstones WHERE deleted_at < ? AND (? || tenant, hash) NOT IN (SELECT (tenant, hash) FROM runs)"
    params = [now - TOMBSTONE_AGE_S, TRASH]
    if database.row(f"SELECT 1 {old} LIMIT 1", params):
        writer.run(lambda cursor: cursor.execute(f"DELETE {old}", params))


def _raise_counter(cursor: DuckDBPyConnection, next_id: int) -> None:
    # Points of a deleted run are dropped by its number, so no later run may get it again.
    row = cursor.execute("SELECT value FROM counters WHERE name = 'run'").fetchone()
    if row is None:
        cursor.execute("INSERT INTO counters (name, value) VALUES ('run', ?)", [next_id])
    elif row[0] < next_id:
        cursor.execute("UPDATE counters SET value = ? WHERE name = 'run'", [next_id])
