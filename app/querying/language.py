"""What can be asked, found by how it is written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from app.querying.fields import Field, fields
from app.querying.tokens import Kind, tokens
from store.models import Vocabulary


def spelling(expression: str) -> tuple[str, ...]:
    """The names and keys in an expression, however it is written: `run["a"].b` is `run.a.b`."""
    words: list[str] = []
    for token in tokens(expression):
        if token.kind is Kind.PATH:
            words += [word for word in token.text.split(".") if word]
        elif token.kind is Kind.TEXT:
            words.append(token.inner)
        elif token.text not in "[]":
            words.append(token.text)
    return tuple(words)


class Language:
    """Everything that a query can ask about."""

    def __init__(self, known: Vocabulary | None = None, *, of_metrics: bool = False) -> None:
        self.known = known or Vocabulary()
        self.is_known = known is not None
        self.of_metrics = of_metrics
        """Whether metrics are searched, so that `metric.name` can be asked."""

    @cached_property
    def fields(self) -> Sequence[Field]:
        """All fields, the usual first."""
        return fields(self.known, of_metrics=self.of_metrics)

    @cached_property
    def spellings(self) -> dict[tuple[str, ...], Field]:
        """All fields by how they are spelled."""
        return {spelling(each.expression): each for each in reversed(self.fields)}

    def field(self, expression: str) -> Field | None:
        """The field of an expression, spelled in whichever way."""
        return self.spellings.get(spelling(expression))
