"""A style sheet that parses each piece of CSS once.

Textual parses the CSS of every widget class again whenever one more class appears: when a screen
or a dialog opens for the first time. It keeps what it parsed, but only the last 64 pieces, and
this dashboard has more; so every dialog cost a parse of everything. Themes parse again too,
although the next dashboard with the same colours needs the same rules.
"""

from __future__ import annotations

from typing import Any

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

MAX_PIECES = 2_048
"""Pieces of CSS kept for one set of colours."""
MAX_COLORS = 8
"""Sets of colours kept."""

Pieces = LRUCache[tuple[Any, ...], list[Any]]
_parsed: LRUCache[tuple[tuple[str, str], ...], Pieces] = LRUCache(MAX_COLORS)


class KeptStylesheet(Stylesheet):
    """Rules by the colours they were parsed with, kept for all dashboards of a process."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parse_cache = pieces_of(variables or {})

    def set_variables(self, variables: dict[str, str]) -> None:
        """Use other colours."""
        # What is cleared must not be what others use.
        self._parse_cache = LRUCache(1)
        super().set_variables(variables)
        self._parse_cache = pieces_of(variables)

    def reparse(self) -> None:
        """Apply the colours that were set."""
        self.parse()


def pieces_of(variables: dict[str, str]) -> Pieces:
    """What was parsed with these colours so far."""
    key = tuple(sorted(variables.items()))
    found = _parsed.get(key)
    if found is None:
        found = _parsed[key] = LRUCache(MAX_PIECES)
    return found
