"""Everything that has to be listed somewhere is listed there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.testclient import TestClient

from app.commands import COMMANDS, PLACES
from server.api import create_api
from server.settings import ServerSettings
from store import Store
from tests.architecture.sources import ROOT


def router_modules(folder: str) -> list[str]:
    """Modules below a folder that have a router."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    modules = [name.removesuffix(".__init__") for name in names]
    return [
        name
        for name in modules
        if isinstance(getattr(import_module(name), "router", None), APIRouter)
    ]


def test_every_rest_module_is_mounted(store: Store) -> None:
    api = create_api(store, ServerSettings(port=0))
    with TestClient(api, base_url="http://127.0.0.1") as client:
        paths = set(client.get("/openapi.json").json()["paths"])
    modules = router_modules("server/rest")
    assert modules
    for name in modules:
        router: Any = import_module(name).router
        own = {route.path.rstrip("/") for route in router.routes if route.include_in_schema}
        mounted = {path for path in paths if any(path.rstrip("/").endswith(end) for end in own)}
        assert mounted, f"{name} is not mounted"


def test_every_screen_has_a_place_or_is_opened_by_one() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "app").rglob("*.py")
        if "__pycache__" not in path.parts
    )
    for path in (ROOT / "app" / "screens").glob("*.py"):
        module = f"app.screens.{path.stem}"
        if path.stem not in {"__init__", "base"}:
            assert re.search(rf"\b{re.escape(module)}\b", sources), f"nothing opens {module}"
    assert len({place.key for place in PLACES}) == len(PLACES)


def test_every_place_opens_a_screen_that_exists() -> None:
    for place in PLACES:
        assert hasattr(import_module(place.module), place.screen)


def test_no_key_means_two_things_in_one_scope() -> None:
    seen: dict[tuple[str, str], str] = {}
    for command in COMMANDS:
        for key in filter(None, command.keys.split(",")):
            other = seen.setdefault((command.scope, key), command.id)
            assert other == command.id, f"{key}: {other} and {command.id}"


def test_every_command_has_a_title_and_a_sentence() -> None:
    for command in COMMANDS:
        assert command.title
        assert command.help.endswith("."), command.id


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = sorted(
        int(path.name.partition("_")[0])
        for path in Path(ROOT, "store/migrations").glob("*.sql")
    )
    assert numbers == list(range(1, len(numbers) + 1))
