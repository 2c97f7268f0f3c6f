"""Waits for changes of a source on a thread of its own.

A thread of its own because it waits nearly all the time, and waiting threads would use up
the pool that loads run on. It is a daemon: leaving the program never waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.sources.opening import is_url
from app.sources.protocol import Source
from store.errors import StoreError

WAIT_S = 5.0
STOP_S = 2.0
RETRY_FIRST_S = 0.5
RETRY_LAST_S = 30.0
RETRY_LAST_HERE_S = 1.0
"""Of a store on this machine, which asks little of anybody."""


class ChangeWatcher:
    """Tells what changed, at most once in an interval, until it is stopped."""

    def __init__(
        self,
        source: Source,
        *,
        version: int,
        interval_s: float,
        on_change: Callable[[int, frozenset[str] | None], None],
        on_problem: Callable[[str, float], None],
        on_return: Callable[[str], None],
    ) -> None:
        """Begin with nothing; `start` watches.

        Args:
            source: What is watched.
            version: The newest version that is known; read it before anything else is read.
            interval_s: The shortest time between two calls of `on_change`.
            on_change: Told the version, and the runs; None if everything may have changed.
            on_problem: Told why the source does not answer, and the seconds until it is tried
                again; 0 while it is tried.
            on_return: Told what became of the source when it answers again.
        """
        self._source = source
        self._version = version
        self._interval_s = interval_s
        self._on_change = on_change
        self._on_problem = on_problem
        self._on_return = on_return
        self._is_stopped = threading.Event()
        self._may_retry = threading.Event()
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
        self._may_retry.set()
        if self._source.store is not None:
            self._source.store.changes.wake()
            self.join(STOP_S)

    def try_now(self) -> None:
        """End the pause before a source that does not answer is tried again."""
        self._may_retry.set()

    def join(self, timeout_s: float) -> None:
        """Wait until the thread has ended."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _watch(self) -> None:
        version = self._version
        while not self._is_stopped.is_set():
            try:
                version = self._step(version)
            except StoreError as error:
                version = self._regain(error, version)

    def _regain(self, error: StoreError, version: int) -> int:
        """Try until the source answers again; its version then.

        The first time at once and without a word: an owner that leaves is replaced so fast
        that nobody has to worry.
        """
        pause_s = RETRY_FIRST_S
        last_s = RETRY_LAST_S if is_url(self._source.address) else RETRY_LAST_HERE_S
        while not self._is_stopped.is_set():
            self._may_retry.clear()
            try:
                sentence = self._source.reconnect()
                version = self._source.version()
            except StoreError as again:
                error = again
            else:
                self._on_return(sentence)
                self._on_change(version, None)
                return version
            self._on_problem(str(error), pause_s)
            self._may_retry.wait(pause_s)
            pause_s = min(last_s, pause_s * 2)
            if not self._is_stopped.is_set():
                self._on_problem(str(error), 0.0)
        return version

    def _step(self, version: int) -> int:
        newest = self._source.wait_for_change(version, WAIT_S)
        if newest == version or self._is_stopped.is_set():
            return newest
        changed = self._source.changed_runs(version)
        self._on_change(newest, None if changed is None else frozenset(changed))
        self._is_stopped.wait(self._interval_s)
        return newest
