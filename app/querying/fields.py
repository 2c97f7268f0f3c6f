"""What a query can ask about: fields of runs, their params and metrics, with what they hold."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from msgspec import Struct

from app.formatting import param
from store.models import Context, MetricWords, ParamWords, ValueCount, Vocabulary


class Holds(StrEnum):
    """What kind of values a field holds."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    TIME = "time"
    DURATION = "seconds"
    LABELS = "labels"
    """A list of texts."""
    OTHER = "other"


class Field(Struct, frozen=True):
    """One thing to ask about."""

    expression: str
    """How it is written in a query."""
    title: str
    """How it is called for people."""
    kind: str
    """`field`, `param` or `metric`."""
    holds: Holds
    type: str = ""
    """In words, as `float` or `list of texts`."""
    run_count: int = 0
    total: int = 0
    values: tuple[ValueCount, ...] = ()
    value_count: int = 0
    low: float | None = None
    high: float | None = None
    is_common: bool = True
    """Whether it stands in a list from which nothing was typed yet."""

    @property
    def coverage(self) -> str:
        """How many runs have it, of how many."""
        return f"{self.run_count}/{self.total}" if self.total and self.run_count else ""

    @property
    def span(self) -> str:
        """Between what its numbers lie."""
        if self.low is None or self.high is None:
            return ""
        if self.low == self.high:
            return param(self.low)
        return f"{param(self.low)} to {param(self.high)}"

    @property
    def about(self) -> str:
        """Type, coverage and span in one line."""
        return "  ".join(part for part in (self.type, self.coverage, self.span) if part)


METRIC_NUMBERS = {
    "last": "last value",
    "min": "smallest value",
    "max": "largest value",
    "mean": "mean of all values",
    "first": "first value",
    "last_step": "last step",
    "first_step": "first step",
    "count": "number of points",
}
"""Parts of a metric, and what they are."""

_TYPES = {"int": Holds.NUMBER, "float": Holds.NUMBER, "bool": Holds.TRUTH, "str": Holds.TEXT}
TRUTHS = (ValueCount(True, 0), ValueCount(False, 0))


def quoted(text: str) -> str:
    """A text as it is written in a query."""
    return json.dumps(text, ensure_ascii=False)


def literal(value: Any) -> str:
    """A value as it is written in a query."""
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124
            return 'float("nan")'
        if value in (float("inf"), float("-inf")):
            return f'float("{value}")'
    return quoted(value) if isinstance(value, str) else repr(value)


def param_expression(keys: tuple[str, ...], root: str = "run") -> str:
    """How a param is named in a query."""
    text = root
    for key in keys:
        is_name = key.isidentifier() and not key.startswith("_")
        text += f".{key}" if is_name else f"[{quoted(key)}]"
    return text


def metric_expression(name: str, part: str = "last", context: Context | None = None) -> str:
    """How a number of a metric of a run is named in a query."""
    key = quoted(name)
    if context:
        key += f", {json.dumps(context.as_dict(), ensure_ascii=False)}"
    return f"run.metrics[{key}].{part}"


def context_text(context: Context) -> str:
    """A context for people: its values."""
    return " ".join(str(value) for value in context.as_dict().values())


def fields(known: Vocabulary, *, of_metrics: bool = False) -> list[Field]:
    """Everything that a query can ask about, the usual first.

    Args:
        known: Names and values.
        of_metrics: Whether metrics are searched, so that `metric.name` can be asked.
    """
    found = _metric_variable(known) if of_metrics else []
    found += _run_fields(known)
    found += [_param(each, known.run_count) for each in known.params]
    for metric in known.metrics:
        found += _metric(metric, known.run_count)
    return found


def _run_fields(known: Vocabulary) -> list[Field]:
    total = known.run_count

    def field(name: str, holds: Holds, kind: str, values: tuple[ValueCount, ...] = ()) -> Field:
        title = name.replace("_", " ")
        return Field(
            f"run.{name}", title, "field", holds, kind, total, total, values, len(values)
        )

    return [
        field("name", Holds.TEXT, "text", known.names),
        field("experiment", Holds.TEXT, "text", known.experiments),
        field("tags", Holds.LABELS, "list of texts", known.tags),
        field("status", Holds.TEXT, "text", known.statuses),
        field("active", Holds.TRUTH, "whether it runs", TRUTHS),
        field("created_at", Holds.TIME, "when it began"),
        field("finalized_at", Holds.TIME, "when it ended"),
        field("duration", Holds.DURATION, "seconds"),
        field("hash", Holds.TEXT, "text"),
        field("description", Holds.TEXT, "text"),
        field("archived", Holds.TRUTH, "whether it is archived", TRUTHS),
    ]


def _param(param: ParamWords, total: int) -> Field:
    kinds = [_TYPES.get(each, Holds.OTHER) for each in param.types if each != "null"]
    holds = kinds[0] if kinds else Holds.OTHER
    values = param.values
    if holds is Holds.TRUTH and not values:
        values = TRUTHS
    return Field(
        param_expression(param.keys),
        ".".join(param.keys),
        "param",
        holds,
        "/".join(param.types),
        param.run_count,
        total,
        values,
        param.value_count,
        param.low,
        param.high,
        is_common=not param.keys[0].startswith("__"),
    )


def _metric(metric: MetricWords, total: int) -> list[Field]:
    def field(part: str, context: Context | None, *, is_common: bool) -> Field:
        words = [metric.name, context_text(context) if context else "", part]
        is_last = part == "last"
        return Field(
            metric_expression(metric.name, part, context),
            " ".join(word for word in words if word),
            "metric",
            Holds.NUMBER,
            METRIC_NUMBERS[part],
            metric.run_count,
            total,
            low=metric.low if is_last else None,
            high=metric.high if is_last else None,
            is_common=is_common and not metric.name.startswith("__system__"),
        )

    several = [each for each in metric.contexts if each] if len(metric.contexts) > 1 else []
    return [
        field(part, context, is_common=part == "last")
        for part in ("last", "min", "max")
        for context in (None, *several)
    ]


def _metric_variable(known: Vocabulary) -> list[Field]:
    names = tuple(ValueCount(each.name, each.run_count) for each in known.metrics)
    found = [
        Field("metric.name", "name of the metric", "field", Holds.TEXT, "text", values=names)
    ]
    contexts: dict[str, dict[str, int]] = {}
    for metric in known.metrics:
        for context in metric.contexts:
            for key, value in context.as_dict().items():
                counts = contexts.setdefault(key, {})
                counts[str(value)] = counts.get(str(value), 0) + metric.run_count
    for key, counts in contexts.items():
        values = tuple(ValueCount(value, 0) for value in counts)
        found.append(
            Field(
                param_expression((key,), "metric.context"),
                f"context {key}",
                "field",
                Holds.TEXT,
                "context",
                values=values,
                value_count=len(values),
            )
        )
    found += [
        Field(f"metric.{part}", f"{words} of the metric", "field", Holds.NUMBER, words)
        for part, words in METRIC_NUMBERS.items()
    ]
    return found
