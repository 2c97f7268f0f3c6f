"""The operators of the language: Python's, made safe and lenient.

Safe: nothing grows large. Lenient: values that have no order compare as false instead of
failing, so `run.hparams.lr > 0.1` does not spoil an `or` for runs where `lr` is a text.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from store.aimql.access import View
from store.aimql.functions import power
from store.aimql.limits import (
    Budget,
    LimitExceededError,
    check_bits,
    check_length,
    check_spec,
    weight,
)
from store.aimql.tree import BinaryOperator, CompareOperator, UnaryOperator
from store.aimql.values import Undefined, is_none

Operation = Callable[[Any, Any, Budget], Any]

_WIDE_FIELD = re.compile(r"%(\([^)]*\))?[-+ #0]*(\*|\d{4,}|\d*\.(\*|\d{4,}))")
_SEQUENCES = (str, bytes, list, tuple)
_HEAVY = (*_SEQUENCES, dict, set, frozenset)


def _add(left: Any, right: Any, budget: Budget) -> Any:
    result = left + right
    if isinstance(result, _SEQUENCES):
        budget.charge_making(result)
    return result


def _multiply(left: Any, right: Any, budget: Budget) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        check_bits(left.bit_length() + right.bit_length())
        return left * right
    for items, times in ((left, right), (right, left)):
        if isinstance(items, _SEQUENCES) and isinstance(times, int):
            check_length(times * max(1, weight(items)))
            result = items * times
            budget.charge_making(result)
            return result
    return left * right


def _modulo(left: Any, right: Any, budget: Budget) -> Any:
    if not isinstance(left, str | bytes):
        return left % right
    if not isinstance(left, str) or len(left) > 1_000 or _WIDE_FIELD.search(left):
        raise LimitExceededError
    check_length(left.count("%") * (1 + weight(right)))
    result = left % right
    budget.charge_making(result)
    return result


def _plain(call: Callable[[Any, Any], Any]) -> Operation:
    def operation(left: Any, right: Any, budget: Budget) -> Any:
        result = call(left, right)
        if isinstance(result, _HEAVY):
            budget.charge_making(result)
        return result

    return operation


def _power(left: Any, right: Any, _budget: Budget) -> Any:
    return power(left, right)


BINARY: dict[BinaryOperator, Operation] = {
    "+": _add,
    "-": _plain(operator.sub),
    "*": _multiply,
    "/": _plain(operator.truediv),
    "//": _plain(operator.floordiv),
    "%": _modulo,
    "**": _power,
    "&": _plain(operator.and_),
    "|": _plain(operator.or_),
    "^": _plain(operator.xor),
}

UNARY: dict[UnaryOperator, Callable[[Any], Any]] = {
    "not": operator.not_,
    "+": operator.pos,
    "-": operator.neg,
    "~": operator.invert,
}


def _equal(left: Any, right: Any, budget: Budget) -> bool:
    if isinstance(left, _HEAVY):
        budget.charge_reading(left)
    return bool(left == right)


def _not_equal(left: Any, right: Any, budget: Budget) -> bool:
    if isinstance(left, _HEAVY):
        budget.charge_reading(left)
    return bool(left != right)


def _ordering(call: Callable[[Any, Any], Any]) -> Operation:
    def operation(left: Any, right: Any, budget: Budget) -> bool:
        if isinstance(left, _HEAVY):
            budget.charge_reading(left)
        try:
            return bool(call(left, right))
        except TypeError:
            return False

    return operation


def contains(item: Any, container: Any, budget: Budget) -> bool:
    """`item in container`; nothing is in what is missing."""
    if is_none(container):
        return False
    if isinstance(container, View):
        return container.contains(item)
    budget.charge_reading(container)
    if isinstance(item, Undefined):
        return not isinstance(container, str) and any(item == each for each in container)
    return item in container


def _is(left: Any, right: Any, _budget: Budget) -> bool:
    if right is None:
        return is_none(left)
    if left is None:
        return is_none(right)
    return left is right


COMPARE: dict[CompareOperator, Operation] = {
    "==": _equal,
    "!=": _not_equal,
    "<": _ordering(operator.lt),
    "<=": _ordering(operator.le),
    ">": _ordering(operator.gt),
    ">=": _ordering(operator.ge),
    "in": contains,
    "not in": lambda left, right, budget: not contains(left, right, budget),
    "is": _is,
    "is not": lambda left, right, budget: not _is(left, right, budget),
}


_CONVERSIONS: dict[str, Callable[[Any], str]] = {"s": str, "r": repr, "a": ascii}


def format_value(value: Any, conversion: str, spec: str) -> str:
    """One `{value!conversion:spec}` of an f-string.

    Raises:
        LimitExceededError: If the spec asks for a field thousands of characters wide.
    """
    check_spec(spec)
    weight(value)
    if conversion:
        value = _CONVERSIONS[conversion](value)
    return format(value, spec)
