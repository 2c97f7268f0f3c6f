"""From an address to a source: open the store, attach to its owner, or call a server.

One process owns a store. Whoever comes second finds the owner's socket in `owner.json` and
talks to it, so nobody ever sees a lock. Blocks; nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from store.errors import NoStoreError, StoreLockedError

if TYPE_CHECKING:
    from app.sources.protocol import Source
    from store.ownership import Owner

DEFAULT_STORE = Path("lab.rf")
SUFFIX = ".rf"
ATTACH_PATIENCE_S = 3.0
"""An owner that has just started needs a moment until it listens."""
POLL_S = 0.1


def is_url(address: str) -> bool:
    """Whether an address names a server rather than a folder."""
    return address.startswith(("http://", "https://"))


def find_store(start: Path) -> Path | None:
    """The nearest store: this folder, a store in it, or the same upwards."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if folder.suffix == SUFFIX and (folder / "meta.duckdb").is_file():
            return folder
        try:
            stores = sorted(each for each in folder.glob(f"*{SUFFIX}") if each.is_dir())
        except OSError:
            continue
        if stores:
            return stores[0]
    return None


def open_source(address: str = "", *, create: bool = False, token: str = "") -> Source:
    """The source at an address; without one the nearest store.

    Raises:
        OpenError: If there is no store, or it cannot be used.
        SourceUnavailableError: If the server does not answer.
    """
    if is_url(address):
        from app.sources.remote import RemoteSource

        return RemoteSource.connect(address, token=token)
    path = Path(address).expanduser() if address else find_store(Path.cwd())
    if path is None:
        raise NoStoreError(Path.cwd(), is_search=True)
    return open_store(path, create=create)


def open_store(path: Path, *, create: bool = False) -> Source:
    """The store at a path, opened here or attached to where it is open already.

    Raises:
        OpenError: If it cannot be used; `StoreLockedError` if its owner does not listen.
    """
    from app.sources.local import LocalSource
    from store import Store

    try:
        return LocalSource(Store.open(path, create=create), owns_store=True)
    except StoreLockedError as locked:
        return _attach(path, locked)


def _attach(path: Path, locked: StoreLockedError) -> Source:
    from app.sources.local import LocalSource, display_path
    from app.sources.remote import RemoteSource
    from app.sources.shared import SharedSource
    from store import Store
    from store.ownership import read_owner

    path = path.absolute()
    give_up_at = time.monotonic() + ATTACH_PATIENCE_S
    while True:
        owner = read_owner(path)
        if owner is None:
            # The owner has just left: its store is free now.
            return LocalSource(Store.open(path, create=False), owns_store=True)
        if owner.socket or owner.url:
            remote = RemoteSource.connect(**_door(owner), title=display_path(path))
            shared = SharedSource(remote, owner.pid, partial(open_store, path))
            return cast("Source", shared)
        if time.monotonic() > give_up_at:
            raise locked
        time.sleep(POLL_S)


def _door(owner: Owner) -> dict[str, str]:
    # The socket speaks plain HTTP even where the port speaks HTTPS.
    if owner.socket:
        return {"url": "http://localhost", "socket": owner.socket}
    return {"url": owner.url or ""}
