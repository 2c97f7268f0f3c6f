"""The overview of params and sequences."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import given, strategies as st

from store import Store
from store.models import SequenceKind
from store.workspace import Workspace
from tests.factories import TRAIN, VAL, log_run, make_hash, make_points
from tests.strategies import params


def keys_of(tree: dict[str, Any], prefix: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found = set()
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            found |= keys_of(value, (*prefix, key))
        else:
            found.add((*prefix, key))
    return found


def test_params_of_all_runs_are_merged_and_the_newest_wins(workspace: Workspace) -> None:
    log_run(workspace, 1, params={"a": {"x": 1, "y": [1]}, "seed": 1, "n": math.nan})
    log_run(workspace, 2, params={"a": {"x": None, "z.z": 2**60 + 1}, "e": {}, "seed": "one"})
    found = workspace.projects.params().params
    assert math.isnan(found.pop("n"))
    assert found == {
        "a": {"x": None, "y": [1], "z.z": 2**60 + 1},
        "seed": "one",
        "e": {},
    }


@given(tree=params())
def test_one_run_shows_all_its_keys(store: Store, tree: dict[str, Any]) -> None:
    workspace = store.workspace(make_hash(repr(tree)))
    log_run(workspace, 1, params=tree)
    assert workspace.projects.params().params == workspace.runs.params(make_hash(1))


@given(trees=st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9)), max_size=4))
def test_keys_are_the_union(store: Store, trees: list[dict[str, int]]) -> None:
    workspace = store.workspace(make_hash(repr(trees)))
    for number, tree in enumerate(trees):
        log_run(workspace, number, params={"p": tree} if tree else {})
    union = {("p", key) for tree in trees for key in tree}
    assert keys_of(workspace.projects.params().params) == union


def test_a_change_shows_at_once(workspace: Workspace) -> None:
    run = log_run(workspace, params={"a": 1})
    assert workspace.projects.params().params == {"a": 1}
    workspace.runs.set_params(run, {"b": 2})
    assert workspace.projects.params().params == {"a": 1, "b": 2}
    workspace.runs.delete([run])
    assert workspace.projects.params().params == {}


def test_sequences_show_sealed_or_not(store: Store) -> None:
    workspace = store.default
    log_run(workspace, 1, make_points("loss", context=TRAIN))
    for _ in range(2):
        found = workspace.projects.params(with_params=False)
        assert found.params == {}
        assert found.sequences[SequenceKind.METRIC] == {"loss": [{"subset": "train"}]}
        store.seal()
    log_run(workspace, 2, make_points("loss", context=VAL), make_points("acc"))
    metrics = workspace.projects.params().sequences[SequenceKind.METRIC]
    assert metrics == {"acc": [{}], "loss": [{"subset": "train"}, {"subset": "val"}]}


def test_an_empty_workspace(workspace: Workspace) -> None:
    found = workspace.projects.params()
    assert found.params == {}
    assert set(found.sequences) == set(SequenceKind) - {SequenceKind.CUSTOM}
    activity = workspace.projects.activity()
    assert (activity.run_count, activity.creation_times) == (0, ())
