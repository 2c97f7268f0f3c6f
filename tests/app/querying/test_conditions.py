"""Conditions made by choosing, and queries taken apart into them."""

from __future__ import annotations

import pytest

from app.querying.conditions import (
    ANYTHING,
    Condition,
    Conditions,
    comparisons_of,
    has_condition,
    joined,
    taken_apart,
    typed_value,
    value_condition,
)
from app.querying.plain_words import as_query
from app.querying.results import found_text
from app.querying.snippets import snippets
from store.aimql import parse
from tests.app.querying.words import LANGUAGE

RATE = LANGUAGE.field("run.hparams.lr")
OPT = LANGUAGE.field("run.hparams.opt")
TAGS = LANGUAGE.field("run.tags")
STARTED = LANGUAGE.field("run.created_at")
ODD = LANGUAGE.field('run.hparams["odd key"]')


@pytest.mark.parametrize(
    "text",
    [
        "run.hparams.lr < 0.1",
        'run.hparams.opt == "adam" and run.hparams.lr >= 1e-3',
        '"best" in run.tags or "b\\"d" not in run.tags',
        'run.hparams["odd key"] is not None and run.seed is None',
        'run.metrics["loss", {"subset": "val"}].last <= -0.5',
        'run.hparams.opt in ["adam", "sgd"]',
        'run.mentions("resnet")',
        "run.created_at > datetime.now() - timedelta(days=1)",
    ],
)
def test_a_row_of_conditions_is_taken_apart_and_put_together(text: str) -> None:
    row = taken_apart(text)
    assert row is not None
    assert row.text == text
    assert all(each.words(LANGUAGE) for each in row.items)


@pytest.mark.parametrize(
    "text",
    ["run.active", "not run.seed == 1", "(run.a == 1 or run.b == 2) and run.c == 3", "1 <"],
)
def test_other_queries_stay_whole(text: str) -> None:
    assert taken_apart(text) is None


def test_words_are_conditions_too() -> None:
    row = taken_apart("resnet best")
    assert row is not None
    assert [each.comparison for each in row.items] == ["mentions", "mentions"]
    assert taken_apart("  ") == Conditions()


def test_a_whole_query_is_kept_beside_a_condition() -> None:
    row = Conditions((Condition("run.a or run.b"), Condition("run.c", "==", "1")))
    assert row.text == "(run.a or run.b) and run.c == 1"
    assert Conditions(row.items[:1]).text == "run.a or run.b"


def test_what_is_typed_becomes_what_is_asked() -> None:
    assert RATE is not None
    assert OPT is not None
    assert TAGS is not None
    assert STARTED is not None
    assert ODD is not None
    assert typed_value(" 0.1 ", RATE, "<") == "0.1"
    assert typed_value("1e-3, 2", RATE, "in") == "[1e-3, 2]"
    assert typed_value("adam", OPT, "==") == '"adam"'
    assert typed_value('"adam"', OPT, "==") == '"adam"'
    assert typed_value("adam, sgd", OPT, "in") == '["adam", "sgd"]'
    assert typed_value('it\'s "x"', OPT, "contains") == '"it\'s \\"x\\""'
    assert typed_value("best", TAGS, "contains") == '"best"'
    assert typed_value("2026-09-21", STARTED, ">") == "datetime(2026, 9, 21)"
    assert typed_value("2026-09-21 08:30", STARTED, ">") == "datetime(2026, 9, 21, 8, 30)"
    assert typed_value("true", ODD, "==") == "True"
    assert typed_value("", OPT, "is None") == ""
    for text, field in (("fast", RATE), ("maybe", ODD), ("soon", STARTED), (" ", OPT)):
        with pytest.raises(ValueError, match=r"\w+ "):
            typed_value(text, field, "==")


def test_everything_that_can_be_chosen_can_be_asked() -> None:
    for field in (*LANGUAGE.fields, ANYTHING):
        for comparison in comparisons_of(field):
            value = {"time": "2026-01-01", "truth": "True"}.get(field.holds, "1")
            text = typed_value(value, field, comparison)
            parse(Condition(field.expression, comparison, text).text)


def test_a_condition_is_added_to_any_query() -> None:
    assert joined("", "run.a == 1") == "run.a == 1"
    assert joined("adam", "run.a == 1") == 'run.mentions("adam") and run.a == 1'
    assert joined("run.b and run.c", "run.a == 1") == "run.b and run.c and run.a == 1"
    assert joined("run.b or run.c", "run.a == 1") == "(run.b or run.c) and run.a == 1"
    assert has_condition("run.b and run.a==1", "run.a == 1")
    assert not has_condition("run.b or run.a == 1", "run.a == 1")
    assert not has_condition("", "run.a == 1")
    assert value_condition("run.a", None, is_not=False) == "run.a is None"


def test_queries_for_use_elsewhere() -> None:
    query = as_query("it's") or 'run.name == "it\'s"'
    found = {each.id: each.text for each in snippets(query, "http://h:1")}
    assert "query_runs(" in found["python"]
    compile(found["python"], "snippet", "exec")
    compile(found["aim"], "snippet", "exec")
    assert found["url"].startswith("http://h:1/api/v1/rest/runs/search/run/?q=")
    assert " " not in found["url"]
    assert "'\\''" in found["shell"]
    assert found["shell"].startswith("runfolio runs -s http://h:1 -q '")
    own = {each.id: each.text for each in snippets(query, "http://h:1", store="/my data/a.rf")}
    assert own["shell"].startswith("runfolio runs -s '/my data/a.rf' -q '")
    metrics = {each.id: each.text for each in snippets(query, "http://h:1", of_metrics=True)}
    assert "query_metrics(" in metrics["python"]
    assert "/search/metric/?q=" in metrics["url"]
    assert "mentions" not in snippets('run.mentions("a")', "http://h:1")[2].text


def test_what_was_found_is_said_with_its_time() -> None:
    assert found_text(17, 50, 0.004) == "50 → 17 runs in 4 ms"
    assert found_text(50, 50) == "50 runs"
    assert found_text(1, 1200, 1.25) == "1,200 → 1 run in 1.2 s"
    assert found_text(0, 3, 0.0001) == "3 → 0 runs in <1 ms"
