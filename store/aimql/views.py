"""Runs and sequences as queries see them.

A view looks into a `RunRecord` that is already in memory; it computes what is asked for
and nothing else. Names that a view has not are params of the run, or missing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from msgspec import Struct

from store.aimql.access import View, look_up
from store.aimql.functions import Function
from store.aimql.mentions import METHOD, mentions
from store.aimql.values import NO_EXPERIMENT, UNDEFINED, Duration, Instant
from store.models import Context, MetricSummary, RunRecord, SequenceRef


class Clock(Struct, frozen=True):
    """When a query is asked, and what the clock of the person asking shows."""

    now: float
    """Seconds since the epoch."""
    offset_min: int = 0
    """Minutes from local time to UTC, as JavaScript counts them: -120 for UTC+2."""

    def instant(self, seconds: float | None) -> Any:
        """The moment by this clock; None stays None."""
        return None if seconds is None else Instant(seconds, self.offset_min)


class RunView(View):
    """The variable `run`."""

    __slots__ = ("clock", "record")

    def __init__(self, record: RunRecord, clock: Clock) -> None:
        self.record = record
        self.clock = clock

    def attribute(self, name: str) -> Any:
        """A property of the run; any other name is one of its params."""
        getter = RUN_ATTRIBUTES.get(name)
        if getter is not None:
            return getter(self)
        return self.record.params.get(name, UNDEFINED)

    def item(self, key: Any) -> Any:
        """A param; a tuple of keys leads into nested ones."""
        path = key if isinstance(key, tuple) else (key,)
        return look_up(self.record.params, path)

    def contains(self, item: Any) -> bool:
        """Whether there is a param of this name."""
        return item in self.record.params

    def get(self, key: Any, default: Any = None) -> Any:
        """A param, or the default."""
        found = self.item(key)
        return default if found is UNDEFINED else found

    def mentions(self, word: Any) -> bool:
        """Whether the word is anywhere in name, hash, experiment, tags or params."""
        return mentions(self.record, word)


class MetricsView(View):
    """`run.metrics`: the metrics of a run by name, or by name and context."""

    __slots__ = ("run",)

    def __init__(self, run: RunView) -> None:
        self.run = run

    def item(self, key: Any) -> Any:
        """The metric of that name; without a context the one that stands for the name."""
        metrics = self.run.record.metrics
        if isinstance(key, tuple):
            name, context = key
            found = [
                each
                for each in metrics
                if each.name == name and context_values(each.context) == context
            ]
        else:
            found = [each for each in metrics if each.name == key]
        if not found:
            return UNDEFINED
        return SequenceView(self.run, min(found, key=_representative))

    def attribute(self, name: str) -> Any:
        """The same as the item of that name."""
        return self.item(name)

    def contains(self, item: Any) -> bool:
        """Whether the run has a metric of this name."""
        return any(each.name == item for each in self.run.record.metrics)

    def __bool__(self) -> bool:
        return bool(self.run.record.metrics)

    def __len__(self) -> int:
        return len(self._names())

    def __iter__(self) -> Any:
        return iter(self._names())

    def _names(self) -> list[str]:
        return list(dict.fromkeys(each.name for each in self.run.record.metrics))


def _representative(metric: MetricSummary) -> tuple[bool, str]:
    """Order of the metrics of one name: the one without context, then by context text."""
    return bool(metric.context), metric.context.text


class SequenceView(View):
    """The variable of a sequence search (`metric`, `images`...), or `run.metrics[...]`."""

    __slots__ = ("run", "sequence")

    def __init__(self, run: RunView, sequence: MetricSummary | SequenceRef) -> None:
        self.run = run
        self.sequence = sequence

    def attribute(self, name: str) -> Any:
        """Name, context, run, and what is known about the values of a metric."""
        if name in SUMMARY_COLUMNS:
            return getattr(self.sequence, name, UNDEFINED)
        if name == "context":
            return context_values(self.sequence.context)
        if name == "run":
            return self.run
        return UNDEFINED


SUMMARY_COLUMNS = frozenset(
    {"name", "dtype", "count", "first", "first_step", "last", "last_step"}
    | {"min", "min_step", "max", "max_step", "mean"}
)
"""Members of a sequence that are plain values."""


@lru_cache(maxsize=4096)
def _context_values(text: str) -> dict[str, Any]:
    return Context(text).as_dict()


def context_values(context: Context) -> dict[str, Any]:
    """The context as a dict; shared between all who ask, so never to be changed."""
    return _context_values(context.text)


def _experiment(view: RunView) -> Any:
    name = view.record.run.experiment
    return NO_EXPERIMENT if name is None else name


def _duration(view: RunView) -> Duration:
    return Duration(view.record.run.duration_s(view.clock.now))


RUN_ATTRIBUTES: dict[str, Callable[[RunView], Any]] = {
    "hash": lambda view: view.record.run.hash,
    "name": lambda view: view.record.run.name,
    "description": lambda view: view.record.run.description,
    "experiment": _experiment,
    "tags": lambda view: [tag.name for tag in view.record.run.tags],
    "active": lambda view: view.record.run.is_active,
    "archived": lambda view: view.record.run.is_archived,
    "is_archived": lambda view: view.record.run.is_archived,
    "status": lambda view: view.record.run.status.value,
    "created_at": lambda view: view.clock.instant(view.record.run.created_at),
    "creation_time": lambda view: view.record.run.created_at,
    "finalized_at": lambda view: view.clock.instant(view.record.run.finished_at),
    "end_time": lambda view: view.clock.instant(view.record.run.finished_at),
    "duration": _duration,
    "creator": lambda _view: None,
    "metrics": MetricsView,
    "get": lambda view: Function("get", view.get),
    METHOD: lambda view: Function(METHOD, view.mentions),
}
"""The properties of a run; `run[...]` looks past them."""
