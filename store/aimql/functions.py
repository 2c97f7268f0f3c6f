"""The names that every query may use: functions, modules, the classes of time.

Each is a `Function` of ours around a harmless function of Python; where that could make
something large out of something small, it is guarded. Nothing here gives a query a real
Python object to hold on to.
"""

from __future__ import annotations

import math
import random
import re
import string
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from store.aimql.limits import MAX_RANGE, LimitExceededError, check_bits, check_length
from store.aimql.values import UNDEFINED, Instant

_MAX_SPEC_CHARS = 200
"""Longest format of a time, with the time."""
_MAX_DIGITS = 1_000
"""Most decimal places for `round`, and largest argument for factorials."""


class Function:
    """Something a query may call."""

    __slots__ = ("attributes", "call", "name", "owner", "type")

    def __init__(
        self,
        name: str,
        call: Callable[..., Any],
        of_type: type | None = None,
        attributes: Mapping[str, Any] | None = None,
        owner: Any = None,
    ) -> None:
        self.name = name
        self.call = call
        self.type = of_type
        """What `isinstance` compares with, for the functions that are types."""
        self.attributes = attributes or {}
        self.owner = owner
        """The value whose method this is."""

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """What the function gives."""
        return self.call(*arguments, **keywords)


class Namespace:
    """A module as a query sees it: names with values, nothing else."""

    __slots__ = ("attributes",)

    def __init__(self, attributes: Mapping[str, Any]) -> None:
        self.attributes = attributes


def scope(now: float, offset_min: int) -> dict[str, Any]:
    """Every name in scope but `run` and the sequence variable, by the person's clock."""
    return {**_SCOPE, "datetime": _datetime(now, offset_min)}


def _datetime(now: float, offset_min: int) -> Function:
    def instant(*arguments: Any, **keywords: Any) -> Instant:
        return Instant.from_wall_clock(datetime(*arguments, **keywords), offset_min)  # noqa: DTZ001

    def current(_zone: None = None) -> Instant:
        return Instant(now, offset_min)

    def today() -> Instant:
        return Instant(now, offset_min)

    def parsed(text: str, spec: str) -> Instant:
        if len(text) + len(spec) > _MAX_SPEC_CHARS:
            raise LimitExceededError
        try:
            return Instant.from_wall_clock(datetime.strptime(text, spec), offset_min)  # noqa: DTZ007
        except re.error as error:
            raise ValueError("the same field stands twice in the format") from error

    def from_iso(text: str) -> Instant:
        return Instant.from_wall_clock(datetime.fromisoformat(text), offset_min)

    def from_timestamp(seconds: float) -> Instant:
        return Instant(datetime.fromtimestamp(seconds, UTC).timestamp(), offset_min)

    members: dict[str, Callable[..., Any]] = {
        "now": current,
        "utcnow": today,
        "today": today,
        "strptime": parsed,
        "fromisoformat": from_iso,
        "fromtimestamp": from_timestamp,
        "utcfromtimestamp": from_timestamp,
    }
    attributes = {name: Function(name, call) for name, call in members.items()}
    return Function("datetime", instant, Instant, attributes)


def _is_instance(value: Any, kind: Any) -> bool:
    return isinstance(value, _types(kind))


def _is_subclass(kind: Any, parent: Any) -> bool:
    return issubclass(_types(kind)[0], _types(parent))


def _types(kind: Any) -> tuple[type, ...]:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    types = tuple(each.type for each in kinds if isinstance(each, Function) and each.type)
    if len(types) != len(kinds):
        raise TypeError("isinstance() needs a type, or a tuple of types")
    return types


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) >= MAX_RANGE:
        raise LimitExceededError
    return numbers


def _round(value: Any, digits: int | None = None) -> Any:
    if digits is not None and abs(digits) > _MAX_DIGITS:
        raise LimitExceededError
    return round(value, digits)


def power(base: Any, exponent: Any, modulus: Any = None) -> Any:
    """`base ** exponent`, refused where a whole number would grow too large."""
    if isinstance(base, int) and isinstance(exponent, int):
        if modulus is not None:
            # The time grows with the cube of the bits.
            if max(abs(base), abs(exponent), abs(modulus)) >= 2**256:
                raise LimitExceededError
        elif abs(base) > 1:
            check_bits(base.bit_length() * abs(exponent))
    return pow(base, exponent) if modulus is None else pow(base, exponent, modulus)


def _bytes(value: Any = b"") -> bytes:
    # No encodings: some of them take very long for a long text.
    if isinstance(value, int):
        check_length(value)
    return bytes(value)


def _str(value: Any = "") -> str:
    return str(value)


def _sum(items: Iterable[Any], start: Any = 0) -> Any:
    if not isinstance(start, int | float | complex | timedelta):
        raise TypeError("only numbers and lengths of time have a sum")
    return sum(items, start)


def _hash(value: Any) -> int:
    return hash(value)


def _slice(*bounds: Any) -> slice:
    return slice(*bounds)


def _same_type(first: Any, *others: Any) -> bool:
    return all(type(other) is type(first) for other in others)


def _test(*arguments: Any) -> Any:
    """`test(condition, value, condition, value, ..., otherwise)`."""
    for condition, value in zip(arguments[::2], arguments[1::2], strict=False):
        if condition:
            return value
    return arguments[-1] if len(arguments) % 2 else None


def _reorder(items: Iterable[Any], with_: Any = None, without: Any = ()) -> list[Any]:
    """Those of `items` that are in `with_` and not in `without`, in the order of `with_`."""
    pairs = {_key(item): item for item in items}
    wanted = pairs if with_ is None else [_key(item) for item in with_]
    unwanted = {_key(item) for item in without}
    return [pairs[key] for key in wanted if key in pairs and key not in unwanted]


def _key(item: Any) -> Any:
    return item[0] if isinstance(item, tuple) and len(item) == 2 else item


def _reversed(items: Any) -> list[Any]:
    return list(reversed(items))


def _enumerate(items: Iterable[Any], start: int = 0) -> list[tuple[int, Any]]:
    return list(enumerate(items, start))


def _callable(value: Any) -> bool:
    return isinstance(value, Function)


def _factorial(number: int) -> int:
    check_length(number)
    if number > _MAX_DIGITS:
        raise LimitExceededError
    return math.factorial(number)


def _choose(call: Callable[[int, int], int]) -> Callable[..., int]:
    def guarded(total: int, chosen: int) -> int:
        if total > _MAX_DIGITS:
            raise LimitExceededError
        return call(total, chosen)

    return guarded


def _product(items: Iterable[Any], *, start: Any = 1) -> Any:
    result = start
    for item in items:
        if isinstance(result, int) and isinstance(item, int):
            check_bits(result.bit_length() + item.bit_length())
        elif not isinstance(item, int | float):
            raise TypeError("only numbers have a product")
        result = result * item
    return result


def _named(module: Any, names: str) -> dict[str, Any]:
    return {name: Function(name, getattr(module, name)) for name in names.split()}


_MATH = Namespace(
    {
        **_named(
            math,
            "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh degrees "
            "dist erf erfc exp exp2 expm1 fabs floor fmod frexp fsum gamma gcd hypot "
            "isclose isfinite isinf isnan isqrt ldexp lgamma log log10 log1p log2 modf "
            "nextafter pow radians remainder sin sinh sqrt tan tanh trunc ulp",
        ),
        "comb": Function("comb", _choose(math.comb)),
        "perm": Function("perm", _choose(math.perm)),
        "factorial": Function("factorial", _factorial),
        "prod": Function("prod", _product),
        "pi": math.pi,
        "e": math.e,
        "tau": math.tau,
        "inf": math.inf,
        "nan": math.nan,
    }
)
_RANDOM = Namespace(_named(random.Random(), "random uniform randint choice gauss triangular"))
_STRING_NAMES = (
    "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable "
    "punctuation whitespace"
)
_STRING = Namespace({name: getattr(string, name) for name in _STRING_NAMES.split()})

_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (bool, complex, dict, float, frozenset, int, list, set, tuple, timedelta)
}
_ERRORS = (
    "ArithmeticError AssertionError AttributeError BaseException Exception IndexError "
    "KeyError LookupError NameError OverflowError RuntimeError StopIteration SyntaxError "
    "TypeError ValueError ZeroDivisionError"
)
_SCOPE: dict[str, Any] = {
    **{name: Function(name, kind, kind) for name, kind in _TYPES.items()},
    **{
        call.__name__: Function(call.__name__, call)
        for call in (abs, all, any, ascii, bin, chr, divmod, hex, len, max, min, oct, ord)
    },
    **{call.__name__: Function(call.__name__, call) for call in (repr, sorted, zip)},
    **{name: Function(name, lambda *_: UNDEFINED) for name in _ERRORS.split()},
    "bytes": Function("bytes", _bytes, bytes),
    "callable": Function("callable", _callable),
    "enumerate": Function("enumerate", _enumerate),
    "hash": Function("hash", _hash),
    "id": Function("id", _hash),
    "isinstance": Function("isinstance", _is_instance),
    "issubclass": Function("issubclass", _is_subclass),
    "pow": Function("pow", power),
    "range": Function("range", _range, range),
    "reorder": Function("reorder", _reorder),
    "reversed": Function("reversed", _reversed),
    "round": Function("round", _round),
    "same_type": Function("same_type", _same_type),
    "slice": Function("slice", _slice, slice),
    "str": Function("str", _str, str),
    "sum": Function("sum", _sum),
    "test": Function("test", _test),
    "math": _MATH,
    "random": _RANDOM,
    "whrandom": _RANDOM,
    "string": _STRING,
}

RANDOM_NAMES = frozenset({"random", "whrandom"})
"""Names whose value may differ from item to item."""
FUNCTION_NAMES = frozenset({*_SCOPE, "datetime"})
"""Every name in scope but the variables."""
