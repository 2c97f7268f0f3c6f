"""What can be asked of a search, and the plain part of its answer."""

from __future__ import annotations

from msgspec import Struct

from store.models import Context

RUN_FIELDS = frozenset(
    {"run", "experiment", "hash", "date", "duration", "description", "creator", "status"}
)
"""Properties of a run by which runs can be sorted; `run` is the name, `date` the creation."""
METRIC_NUMBERS = ("last", "min", "max", "mean")


class SortKey(Struct, frozen=True):
    """One key of an order; runs that lack it come last either way.

    `field` is one of `RUN_FIELDS`, `params.<path>` with a dotted path, or
    `metrics.<name>` with one of `METRIC_NUMBERS` behind a dot, by default the last value.
    """

    field: str
    descending: bool = False
    context: Context | None = None
    """Of the metric; None for the one that stands for the name."""


class RunSearch(Struct, frozen=True):
    """A search for runs."""

    query: str = ""
    """In the query language; empty for all runs that are not archived."""
    sort: tuple[SortKey, ...] = ()
    """Most important first; empty for newest first."""
    limit: int = 0
    """At most so many runs; 0 for all."""
    offset: str = ""
    """Hash of the last run that was seen; the answer goes on behind it."""
    timezone_offset_min: int = 0
    """Minutes from the asker's time to UTC, as JavaScript counts them: -120 for UTC+2."""
    with_params: bool = True
    with_metrics: bool = True


class RunIndex(Struct, frozen=True):
    """The runs that match, by hash and in order."""

    hashes: list[str]
    """After offset and limit."""
    total: int
    """Whatever offset and limit."""
