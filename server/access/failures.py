"""Slows down whoever guesses tokens."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

MAX_FAILURES = 10
WINDOW_S = 60.0
_MAX_CLIENTS = 10_000


class FailureLimiter:
    """Counts wrong credentials by client address; ten in a minute close the door."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, client: str) -> float:
        """Seconds until this client may try again; 0 when it may now."""
        moments = self._failures.get(client)
        if moments is None or len(moments) < MAX_FAILURES:
            return 0.0
        return max(0.0, moments[0] + WINDOW_S - self._clock())

    def record(self, client: str) -> None:
        """One more wrong credential."""
        moments = self._failures.setdefault(client, deque(maxlen=MAX_FAILURES))
        self._failures.move_to_end(client)
        moments.append(self._clock())
        if len(self._failures) > _MAX_CLIENTS:
            self._failures.popitem(last=False)

    def forgive(self, client: str) -> None:
        """Forget a client's failures: it has shown a good credential."""
        self._failures.pop(client, None)
