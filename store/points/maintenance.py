"""Background work on points: seal generations, merge segments.

Two threads, so that a long merge never keeps new points from being sealed. A failure (a
full disk, say) is logged and tried again after a pause; meanwhile the logs keep
everything.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from store.errors import StoreError

RETRY_S = 10.0

log = logging.getLogger(__name__)


class Periodic:
    """A thread that runs a job when woken, and every now and then."""

    def __init__(self, name: str, job: Callable[[], None], every_s: float) -> None:
        """Prepare; `start` starts the thread.

        Args:
            name: Of the thread.
            job: Does everything that is due; may raise a `StoreError`.
            every_s: The longest pause between two rounds.
        """
        self._name = name
        self._job = job
        self._every_s = every_s
        self._changed = threading.Condition()
        self._is_woken = False
        self._is_closed = False
        self._rounds_begun = 0
        self._rounds_done = 0
        self.failure: Exception | None = None
        """Why the latest round failed; None if it did not."""
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> int:
        """Ask for a round soon.

        Returns:
            The number of the first round that begins after this call.
        """
        with self._changed:
            self._is_woken = True
            self._changed.notify_all()
            return self._rounds_begun + 1

    def wait_for_round(self, number: int) -> None:
        """Block until that round is over.

        Raises:
            StoreError: The latest round failed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._rounds_done >= number or self._is_closed)
            if self.failure is not None:
                raise self.failure

    def close(self) -> None:
        """Let the round that runs come to its end, then stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def _serve(self) -> None:
        while True:
            with self._changed:
                pause = self._every_s if self.failure is None else RETRY_S
                self._changed.wait_for(lambda: self._is_woken or self._is_closed, pause)
                if self._is_closed:
                    return
                self._is_woken = False
                self._rounds_begun += 1
            failure: Exception | None = None
            try:
                self._job()
            except StoreError as error:
                failure = error
                log.warning("%s: %s", self._name, error)
            except Exception as error:  # whoever waits must hear of a bug
                failure = error
                log.exception("%s failed", self._name)
            with self._changed:
                self.failure = failure
                self._rounds_done = self._rounds_begun
                self._changed.notify_all()
