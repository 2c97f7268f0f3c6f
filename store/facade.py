"""`Store`: opens a folder, owns it, and hands out workspaces. No SQL here."""

from __future__ import annotations

import atexit
import errno
import threading
import weakref
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from store.changes import Changes
from store.clock import Clock, SystemClock
from store.core import DEFAULT_TENANT, StoreCore
from store.database import Database
from store.errors import (
    InvalidDataError,
    NoStoreError,
    NotAStoreError,
    OpenError,
    StoreCorruptError,
    StoreError,
)
from store.ingest import IngestQueue
from store.migrations import migrate
from store.models.access import StoreStatistics
from store.objects.blobs import BlobStore
from store.ownership import Ownership
from store.paths import StorePaths
from store.points.engine import PointEngine
from store.queries.answers import AnswerQueries
from store.queries.audit import AuditQueries
from store.queries.deletion import clear_old_tombstones
from store.queries.names import NameCache
from store.queries.tokens import TokenQueries
from store.registry import RunRegistry
from store.search.counters import SearchCounters
from store.workspace import Workspace
from store.writer import MetadataWriter


class Store:
    """An open store; a context manager. Any thread may call anything."""

    def __init__(self, core: StoreCore, ownership: Ownership) -> None:
        self._core = core
        self._lock = threading.Lock()
        self._workspaces: dict[str, Workspace] = {}
        self.path = core.paths.root
        """The folder."""
        self.ownership = ownership
        """To tell others how to reach this process."""
        self.changes = core.changes
        """What changed since."""
        self.searches = core.searches
        """What searching has cost so far."""
        self.tokens = TokenQueries(core)
        self.audit = AuditQueries(core)
        self.answers = AnswerQueries(core)
        """Answers to requests that may be sent again."""
        self.default = self.workspace(DEFAULT_TENANT)
        """The workspace of whoever does not name a tenant."""
        # At the end of the interpreter a thread inside DuckDB would abort the process.
        self._at_exit = _CloseForgotten(self)
        atexit.register(self._at_exit)

    @classmethod
    def open(
        cls, path: Path | str, *, create: bool = True, clock: Clock | None = None
    ) -> Store:
        """Open a store and become its owner.

        Args:
            path: The folder.
            create: Whether to make a store where nothing is, or an empty folder.
            clock: Time and new ids; the machine's unless a test says otherwise.

        Raises:
            NotAStoreError: Something else lies there, or nothing and `create` is off.
            StoreLockedError: Another process owns the store.
            StoreVersionError: A newer program made it.
            StoreCorruptError: One of its files is damaged.
            OpenError: The place cannot be read or written.
        """
        paths = StorePaths(Path(path).expanduser().absolute())
        clock = clock or SystemClock()
        try:
            is_new = _check_place(paths, create=create)
            with ExitStack() as undo:
                if is_new:
                    paths.root.mkdir(parents=True, exist_ok=True)
                ownership = Ownership(paths, clock.now())
                undo.callback(ownership.release)
                core = _open_core(paths, clock, undo, is_new=is_new)
                store = cls(core, ownership)
                undo.pop_all()
        except OSError as error:
            raise OpenError(f"{paths.root} cannot be used: {_why(error)}.") from error
        return store

    def workspace(self, tenant: str) -> Workspace:
        """Everything of one tenant; a tenant needs no creation.

        Raises:
            InvalidDataError: If the name is empty or too long.
        """
        if not tenant or len(tenant) > 200 or not tenant.isprintable():
            raise InvalidDataError("tenant", "must have 1 to 200 printable characters")
        with self._lock:
            if tenant not in self._workspaces:
                self._workspaces[tenant] = Workspace(self._core, tenant)
            return self._workspaces[tenant]

    def tenants(self) -> list[str]:
        """Tenants that have runs, and the default one; sorted."""
        return sorted({DEFAULT_TENANT, *self._core.registry.tenants()})

    def statistics(self) -> StoreStatistics:
        """Figures about the store; grows with the number of its files."""
        points = self._core.points.statistics()
        return StoreStatistics(
            runs=len(self._core.registry),
            points=points.points,
            unsealed_points=points.unsealed_points,
            segments=points.segments,
            size_bytes=_size_bytes(self.path),
            ingested_frames=self._core.queue.frames,
            ingested_points=self._core.queue.points,
        )

    def seal(self) -> None:
        """Turn all unsealed points into a segment now, and wait for it."""
        self._core.points.seal(wait=True)

    def close(self) -> None:
        """Make everything durable and give the store up; nothing works afterwards."""
        with self._lock:
            if self._core.is_closed:
                return
            self._core.is_closed = True
        core = self._core
        with ExitStack() as steps:
            steps.callback(self.ownership.release)
            steps.callback(core.database.close)
            steps.callback(core.writer.close)
            steps.callback(core.flush_touched)
            steps.callback(core.points.close)
        core.changes.wake()
        atexit.unregister(self._at_exit)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _why(error: OSError) -> str:
    why = (error.strerror or str(error)).lower()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        why += ". Whoever opens a store, also to read it, writes into its folder: copy it to "
        why += "a place where you may"
    return why


class _CloseForgotten:
    """Closes a store that nobody closed, if it still exists when the program ends."""

    def __init__(self, store: Store) -> None:
        self._store = weakref.ref(store)

    def __call__(self) -> None:
        store = self._store()
        if store is not None:
            store.close()


def _check_place(paths: StorePaths, *, create: bool) -> bool:
    """Whether the store has yet to be made there."""
    root = paths.root
    if "\0" in str(root):
        raise NotAStoreError(root, "no path has a zero character in it")
    if not root.exists():
        if not create:
            raise NoStoreError(root)
        return True
    if not root.is_dir():
        raise NotAStoreError(root, "it is a file")
    if paths.meta.exists():
        return False
    ours = {paths.lock_file.name, paths.owner_file.name, paths.new_meta.name}
    # Left by a process that ended while it made the store.
    ours |= {f"{paths.new_meta.name}.wal", f"{paths.owner_file.name}.tmp"}
    if any(entry.name not in ours for entry in root.iterdir()):
        raise NotAStoreError(root, "it is a folder with other things in it")
    if not create:
        raise NotAStoreError(root, "the folder is empty")
    return True


def _open_core(paths: StorePaths, clock: Clock, undo: ExitStack, *, is_new: bool) -> StoreCore:
    if is_new and not paths.meta.exists():
        _make_meta(paths, clock)
    database = Database(paths.meta)
    undo.callback(database.close)
    for folder in (paths.wal_dir, paths.segments_dir, paths.blobs_dir):
        folder.mkdir(exist_ok=True)
    try:
        migrate(database, clock.now())
        return _start_core(paths, clock, database, undo)
    except OpenError:
        raise
    except StoreError as error:
        # Damage inside the file shows when its tables are read.
        raise StoreCorruptError(paths.meta, str(error)) from error


def _start_core(
    paths: StorePaths, clock: Clock, database: Database, undo: ExitStack
) -> StoreCore:
    writer = MetadataWriter(database)
    undo.callback(writer.close)
    clear_old_tombstones(database, writer, clock.now())
    core = StoreCore(
        paths=paths,
        clock=clock,
        database=database,
        writer=writer,
        registry=RunRegistry(database),
        changes=Changes(),
        searches=SearchCounters(),
        blobs=BlobStore(paths),
        names=NameCache(database),
    )
    core.points = PointEngine(paths, database, writer, core.runs_changed)
    core.queue = IngestQueue(core)
    return core


def _make_meta(paths: StorePaths, clock: Clock) -> None:
    """Make the metadata under another name first: a store is there whole or not at all."""
    for leftover in (paths.new_meta, paths.new_meta.with_name(f"{paths.new_meta.name}.wal")):
        leftover.unlink(missing_ok=True)
    database = Database(paths.new_meta)
    try:
        migrate(database, clock.now())
    finally:
        database.close()
    paths.new_meta.replace(paths.meta)


def _size_bytes(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            # Sealing and merging remove files while we look.
            continue
    return total
