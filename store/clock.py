"""Time and new ids; the one place where the store meets either, so that tests can set them."""

from __future__ import annotations

import time
import uuid
from typing import Protocol

EARLIEST_SANE_TIME = 946_684_800.0
"""The year 2000. A client's time before it says that the client's clock is not set."""

LATEST_SANE_LEAD_S = 86_400.0
"""A client's clock may run this far ahead of ours before it is not believed."""


class Clock(Protocol):
    """What the store wants to know about time."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    def new_id(self) -> str:
        """A fresh id for an experiment, a tag, a note..."""
        ...


class SystemClock:
    """The machine's clock and random ids."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time()

    def new_id(self) -> str:
        """A random UUID with dashes."""
        return str(uuid.uuid4())


def sane_time(client_time: float | None, now: float) -> float:
    """The client's time where it can be believed, else `now`."""
    if client_time is None:
        return now
    if EARLIEST_SANE_TIME <= client_time <= now + LATEST_SANE_LEAD_S:
        return client_time
    return now
