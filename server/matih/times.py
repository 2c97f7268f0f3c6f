"""Times of this API: milliseconds or ISO text in, naive UTC ISO text out."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

_SECONDS_BELOW = 1e11
"""Numbers below this are seconds (until the year 5138), others milliseconds."""


def seconds_of(value: Any) -> float:
    """Seconds since the epoch, from milliseconds, seconds or ISO text.

    Raises:
        ValueError: If the value is no time.
    """
    if isinstance(value, bool):
        raise ValueError("must be milliseconds since the epoch or ISO text")
    if isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > 1e15:
            raise ValueError("is out of range")
        return float(value) if abs(value) < _SECONDS_BELOW else value / 1000.0
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("must be milliseconds since the epoch or ISO text") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    raise ValueError("must be milliseconds since the epoch or ISO text")


def iso_of(seconds: float | None) -> str | None:
    """ISO text without a zone, in UTC; None for no time."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()
