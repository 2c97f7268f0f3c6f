"""Plain words in the query bar: `resnet best` finds what a beginner means by it. Pure.

Text without any operator, call or quotation is not a query but words. Each word must be in the
name, the hash, the experiment or the tags of a run.
"""

from __future__ import annotations

import json
import re

_WORDS = re.compile(r"[\w\-./:@#]+(\s+[\w\-./:@#]+)*", re.UNICODE)
_KEYWORDS = {"and", "or", "not", "in", "is", "if", "else", "for", "True", "False", "None"}
_ROOTS = ("run.", "metric.", "images.", "texts.", "audios.", "figures.", "distributions.")


def is_plain(text: str) -> bool:
    """Whether a text is words rather than a query."""
    stripped = text.strip()
    if not _WORDS.fullmatch(stripped):
        return False
    words = stripped.split()
    return not any(word in _KEYWORDS or word.startswith(_ROOTS) for word in words)


def as_query(text: str) -> str:
    """The query that a text means; a query means itself."""
    if not text.strip() or not is_plain(text):
        return text.strip()
    return " and ".join(_word_query(word) for word in text.split())


def _word_query(word: str) -> str:
    exact, lower = (
        json.dumps(word, ensure_ascii=False),
        json.dumps(word.lower(), ensure_ascii=False),
    )
    return (
        f"({lower} in run.name.lower() or {exact} in run.experiment"
        f" or run.hash.startswith({lower}) or {exact} in run.tags)"
    )
