"""`Context`: the small mapping that tells sequences of one name apart.

Two contexts are equal when their JSON objects are equal whatever the order of keys, so a
context is kept as canonical text: keys sorted at every level, no blanks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Context(Struct, frozen=True, order=True):
    """A context in canonical form; hashable, ordered by its text."""

    text: str = "{}"
    """Canonical JSON object."""

    @classmethod
    def of(cls, mapping: Mapping[str, Any] | None) -> Context:
        """The context of a mapping; None and an empty mapping are the same."""
        if not mapping:
            return EMPTY_CONTEXT
        return cls(
            json.dumps(mapping, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        )

    def as_dict(self) -> dict[str, Any]:
        """A fresh dict of the context."""
        if self.text == "{}":
            return {}
        value: dict[str, Any] = json.loads(self.text)
        return value

    def __bool__(self) -> bool:
        return self.text != "{}"

    def __str__(self) -> str:
        """Short text for people: `subset=val, k=1`; empty for the empty context."""
        return ", ".join(f"{key}={value}" for key, value in self.as_dict().items())

    @property
    def words(self) -> str:
        """The values alone, as titles and sentences name a context: `val 1`."""
        return " ".join(str(value) for value in self.as_dict().values())


EMPTY_CONTEXT = Context()
