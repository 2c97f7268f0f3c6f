"""Plain words in the query bar: `resnet best` finds what a beginner means by it. Pure.

Text without any operator, call or quotation is not a query but words. Each word must be
somewhere in a run: in its name, hash, experiment, tags, description, params or notes, in
capitals or not.
"""

from __future__ import annotations

import json
import re

_WORDS = re.compile(r"[\w\-./:@#+]+(\s+[\w\-./:@#+]+)*", re.UNICODE)
_KEYWORDS = {"and", "or", "not", "in", "is", "if", "else", "for", "True", "False", "None"}
_ROOTS = ("run.", "metric.", "images.", "texts.", "audios.", "figures.", "distributions.")
_MENTIONS = re.compile(r'run\.mentions\(("(?:[^"\\]|\\.)*")\)')


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
    return " and ".join(word_query(word) for word in text.split())


def word_query(word: str) -> str:
    """The query that finds the runs with a word."""
    return f"run.mentions({_quoted(word)})"


def metric_query(text: str) -> str:
    """The query over metrics that a text means: words name metrics or runs."""
    if not text.strip() or not is_plain(text):
        return text.strip()
    return " and ".join(
        f"({_quoted(word.lower())} in metric.name.lower() or {word_query(word)})"
        for word in text.split()
    )


def understood_everywhere(query: str) -> str:
    """The same query for servers of others, which search no params and notes for words."""
    return _MENTIONS.sub(lambda found: _spelled_out(json.loads(found[1]).lower()), query)


def _spelled_out(word: str) -> str:
    text = _quoted(word)
    return (
        f"({text} in run.name.lower() or {text} in run.hash"
        f" or {text} in run.experiment.lower() or any([{text} in t.lower() for t in run.tags]))"
    )


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)
