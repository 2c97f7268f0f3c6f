"""What long tables tell of many runs at once, and the runs in the trash."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from store.models.run import RunRecord


class Figures(Struct, frozen=True):
    """What the finite values of a column come to in a group."""

    count: int
    mean: float
    deviation: float
    """Standard deviation of the sample; 0 for one value."""
    min: float
    max: float


class GroupedRuns(Struct, frozen=True):
    """Runs with the same values in the fields that one groups by."""

    key: tuple[Any, ...]
    """One JSON value for each field; None where a run has none."""
    hashes: tuple[str, ...]
    """In the order of the search."""
    figures: tuple[Figures | None, ...]
    """One for each column asked for."""


class TrashedRun(Struct, frozen=True):
    """A deleted run that can still be brought back."""

    record: RunRecord
    """Without params."""
    deleted_at: float
