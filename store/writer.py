"""The one thread that writes metadata: group commit.

Jobs queue up while a transaction commits; the next transaction takes them all. When one
of them fails, the transaction is rolled back and its jobs run again one by one, so that a
job fails only for its own reasons. Hence a job must not change anything but the database;
what has to happen in memory is done in `after`, which runs once the job is durable and
before its future resolves.

`CHECKPOINT` happens here and nowhere else.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from duckdb import DuckDBPyConnection
from msgspec import Struct, field

from store.database import Database, driver_errors
from store.errors import StoreError

T = TypeVar("T")

CHECKPOINT_BYTES = 16 << 20
"""DuckDB's own log may grow this far before it is folded into the file."""

MAX_BATCH = 512


class _Job(Struct):
    work: Callable[[DuckDBPyConnection], Any]
    after: Callable[[Any], object] | None
    future: Future[Any] = field(default_factory=Future)
    value: Any = None


class MetadataWriter:
    """Runs jobs in transactions, in the order of their submission."""

    def __init__(self, database: Database, *, checkpoint_bytes: int = CHECKPOINT_BYTES) -> None:
        self._database = database
        self._checkpoint_bytes = checkpoint_bytes
        self._wal_path = database.path.with_name(database.path.name + ".wal")
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._serve, name="metadata-writer", daemon=True)
        self._thread.start()

    def submit(
        self,
        work: Callable[[DuckDBPyConnection], T],
        after: Callable[[T], object] | None = None,
    ) -> Future[T]:
        """Queue a job.

        Args:
            work: Runs inside the batch's transaction and may run twice.
            after: Gets the job's value once it is durable; must not fail.

        Returns:
            Resolves with the job's value when it is durable and visible.

        Raises:
            StoreError: The store is closed.
        """
        job = _Job(work, after)
        with self._closing:
            if self._is_closed:
                raise StoreError("The store is closed.")
            self._jobs.put(job)
        return job.future

    def run(
        self,
        work: Callable[[DuckDBPyConnection], T],
        after: Callable[[T], object] | None = None,
    ) -> T:
        """Run a job and wait for it. Never call this from inside a job."""
        return self.submit(work, after).result()

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._closing:
            if self._is_closed:
                return
            self._is_closed = True
            self._jobs.put(None)
        self._thread.join()

    def _serve(self) -> None:
        cursor = self._database.new_cursor()
        is_open = True
        while is_open:
            batch: list[_Job] = []
            job = self._jobs.get()
            while job is not None:
                batch.append(job)
                if len(batch) >= MAX_BATCH or self._jobs.empty():
                    break
                job = self._jobs.get()
            is_open = job is not None
            if batch:
                self._commit(cursor, batch)
                self._checkpoint_if_due(cursor)
        cursor.close()

    def _commit(self, cursor: DuckDBPyConnection, batch: list[_Job]) -> None:
        try:
            self._transact(cursor, batch)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the job
            if len(batch) == 1:
                batch[0].future.set_exception(error)
                return
            for job in batch:
                self._commit(cursor, [job])
            return
        for job in batch:
            _finish(job)

    @staticmethod
    def _transact(cursor: DuckDBPyConnection, batch: list[_Job]) -> None:
        with driver_errors():
            cursor.execute("BEGIN TRANSACTION")
            try:
                for job in batch:
                    job.value = job.work(cursor)
                cursor.execute("COMMIT")
            except BaseException:
                _roll_back(cursor)
                raise

    def _checkpoint_if_due(self, cursor: DuckDBPyConnection) -> None:
        try:
            if self._wal_path.stat().st_size < self._checkpoint_bytes:
                return
        except FileNotFoundError:
            return
        try:
            with driver_errors():
                cursor.execute("CHECKPOINT")
        except StoreError:
            # Somebody reads; the log only grows a little longer until the next batch.
            return


def _finish(job: _Job) -> None:
    try:
        if job.after is not None:
            job.after(job.value)
    except BaseException as error:  # noqa: BLE001 - a bug in `after` must reach the caller
        job.future.set_exception(error)
        return
    job.future.set_result(job.value)


def _roll_back(cursor: DuckDBPyConnection) -> None:
    # A failed COMMIT has ended the transaction already.
    try:
        with driver_errors():
            cursor.execute("ROLLBACK")
    except StoreError:
        return
