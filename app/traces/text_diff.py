"""What changed between two texts, word by word inside changed lines. Pure, for threads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from msgspec import Struct

MAX_WORDS = 3_000
"""Longer changed passages are shown as a whole: comparing their words would take seconds."""
MAX_LINES = 20_000
"""Lines of a text that are compared at most; all others count as changed."""
LEAST_ALIKE = 0.3
"""Passages with less in common are easier to read one after the other."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Change(StrEnum):
    """What happened to a part of a text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class TextPart(Struct, frozen=True):
    """A piece of the old or the new text."""

    change: Change
    text: str


def text_difference(before: str, after: str) -> list[TextPart]:
    """The new text with what was added, and what was removed where it stood."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(old), len(new)) > MAX_LINES:
        return _merged(_replaced(before, after))
    parts: list[TextPart] = []
    for change, removed, added in _changes(old, new):
        if change is Change.SAME:
            parts.append(TextPart(Change.SAME, added))
        else:
            parts.extend(_word_parts(removed, added))
    return _merged(parts)


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Change, str, str]]:
    """Passages of both in order: whether they are the same, the old one, the new one."""
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) > MAX_WORDS)
    for name, start, stop, new_start, new_stop in matcher.get_opcodes():
        change = Change.SAME if name == "equal" else Change.ADDED
        yield change, "".join(old[start:stop]), "".join(new[new_start:new_stop])


def _word_parts(removed: str, added: str) -> list[TextPart]:
    old, new = _WORDS.findall(removed), _WORDS.findall(added)
    if not old or not new or len(old) + len(new) > MAX_WORDS:
        return _replaced(removed, added)
    if SequenceMatcher(None, old, new, autojunk=False).ratio() < LEAST_ALIKE:
        return _replaced(removed, added)
    parts: list[TextPart] = []
    for change, before, after in _changes(old, new):
        if change is Change.SAME:
            parts.append(TextPart(Change.SAME, after))
        else:
            parts.extend(_replaced(before, after))
    return parts


def _replaced(removed: str, added: str) -> list[TextPart]:
    return [TextPart(Change.REMOVED, removed), TextPart(Change.ADDED, added)]


def _merged(parts: Sequence[TextPart]) -> list[TextPart]:
    """Neighbours of one kind as one part, without empty ones."""
    merged: list[TextPart] = []
    for part in parts:
        if merged and merged[-1].change is part.change:
            merged[-1] = TextPart(part.change, merged[-1].text + part.text)
        elif part.text:
            merged.append(part)
    return merged
