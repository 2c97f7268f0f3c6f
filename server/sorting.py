"""The parameter `sort` of run searches: a JSON list of fields and orders."""

from __future__ import annotations

import json

from starlette.exceptions import HTTPException

from store.models import Context
from store.search import SortKey
from store.search.models import RUN_FIELDS

_PREFIXES = ("params.", "metrics.")


def sort_keys(text: str) -> tuple[SortKey, ...]:
    """Sort keys of the parameter `sort`; none means newest first.

    Raises:
        HTTPException: With status 400 and what is wrong.
    """
    if not text.strip():
        return ()
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"Invalid sort JSON: {error}") from error
    if not isinstance(items, list):
        return ()
    return tuple(sort_key(item) for item in items)


def sort_key(item: object) -> SortKey:
    """One sort key.

    Raises:
        HTTPException: With status 400 and what is wrong.
    """
    if not isinstance(item, dict):
        raise HTTPException(400, "Invalid sort JSON: items must be objects")
    field, order = item.get("field"), item.get("order", "asc")
    if not isinstance(field, str) or not (field in RUN_FIELDS or field.startswith(_PREFIXES)):
        raise HTTPException(400, f"Unknown sort field: {field!r}")
    if order not in ("asc", "desc"):
        raise HTTPException(400, f"Invalid sort order: {order!r}")
    context = item.get("context")
    if context is not None and not isinstance(context, dict):
        raise HTTPException(400, f"Invalid sort context: {context!r}")
    return SortKey(field, order == "desc", None if context is None else Context.of(context))
