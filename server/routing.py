"""Routers that say no at once to paths that cannot be theirs.

The framework asks every route in turn, and there are more than a hundred: that took half of
the time of a small request. One expression for all paths of a router settles nearly all of it.
"""

from __future__ import annotations

import re

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Match

from server.asgi import Scope

_PARAMETER = re.compile(r"\{[^}]*\}")


def include(api: FastAPI, router: APIRouter, prefix: str = "") -> None:
    """Add the routes of a router; it is asked only about paths that look like one of them."""
    known = len(api.router.routes)
    api.include_router(router, prefix=prefix)
    # A router within a router has no path of its own, so it takes everything below the prefix.
    paths = {prefix + getattr(route, "path", "{all}") for route in router.routes}
    looks_known = re.compile("|".join(map(_expression, sorted(paths))), re.DOTALL)
    for route in api.router.routes[known:]:
        _guard(route, looks_known)


def _expression(path: str) -> str:
    parts = []
    start = 0
    for found in _PARAMETER.finditer(path):
        is_long = found.group() == "{all}" or ":path" in found.group()
        parts += [re.escape(path[start : found.start()]), ".*" if is_long else "[^/]+"]
        start = found.end()
    return "".join(parts) + re.escape(path[start:])


def _guard(route: BaseRoute, looks_known: re.Pattern[str]) -> None:
    matches = route.matches

    def guarded(scope: Scope) -> tuple[Match, Scope]:
        if looks_known.fullmatch(scope["path"]):
            return matches(scope)
        return Match.NONE, {}

    route.matches = guarded  # type: ignore[method-assign]
