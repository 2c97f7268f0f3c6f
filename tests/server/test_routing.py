"""Routers are asked about the paths that are theirs."""

import re

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Match

from server.api import rest_api
from server.routing import include


def asked(api: FastAPI, path: str) -> list[Match]:
    """What each route says to a GET of this path."""
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    return [route.matches(scope)[0] for route in api.router.routes]


def test_every_documented_path_finds_its_router() -> None:
    api = rest_api()
    for path in api.openapi()["paths"]:
        answers = asked(api, re.sub(r"\{[^}]*\}", "some id.1", path))
        assert set(answers) - {Match.NONE}, path


@pytest.mark.parametrize("path", ["/r/a", "/r/a/b.c", "/r/files/a/b/c", "/r/inner/x"])
def test_parameters_and_paths_of_several_parts_are_theirs(path: str) -> None:
    inner, router, api = APIRouter(), APIRouter(), FastAPI()
    for taken in ("/{one}", "/{one}/b.c", "/files/{rest:path}"):
        router.add_api_route(taken, lambda: None)
    inner.add_api_route("/x", lambda: None)
    router.include_router(inner, prefix="/inner")
    include(api, router, "/r")
    assert asked(api, path)[-1] is Match.FULL
