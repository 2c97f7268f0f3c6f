"""Waits for changes of a source on a thread of its own.

A thread of its own because it waits nearly all the time, and waiting threads would use up
the pool that loads run on. It is a daemon: leaving the program never waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.sources.protocol import Source
from store.errors import StoreError

WAIT_S = 5.0
STOP_S = 2.0
RETRY_FIRST_S = 0.5
RETRY_LAST_S = 10.0


class ChangeWatcher:
    """Tells what changed, at most once in an interval, until it is stopped."""

    def __init__(
        self,
        source: Source,
        *,
        version: int,
        interval_s: float,
        on_change: Callable[[int, frozenset[str] | None], None],
        on_problem: Callable[[str], None],
    ) -> None:
        self._source = source
        self._version = version
        """Changes up to this one are known; read it before anything else is read."""
        self._interval_s = interval_s
        self._on_change = on_change
        self._on_problem = on_problem
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more, and end the thread.

        Waiting for changes of a store ends at once; asking a server may last a little longer,
        unheard, and nobody waits for that.
        """
        self._is_stopped.set()
        if self._source.store is not None:
            self._source.store.changes.wake()
            self.join(STOP_S)

    def join(self, timeout_s: float) -> None:
        """Wait until the thread has ended."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _watch(self) -> None:
        version = self._version
        pause_s = RETRY_FIRST_S
        has_problem = False
        while not self._is_stopped.is_set():
            try:
                version = self._step(version, has_problem=has_problem)
                if has_problem:
                    self._on_problem("")
                has_problem, pause_s = False, RETRY_FIRST_S
            except StoreError as error:
                if self._is_stopped.is_set():
                    return
                if not has_problem:
                    self._on_problem(str(error))
                has_problem = True
                self._is_stopped.wait(pause_s)
                pause_s = min(RETRY_LAST_S, pause_s * 2)

    def _step(self, version: int, *, has_problem: bool) -> int:
        newest = self._source.wait_for_change(version, 0.0 if has_problem else WAIT_S)
        if newest == version or self._is_stopped.is_set():
            return newest
        changed = self._source.changed_runs(version)
        self._on_change(newest, None if changed is None else frozenset(changed))
        self._is_stopped.wait(self._interval_s)
        return newest
