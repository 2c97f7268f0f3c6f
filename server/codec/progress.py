"""Progress frames: how far a search has come, between its records."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

PROGRESS = "progress"
"""A record whose key starts with this is progress, never data."""


class Progress(Struct, frozen=True):
    """How many of all runs were looked at so far."""

    checked: int
    total: int


def read_progress(key: object, tree: Any) -> Progress | None:
    """The progress that a decoded record stands for; None if the record is data."""
    if not isinstance(key, str) or not key.startswith(PROGRESS):
        return None
    numbers = list(tree.values()) if isinstance(tree, dict) else tree
    if not isinstance(numbers, list) or len(numbers) != 2:
        return Progress(0, 0)
    checked, total = numbers
    return Progress(int(checked), int(total))
