"""Columns of the runs table: which there are, what they hold, how wide they are. Pure.

A column's id says everything about it: `name`, `params.hparams.lr`, `metrics.loss`, or
`metrics.loss|{"subset":"val"}` for a metric in a context.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct

from app.formatting import metric_title, one_line, param
from app.sources import SortKey
from store.models import Context, MetricSummary, RunRecord
from store.models.context import EMPTY_CONTEXT
from store.queries.directions import Direction, guess_direction

FIXED = {
    "name": ("run", 24),
    "experiment": ("experiment", 12),
    "tags": ("tags", 14),
    "started": ("started", 7),
    "duration": ("time", 8),
    "status": ("status", 9),
    "hash": ("hash", 10),
    "notes": ("notes", 5),
    "description": ("description", 24),
}
"""Columns that every run has: title and usual width."""

_SORT_FIELDS = {
    "name": "run",
    "experiment": "experiment",
    "started": "date",
    "duration": "duration",
    "hash": "hash",
    "description": "description",
    "status": "status",
}
METRIC_WIDTH = 16
SPARK_WIDTH = 6
MAX_TEXT_WIDTH = 24
LEAST_NAME_WIDTH = 16
"""Room for what stands before a name when runs are grouped, and for wide letters."""
_WIDEST = {"name": 32, "experiment": 18, "tags": 16, "description": 40}


class ColumnKind(StrEnum):
    """Where a column's values come from."""

    FIXED = "fixed"
    PARAM = "param"
    METRIC = "metric"


class RunColumn(Struct, frozen=True):
    """One column of the runs table."""

    id: str
    kind: ColumnKind
    title: str
    width: int
    key: str = ""
    """Path of the param or name of the metric."""
    context: Context = EMPTY_CONTEXT

    @property
    def is_right(self) -> bool:
        """Whether values stand at the right."""
        return self.id in ("started", "duration", "notes")

    def sort_key(self, *, descending: bool, number: str = "last") -> SortKey | None:
        """What to ask the source to sort by; None if it cannot.

        Args:
            descending: Whether large values come first.
            number: Of a metric: `last`, `min`, `max` or `mean`.
        """
        if self.kind is ColumnKind.METRIC:
            return SortKey(f"metrics.{self.key}.{number}", descending, self.context)
        field = f"params.{self.key}"
        if self.kind is ColumnKind.FIXED:
            field = _SORT_FIELDS.get(self.id, "")
        return SortKey(field, descending) if field else None

    def is_sorted_by(self, key: SortKey) -> bool:
        """Whether a sort key is about this column, whichever number of a metric it takes."""
        own = self.sort_key(descending=key.descending)
        if own is None or self.kind is not ColumnKind.METRIC:
            return own == key
        return (
            key.context == self.context
            and key.field.rpartition(".")[0] == f"metrics.{self.key}"
        )


def column_from_id(column_id: str, width: int = 0) -> RunColumn | None:
    """The column that an id means; None if it means nothing."""
    if column_id in FIXED:
        title, usual = FIXED[column_id]
        return RunColumn(column_id, ColumnKind.FIXED, title, width or usual)
    kind, _, rest = column_id.partition(".")
    if kind == "params" and rest:
        title = rest.removeprefix("hparams.")
        return RunColumn(column_id, ColumnKind.PARAM, title, width or 10, rest)
    if kind == "metrics" and rest:
        name, _, text = rest.partition("|")
        context = Context(text) if text else EMPTY_CONTEXT
        title = metric_title(name, context)
        return RunColumn(
            column_id, ColumnKind.METRIC, title, width or METRIC_WIDTH, name, context
        )
    return None


def metric_column_id(name: str, context: Context) -> str:
    """The id of a metric's column."""
    return f"metrics.{name}|{context.text}" if context else f"metrics.{name}"


def lower_is_better(name: str, flipped: Mapping[str, str]) -> bool:
    """Whether less of a metric is best: told by a person, or guessed from its name."""
    if name in flipped:
        return flipped[name] == "min"
    return _guessed_lower(name)


@lru_cache(maxsize=4096)
def _guessed_lower(name: str) -> bool:
    return guess_direction(name) is Direction.MIN


def metric_number(which: str, *, is_lower_better: bool) -> str:
    """The number of a metric that `last`, `min`, `max`, `mean` or `best` means."""
    if which != "best":
        return which
    return "min" if is_lower_better else "max"


def metric_value(summary: MetricSummary, which: str, *, is_lower_better: bool) -> float:
    """The value of a metric that a cell shows."""
    value: float = getattr(summary, metric_number(which, is_lower_better=is_lower_better))
    return value


def fitted_width(column: RunColumn, records: Sequence[RunRecord]) -> int:
    """A width at which nearly all values of some runs can be read."""
    title = len(column.title)
    if column.kind is ColumnKind.METRIC:
        return max(METRIC_WIDTH, min(title + 2, MAX_TEXT_WIDTH))
    texts = sorted(len(column_text(column, record)) for record in records)
    if not texts:
        return column.width
    usual = texts[min(len(texts) - 1, math.ceil(len(texts) * 0.95) - 1)]
    if column.id in ("started", "duration", "notes", "status"):
        return column.width
    limit = _WIDEST.get(column.id, MAX_TEXT_WIDTH)
    return min(limit, max(title + 2, usual, LEAST_NAME_WIDTH if column.id == "name" else 4))


def column_text(column: RunColumn, record: RunRecord) -> str:
    """The value of a column as text, for widths, filters and copying."""
    run = record.run
    if column.kind is ColumnKind.PARAM:
        value = param_value(record.params, column.key)
        return "" if value is ABSENT else param(value)
    if column.kind is ColumnKind.METRIC:
        summary = metric_summary(record, column.key, column.context)
        return "" if summary is None else repr(summary.last)
    texts = {
        "name": run.name,
        "experiment": run.experiment or "",
        "tags": " ".join(tag.name for tag in run.tags),
        "status": run.status.value,
        "hash": run.hash,
        "notes": str(run.note_count or ""),
        "description": one_line(run.description),
    }
    return texts.get(column.id, "")


ABSENT = object()
"""Stands for a param that a run does not have; None is a value."""


def param_value(params: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; keys that contain dots are found as well."""
    node: Any = params
    if path in params:
        return params[path]
    parts = path.split(".")
    for at, part in enumerate(parts):
        if not isinstance(node, Mapping):
            return ABSENT
        rest = ".".join(parts[at:])
        if rest in node:
            return node[rest]
        if part not in node:
            return ABSENT
        node = node[part]
    return node


def metric_summary(record: RunRecord, name: str, context: Context) -> MetricSummary | None:
    """The summary of a metric of a run."""
    for summary in record.metrics:
        if summary.name == name and summary.context == context:
            return summary
    return None


def as_literal(value: Any) -> str:
    """A value as it is written in a query."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
