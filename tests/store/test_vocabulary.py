"""What queries can speak about, with counts."""

from __future__ import annotations

import math

from store import Store
from store.models import ValueCount
from store.workspace import Workspace
from tests.factories import TRAIN, VAL, log_run, make_points


def _fill(workspace: Workspace) -> None:
    for number, (opt, rate) in enumerate([("adam", 0.1), ("adam", 0.01), ("sgd", math.nan)]):
        log_run(
            workspace,
            number,
            make_points("loss", [1.0 / (number + 1)], VAL if number else TRAIN),
            name=f"run {number}",
            experiment="first" if number else None,
            params={"hparams": {"opt": opt, "lr": rate}, **({"a.b": None} if number else {})},
            tags=["x"] if number else [],
        )


def test_params_have_types_values_and_ranges(workspace: Workspace) -> None:
    _fill(workspace)
    log_run(workspace, 9, params={"hparams": {"lr": "auto", "opt": True}})

    words = {each.keys: each for each in workspace.projects.vocabulary().params}

    assert words["hparams", "opt"].types == ("str", "bool")
    assert words["hparams", "opt"].values[0] == ValueCount("adam", 2)
    assert words["hparams", "opt"].value_count == 3
    assert words["hparams", "lr"].run_count == 4
    assert (words["hparams", "lr"].low, words["hparams", "lr"].high) == (0.01, 0.1)
    assert words["a.b",].types == ("null",)


def test_metrics_labels_and_names_are_counted(workspace: Workspace, store: Store) -> None:
    _fill(workspace)
    found = workspace.projects.vocabulary()
    assert found.run_count == 3
    assert [(each.name, each.run_count) for each in found.metrics] == [("loss", 3)]
    store.seal()
    (loss,) = workspace.projects.vocabulary().metrics
    assert loss.contexts == (TRAIN, VAL)
    assert (loss.run_count, loss.low, loss.high) == (3, 1 / 3, 1.0)
    assert found.experiments == (ValueCount("first", 2),)
    assert found.tags == (ValueCount("x", 2),)
    assert sum(each.run_count for each in found.statuses) == 3
    assert [each.value for each in found.names] == ["run 2", "run 1", "run 0"]


def test_others_are_not_seen(store: Store) -> None:
    _fill(store.workspace("one"))
    assert store.workspace("two").projects.vocabulary().params == ()
    assert store.workspace("two").projects.vocabulary().metrics == ()
    assert store.workspace("one").projects.vocabulary().run_count == 3
