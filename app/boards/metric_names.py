"""Metrics and fields as people type them: `loss`, `loss {subset=val}`, `params.hparams.lr`. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from app.formatting import metric_title
from app.widgets.columns import (
    ABSENT,
    lower_is_better,
    metric_column_id,
    metric_value,
    param_value,
)
from store.models import Context, MetricSummary, RunRecord
from store.models.context import EMPTY_CONTEXT

_SHAPE = re.compile(r"^(?P<name>.*?)\s*\{(?P<context>.*)\}$", re.DOTALL)
PARAMS, METRICS = "params.", "metrics."


class MetricName(Struct, frozen=True):
    """A metric, in one context or in any."""

    name: str
    context: Context | None = None
    """None is any; the one without a context is taken first."""

    @classmethod
    def parse(cls, text: str) -> MetricName:
        """What a person typed; a context that cannot be understood belongs to the name."""
        shape = _SHAPE.match(text.strip())
        context = _context(shape["context"]) if shape is not None else None
        if shape is None or context is None:
            return cls(text.strip())
        return cls(shape["name"], context)

    def __str__(self) -> str:
        """As a person would type it."""
        if self.context is None:
            return self.name
        pairs = (f"{key}={_plain(value)}" for key, value in self.context.as_dict().items())
        return f"{self.name} {{{', '.join(pairs)}}}"

    @property
    def title(self) -> str:
        """As charts and tables name it."""
        return metric_title(self.name, self.context or EMPTY_CONTEXT)

    def condition(self) -> str:
        """The part of a query that finds this metric."""
        name = f"metric.name == {json.dumps(self.name, ensure_ascii=False)}"
        if self.context is None:
            return name
        parts = [
            f"metric.context[{json.dumps(key)}] == {_literal(value)}"
            for key, value in self.context.as_dict().items()
        ]
        return " and ".join([name, *parts])

    def find(self, metrics: Iterable[MetricSummary]) -> MetricSummary | None:
        """The metric of a run that is meant, if it has one."""
        named = [each for each in metrics if each.name == self.name and each.count]
        if self.context is not None:
            return next((each for each in named if each.context == self.context), None)
        return min(named, key=lambda each: (bool(each.context), each.context), default=None)

    def value(self, record: RunRecord, which: str, *, is_lower_better: bool) -> float:
        """One value of the metric of a run; NaN if there is none."""
        found = self.find(record.metrics)
        if found is None:
            return math.nan
        return metric_value(found, which, is_lower_better=is_lower_better)


def split_names(text: str) -> tuple[str, ...]:
    """The parts of a list with commas; commas inside of braces do not separate."""
    parts = re.split(r",(?![^{]*\})", text)
    return tuple(part.strip() for part in parts if part.strip())


def metric_words(text: str) -> str:
    """One or several metrics as people typed them, in the words of charts and tables."""
    return ", ".join(MetricName.parse(each).title for each in split_names(text))


def is_lower_better(metric: MetricName, direction: str, flipped: dict[str, str]) -> bool:
    """Whether less is best, by the setting of a panel or by the name of the metric."""
    if direction in ("highest", "lowest"):
        return direction == "lowest"
    return lower_is_better(metric.name, flipped)


def full_field(text: str, records: Sequence[RunRecord]) -> str:
    """A field with its prefix: a bare name is a param if any run has one, else a metric."""
    if text.startswith((PARAMS, METRICS)):
        return text
    for path in (text, f"hparams.{text}"):
        if any(param_value(record.params, path) is not ABSENT for record in records):
            return PARAMS + path
    return METRICS + text


def field_values(
    records: Sequence[RunRecord], field: str, flipped: dict[str, str]
) -> list[Any]:
    """The param or the best value of the metric for each run; None where it has none."""
    if field.startswith(METRICS):
        metric = MetricName.parse(field.removeprefix(METRICS))
        lower = lower_is_better(metric.name, flipped)
        values = [metric.value(each, "best", is_lower_better=lower) for each in records]
        return [value if math.isfinite(value) else None for value in values]
    path = field.removeprefix(PARAMS)
    found = [param_value(record.params, path) for record in records]
    return [None if value is ABSENT else value for value in found]


def field_title(field: str) -> str:
    """A field without what everybody knows."""
    if field.startswith(METRICS):
        return MetricName.parse(field.removeprefix(METRICS)).title
    return field.removeprefix(PARAMS).removeprefix("hparams.")


def column_id(field: str) -> str:
    """The id of the column of the runs table that shows a field."""
    if not field.startswith(METRICS):
        return field
    metric = MetricName.parse(field.removeprefix(METRICS))
    return metric_column_id(metric.name, metric.context or EMPTY_CONTEXT)


def _context(text: str) -> Context | None:
    pairs: dict[str, Any] = {}
    for part in text.split(","):
        key, sign, value = part.partition("=")
        if not sign or not key.strip():
            return None
        pairs[key.strip()] = _typed(value.strip())
    return Context.of(pairs)


def _typed(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float | bool | str) else text


def _plain(value: Any) -> str:
    if isinstance(value, str) and _typed(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _literal(value: Any) -> str:
    return repr(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
