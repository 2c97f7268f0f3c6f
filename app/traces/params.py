"""Params as the rows of a tree that can be folded and searched. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct

from app.formatting import param

SEPARATOR = "\0"
"""Between the keys of a path while it is walked: keys may contain dots."""


class ParamRow(Struct, frozen=True):
    """A leaf or a branch."""

    path: str
    name: str
    depth: int
    value: str
    """Text of a leaf; of a branch how much it holds."""
    kind: str
    """Type of a leaf; empty for a branch."""
    is_folded: bool = False

    @property
    def is_branch(self) -> bool:
        """Whether there is something below."""
        return not self.kind


def param_rows(
    params: Mapping[str, Any], folded: Collection[str] = (), needle: str = ""
) -> list[ParamRow]:
    """The rows in the order of the tree.

    Args:
        params: The tree; keys that begin with two underscores are internal and left out.
        folded: Paths of branches whose contents are hidden.
        needle: Only leaves with this in their path or value, and what they hang on; folding
            does not count then.
    """
    shown = {key: value for key, value in params.items() if not key.startswith("__")}
    return list(_rows(shown, "", frozenset(folded), needle.lower()))


def _rows(
    tree: Mapping[str, Any], prefix: str, folded: frozenset[str], needle: str
) -> Iterator[ParamRow]:
    depth = prefix.count(SEPARATOR)
    for key, value in tree.items():
        path = f"{prefix}{key}".replace(SEPARATOR, ".")
        if not isinstance(value, Mapping) or not value:
            text = param(value, 6)
            if not needle or needle in path.lower() or needle in text.lower():
                yield ParamRow(path, key, depth, text, _kind(value))
            continue
        is_folded = path in folded and not needle
        below = list(_rows(value, f"{prefix}{key}{SEPARATOR}", folded, needle))
        if below or not needle:
            yield ParamRow(path, key, depth, f"{len(value)}", "", is_folded)
        if not is_folded:
            yield from below


def _kind(value: Any) -> str:
    return "none" if value is None else type(value).__name__
