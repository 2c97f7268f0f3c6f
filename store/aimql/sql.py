"""Pieces of SQL with their parameters. A condition here is TRUE or FALSE and never NULL."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Sql(Struct, frozen=True):
    """A piece of SQL; the parameters stand in the order of its question marks."""

    text: str
    params: tuple[object, ...] = ()

    def __invert__(self) -> Sql:
        return Sql(f"NOT ({self.text})", self.params)


TRUE = Sql("TRUE")
FALSE = Sql("FALSE")


def all_of(parts: Iterable[Sql]) -> Sql:
    """All conditions hold; TRUE without any."""
    return _joined(" AND ", [part for part in parts if part != TRUE], TRUE)


def any_of(parts: Iterable[Sql]) -> Sql:
    """One of the conditions holds; FALSE without any."""
    return _joined(" OR ", [part for part in parts if part != FALSE], FALSE)


def _joined(word: str, parts: list[Sql], neutral: Sql) -> Sql:
    if len(parts) < 2:
        return parts[0] if parts else neutral
    text = word.join(f"({part.text})" for part in parts)
    return Sql(text, tuple(param for part in parts for param in part.params))
