"""Params and metrics of a run in a query, as SQL sees them.

Like the columns they answer for one comparison with a constant, but for each run there may
be no such param or metric, or one of another type.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import Struct

from store.aimql.columns import Field, Order, is_plain_text, lowered, number_of
from store.aimql.sql import FALSE, TRUE, Sql, any_of


class ParamField(Struct, frozen=True):
    """A param at a path; its leaf is a row of the table `params`, of one type of several."""

    key: str
    """The path as the table has it."""

    def lower(self) -> Field:
        """`field.lower()`."""
        return LoweredParam(self.key)

    def _leaf(self, condition: str, *params: object) -> Sql:
        text = f"r.id IN (SELECT run_id FROM params WHERE key = ? AND {condition})"
        return Sql(text, (self.key, *params))

    def _below(self) -> Sql:
        """Whether the path leads to an object with something in it."""
        text = "r.id IN (SELECT run_id FROM params WHERE starts_with(key, ?))"
        return Sql(text, (f"{self.key}.",))

    def equals(self, value: Any) -> Sql | None:
        """`field == value`."""
        if value is None:
            return self.is_none()
        if is_plain_text(value):
            return self._leaf("type = 'str' AND txt = ?", value)
        number = number_of(value)
        if number is None:
            return FALSE if isinstance(value, timedelta) else None
        return self._leaf("num = ?", number)

    def is_ordered(self, order: Order, value: Any) -> Sql | None:
        """`field < value` and its like."""
        if is_plain_text(value):
            return self._leaf(f"type = 'str' AND txt {order} ?", value)
        number = number_of(value)
        if number is not None:
            return self._leaf(f"num {order} ? AND NOT isnan(num)", number)
        return FALSE if value is None or isinstance(value, dict) else None

    def is_none(self) -> Sql:
        """`field is None`."""
        return ~any_of([self._leaf("type <> 'null'"), self._below()])

    def is_same_bool(self, value: bool) -> Sql:
        """`field is True`, `field is False`."""
        return self._leaf("type = 'bool' AND num = ?", float(value))

    def is_true(self) -> Sql:
        """`bool(field)`."""
        leaf = self._leaf(
            "(num <> 0 OR (type = 'str' AND txt <> '') OR (type = 'list' AND txt <> '[]'))"
        )
        return any_of([leaf, self._below()])

    def starts_with(self, text: str) -> Sql | None:
        """`field.startswith(text)`."""
        return self._leaf("type = 'str' AND starts_with(txt, ?)", text)

    def ends_with(self, text: str) -> Sql | None:
        """`field.endswith(text)`."""
        return self._leaf("type = 'str' AND ends_with(txt, ?)", text)

    def may_contain(self, key: str) -> Sql:
        """True wherever the last of the keys may be `in` the field.

        Args:
            key: The path of `field[text]`, for `text in field`.
        """
        return any_of(
            [
                self._leaf("type IN ('str', 'list')"),
                Sql(
                    "r.id IN (SELECT run_id FROM params WHERE key = ? OR starts_with(key, ?))",
                    (key, f"{key}."),
                ),
            ]
        )


class LoweredParam(Struct, frozen=True):
    """`param.lower()`: something for texts, missing for all other values."""

    key: str
    """The path as the table has it."""

    def _text(self, condition: str, *params: object) -> Sql:
        text = f"SELECT run_id FROM params WHERE key = ? AND type = 'str' AND {condition}"
        return Sql(f"r.id IN ({text})", (self.key, *params))

    def equals(self, value: Any) -> Sql | None:
        """`field == value`."""
        if value is None:
            return self.is_none()
        if not is_plain_text(value) or not value.isascii():
            return None
        return self._text(f"{lowered('txt')} = ?", value)

    def is_ordered(self, _order: Order, _value: Any) -> Sql | None:
        """`field < value` and its like."""
        return None

    def is_none(self) -> Sql:
        """`field is None`."""
        return ~self._text("TRUE")

    def is_true(self) -> Sql:
        """`bool(field)`."""
        return self._text("txt <> ''")

    def starts_with(self, text: str) -> Sql | None:
        """`field.startswith(text)`."""
        return self._text(f"starts_with({lowered('txt')}, ?)", text) if text.isascii() else None

    def ends_with(self, text: str) -> Sql | None:
        """`field.endswith(text)`."""
        return self._text(f"ends_with({lowered('txt')}, ?)", text) if text.isascii() else None

    def contains(self, text: str) -> Sql | None:
        """`text in field`."""
        return self._text(f"contains({lowered('txt')}, ?)", text) if text.isascii() else None


def representative(column: str) -> str:
    """SQL that picks the metric that stands for a name, of those with that name in a run.

    It is the one without context, else the first by the text of its context.
    """
    value = f"coalesce({column}::DOUBLE, 'nan'::DOUBLE)"
    return f"arg_min({value}, CASE context WHEN '{{}}' THEN '' ELSE context END)"


class MetricField(Struct, frozen=True):
    """A metric of the run, or one number of its summary; true of what is sealed only."""

    name: str
    context: str | None
    """Context as text; None for the metric that stands for the name."""
    column: str = ""
    """A numeric column of `sequences`; empty for the metric itself."""

    def _exists(self, condition: Sql = TRUE) -> Sql:
        rows = "FROM sequences WHERE kind = 'metric' AND count > 0 AND name = ?"
        params: list[object] = [self.name]
        if self.context is not None:
            rows, params = f"{rows} AND context = ?", [*params, self.context]
        if condition == TRUE:
            return Sql(f"r.id IN (SELECT run_id {rows})", tuple(params))
        value = representative(self.column)
        grouped = f"SELECT run_id, {value} AS value {rows} GROUP BY run_id"
        text = f"r.id IN (SELECT run_id FROM ({grouped}) WHERE {condition.text})"
        return Sql(text, (*params, *condition.params))

    def equals(self, value: Any) -> Sql | None:
        """`field == value`."""
        if value is None:
            return self.is_none()
        number = number_of(value)
        if not self.column or number is None:
            return None
        return self._exists(Sql("value = ?", (number,)))

    def is_ordered(self, order: Order, value: Any) -> Sql | None:
        """`field < value` and its like."""
        number = number_of(value)
        if not self.column or number is None:
            return None
        return self._exists(Sql(f"value {order} ? AND NOT isnan(value)", (number,)))

    def is_none(self) -> Sql:
        """`field is None`."""
        return ~self._exists()

    def is_true(self) -> Sql:
        """`bool(field)`."""
        return self._exists(Sql("value <> 0") if self.column else TRUE)

    def starts_with(self, _text: str) -> Sql | None:
        """`field.startswith(text)`."""
        return None

    def ends_with(self, _text: str) -> Sql | None:
        """`field.endswith(text)`."""
        return None
