"""What packages offer: listed, there, and described."""

from __future__ import annotations

import ast
import importlib
import inspect

import pytest

from tests.architecture.sources import PACKAGES, place_of, python_files, tree_of

PUBLIC_PACKAGES = ["store", "store.models"]


@pytest.mark.parametrize("package", PUBLIC_PACKAGES)
def test_public_names_are_listed_and_described(package: str) -> None:
    module = importlib.import_module(package)
    for name in module.__all__:
        value = getattr(module, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), name


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        place_of(path)
        for path in python_files(*PACKAGES, "screenshots")
        if not ast.get_docstring(tree_of(path))
    ]
    assert not silent


def test_test_names_are_unique_within_a_file() -> None:
    for path in python_files("tests"):
        names = [
            node.name
            for node in tree_of(path).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        assert len(names) == len(set(names)), place_of(path)
