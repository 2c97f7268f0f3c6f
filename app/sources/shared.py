"""`SharedSource`: a store folder that another process has open.

While its owner lives, everything is asked of the owner. When the owner is gone, `reconnect`
opens the store here, or attaches to whoever was faster, and all calls go there from then on.
Whoever holds this source notices nothing but the sentence that `reconnect` gives.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.sources.errors import SourceUnavailableError
from store.errors import StoreLockedError

if TYPE_CHECKING:
    from app.sources.protocol import Source


class SharedSource:
    """Stands for whichever source reaches the store now."""

    def __init__(self, source: Source, pid: int, open_again: Callable[[], Source]) -> None:
        self._source = source
        self._pid = pid
        """Of the owner that is attached to."""
        self._open_again = open_again
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        """Whatever the source of the moment has."""
        return getattr(self._source, name)

    def reconnect(self) -> str:
        """Find the store again after its owner stopped answering; what became of it.

        Raises:
            SourceUnavailableError: If somebody holds the store and does not listen.
            StoreError: If the store cannot be opened.
        """
        with self._lock:
            old = self._source
            if old.store is not None:
                return ""
            try:
                found = self._open_again()
            except StoreLockedError as error:
                why = f"is held by {_process(error.pid)}, which does not answer yet."
                raise SourceUnavailableError(old.address, why) from error
            if isinstance(found, SharedSource):
                # This one stays in use; of the new one only what it found is needed.
                self._source, pid = found._source, found._pid
            else:
                self._source, pid = found, 0
            is_same, self._pid = pid == self._pid, pid
        old.close()
        if is_same:
            return "Connected again."
        if pid:
            return f"{self._source.address} is open in process {pid} now; attached to it."
        return f"The other process has left: {self._source.address} is open in this one now."


def _process(pid: int | None) -> str:
    return "another process" if pid is None else f"process {pid}"
