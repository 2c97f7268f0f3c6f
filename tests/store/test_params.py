"""Params: the merge rule of the protocol, and the flat copy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from store.errors import InvalidDataError, NotFoundError
from store.queries.params import (
    escaped_key,
    flatten,
    leaf_value,
    merge_params,
    path_keys,
    plain_tree,
    unflatten,
)
from store.workspace import Workspace
from tests.factories import log_run
from tests.strategies import params, texts

CASES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({}, {"hparams": {"lr": 1, "bs": 2}}, {"hparams": {"lr": 1, "bs": 2}}),
    (
        {"hparams": {"lr": 1, "bs": 2}},
        {"hparams": {"drop": 0.5}},
        {"hparams": {"lr": 1, "bs": 2, "drop": 0.5}},
    ),
    (
        {"hparams": {"lr": 1, "bs": 2}},
        {"hparams": {"x": 1, "y": 2}},
        {"hparams": {"x": 1, "y": 2}},
    ),
    ({}, {"seed": 7}, {"seed": 7}),
    ({"hparams": {"lr": 1}}, {"hparams": {}}, {"hparams": {}}),
    ({"a": 1}, {}, {"a": 1}),
    ({"c": 3}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}),
    ({"a": 1}, {"a": {"b": {"c": 2}}}, {"a": {"b": {"c": 2}}}),
    ({"a": {"b": 1}}, {"a": {"b": None}}, {"a": {"b": None}}),
    ({"a": [1]}, {"__blobs__": {"x": 1}}, {"a": [1]}),
]


@pytest.mark.parametrize(("before", "value", "after"), CASES)
def test_the_merge_rule(
    before: dict[str, Any], value: dict[str, Any], after: dict[str, Any]
) -> None:
    copy = repr(before)
    assert merge_params(before, value) == after
    assert repr(before) == copy


@given(params(), params())
def test_an_assignment_is_there_afterwards(
    before: dict[str, Any], value: dict[str, Any]
) -> None:
    after = merge_params(before, value)
    assert set(after) == set(before) | set(value)
    for key, item in value.items():
        if not isinstance(item, dict) or len(item) != 1:
            assert after[key] == item


@given(params())
def test_a_tree_survives_being_flattened(tree: dict[str, Any]) -> None:
    leaves = {path: leaf_value(*leaf) for path, leaf in flatten(tree).items()}
    assert unflatten(leaves) == tree


@given(st.lists(st.text("ab.\\é\n", max_size=6), min_size=1, max_size=4))
def test_keys_with_dots_stay_apart(keys: list[str]) -> None:
    assert path_keys(".".join(escaped_key(key) for key in keys)) == keys


def test_values_become_plain() -> None:
    tree = plain_tree(
        {
            "tuple": (1, 2),
            "numpy": np.float32(0.5),
            "array": np.arange(3),
            "large": 2**70,
            "huge": 10**400,
            "object": complex(1, 2),
            1: True,  # type: ignore[dict-item]
        }
    )
    assert tree["tuple"] == [1, 2]
    assert (tree["numpy"], tree["array"]) == (0.5, [0, 1, 2])
    assert tree["large"] == float(2**70)
    assert int(tree["huge"], 16) == 10**400
    assert tree["object"] == "(1+2j)"
    assert tree["1"] is True


def test_a_bottomless_tree_is_refused(workspace: Workspace) -> None:
    tree: dict[str, Any] = {}
    for _ in range(1000):
        tree = {"a": tree, "b": 1}
    run = log_run(workspace)
    with pytest.raises(InvalidDataError):
        workspace.runs.set_params(run, tree)
    assert workspace.runs.params(run) == {}


def test_params_that_are_not_numbers_of_json_survive(workspace: Workspace) -> None:
    run = log_run(workspace, params={"nan": math.nan, "inf": -math.inf, "n": None, "e": {}})
    found = workspace.runs.params(run)
    assert math.isnan(found.pop("nan"))
    assert found == {"inf": -math.inf, "n": None, "e": {}}


@given(text=texts)
def test_any_text_survives(workspace: Workspace, text: str) -> None:
    run = log_run(workspace, text, params={"hparams": {text: text, "other": [text]}})
    assert workspace.runs.params(run) == {"hparams": {text: text, "other": [text]}}


def test_half_a_surrogate_becomes_a_mark(workspace: Workspace) -> None:
    run = log_run(workspace, params={"a": "x\ud800y", "b": "\ud83d\ude00"})
    assert workspace.runs.params(run) == {"a": "x\ufffdy", "b": "😀"}


def test_params_of_nobody(workspace: Workspace) -> None:
    with pytest.raises(NotFoundError):
        workspace.runs.set_params("nobody", {"a": 1})
    with pytest.raises(NotFoundError):
        workspace.runs.params("nobody")


@given(st.lists(params(), min_size=1, max_size=4))
def test_the_flat_copy_follows_the_tree(
    workspace: Workspace, trees: list[dict[str, Any]]
) -> None:
    run = log_run(workspace, repr(trees))
    expected: dict[str, Any] = {}
    for tree in trees:
        workspace.runs.set_params(run, tree)
        expected = merge_params(expected, plain_tree(tree))
    assert workspace.runs.params(run) == expected
    run_id = workspace.runs.get(run).id
    rows = workspace.runs._database.rows(
        "SELECT key, num, txt, type FROM params WHERE run_id = ? ORDER BY key", [run_id]
    )
    assert unflatten({key: leaf_value(*leaf) for key, *leaf in rows}) == expected
