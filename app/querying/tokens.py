"""The parts of a query, whole or half typed. Never fails."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What a part of a query is."""

    PATH = "path"
    """Names with dots between them, such as `run.hparams.lr`; may begin or end with a dot."""
    KEYWORD = "keyword"
    TEXT = "text"
    NUMBER = "number"
    OPERATOR = "operator"
    BRACKET = "bracket"
    OTHER = "other"


class Token(Struct, frozen=True):
    """A part and where it stands."""

    kind: Kind
    start: int
    stop: int
    text: str

    @property
    def is_open(self) -> bool:
        """Whether it is a text whose closing quotation mark is missing."""
        if self.kind is not Kind.TEXT:
            return False
        return len(self.text) < 2 or not _CLOSED.fullmatch(self.text)

    @property
    def inner(self) -> str:
        """What stands between the quotation marks."""
        return self.text[1:] if self.is_open else self.text[1:-1]


KEYWORDS = frozenset(
    {"and", "or", "not", "in", "is", "if", "else", "for", "True", "False", "None"}
)
VALUES = frozenset({"True", "False", "None"})
"""The keywords that stand for values."""
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"})

_CLOSED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)
_NAME = r"[^\W\d]\w*"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)
    | (?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d*)?)
    | (?P<path>\.?{_NAME}(?:\.{_NAME})*\.?|\.)
    | (?P<operator>==|!=|<=|>=|:=|\*\*|//|[<>=!+\-*/%&|^~])
    | (?P<bracket>[()\[\]{{}}])
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str) -> list[Token]:
    """The parts of a text, blanks left out."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = Kind(str(match.lastgroup))
        if match.group() in KEYWORDS:
            kind = Kind.KEYWORD
        found.append(Token(kind, match.start(), match.end(), match.group()))
    return found
