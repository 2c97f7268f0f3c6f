"""Lines of two logs that were written at the same point."""

from __future__ import annotations

from hypothesis import given, strategies as st

from app.traces.log_diff import matching_row, next_difference, places_of
from app.traces.log_text import LogRow


def log(*texts: str) -> list[LogRow]:
    return [LogRow(number, text) for number, text in enumerate(texts)]


def test_lines_of_the_same_step_match_in_their_order() -> None:
    here = places_of(log("start", "step 1", "note", "step 5", "end"))
    there = places_of(log("warning", "start", "step 1", "step 4", "more", "even more"))
    assert matching_row(here, 1, there) == 2
    assert matching_row(here, 2, there) == 2
    assert matching_row(here, 3, there) == 3
    assert matching_row(here, 4, there) == 4
    assert matching_row(here, 0, there) == 0


def test_records_match_by_the_time_since_the_first() -> None:
    here = places_of([LogRow(n, "x", 20, 1000.0 + n * 10) for n in range(5)])
    there = places_of([LogRow(n, "x", 20, 5000.0 + n * 5) for n in range(9)])
    assert [matching_row(here, row, there) for row in range(5)] == [0, 2, 4, 6, 8]


def test_differences_ignore_colours_and_blanks() -> None:
    here = places_of(log("a", "\x1b[31mb\x1b[0m ", "c", "d"))
    there = places_of(log("a", "b", "C", "d"))
    assert next_difference(here, there, 0, 1) == 2
    assert next_difference(here, there, 2, 1) is None
    assert next_difference(here, there, 3, -1) == 2
    assert next_difference(here, places_of([]), 0, 1) == 1


TEXTS = st.lists(
    st.sampled_from(["", "step 3", "step 40", "epoch 2/9", "loss 0.1"]), max_size=12
)


@given(TEXTS, TEXTS, st.integers(0, 20))
def test_every_row_has_a_match(first: list[str], second: list[str], row: int) -> None:
    here, there = places_of(log(*first)), places_of(log(*second))
    assert 0 <= matching_row(here, row, there) <= max(0, len(second) - 1)
