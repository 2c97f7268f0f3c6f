"""How long files and functions may be. An exception is a line here, with its reason."""

from __future__ import annotations

import ast

from tests.architecture.sources import FOLDERS, ROOT, place_of, python_files, tree_of

FILE_LINES = 400
FUNCTION_LINES = 60
STYLESHEET_LINES = 250

LONG_FILES: dict[str, str] = {}
"""Path to the reason why it may be longer."""

LONG_FUNCTIONS: dict[str, str] = {}
"""Path and function to the reason why it may be longer."""


def test_no_file_is_too_long() -> None:
    lengths = {
        place_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files(*FOLDERS)
    }
    too_long = {place: length for place, length in lengths.items() if length > FILE_LINES}
    assert too_long.keys() == LONG_FILES.keys(), too_long


def test_no_function_is_too_long() -> None:
    too_long = {}
    for path in python_files(*FOLDERS):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    too_long[f"{place_of(path)}:{node.name}"] = length
    assert too_long.keys() == LONG_FUNCTIONS.keys(), too_long


def test_no_stylesheet_is_too_long() -> None:
    too_long = [
        place_of(path)
        for path in (ROOT / "app").rglob("*.tcss")
        if len(path.read_text(encoding="utf-8").splitlines()) > STYLESHEET_LINES
    ]
    assert not too_long
