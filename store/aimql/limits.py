"""How much work a query may ask for, and the counter that enforces it.

A query comes from anybody who can reach the server, so no single item may take long or
grow large, whatever is written. Work is counted in steps: one for each turn of a loop and
each call, and more for those that read or make something large. An item that runs out of
steps does not match; a query that does this again and again is refused.
"""

from __future__ import annotations

import re
from typing import Any

MAX_TEXT_CHARS = 256 * 1024
"""Longest query; room for several thousand run hashes."""
MAX_DEPTH = 100
"""Deepest nesting of expressions; evaluation recurses as deep."""
MAX_STEPS = 10_000
"""Steps for one item."""
MAX_WEIGHT = 20_000
"""Size of a value made by a query, everything inside it counted."""
MAX_BITS = 4_096
"""Size of a whole number made by a query."""
MAX_RANGE = 1_000
"""`range` stays below this."""
MAX_EXHAUSTED_ITEMS = 5
"""So many items may run out of steps before the query is refused."""
MAX_SECONDS = 20.0
"""Processor time for all items of one query together."""

_CHARS_A_STEP = 32
_MAX_SPEC_CHARS = 1_000
_WIDE_SPEC = re.compile(r"\d{4,}")
_LARGE = (str, bytes, list, tuple, set, frozenset, dict, range)
_NESTED = (list, tuple, set, frozenset, dict)


class LimitExceededError(Exception):
    """An item needs more work than it may have; never leaves the package."""


class Budget:
    """The steps that are left for the item at hand."""

    __slots__ = ("steps",)

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps = steps

    def charge(self, steps: int = 1) -> None:
        """Use up steps.

        Raises:
            LimitExceededError: If there are none left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceededError

    def charge_reading(self, value: Any) -> None:
        """Use up steps for looking through a value that may be large."""
        if isinstance(value, _LARGE):
            self.charge(len(value) // _CHARS_A_STEP)

    def charge_making(self, value: Any) -> None:
        """Use up steps for a value that was just made, all of it counted."""
        if isinstance(value, _LARGE):
            self.charge(weight(value) // 8)


def weight(value: Any) -> int:
    """How large a value is when everything inside it is written out.

    Raises:
        LimitExceededError: If it is more than `MAX_WEIGHT`; found without looking further.
    """
    total = 0
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str | bytes):
            total += 1 + len(current) // _CHARS_A_STEP
        elif isinstance(current, _NESTED):
            total += 1 + len(current)
            if total <= MAX_WEIGHT:
                waiting.extend(_parts(current))
        if total > MAX_WEIGHT:
            raise LimitExceededError
    return total


def _parts(value: Any) -> list[Any]:
    """The members of a container that have a weight of their own."""
    heavy = (*_NESTED, str, bytes)
    if isinstance(value, dict):
        return [part for pair in value.items() for part in pair if isinstance(part, heavy)]
    return [part for part in value if isinstance(part, heavy)]


def check_bits(bits: int) -> None:
    """Refuse to make a whole number of so many bits.

    Raises:
        LimitExceededError: If that is too large.
    """
    if bits > MAX_BITS:
        raise LimitExceededError


def check_spec(spec: str) -> None:
    """Refuse a format that is long, or asks for fields thousands of characters wide.

    Raises:
        LimitExceededError: If it does.
    """
    if len(spec) > _MAX_SPEC_CHARS or _WIDE_SPEC.search(spec):
        raise LimitExceededError


def check_length(length: int) -> None:
    """Refuse to make a text or list of this length.

    Raises:
        LimitExceededError: If that is too long.
    """
    if length > MAX_WEIGHT:
        raise LimitExceededError
