"""Looking into values: `value.name` and `value[key]`, by a whitelist for each type.

A name that a value has not gives what is missing and no error, so a condition on a param
that only some runs have is simply false for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from functools import partial
from typing import Any

from store.aimql.functions import Function, Namespace
from store.aimql.limits import check_length, check_spec
from store.aimql.values import UNDEFINED, Duration, Instant, Undefined


class View:
    """An object of the store as a query sees it."""

    __slots__ = ()

    def attribute(self, _name: str) -> Any:
        """`view.name`."""
        return UNDEFINED

    def item(self, _key: Any) -> Any:
        """`view[key]`."""
        return UNDEFINED

    def contains(self, _item: Any) -> bool:
        """`item in view`."""
        return False


def get_attribute(value: Any, name: str) -> Any:
    """`value.name`; what is missing when there is no such thing.

    Raises:
        AttributeError: For `format` and `format_map` of a text, which could reach anything.
    """
    if isinstance(value, View):
        return value.attribute(name)
    if isinstance(value, dict):
        found = value.get(name, UNDEFINED)
        if found is not UNDEFINED:
            return found
    elif isinstance(value, Function | Namespace):
        return value.attributes.get(name, UNDEFINED)
    for kind, (methods, properties) in _MEMBERS.items():
        if isinstance(value, kind):
            if name in methods:
                return Function(name, partial(methods[name], value), owner=value)
            if name in properties:
                return getattr(value, name)
            if kind is str and name in ("format", "format_map"):
                raise AttributeError(name)
            break
    return UNDEFINED


def get_item(value: Any, key: Any) -> Any:
    """`value[key]`; what is missing when a dict has no such key.

    Raises:
        LookupError: If an index is out of range.
        TypeError: If the value has no items.
    """
    if isinstance(value, View):
        return value.item(key)
    if isinstance(value, dict):
        return value.get(key, UNDEFINED)
    if value is None or isinstance(value, Undefined):
        return UNDEFINED
    if isinstance(key, str) and isinstance(value, str | int | float | list):
        # A path that leads through a plain value leads nowhere, as with attributes.
        return UNDEFINED
    return value[key]


def look_up(params: Mapping[str, Any], path: tuple[Any, ...]) -> Any:
    """Follow a path of keys through nested dicts."""
    value: Any = params
    for key in path:
        value = get_item(value, key)
    return value


def is_method(name: str) -> bool:
    """Whether some kind of value has a method or part of this name."""
    return name in _ALL_NAMES


def _padded(call: Callable[..., str]) -> Callable[..., str]:
    def guarded(text: str, width: int, *fill: str) -> str:
        check_length(width)
        return call(text, width, *fill)

    return guarded


def _searched_backwards(call: Callable[..., Any]) -> Callable[..., Any]:
    """Searching from the end takes text times pattern, where it takes their sum forwards."""

    def guarded(text: str, *arguments: Any) -> Any:
        pattern = arguments[0] if arguments and isinstance(arguments[0], str) else ""
        check_length(len(text) * len(pattern) // 1_000)
        return call(text, *arguments)

    return guarded


def _strftime(moment: Any, spec: str) -> str:
    check_spec(spec)
    text: str = moment.strftime(spec)
    return text


def _expand_tabs(text: str, tabsize: int = 8) -> str:
    check_length(text.count("\t") * tabsize)
    return text.expandtabs(tabsize)


def _replace(text: str, old: str, new: str, count: int = -1) -> str:
    check_length(text.count(old) * len(new))
    return text.replace(old, new, count)


def _join(text: str, items: Any) -> str:
    parts = list(items)
    check_length(len(parts) * len(text))
    return text.join(parts)


def _contains(items: Any, item: Any) -> bool:
    return item in items


def _keys(values: dict[Any, Any]) -> list[Any]:
    return list(values)


def _values(values: dict[Any, Any]) -> list[Any]:
    return list(values.values())


def _items(values: dict[Any, Any]) -> list[tuple[Any, Any]]:
    return list(values.items())


def _methods(kind: type, names: str) -> dict[str, Callable[..., Any]]:
    return {name: getattr(kind, name) for name in names.split()}


_TEXT_METHODS: dict[str, Callable[..., Any]] = {
    **_methods(
        str,
        "capitalize casefold count endswith find index isalnum isalpha isascii isdecimal "
        "isdigit isidentifier islower isnumeric isprintable isspace istitle isupper lower "
        "lstrip partition removeprefix removesuffix rstrip "
        "split splitlines startswith strip swapcase title upper",
    ),
    "rfind": _searched_backwards(str.rfind),
    "rindex": _searched_backwards(str.rindex),
    "rpartition": _searched_backwards(str.rpartition),
    "rsplit": _searched_backwards(str.rsplit),
    "center": _padded(str.center),
    "ljust": _padded(str.ljust),
    "rjust": _padded(str.rjust),
    "zfill": _padded(str.zfill),
    "expandtabs": _expand_tabs,
    "replace": _replace,
    "join": _join,
}
_SET_METHODS = (
    "difference intersection isdisjoint issubset issuperset symmetric_difference union"
)
_DATE_PARTS = "year month day"
_TIME_PARTS = "hour minute second microsecond"
_SPAN_PARTS = "days seconds microseconds"

# In this order: an instant is a float, a bool an int, so the special comes first.
_MEMBERS: dict[type, tuple[dict[str, Callable[..., Any]], frozenset[str]]] = {
    str: (_TEXT_METHODS, frozenset()),
    dict: (
        {"get": dict.get, "keys": _keys, "values": _values, "items": _items},
        frozenset(),
    ),
    list: ({**_methods(list, "count index"), "contains": _contains}, frozenset()),
    tuple: ({**_methods(tuple, "count index"), "contains": _contains}, frozenset()),
    set: (_methods(set, _SET_METHODS), frozenset()),
    frozenset: (_methods(frozenset, _SET_METHODS), frozenset()),
    Instant: (
        _methods(Instant, "date isoformat isoweekday time timestamp weekday")
        | {"strftime": _strftime},
        frozenset(f"{_DATE_PARTS} {_TIME_PARTS}".split()),
    ),
    Duration: (_methods(Duration, "total_seconds"), frozenset({"days", "seconds"})),
    timedelta: (_methods(timedelta, "total_seconds"), frozenset(_SPAN_PARTS.split())),
    date: (
        _methods(date, "isoformat isoweekday weekday") | {"strftime": _strftime},
        frozenset(_DATE_PARTS.split()),
    ),
    time: (
        _methods(time, "isoformat") | {"strftime": _strftime},
        frozenset(_TIME_PARTS.split()),
    ),
    float: (_methods(float, "hex is_integer"), frozenset({"real", "imag"})),
    int: (_methods(int, "bit_length"), frozenset({"real", "imag"})),
    complex: (_methods(complex, "conjugate"), frozenset({"real", "imag"})),
}
_ALL_NAMES = frozenset(
    {name for methods, parts in _MEMBERS.values() for name in (*methods, *parts)}
    | {"format", "format_map"}
)
