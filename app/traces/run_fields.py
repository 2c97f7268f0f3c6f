"""Fields of runs that plots and rankings are made of: params, metrics in a context, facts.

A field is a column of the runs table and the value of a metric that counts, so `accuracy` of
the training set and of the validation set are two fields, and both have the name that the
runs table gives them. Pure.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from app.formatting import flatten
from app.querying.fields import param_expression
from app.widgets.columns import (
    ABSENT,
    ColumnKind,
    RunColumn,
    column_from_id,
    metric_column_id,
    metric_number,
    metric_summary,
    metric_value,
    param_value,
)
from store.models import Context, RunRecord

WHICH = ("best", "last", "min", "max", "mean")
"""Values of a metric that can stand for a run."""
FACTS = ("experiment", "duration")
RATE_NAMES = ("lr", "learning_rate")
"""What people look at first."""
IsLower = Callable[[str], bool]
"""Tells by its name whether less of a metric is better."""


class RunField(Struct, frozen=True):
    """One field of all runs."""

    column: RunColumn
    which: str = "best"
    """Of a metric, one of `WHICH`."""

    @property
    def is_metric(self) -> bool:
        """Whether this is a metric."""
        return self.column.kind is ColumnKind.METRIC

    @property
    def label(self) -> str:
        """The name for people, as the runs table has it."""
        if self.is_metric and self.which != "best":
            return f"{self.column.title} {self.which}"
        return self.column.title

    @property
    def kind(self) -> str:
        """What it is, in a word: a param and a metric may have one name."""
        return "metric" if self.is_metric else "param" if self.column.key else "run"

    def is_lower_better(self, is_lower: IsLower) -> bool | None:
        """Which way is better; None where neither is."""
        return is_lower(self.column.key) if self.is_metric else None

    def query_name(self, is_lower: IsLower) -> str:
        """How a query names it."""
        column = self.column
        if column.kind is ColumnKind.PARAM:
            return param_expression(tuple(column.key.split(".")))
        if not self.is_metric:
            return f"run.{column.id}"
        number = metric_number(self.which, is_lower_better=is_lower(column.key))
        name = json.dumps(column.key, ensure_ascii=False)
        context = f", {column.context.as_dict()!r}" if column.context else ""
        return f"run.metrics[{name}{context}].{number}"


def field_of(column_id: str, which: str = "best") -> RunField:
    """The field of a column."""
    column = column_from_id(column_id)
    assert column is not None, column_id
    return RunField(column, which)


def metric_fields(records: Sequence[RunRecord], which: str = "best") -> list[RunField]:
    """A field for each metric of the model in each context, those of most runs first."""
    coverage: Counter[tuple[str, Context]] = Counter()
    for record in records:
        coverage.update((m.name, m.context) for m in record.metrics if not m.is_system)
    ranked = sorted(coverage, key=lambda key: (key[0], key[1].text))
    return [field_of(metric_column_id(name, context), which) for name, context in ranked]


def param_fields(records: Sequence[RunRecord]) -> list[RunField]:
    """A field for each param that differs.

    What a person tunes comes first: hyperparameters, numbers before words, seeds last.
    """
    values: dict[str, Counter[str]] = {}
    words: set[str] = set()
    for leaves in leaves_of(records):
        for path, value in leaves.items():
            values.setdefault(path, Counter())[repr(value)] += 1
            if not is_number(value):
                words.add(path)
    telling = [
        path for path, seen in values.items() if len(seen) > 1 or seen.total() < len(records)
    ]
    ranked = sorted(telling, key=lambda path: (_interest(path, is_word=path in words), path))
    return [field_of(f"params.{path}") for path in ranked]


def fact_fields(records: Sequence[RunRecord]) -> list[RunField]:
    """Facts of the runs themselves that differ."""
    fields = [field_of(name) for name in FACTS]
    return [each for each in fields if len(set(values_of(each, records))) > 1]


def values_of(
    field: RunField, records: Sequence[RunRecord], is_lower: IsLower = lambda _: False
) -> list[Any]:
    """The value of each run; None where it has none."""
    column = field.column
    if column.kind is ColumnKind.PARAM:
        found = [param_value(record.params, column.key) for record in records]
        return [None if value is ABSENT else value for value in found]
    if column.kind is ColumnKind.FIXED:
        return [_fact(record, column.id) for record in records]
    lower, values = is_lower(column.key), []
    for record in records:
        summary = metric_summary(record, column.key, column.context)
        value = math.nan
        if summary is not None and summary.count:
            value = metric_value(summary, field.which, is_lower_better=lower)
        values.append(value if math.isfinite(value) else None)
    return values


def main_metric(fields: Sequence[RunField]) -> RunField | None:
    """The metric that people most likely look at; of a validation set before a training set."""
    for wanted in ("acc", "f1", "auc", "loss"):
        named = [each for each in fields if wanted in each.column.key.lower()]
        if named:
            return min(named, key=_is_training)
    return fields[0] if fields else None


def leaves_of(records: Sequence[RunRecord]) -> list[dict[str, Any]]:
    """Params of each run by dotted name, internal ones left out."""
    found = []
    for record in records:
        shown = {k: v for k, v in record.params.items() if not k.startswith("__")}
        found.append(flatten(shown) if shown else {})
    return found


def is_number(value: Any) -> bool:
    """Whether a value is a number; truth values are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _fact(record: RunRecord, name: str) -> Any:
    run = record.run
    if name == "duration":
        return None if run.finished_at is None else run.finished_at - run.created_at
    return run.experiment


def _is_training(field: RunField) -> bool:
    text = f"{field.column.key} {field.column.context.text}".lower()
    return not any(word in text for word in ("val", "test", "eval"))


def _interest(path: str, *, is_word: bool) -> tuple[bool, bool, bool, bool]:
    name = path.rpartition(".")[2].lower()
    return "seed" in name, not path.startswith("hparams."), name not in RATE_NAMES, is_word
