"""Order, pages and totals of run search."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from store import Store
from store.errors import InvalidDataError
from store.models import Context, RunStatus, SequenceKind
from store.models.operations import SetProperty
from store.search import RunSearch, SortKey
from tests.factories import START, VAL, StillClock, log_run, make_hash, make_points

if TYPE_CHECKING:
    from store.workspace import Workspace

RUNS: list[tuple[str, float, Any, float | None]] = [
    # name, when, lr, last acc
    ("one", 10, 0.1, 0.5),
    ("two", 20, 0.3, 0.9),
    ("three", 30, "text", math.nan),
    ("four", 40, None, None),
    ("five", 50, 0.2, -1.0),
    ("six", 50, math.nan, 0.7),
]


@pytest.fixture(params=["sealed", "unsealed"])
def shelf(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Store]:
    """Six runs; five and six were made at the same moment."""
    store = Store.open(tmp_path / "lab.rf", clock=StillClock(START + 1000))
    for name, when, lr, acc in RUNS:
        log_run(
            store.default,
            name,
            *(
                []
                if acc is None
                else [make_points("acc", [0.1, acc]), make_points("acc", [9.0], VAL)]
            ),
            name=name,
            params={} if lr is None else {"hparams": {"lr": lr}},
            started_at=START + when,
            status=RunStatus.FINISHED,
        )
    if request.param == "sealed":
        store.seal()
    yield store
    store.close()


def names(workspace: Workspace, search: RunSearch) -> list[str]:
    return [record.run.name for _, record in workspace.search.runs(search)]


def test_runs_come_newest_first_and_by_hash_where_times_are_equal(shelf: Store) -> None:
    equal = sorted(["five", "six"], key=make_hash)

    assert names(shelf.default, RunSearch()) == [*equal, "four", "three", "two", "one"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (SortKey("run"), ["five", "four", "one", "six", "three", "two"]),
        (SortKey("run", descending=True), ["two", "three", "six", "one", "four", "five"]),
        (SortKey("date"), ["one", "two", "three", "four"]),
        (SortKey("params.hparams.lr"), ["one", "five", "two", "three"]),
        (SortKey("params.hparams.lr", descending=True), ["two", "five", "one", "three"]),
        (SortKey("metrics.acc"), ["five", "one", "six", "two"]),
        (SortKey("metrics.acc.last", descending=True), ["two", "six", "one", "five"]),
        (SortKey("metrics.acc.max", descending=True), ["two", "six", "one"]),
        (SortKey("metrics.acc.min"), ["five"]),
    ],
)
def test_runs_are_sorted_and_those_without_a_value_come_last(
    shelf: Store, key: SortKey, expected: list[str]
) -> None:
    found = names(shelf.default, RunSearch(sort=(key,)))

    assert found[: len(expected)] == expected
    assert sorted(found) == sorted(name for name, *_ in RUNS)


def test_a_metric_in_a_context_can_be_sorted_by(shelf: Store) -> None:
    key = SortKey("metrics.acc", context=VAL)

    assert set(names(shelf.default, RunSearch(sort=(key,)))[-1:]) == {"four"}


@pytest.mark.parametrize("field", ["x", "params.", "metrics.", "", "name"])
def test_an_unknown_sort_field_is_refused(workspace: Workspace, field: str) -> None:
    with pytest.raises(InvalidDataError, match="Unknown sort field"):
        workspace.search.runs(RunSearch(sort=(SortKey(field),)))


def test_pages_follow_each_other_and_positions_count_all(shelf: Store) -> None:
    whole = shelf.default.search.index(RunSearch())
    seen: list[tuple[int, str]] = []
    while True:
        offset = seen[-1][1] if seen else ""
        page = shelf.default.search.runs(RunSearch(limit=2, offset=offset))
        assert page.total == 6
        found = [(position, record.run.hash) for position, record in page]
        if not found:
            break
        seen += found

    assert seen == list(enumerate(whole.hashes, start=1))


def test_a_page_goes_on_behind_a_run_that_no_longer_matches(shelf: Store) -> None:
    workspace = shelf.default
    workspace.runs.archive([make_hash("three")])

    assert names(workspace, RunSearch(offset=make_hash("three"))) == ["two", "one"]
    assert names(
        workspace,
        RunSearch('run.name != "x"', sort=(SortKey("run"),), offset=make_hash("three")),
    ) == ["two"]


def test_nothing_follows_a_run_that_is_unknown(shelf: Store) -> None:
    matches = shelf.default.search.runs(RunSearch(offset="f" * 32))

    assert (list(matches), matches.total) == ([], 6)


def test_params_and_metrics_are_read_when_asked_for(shelf: Store) -> None:
    search = RunSearch('run.name == "one"', with_params=False, with_metrics=False)
    ((_, bare),) = shelf.default.search.runs(search)
    ((_, full),) = shelf.default.search.runs(RunSearch('run.name == "one"'))

    assert (bare.params, bare.metrics) == ({}, ())
    assert full.params == {"hparams": {"lr": 0.1}}
    assert [(metric.name, metric.context) for metric in full.metrics] == [
        ("acc", VAL),
        ("acc", Context()),
    ]


def test_many_runs_are_read_page_by_page(workspace: Workspace) -> None:
    for number in range(250):
        log_run(workspace, number, started_at=START + number)
    matches = workspace.search.runs(RunSearch())

    first = next(iter(matches))
    found = list(matches)

    assert first[0] == 1
    assert [position for position, _ in found] == list(range(1, 251))
    assert [record.run.hash for _, record in found] == [
        make_hash(n) for n in range(249, -1, -1)
    ]


def test_a_run_that_is_deleted_meanwhile_is_left_out(shelf: Store) -> None:
    matches = shelf.default.search.runs(RunSearch())
    shelf.default.runs.delete([make_hash("two")])

    assert "two" not in [record.run.name for _, record in matches]
    assert names(shelf.default, RunSearch('run.name == "two"')) == []


def test_tenants_do_not_see_each_other(store: Store) -> None:
    other = store.workspace("other")
    log_run(store.default, "mine", metrics={"loss": [1.0]})
    log_run(other, "theirs", metrics={"loss": [1.0]}, tags=["best"])

    assert store.default.search.index(RunSearch()).hashes == [make_hash("mine")]
    assert other.search.index(RunSearch('"best" in run.tags')).hashes == [make_hash("theirs")]
    assert store.default.search.sequences(SequenceKind.METRIC).total == 1
    assert store.default.search.index(RunSearch(offset=make_hash("theirs"))).hashes == []


def test_a_search_sees_what_was_acknowledged(shelf: Store) -> None:
    workspace = shelf.default
    query = 'run.metrics["acc"].last > 5'
    assert workspace.search.runs(RunSearch(query)).total == 0

    workspace.ingest.submit(
        make_hash("two"), [make_points("acc", [6.0], first_step=2), SetProperty(name="new")]
    ).result()

    assert names(workspace, RunSearch(query)) == ["new"]
    assert (
        names(workspace, RunSearch(sort=(SortKey("metrics.acc", descending=True),)))[0] == "new"
    )
