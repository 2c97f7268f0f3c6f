"""What could stand at a place of a query: found by walking through what is before it."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from app.querying.tokens import COMPARISONS, VALUES, Kind, Token, tokens

_OPENING = ("(", "[", "{")


class Expected(Enum):
    """What is to be typed."""

    NAME = auto()
    """A field to ask about, at the beginning of a condition."""
    PART = auto()
    """A part of what was looked into, as in `run.metrics["loss"].last`."""
    OPERATOR = auto()
    """How a field is compared."""
    VALUE = auto()
    """What a field is compared with."""
    CONNECTIVE = auto()
    """`and` or `or`: the condition is whole."""
    KEY = auto()
    """A key between brackets, as in `run.metrics[...]`."""
    NOTHING = auto()
    """Nothing that could be known."""


class Spot(Struct, frozen=True):
    """A place in a query."""

    expected: Expected
    typed: str = ""
    """What was typed of it so far."""
    start: int = 0
    """Where it begins."""
    subject: str = ""
    """The field that is compared, or looked into."""
    operator: str = ""
    quote: str = ""
    """The quotation mark behind which it stands."""
    is_listed: bool = False
    """Whether it is one of several values in brackets."""


class _Walk(Struct):
    """How far one got inside one pair of brackets."""

    expected: Expected = Expected.NAME
    subject: str = ""
    operator: str = ""
    opened_by: str = ""
    """`key`, `list`, `call`, or nothing of interest."""
    opened_at: int = 0
    outside: _Walk | None = None


def spot_at(text: str, position: int) -> Spot:
    """What could stand at the position."""
    before = tokens(text[:position])
    partial: Token | None = None
    if before and before[-1].stop == position and _may_grow(before[-1]):
        partial = before.pop()
    walk = _walk(text, before)
    here = Spot(
        walk.expected,
        "",
        position,
        walk.subject,
        walk.operator,
        is_listed=walk.opened_by == "list",
    )
    if partial is None:
        return here
    here = replace(here, start=partial.start, typed=partial.text)
    if partial.kind is Kind.PATH and partial.text.startswith(".") and walk.subject:
        # `run.metrics["loss"].la`: a part of what was looked into.
        above, _, typed = partial.text.rpartition(".")
        return replace(
            here,
            expected=Expected.PART,
            typed=typed,
            start=partial.start + len(above) + 1,
            subject=walk.subject + above,
        )
    if partial.kind is Kind.TEXT:
        return replace(here, typed=partial.inner, quote=partial.text[0])
    return here


def _may_grow(token: Token) -> bool:
    if token.kind is Kind.TEXT:
        return token.is_open
    return token.kind in (Kind.PATH, Kind.NUMBER, Kind.KEYWORD)


def _walk(text: str, before: list[Token]) -> _Walk:
    walk = _Walk()
    for token in before:
        if token.kind is Kind.BRACKET:
            walk = (
                _opened(walk, token) if token.text in _OPENING else _closed(walk, token, text)
            )
        elif token.text in ("and", "or", "if", "else"):
            walk.expected, walk.subject, walk.operator = Expected.NAME, "", ""
        elif token.text == "for":
            walk.expected = Expected.NOTHING
        elif token.text in (",", ":"):
            in_list = walk.opened_by == "list"
            walk.expected = Expected.VALUE if in_list else Expected.NOTHING
        elif _is_comparison(walk, token):
            _compare(walk, token.text)
        elif token.kind in (Kind.PATH, Kind.TEXT, Kind.NUMBER) or token.text in VALUES:
            _operand(walk, token)
        elif token.kind is Kind.OPERATOR:
            # Arithmetic: what is compared is no field any more.
            walk.expected, walk.subject = Expected.NAME, ""
    return walk


def _is_comparison(walk: _Walk, token: Token) -> bool:
    if token.text in COMPARISONS or token.text in ("=", "!"):
        return True
    return token.text == "not" and walk.expected is not Expected.NAME


def _compare(walk: _Walk, operator: str) -> None:
    if operator == "not" and walk.operator == "is":
        operator = "is not"
    elif operator == "in" and walk.operator == "not":
        operator = "not in"
    walk.operator, walk.expected = operator, Expected.VALUE
    if operator == "in" and walk.subject[:1] in ('"', "'"):
        # `"best" in run.`: a field follows.
        walk.expected = Expected.NAME
    if operator == "not":
        walk.expected = Expected.OPERATOR


def _operand(walk: _Walk, token: Token) -> None:
    if walk.opened_by in ("key", "call"):
        walk.expected = Expected.NOTHING
        return
    if token.text.startswith(".") and walk.expected is not Expected.NAME:
        walk.subject += token.text
    elif walk.expected is Expected.VALUE or walk.operator:
        walk.expected = Expected.CONNECTIVE
    else:
        walk.subject, walk.expected = token.text, Expected.OPERATOR


def _opened(walk: _Walk, token: Token) -> _Walk:
    inside = _Walk(opened_at=token.start, outside=walk)
    if token.text == "[" and walk.expected is Expected.OPERATOR:
        inside.opened_by, inside.expected = "key", Expected.KEY
        inside.subject = walk.subject
    elif walk.expected is Expected.VALUE:
        inside.opened_by, inside.expected = "list", Expected.VALUE
        inside.subject, inside.operator = walk.subject, walk.operator
    elif walk.expected is not Expected.NAME:
        inside.opened_by, inside.expected = "call", Expected.NOTHING
    return inside


def _closed(walk: _Walk, token: Token, text: str) -> _Walk:
    outside = walk.outside
    if outside is None:
        return _Walk(Expected.CONNECTIVE)
    if walk.opened_by == "key":
        outside.subject += text[walk.opened_at : token.stop]
    else:
        outside.expected = Expected.CONNECTIVE
    return outside
