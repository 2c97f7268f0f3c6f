"""One thread that waits for changes of the store, for all clients that long-poll."""

from __future__ import annotations

import asyncio
import contextlib
import threading

from store import Store

_WAIT_S = 1.0


class ChangeWatch:
    """Wakes coroutines when the store changes, and when the server stops."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._is_stopping = threading.Event()
        self._waiters: set[asyncio.Future[None]] = set()
        # Waking the loop for every commit costs as much as a small commit itself.
        self._is_awaited = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_stopping(self) -> bool:
        """Whether nobody shall wait any more."""
        return self._is_stopping.is_set()

    def start(self) -> None:
        """Begin to watch; called on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(
            target=self._watch, name="runfolio-changes", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Let everybody who waits return, and end the thread."""
        self._is_stopping.set()
        self._wake()
        self._is_awaited.set()
        if self._thread is not None:
            # A thread inside the store while the interpreter ends makes DuckDB complain.
            self._store.changes.wake()
            self._thread.join(_WAIT_S)

    async def wait(self, version: int, timeout_s: float) -> int:
        """The store's version as soon as it is past `version`, or after the time."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while not self._is_stopping.is_set():
            current = self._store.changes.version
            remaining_s = deadline - loop.time()
            if current > version or remaining_s <= 0:
                break
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiters.add(waiter)
            self._is_awaited.set()
            # A change between the look at the version and here has no waiter to wake.
            if self._store.changes.version == current:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(waiter, min(remaining_s, _WAIT_S))
            self._waiters.discard(waiter)
        return self._store.changes.version

    def _watch(self) -> None:
        version = self._store.changes.version
        while not self._is_stopping.is_set():
            if not self._is_awaited.wait(_WAIT_S):
                continue
            moved = self._store.changes.wait(version, _WAIT_S)
            if moved > version and self._loop is not None:
                version = moved
                with contextlib.suppress(RuntimeError):
                    # The loop may be closed while the server stops.
                    self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._is_awaited.clear()
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
