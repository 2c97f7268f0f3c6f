"""The four runs on which the reference tables of the query language are based."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from store import Store
from store.models import Context, RunStatus, SequenceKind
from store.models.operations import AddTag, LogPoints, Operation, SetProperty
from store.search import RunSearch
from tests.factories import START, TRAIN, VAL, StillClock, log_run, make_hash, make_points

if TYPE_CHECKING:
    from store.workspace import Workspace

LETTERS = {"alpha": "a", "beta": "b", "gamma": "g", "delta": "d"}
ALPHA_HASH = make_hash("alpha")
BETA_HASH = make_hash("beta")

ALPHA_PARAMS = {
    "hparams": {
        "lr": 0.001,
        "batch_size": 32,
        "opt": "adam",
        "flag": True,
        "layers": [64, 32],
        "nested": {"k": "v"},
        "none": None,
    },
    "seed": 7,
    "learning_rate": 0.001,
}
BETA_PARAMS = {
    "hparams": {"lr": 1, "batch_size": 64, "opt": "sgd", "flag": False},
    "seed": 11,
}


def open_lab(path: Path, *, is_sealed: bool) -> Store:
    """A store with the four runs, their points in segments or in memory."""
    store = Store.open(path, clock=StillClock(START + 7200))
    workspace = store.default
    _log_alpha(workspace)
    _log(
        workspace,
        "beta",
        make_points("loss", [3.0], TRAIN),
        LogPoints("acc", Context(), [0], [5.0], dtype="int"),
        experiment="exp-two",
        params=BETA_PARAMS,
    )
    _log(
        workspace,
        "gamma",
        make_points("loss", [0.7], TRAIN),
        SetProperty(is_archived=True),
        experiment="exp-one",
        params={"hparams": {"lr": 0.5, "batch_size": 32}},
    )
    test = Context.of({"subset": "test", "k": 1})
    _log(
        workspace,
        "delta",
        LogPoints("loss", test, [3], [2.0]),
        params={"model": "resnet"},
    )
    if is_sealed:
        store.seal()
    return store


def _log_alpha(workspace: Workspace) -> None:
    operations: list[Operation] = [
        make_points("loss", 1 / np.arange(1, 201), TRAIN),
        LogPoints("loss", VAL, [0, 90, 180], [0.9, 0.3, 0.15]),
        make_points("acc", np.linspace(0.0, 0.9, 10)),
        SetProperty(description="first one"),
        AddTag("best"),
        AddTag("prod"),
    ]
    _log(workspace, "alpha", *operations, experiment="exp-one", params=ALPHA_PARAMS)


def _log(
    workspace: Workspace,
    name: str,
    *operations: Operation,
    experiment: str | None = None,
    params: dict[str, object],
) -> None:
    log_run(
        workspace,
        name,
        *operations,
        name=name,
        experiment=experiment,
        params=params,
        started_at=START + 10 * len(LETTERS) - 10 * list(LETTERS).index(name),
        status=RunStatus.FINISHED,
    )


def runs_found(workspace: Workspace, query: str, timezone_offset_min: int = 0) -> str:
    """The letters of the runs that match, in the order of the reference table."""
    search = RunSearch(query, timezone_offset_min=timezone_offset_min)
    names = {record.run.name for _, record in workspace.search.runs(search)}
    return "".join(letter for name, letter in LETTERS.items() if name in names)


def metrics_found(workspace: Workspace, query: str) -> set[str]:
    """The metrics that match, as `a:loss/train`."""
    matches = workspace.search.sequences(SequenceKind.METRIC, query)
    return {
        f"{LETTERS[record.run.name]}:{metric.name}"
        + "".join(f"/{value}" for value in [metric.context.as_dict().get("subset")] if value)
        for _, record, metrics in matches
        for metric in metrics
    }
