"""Conditions made from cells find what the cell shows."""

from __future__ import annotations

import math

import pytest

from app.querying.conditions import joined
from app.screens.run_facets import facet, param_keys
from app.sources.local import LocalSource
from app.widgets.columns import column_from_id
from app.widgets.run_cells import CellLook
from store import Store
from store.models import RunStatus
from tests.factories import START, TRAIN, VAL, log_run, make_points

DAY_S = 86_400.0


@pytest.fixture(name="hashes")
def _hashes(store: Store) -> list[str]:
    store_of = store.default
    return [
        log_run(
            store_of,
            0,
            make_points("loss", [1.0], VAL),
            make_points("acc", [0.5], TRAIN),
            name="first",
            experiment="one",
            params={"h": {"lr": 0.1, "a.b": 1, "flag": True, "layers": [1, 2], "none": None}},
            tags=["x", "y"],
            started_at=START,
        ),
        log_run(
            store_of,
            1,
            make_points("loss", [0.25], VAL),
            make_points("acc", [0.9], TRAIN),
            name="second",
            params={"h": {"lr": math.nan, "opt": 'ad"am'}},
            tags=["x"],
            started_at=START + 2 * DAY_S,
            status=RunStatus.FAILED,
        ),
        log_run(store_of, 2, name="third", started_at=START + 5 * DAY_S),
    ]


@pytest.mark.parametrize(
    ("column", "row", "only"),
    [
        ("name", 0, [0]),
        ("experiment", 0, [0]),
        ("experiment", 1, [1, 2]),
        ("tags", 0, [0]),
        ("tags", 1, [0, 1]),
        ("tags", 2, [2]),
        ("status", 1, [1]),
        ("started", 1, [1]),
        ("params.h.lr", 0, [0]),
        ("params.h.lr", 1, [1]),
        ("params.h.lr", 2, [2]),
        ("params.h.a.b", 0, [0]),
        ("params.h.flag", 0, [0]),
        ("params.h.layers", 0, [0]),
        ("params.h.none", 0, [0, 1, 2]),
        ("params.h.opt", 1, [1]),
        ('metrics.loss|{"subset":"val"}', 0, [0, 1]),
        ('metrics.loss|{"subset":"val"}', 1, [1]),
        ('metrics.loss|{"subset":"val"}', 2, [2]),
        ('metrics.acc|{"subset":"train"}', 0, [0, 1]),
        ('metrics.acc|{"subset":"train"}', 1, [1]),
        ("hash", 2, [2]),
        ("description", 2, [0, 1, 2]),
    ],
)
def test_only_and_not(
    store: Store, hashes: list[str], column: str, row: int, only: list[int]
) -> None:
    source = LocalSource(store)
    record = source.get_record(hashes[row])
    cell = column_from_id(column)
    assert cell is not None

    def find(*, is_not: bool) -> set[int]:
        condition = facet(cell, record, CellLook(now_s=START + 9 * DAY_S), is_not=is_not)
        assert condition is not None
        query = joined("run.name != 'x' or run.active", condition)
        return {hashes.index(each) for each in source.find_runs(query).hashes}

    assert find(is_not=False) == set(only)
    rest = {0, 1, 2} - set(only)
    if column.startswith("metrics") and row < 2:
        # Worse than this value: runs without the metric are neither.
        rest -= {2}
    assert find(is_not=True) == rest


def test_keys_with_dots_are_found_again() -> None:
    assert param_keys({"a": {"b.c": {"d": 1}}}, "a.b.c.d") == ("a", "b.c", "d")
    assert param_keys({"a.b": 1}, "a.b") == ("a.b",)
    assert param_keys({}, "a.b") == ("a", "b")
