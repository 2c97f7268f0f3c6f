"""Conditions made from the cell under the cursor: only this value, not this value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from textual import getters

from app.formatting import local_time
from app.querying.conditions import has_condition, joined, value_condition
from app.querying.fields import literal, metric_expression, param_expression, quoted
from app.screens.base import DashboardScreen
from app.widgets.columns import (
    ABSENT,
    ColumnKind,
    RunColumn,
    lower_is_better,
    metric_number,
    metric_summary,
    param_value,
)
from app.widgets.run_cells import CellLook
from app.widgets.run_table import RunTable
from store.models import Run, RunRecord


class RunFacets(DashboardScreen):
    """Mixed into the runs screen."""

    table = getters.query_one("#table", RunTable)

    query_text: str

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def set_query(self, text: str) -> None: ...  # noqa: D102

    def action_only_value(self) -> None:
        """Show only runs with the value under the cursor."""
        self._add_condition(is_not=False)

    def action_not_value(self) -> None:
        """Leave runs with the value under the cursor out."""
        self._add_condition(is_not=True)

    def _add_condition(self, *, is_not: bool) -> None:
        column, here = self.table.run_column, self.table.cursor_hash
        record = self.table.page.record(here) if here else None
        if column is None or record is None:
            return
        condition = facet(column, record, self.table.look, is_not=is_not)
        if condition is None:
            self.notify(f"A query cannot ask for {column.title}.", timeout=3)
        elif has_condition(self.query_text, condition):
            self.notify("The query says so already.", timeout=2)
        else:
            self.set_query(joined(self.query_text, condition))


def facet(column: RunColumn, record: RunRecord, look: CellLook, *, is_not: bool) -> str | None:
    """The condition that a cell stands for; None if a query cannot say it.

    Of a metric, a duration: all that are as good, or as long; of a time: the day.
    """
    if column.kind is ColumnKind.PARAM:
        value = param_value(record.params, column.key)
        expression = param_expression(param_keys(record.params, column.key))
        if isinstance(value, dict):
            return f"{expression} is {'' if is_not else 'not '}None"
        return value_condition(expression, None if value is ABSENT else value, is_not=is_not)
    if column.kind is ColumnKind.METRIC:
        return _metric(column, record, look, is_not=is_not)
    run = record.run
    if column.id == "tags":
        return _tags(run, is_not=is_not)
    if column.id == "started":
        return _day(run, is_not=is_not)
    if column.id == "duration":
        return f"run.duration {'<' if is_not else '>='} {run.duration_s(look.now_s):.6g}"
    if column.id == "status":
        return value_condition("run.status", run.status.value, is_not=is_not)
    if column.id in ("name", "experiment", "hash", "description"):
        return value_condition(f"run.{column.id}", getattr(run, column.id), is_not=is_not)
    return None


def param_keys(params: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The keys of a dotted path, of which a key may hold dots itself."""
    return _keys_of(params, path.split(".")) or tuple(path.split("."))


def _keys_of(params: Mapping[str, Any], parts: list[str]) -> tuple[str, ...]:
    """The keys that lead to a value, the longest first; empty if none do."""
    for at in range(len(parts), 0, -1):
        key = ".".join(parts[:at])
        if key in params:
            if at == len(parts):
                return (key,)
            below = params[key]
            rest = _keys_of(below, parts[at:]) if isinstance(below, Mapping) else ()
            if rest:
                return (key, *rest)
    return ()


def _metric(column: RunColumn, record: RunRecord, look: CellLook, *, is_not: bool) -> str:
    is_lower = lower_is_better(column.key, look.directions)
    part = metric_number(look.metric_value, is_lower_better=is_lower)
    expression = metric_expression(column.key, part, column.context or None)
    summary = metric_summary(record, column.key, column.context)
    if summary is None:
        return f"{expression} is {'not ' if is_not else ''}None"
    value: float = getattr(summary, part)
    if value != value:  # noqa: PLR0124
        return value_condition(expression, value, is_not=is_not)
    good, bad = ("<=", ">") if is_lower else (">=", "<")
    return f"{expression} {bad if is_not else good} {literal(value)}"


def _tags(run: Run, *, is_not: bool) -> str:
    if not run.tags:
        return "run.tags" if is_not else "not run.tags"
    text = " and ".join(f"{quoted(tag.name)} in run.tags" for tag in run.tags)
    if is_not and len(run.tags) == 1:
        return text.replace(" in run.tags", " not in run.tags")
    return f"not ({text})" if is_not else text


def _day(run: Run, *, is_not: bool) -> str:
    day = local_time(run.created_at).date()
    after = day + timedelta(days=1)
    text = (
        f"datetime({day.year}, {day.month}, {day.day}) <= run.created_at"
        f" < datetime({after.year}, {after.month}, {after.day})"
    )
    return f"not ({text})" if is_not else text
