"""The trash: deleted runs that can still be brought back.

A run in the trash belongs to a tenant of its own, one for each tenant, which nobody can name
from outside. So no search, no count and no look-up finds it, and everything that hangs on it
stays as it is. A tombstone lies on its hash, as on that of any deleted run: whatever clients
log for it is dropped until it comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from store.database import INTEGERS, json_list
from store.errors import NameTakenError
from store.models import TrashedRun
from store.queries.artifacts import discard_unnamed
from store.queries.deletion import delete_rows, delete_tombstones, insert_tombstones
from store.queries.noun import TenantQueries
from store.queries.run_rows import records_by_id
from store.registry import RunKey, trash_of

if TYPE_CHECKING:
    from store.core import StoreCore

_NEWEST_FIRST = """
SELECT r.id, coalesce(t.deleted_at, r.updated_at) AS trashed_at
FROM runs r LEFT JOIN tombstones t ON t.tenant = ? AND t.hash = r.hash
WHERE r.tenant = ? ORDER BY trashed_at DESC, r.id DESC
"""


class TrashQueries(TenantQueries):
    """Deleted runs of one tenant."""

    def __init__(self, core: StoreCore, tenant: str) -> None:
        super().__init__(core, tenant)
        self._trash = trash_of(tenant)

    def find(self) -> list[TrashedRun]:
        """Everything in the trash, what was deleted last first."""
        found: dict[int, float] = dict(
            self._database.rows(_NEWEST_FIRST, [self._tenant, self._trash])
        )
        records = records_by_id(self._core, list(found), params=False)
        return [TrashedRun(record, found[record.run.id]) for record in records]

    def put(self, hashes: Iterable[str]) -> int:
        """Move runs into the trash.

        Returns:
            How many there were; unknown ones are ignored.
        """
        run_ids = self._core.registry.ids_of(self._tenant, hashes)
        moved = self._core.registry.move(run_ids, self._trash, bury=True)
        now = self._core.clock.now()

        def work(cursor: DuckDBPyConnection) -> None:
            _set_tenant(cursor, moved, self._trash)
            insert_tombstones(cursor, moved.values(), now)

        self._write(work, moved, self._tenant)
        return len(moved)

    def restore(self, hashes: Iterable[str]) -> int:
        """Bring runs back as they were.

        Returns:
            How many there were; unknown ones are ignored.

        Raises:
            NameTakenError: If there is a new run of the same hash by now.
        """
        registry = self._core.registry
        wanted = registry.ids_of(self._trash, hashes)
        keys = [key[1] for key in registry.keys_of(wanted)]
        for taken in registry.ids_of(self._tenant, keys):
            key = registry.key_of(taken)
            raise NameTakenError("run", key[1] if key else "")
        moved = registry.move(wanted, self._tenant, bury=False)

        def work(cursor: DuckDBPyConnection) -> None:
            _set_tenant(cursor, moved, self._tenant)
            delete_tombstones(cursor, self._tenant, keys)

        self._write(work, moved, self._trash)
        return len(moved)

    def delete(self, hashes: Iterable[str]) -> int:
        """Delete runs of the trash for good; their hashes stay buried for a while.

        Returns:
            How many there were; unknown ones are ignored.
        """
        registry = self._core.registry
        gone = registry.forget(registry.ids_of(self._trash, hashes), bury=False)
        if not gone:
            return 0
        now = self._core.clock.now()
        buried = [(run_id, (self._tenant, key[1])) for run_id, key in gone.items()]

        def work(cursor: DuckDBPyConnection) -> set[str]:
            delete_tombstones(cursor, self._tenant, [key[1] for _, key in buried])
            return delete_rows(cursor, buried, now)

        try:
            digests = self._core.writer.run(work)
        except BaseException:
            registry.restore(gone)
            raise
        for run_id in gone:
            self._core.points.forget_run(run_id)
        self._core.changes.touch()
        if digests:
            discard_unnamed(self._core, digests).result()
        return len(gone)

    def _write(
        self,
        work: Callable[[DuckDBPyConnection], None],
        moved: Mapping[int, RunKey],
        back: str,
    ) -> None:
        if not moved:
            return
        try:
            self._core.writer.run(work)
        except BaseException:
            self._core.registry.move(moved, back, bury=back == self._trash)
            raise
        self._core.params_version += 1
        self._core.names.forget()
        self._core.changes.touch((self._tenant, key[1]) for key in moved.values())


def _set_tenant(cursor: DuckDBPyConnection, run_ids: Iterable[int], tenant: str) -> None:
    ids = json_list(run_ids)
    cursor.execute(f"UPDATE runs SET tenant = ? WHERE id IN {INTEGERS}", [tenant, ids])
