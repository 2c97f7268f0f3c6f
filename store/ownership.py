"""Who owns a store: a lock that dies with its process, and a note on how to reach it.

The lock decides; `owner.json` only informs. A note whose lock nobody holds is stale.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import tempfile
import time
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from store.errors import OpenError, StoreLockedError
from store.paths import StorePaths

MAX_SOCKET_BYTES = 100
LOCK_PATIENCE_S = 0.3
"""Somebody may hold the lock for an instant just to see whether it is held."""


class Owner(Struct, frozen=True):
    """The process that owns a store."""

    pid: int
    started_at: float
    """Seconds since the epoch."""
    version: str
    """Of the program."""
    socket: str | None = None
    """Path of the Unix socket that it listens on."""
    url: str | None = None
    """Address that it serves on, if it does."""


class Ownership:
    """Ownership of one store, from `Ownership(...)` to `release()`."""

    def __init__(self, paths: StorePaths, now: float) -> None:
        """Become the owner.

        Raises:
            StoreLockedError: Another process is.
        """
        self._paths = paths
        self._descriptor = _lock(paths)
        self.owner = Owner(pid=os.getpid(), started_at=now, version=_program_version())
        self._write()

    def publish(self, *, socket: str | None = None, url: str | None = None) -> None:
        """Tell others how to reach this owner."""
        self.owner = Owner(
            pid=self.owner.pid,
            started_at=self.owner.started_at,
            version=self.owner.version,
            socket=socket,
            url=url,
        )
        self._write()

    def release(self) -> None:
        """Stop being the owner."""
        if self._descriptor < 0:
            return
        self._paths.owner_file.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = -1

    def _write(self) -> None:
        temporary = self._paths.owner_file.with_suffix(".json.tmp")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(self.owner), file)
        temporary.replace(self._paths.owner_file)


def socket_path(root: Path) -> Path:
    """Where the owner of a store listens: in its folder, or where the path is short enough.

    Addresses of Unix sockets end at about a hundred bytes. The folder that stands in for a
    deep one belongs to one person only.

    Raises:
        OpenError: If somebody else made that folder.
    """
    near = root / "socket"
    if len(os.fsencode(near)) <= MAX_SOCKET_BYTES:
        return near
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"runfolio-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
        raise OpenError(f"{folder} belongs to somebody else; no other process can attach.")
    return folder / "socket"


def read_owner(path: Path) -> Owner | None:
    """The living owner of the store at `path`; None when nobody owns it."""
    paths = StorePaths(path)
    if not _is_locked(paths.lock_file):
        return None
    try:
        return Owner(**json.loads(paths.owner_file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _lock(paths: StorePaths) -> int:
    descriptor = os.open(paths.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    give_up_at = time.monotonic() + LOCK_PATIENCE_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < give_up_at:
                time.sleep(0.02)
                continue
            os.close(descriptor)
            owner = read_owner(paths.root)
            raise StoreLockedError(paths.root, owner.pid if owner else None) from None
        return descriptor


def _is_locked(lock_file: Path) -> bool:
    try:
        descriptor = os.open(lock_file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _program_version() -> str:
    # Local: reading the installed metadata costs some milliseconds of importing.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("runfolio")
    except PackageNotFoundError:
        return "unknown"
