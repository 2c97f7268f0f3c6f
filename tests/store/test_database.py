"""Conditions of our own SQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from store.database import Database, among

HIGHEST = 2_000


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(tmp_path_factory.mktemp("numbers") / "numbers.duckdb")
    database.rows("CREATE TABLE numbers AS SELECT unnest(range(?)) AS n", [HIGHEST])
    yield database
    database.close()


def held(numbers: Database, ids: list[int]) -> list[int]:
    condition, params = among("n", ids)
    rows = numbers.rows(f"SELECT n FROM numbers WHERE {condition} ORDER BY n", params)
    return [row[0] for row in rows]


@given(st.data())
def test_a_list_of_numbers_holds_them_and_no_others(
    numbers: Database, data: st.DataObject
) -> None:
    low = data.draw(st.integers(0, HIGHEST - 1))
    high = data.draw(st.integers(low, min(HIGHEST - 1, low + 60)))
    ids = data.draw(st.lists(st.integers(low, high)))
    assert held(numbers, ids) == sorted(set(ids))


@pytest.mark.parametrize(
    "ids",
    [
        range(0),
        range(500, 501),
        range(HIGHEST),
        [n for n in range(HIGHEST) if n % 40],
        [n for n in range(HIGHEST) if n % 3],
        range(0, HIGHEST, 2),
        range(0, HIGHEST, 5),
        [5, HIGHEST - 1],
        [7, 7, 7],
    ],
    ids=["none", "one", "all", "few gaps", "many gaps", "half", "far apart", "ends", "twice"],
)
def test_close_and_far_numbers_are_found(numbers: Database, ids: list[int]) -> None:
    assert held(numbers, list(reversed(ids))) == sorted(set(ids))


def test_numbers_of_a_page_are_not_written_out_one_by_one() -> None:
    assert among("n", list(range(950, 1000))) == ("(n BETWEEN 950 AND 999)", [])
    assert among("n", [4, 3, 6, 1]) == ("(n BETWEEN 1 AND 6 AND n NOT IN (2, 5))", [])
