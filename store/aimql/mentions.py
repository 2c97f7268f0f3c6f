"""`run.mentions("word")`: whether a run has to do with a word, in Python and in SQL.

The word is looked for, whatever the case, in the name, the description, the experiment, the
tags and the params of a run; a number also among the numbers. Hashes are looked through for
words of `HASH_CHARS` characters and more, because shorter ones are in most of them by
chance; those must be where the hash begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from store.aimql.columns import lowered
from store.aimql.sql import TRUE, Sql, any_of
from store.models import RunRecord
from store.queries.params import flatten

METHOD = "mentions"
HASH_CHARS = 4
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_ASCII = re.compile(r"[\x00-\x7f]+")
_TEXTS = ("str", "list")


def mentions(record: RunRecord, word: str) -> bool:
    """Whether the word is anywhere in the run.

    Raises:
        TypeError: If it is no text.
    """
    if not isinstance(word, str):
        raise TypeError("only a text can be mentioned")
    wanted = word.lower()
    run_hash = record.run.hash.lower()
    if run_hash.startswith(wanted) or (len(wanted) >= HASH_CHARS and wanted in run_hash):
        return True
    return any(wanted in text.lower() for text in _texts(record)) or _has_number(record, word)


def _texts(record: RunRecord) -> Iterator[str]:
    run = record.run
    yield from (run.name, run.description, run.experiment or "")
    yield from (tag.name for tag in run.tags)
    for _, text, kind in flatten(record.params).values():
        if kind in _TEXTS and text is not None:
            yield text


def _has_number(record: RunRecord, word: str) -> bool:
    number = _number(word)
    return number is not None and any(
        leaf == number and kind in ("int", "float")
        for leaf, _, kind in flatten(record.params).values()
    )


def _number(word: str) -> float | None:
    return float(word) if _NUMBER.fullmatch(word) and len(word) < 40 else None


def mention_condition(word: str) -> Sql:
    """The same as SQL, exactly; for words beyond ASCII only that it may be so."""
    wanted = max(_ASCII.findall(word.lower()), key=len, default="")
    if not wanted:
        return TRUE
    has_hash = "contains" if len(wanted) >= HASH_CHARS else "starts_with"
    parts = [
        Sql(f"contains({lowered('r.name')}, ?)", (wanted,)),
        Sql(f"{has_hash}({lowered('r.hash')}, ?)", (wanted,)),
        Sql(f"contains({lowered('r.description')}, ?)", (wanted,)),
        Sql(f"coalesce(contains({lowered('e.name')}, ?), FALSE)", (wanted,)),
        Sql(
            "r.id IN (SELECT l.run_id FROM run_tags l JOIN tags t ON t.id = l.tag_id "
            f"WHERE contains({lowered('t.name')}, ?))",
            (wanted,),
        ),
    ]
    of_params = Sql(f"(type IN ('str', 'list') AND contains({lowered('txt')}, ?))", (wanted,))
    number = _number(word)
    if number is not None:
        numbers = Sql("(type IN ('int', 'float') AND num = ?)", (number,))
        of_params = any_of([of_params, numbers])
    inner = f"r.id IN (SELECT run_id FROM params WHERE {of_params.text})"
    return any_of([*parts, Sql(inner, of_params.params)])
