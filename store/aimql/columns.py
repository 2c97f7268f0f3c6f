"""Columns of runs and sequences in a query, as SQL sees them.

Each field turns one comparison with a constant into a condition that is exactly what the
evaluator in Python would find, or gives None where SQL cannot say that. In the conditions
`r` is the table of runs, `e` its experiment, `s` the table of sequences, `t` that of tags.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal, Protocol

from msgspec import Struct

from store.aimql.sql import FALSE, Sql, any_of
from store.database import TEXTS, json_list

Order = Literal["<", "<=", ">", ">="]

_EXACT_INT = 2**53
"""Beyond this, doubles cannot tell whole numbers apart."""
_ORDERLESS = (list, tuple, dict, set, frozenset)


class Field(Protocol):
    """One thing that a query compares with constants."""

    def equals(self, value: Any) -> Sql | None:
        """`field == value`."""

    def is_ordered(self, order: Order, value: Any) -> Sql | None:
        """`field < value` and its like."""

    def is_none(self) -> Sql:
        """`field is None`."""

    def is_true(self) -> Sql:
        """`bool(field)`."""

    def starts_with(self, text: str) -> Sql | None:
        """`field.startswith(text)`."""

    def ends_with(self, text: str) -> Sql | None:
        """`field.endswith(text)`."""


def one_of(field: Field, values: Sequence[Any]) -> Sql | None:
    """`field in [...]`; None where one of the values cannot be compared in SQL."""
    are_texts = len(values) > 1 and all(is_plain_text(value) for value in values)
    if are_texts and isinstance(field, TextColumn) and not field.is_lowered:
        return field.is_one_of([str(value) for value in values])
    parts = [field.equals(value) for value in values]
    if any(part is None for part in parts):
        return None
    return any_of(part for part in parts if part is not None)


def number_of(value: Any, *, is_duration: bool = False) -> float | None:
    """The constant as a double; None where it is no number, or not exactly."""
    if isinstance(value, timedelta) and is_duration:
        return value.total_seconds()
    if isinstance(value, int):
        return float(value) if abs(value) < _EXACT_INT else None
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    return None


def lowered(expression: str) -> str:
    """SQL for `text.lower()`, right wherever the result is compared with ASCII.

    SQL lowers character by character. One character alone becomes ASCII and something
    else besides in Python: the capital I with a dot, a small i and a combining dot.
    """
    return f"lower(replace({expression}, chr(304), 'i' || chr(775)))"


def is_plain_text(value: Any) -> bool:
    """Whether it is a text that SQL takes as it is."""
    if not isinstance(value, str) or "\0" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _is_orderless(value: Any) -> bool:
    return value is None or isinstance(value, _ORDERLESS)


class TextColumn(Struct, frozen=True):
    """A text that is always there, or NULL where there is none."""

    expression: str
    is_nullable: bool = False
    stands_for_null: str = ""
    """A text that also equals what is missing; empty for none."""
    is_lowered: bool = False
    """Whether this is `text.lower()`; then it compares with ASCII only, see `lowered`."""

    def lower(self) -> Field:
        """`field.lower()`."""
        return TextColumn(lowered(self.expression), self.is_nullable, is_lowered=True)

    def _takes(self, value: Any) -> bool:
        return is_plain_text(value) and (not self.is_lowered or value.isascii())

    def _condition(self, text: str, *params: object) -> Sql:
        return Sql(f"coalesce({text}, FALSE)" if self.is_nullable else text, params)

    def equals(self, value: Any) -> Sql | None:
        """`field == value`."""
        if value is None:
            return self.is_none()
        if not isinstance(value, str):
            return FALSE
        return self.is_one_of([value]) if self._takes(value) else None

    def is_one_of(self, texts: Sequence[str]) -> Sql:
        """Whether the text is one of these, however many."""
        if len(texts) == 1:
            found = self._condition(f"{self.expression} = ?", texts[0])
        else:
            found = self._condition(f"{self.expression} IN {TEXTS}", json_list(texts))
        if self.stands_for_null and self.stands_for_null in texts:
            return any_of([found, self.is_none()])
        return found

    def is_ordered(self, order: Order, value: Any) -> Sql | None:
        """`field < value` and its like."""
        if isinstance(value, str) and self.is_lowered:
            return None
        if is_plain_text(value):
            return self._condition(f"{self.expression} {order} ?", value)
        if isinstance(value, int | float) or _is_orderless(value):
            return FALSE
        return None

    def is_none(self) -> Sql:
        """`field is None`."""
        return Sql(f"{self.expression} IS NULL") if self.is_nullable else FALSE

    def is_true(self) -> Sql:
        """`bool(field)`."""
        return self._condition(f"{self.expression} <> ''")

    def starts_with(self, text: str) -> Sql | None:
        """`field.startswith(text)`."""
        if not self._takes(text):
            return None
        return self._condition(f"starts_with({self.expression}, ?)", text)

    def ends_with(self, text: str) -> Sql | None:
        """`field.endswith(text)`."""
        if not self._takes(text):
            return None
        return self._condition(f"ends_with({self.expression}, ?)", text)

    def contains(self, text: str) -> Sql | None:
        """`text in field`."""
        if not self._takes(text):
            return None
        return self._condition(f"contains({self.expression}, ?)", text)


class NumberColumn(Struct, frozen=True):
    """A number or a truth value; NULL where there is none."""

    expression: str
    params: tuple[object, ...] = ()
    is_nullable: bool = False
    may_be_nan: bool = False
    is_duration: bool = False
    is_sealed_only: bool = False
    """Whether the column is true of what is sealed only."""

    def _compared(self, operator: str, number: float) -> Sql:
        text, params = f"{self.expression} {operator} ?", (*self.params, number)
        if self.may_be_nan:
            # To SQL, NaN is a number larger than all others.
            text, params = f"{text} AND NOT isnan({self.expression})", (*params, *self.params)
        return Sql(f"coalesce({text}, FALSE)" if self.is_nullable else text, params)

    def equals(self, value: Any) -> Sql | None:
        """`field == value`."""
        if value is None:
            return self.is_none()
        number = number_of(value, is_duration=self.is_duration)
        if number is not None:
            return self._compared("=", number)
        return FALSE if isinstance(value, str | timedelta) or _is_orderless(value) else None

    def is_ordered(self, order: Order, value: Any) -> Sql | None:
        """`field < value` and its like."""
        number = number_of(value, is_duration=self.is_duration)
        if number is not None:
            return self._compared(order, number)
        return FALSE if isinstance(value, str) or _is_orderless(value) else None

    def is_none(self) -> Sql:
        """`field is None`."""
        return Sql(f"{self.expression} IS NULL", self.params) if self.is_nullable else FALSE

    def is_true(self) -> Sql:
        """`bool(field)`."""
        text = f"{self.expression} <> 0"
        return Sql(f"coalesce({text}, FALSE)" if self.is_nullable else text, self.params)

    def starts_with(self, _text: str) -> Sql | None:
        """`field.startswith(text)`."""
        return FALSE

    def ends_with(self, _text: str) -> Sql | None:
        """`field.endswith(text)`."""
        return FALSE
