"""Which way imports point, and what an import costs."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from importlinter.cli import lint_imports

from app.commands import PLACES
from tests.architecture.sources import (
    PACKAGES,
    ROOT,
    imported_modules,
    place_of,
    python_files,
    tree_of,
)

WEB = {"fastapi", "starlette", "pydantic", "uvicorn"}
FRAMES = {"pyarrow", "pandas", "polars"}


def loaded_by(module: str) -> set[str]:
    """Top-level packages that a fresh interpreter has after importing a module."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout.split()
    )


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("store", WEB | FRAMES | {"textual", "rich", "httpx", "app", "server"}),
        ("server.codec", WEB | FRAMES | {"textual", "rich", "store", "duckdb"}),
        ("server.settings", WEB | FRAMES | {"duckdb", "numpy"}),
        ("app.charts", WEB | FRAMES | {"textual", "rich", "store", "server", "duckdb"}),
        ("app.cli", WEB | FRAMES | {"textual", "rich", "httpx", "duckdb", "numpy", "PIL"}),
        ("app.application", WEB | FRAMES | {"duckdb", "httpx", "PIL"}),
    ],
)
def test_an_import_loads_nothing_heavy_before_it_is_needed(
    module: str, unwanted: set[str]
) -> None:
    assert loaded_by(module) & unwanted == set()


def test_packages_are_imported_from_and_never_by_name() -> None:
    offences = [
        f"{place_of(path)}:{node.lineno}"
        for path in python_files(*PACKAGES, "tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import)
        and any(alias.name in PACKAGES and alias.asname is None for alias in node.names)
    ]
    assert not offences, "write `from store import Store`: a variable may be called store"


def test_screens_do_not_import_each_other() -> None:
    screens = {place.module for place in PLACES} | {"app.screens.run"}
    offences = [
        f"{screen} imports {module}"
        for screen in sorted(screens)
        for _, module in imported_modules(tree_of(ROOT / f"{screen.replace('.', '/')}.py"))
        if module in screens - {screen}
    ]
    assert not offences


def test_widgets_take_values_and_not_the_store() -> None:
    # The words of the domain, which way a metric is better, and the text of alert rules.
    allowed = (
        "store.models",
        "store.errors",
        "store.queries.directions",
        "store.alerts.rules",
    )
    offences = [
        f"{place_of(path)}:{line} imports {module}"
        for path in python_files("app/widgets", "app/dialogs")
        for line, module in imported_modules(tree_of(path))
        if module.partition(".")[0] == "store" and not module.startswith(allowed)
    ]
    assert not offences
