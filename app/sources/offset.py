"""The time zone of this machine."""

from __future__ import annotations

import time


def local_offset_min() -> int:
    """Minutes from the time of this machine to UTC, as JavaScript counts them."""
    return (time.altzone if time.localtime().tm_isdst > 0 else time.timezone) // 60
