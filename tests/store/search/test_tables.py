"""Best values and groups over all runs that match."""

from __future__ import annotations

import math

import pytest

from store.errors import InvalidDataError, QueryError
from store.models import Figures, RunStatus
from store.search import RunSearch, SortKey
from store.workspace import Workspace
from tests.factories import START, VAL, log_run, make_points

LOSS = SortKey("metrics.loss")


def fill(workspace: Workspace) -> list[str]:
    """Five runs of two optimisers; one lost its way, one logged nothing."""
    rows: tuple[tuple[str | None, list[float] | None, list[str]], ...] = (
        ("adam", [2.0, 1.0], ["best", "old"]),
        ("sgd", [4.0, 3.0], ["old"]),
        ("adam", [5.0, 2.0], []),
        ("sgd", [1.0, math.nan], []),
        (None, None, []),
    )
    return [
        log_run(
            workspace,
            number,
            *([make_points("loss", [9.0, number], VAL)] if losses else []),
            started_at=START - number,
            params={"optim": name, "lr": [number]} if name else {},
            metrics={"loss": losses} if losses else {},
            tags=tags,
            experiment="one" if number < 3 else None,
            status=RunStatus.FINISHED,
        )
        for number, (name, losses, tags) in enumerate(rows)
    ]


@pytest.mark.parametrize("is_sealed", [False, True])
def test_the_best_is_that_of_all_runs_that_match(workspace: Workspace, is_sealed: bool) -> None:
    fill(workspace)
    if is_sealed:
        workspace.search._core.points.seal(wait=True)
    columns = [
        SortKey("metrics.loss.last"),
        SortKey("metrics.loss.max", descending=True),
        SortKey("metrics.loss", context=VAL),
        SortKey("metrics.nothing"),
        SortKey("duration"),
    ]
    assert workspace.search.best(RunSearch(), columns) == [1.0, 5.0, 0.0, None, 60.0]
    few = RunSearch('run.optim == "sgd"')
    assert workspace.search.best(few, columns[:3]) == [3.0, 4.0, 1.0]
    assert workspace.search.best(RunSearch("run.optim == 1"), [LOSS]) == [None]


def test_groups_hold_every_run_with_the_figures_of_those_that_have_some(
    workspace: Workspace,
) -> None:
    hashes = fill(workspace)
    adam, sgd, neither = workspace.search.groups(RunSearch(), ["params.optim"], [LOSS])
    assert (adam.key, adam.hashes) == (("adam",), (hashes[0], hashes[2]))
    (figures,) = adam.figures
    assert figures is not None
    assert (figures.count, figures.mean, figures.min, figures.max) == (2, 1.5, 1.0, 2.0)
    assert figures.deviation == pytest.approx(math.sqrt(0.5))
    assert sgd.figures == (Figures(1, 3.0, 0.0, 3.0, 3.0),)
    assert (neither.key, neither.hashes, neither.figures) == ((None,), (hashes[4],), (None,))


def test_groups_of_several_fields_tags_and_lists(workspace: Workspace) -> None:
    hashes = fill(workspace)
    search = RunSearch(sort=(SortKey("date"),))
    groups = workspace.search.groups(search, ["experiment", "tags"], [])
    assert {group.key: group.hashes for group in groups} == {
        (None, None): (hashes[4], hashes[3]),
        ("one", None): (hashes[2],),
        ("one", "old"): (hashes[1], hashes[0]),
        ("one", "best"): (hashes[0],),
    }
    by_list = workspace.search.groups(RunSearch("run.optim"), ["params.lr", "status"], [])
    assert [group.key for group in by_list] == [([n], "finished") for n in range(4)]
    assert workspace.search.groups(RunSearch("run.nothing"), ["run"], [LOSS]) == []


def test_what_cannot_be_grouped_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InvalidDataError):
        workspace.search.groups(RunSearch(), ["colour"], [])
    with pytest.raises(InvalidDataError):
        workspace.search.best(RunSearch(), [SortKey("run")])
    with pytest.raises(QueryError):
        workspace.search.groups(RunSearch("run."), ["run"], [])
