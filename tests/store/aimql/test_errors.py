"""Where an error is: line and column of the text as it was typed, both from 1."""

from __future__ import annotations

import pytest

from store.aimql import parse
from store.errors import QueryError


@pytest.mark.parametrize(
    ("text", "line", "offset"),
    [
        ('run.name = "a"', 1, 1),
        ('  run.name == "a" && 1', 1, 20),
        ("run.name ==", 1, 12),
        ("run.seed == 1 and\nrun.lr = 2", 2, 8),
        ("run.seed == 1 and\n  run.x $ 2", 2, 9),
        ("select run if run.name ==== 1", 1, 26),
        ("select runs where run.seed == 1", 1, 13),
        ("run.seed == 1 and run._meta", 1, 19),
        ('"é🌻" == run._meta', 1, 9),
        ("run.seed\n and exec('1')", 2, 6),
        ('run.name == "abc', 1, 13),
        ("(run.name", 1, 1),
    ],
)
def test_an_error_says_where_it_is_in_the_typed_text(text: str, line: int, offset: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)

    assert (caught.value.line, caught.value.offset) == (line, offset)
    assert caught.value.end_offset >= caught.value.offset
    assert caught.value.statement == text
    assert str(caught.value).startswith("Invalid query syntax: ")


def test_the_end_of_a_forbidden_name_is_known() -> None:
    with pytest.raises(QueryError) as caught:
        parse("1 + run._meta + 2")

    assert (caught.value.offset, caught.value.end_offset) == (5, 14)
    assert "_meta" in str(caught.value)


def test_an_odd_escape_is_no_error() -> None:
    assert not parse(r'run.name == "a\d"').is_empty


def test_a_comment_at_the_end_is_no_error() -> None:
    assert parse("# nothing but words").is_empty


@pytest.mark.parametrize("number", ["0.02q4", "1_x", "012", "0xzz", "10k", "1e", "0b12"])
def test_what_is_no_number_is_named(number: str) -> None:
    for text in (f"run.x < {number}", f"run.y == 1 and\n run.x < {number} or run.z"):
        with pytest.raises(QueryError, match=f"[Tt]his is no number: {number}") as caught:
            parse(text)
        line = text.split("\n")[caught.value.line - 1]
        assert line[caught.value.offset - 1 : caught.value.end_offset - 1] == number
