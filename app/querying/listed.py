"""The query of the runs that the table of runs lists. Pure."""

from __future__ import annotations

from app.querying.plain_words import as_query

_ANY = "(run.archived or not run.archived)"
"""Names the archived runs, which are left out otherwise."""


def listed_query(text: str, *, shows_archived: bool) -> str:
    """The query that a text in the bar means, with archived runs if they are wanted."""
    query = as_query(text)
    if not shows_archived:
        return query
    return f"({query}) and {_ANY}" if query else _ANY
