"""Words that have no place in the repository, and names that say nothing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.sources import PACKAGES, place_of, python_files, text_files, tree_of

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|mark\.(skip|xfail)\b")
FOREIGN_PLACES = re.compile(r"(?<![\w.])/(work|root|tmp/plan)/|/home/\w+/")
EMPTY_FILE_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "stuff"}
EMPTY_NAMES_ALLOWED = {"server/schemas/common.py": "the base models of all schemas"}


def lines_matching(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Place and text of every line in which the pattern is found."""
    return [
        f"{place_of(path)}:{number}: {line.strip()}"
        for path in paths
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_nothing_is_left_unfinished() -> None:
    assert not lines_matching(UNFINISHED, text_files())


def test_no_path_of_somebodys_machine_is_mentioned() -> None:
    assert not lines_matching(FOREIGN_PLACES, text_files())


def test_file_names_say_what_is_inside() -> None:
    empty = {
        place_of(path)
        for path in python_files(*PACKAGES, "tests")
        if path.stem in EMPTY_FILE_NAMES
    }
    assert empty - EMPTY_NAMES_ALLOWED.keys() == set()


def test_nothing_evaluates_text_as_code() -> None:
    offences = [
        f"{place_of(path)}:{node.lineno}"
        for path in python_files(*PACKAGES)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec"}
    ]
    assert not offences


def test_no_function_has_an_empty_body() -> None:
    offences = [
        f"{place_of(path)}:{node.lineno} {node.name}"
        for path in python_files(*PACKAGES)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and len(node.body) == 1
        and isinstance(node.body[0], ast.Pass)
    ]
    assert not offences
