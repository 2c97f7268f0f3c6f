"""Bookmarks that others made: what page of ours shows the same, and with which query. Pure.

The web UI keeps `select` in the state of each of its explorers: `query`, and `advancedQuery` where
`advancedMode` is on; the metric explorer has the chosen metrics in `options`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.boards.board import APP_TYPE, board_from_json
from app.formatting import plural
from store.models import ExploreApp

METRIC_APPS = ("metrics",)
RUN_APPS = ("runs", "params", "scatters", "images", "figures", "audios", "texts")


class Bookmark(Struct, frozen=True):
    """What a saved page can be opened as."""

    place: str
    """`board`, `metrics` or `runs`; empty if nothing of ours shows it."""
    query: str = ""
    summary: str = ""
    """What it holds, in a few words."""


def bookmark_of(app: ExploreApp | None) -> Bookmark:
    """How to open an app."""
    if app is None:
        return Bookmark("", summary="nothing is saved in it")
    if app.type == APP_TYPE:
        panels = board_from_json(app.state).panels
        return Bookmark("board", summary=plural(len(panels), "panel"))
    select = app.state.get("select")
    select = select if isinstance(select, Mapping) else {}
    if app.type in METRIC_APPS:
        query = _metric_query(select)
        return Bookmark("metrics", query, query or "all metrics")
    if app.type in RUN_APPS:
        # What stands in an advanced query is about objects; runs cannot be found by it.
        query = "" if select.get("advancedMode") else _text(select.get("query"))
        return Bookmark("runs", query, query or "all runs")
    return Bookmark("", summary="a page of another program")


def _metric_query(select: Mapping[str, Any]) -> str:
    if select.get("advancedMode"):
        return _text(select.get("advancedQuery"))
    options = select.get("options")
    chosen = [
        each for each in map(_option, options if isinstance(options, list) else ()) if each
    ]
    query = _text(select.get("query"))
    if not chosen:
        return query
    metrics = " or ".join(chosen)
    return f"({metrics}) and ({query})" if query else metrics


def _option(option: Any) -> str:
    if not isinstance(option, Mapping):
        return ""
    value = option.get("value")
    value = value if isinstance(value, Mapping) else {}
    name, context = value.get("option_name"), value.get("context")
    if not isinstance(name, str):
        return ""
    parts = [f"metric.name == {json.dumps(name, ensure_ascii=False)}"]
    for key, each in (context if isinstance(context, Mapping) else {}).items():
        literal = repr(each) if isinstance(each, bool) else json.dumps(each, ensure_ascii=False)
        parts.append(f"metric.context[{json.dumps(key)}] == {literal}")
    return f"({' and '.join(parts)})"


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
