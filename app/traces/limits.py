"""Typed limits of axes, such as `x=0:5k y=:2.5`."""

from __future__ import annotations

import re

Range = tuple[float | None, float | None]

_PART = re.compile(r"([xy])\s*=\s*([^:\s]*):([^:\s]*)")
_UNITS = {"k": 1e3, "M": 1e6, "G": 1e9, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
HINT = "x=0:5k y=:2.5 · an empty end fits the data · units k M G, s m h d"


def parse_limits(text: str) -> dict[str, Range]:
    """The limits of the axes that are named; None for an open end.

    Raises:
        ValueError: With a sentence, if the text cannot be understood.
    """
    limits: dict[str, Range] = {}
    rest = text
    for match in _PART.finditer(text):
        low, high = _number(match.group(2)), _number(match.group(3))
        if low is not None and high is not None and low >= high:
            raise ValueError(f"{match.group(2)} is not below {match.group(3)}")
        limits[match.group(1)] = (low, high)
        rest = rest.replace(match.group(), "", 1)
    if rest.strip() or not limits:
        raise ValueError(f"{rest.strip() or 'nothing'!r} is not like x=0:100 or y=:2.5")
    return limits


def filled(limits: Range | None, known: tuple[float, float]) -> tuple[float, float] | None:
    """Limits with open ends taken from what is known; None if there are none, or no room."""
    if limits is None:
        return None
    low = known[0] if limits[0] is None else limits[0]
    high = known[1] if limits[1] is None else limits[1]
    return (low, high) if low < high else None


def _number(text: str) -> float | None:
    if not text:
        return None
    unit = _UNITS.get(text[-1])
    try:
        return float(text[:-1]) * unit if unit else float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None
