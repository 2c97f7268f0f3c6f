"""What queries can speak about: names and values of a workspace, with how often they occur."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from store.models.context import Context


class ValueCount(Struct, frozen=True):
    """A value, and how many runs have it."""

    value: Any
    run_count: int


class ParamWords(Struct, frozen=True):
    """A param: where it is and what it holds."""

    keys: tuple[str, ...]
    """The path, from the top."""
    types: tuple[str, ...] = ()
    """Of its values, the most frequent first: int, float, bool, str, null, list, dict."""
    run_count: int = 0
    """Runs that have it."""
    values: tuple[ValueCount, ...] = ()
    """The most frequent ones first; not all where there are very many."""
    value_count: int = 0
    """How many values there are, whether listed or not."""
    low: float | None = None
    """The smallest finite number."""
    high: float | None = None
    """The largest finite number."""


class MetricWords(Struct, frozen=True):
    """A metric: its name, where it occurs, and between what its last values lie."""

    name: str
    contexts: tuple[Context, ...] = ()
    run_count: int = 0
    low: float | None = None
    high: float | None = None


class Vocabulary(Struct, frozen=True):
    """Everything that a query can name, archived runs included."""

    run_count: int = 0
    params: tuple[ParamWords, ...] = ()
    """By path."""
    metrics: tuple[MetricWords, ...] = ()
    """By name."""
    experiments: tuple[ValueCount, ...] = ()
    tags: tuple[ValueCount, ...] = ()
    statuses: tuple[ValueCount, ...] = ()
    names: tuple[ValueCount, ...] = ()
    """Names of runs, the newest first; not all where there are very many."""
