"""What is offered at each place of a query."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from app.querying.completing import Offers, offers
from app.querying.language import Language, spelling
from app.querying.tokens import tokens
from store.aimql import parse
from tests.app.querying.words import LANGUAGE, OF_METRICS


def at_end(text: str, language: Language = LANGUAGE) -> Offers:
    return offers(language, text, len(text))


def texts(text: str, language: Language = LANGUAGE) -> list[str]:
    return [each.text for each in at_end(text, language).items]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("run.hp", "run.hparams.lr "),
        ("lr", "run.hparams.lr "),
        ("odd", 'run.hparams["odd key"] '),
        ("run.hparams.opt ", "== "),
        ("run.hparams.opt == ", '"adam"'),
        ('run.hparams.opt == "', '"adam"'),
        ('run.hparams["opt"] == "l', '"lion"'),
        ('run.hparams.opt in ["adam", ', '"adam"'),
        ("run.hparams.opt in ", '["adam"]'),
        ("run.hparams.lr < ", "0.01"),
        ("run.experiment == ", '"vision"'),
        ("run.status == r", '"running"'),
        ("run.active == ", "True"),
        ('run.metrics["lo', '"loss"].last '),
        ("run.metrics[", '"loss"].last '),
        ('run.metrics["loss"].', "last "),
        ('run.metrics["loss"].mi', "min "),
        ('run.hparams["o', '"odd key"]'),
        ('"bas', '"baseline" in run.tags '),
        ('"best" in run.t', "run.tags "),
        ("run.created_at > ", "datetime.now() - timedelta(hours=1)"),
        ("run.seed == 1 and run.ex", "run.experiment "),
        ("(run.seed == 1 or ", "run.name "),
        ("run.seed is ", "None"),
        ("run.seed not ", "in "),
        ("visio", 'run.experiment == "vision"'),
    ],
)
def test_the_best_comes_first(text: str, first: str) -> None:
    assert texts(text)[0].strip() == first.strip()


def test_values_have_counts_and_fields_have_type_and_coverage() -> None:
    found = at_end("run.hparams.opt == ")
    assert [(each.text, each.detail) for each in found.items] == [
        ('"adam"', "18 runs"),
        ('"lion"', "17 runs"),
        ('"sgd"', "15 runs"),
    ]
    assert "50/50" in found.title
    assert "0.01 to 0.1" in at_end("run.hparams.lr > ").title
    assert "200 values" in at_end("run.seed == ").title
    rate = at_end("run.hparams.l").items[0]
    assert "float" in rate.detail
    assert "50/50" in rate.detail
    loss = at_end("run.metrics[").items[0]
    assert "48/50" in loss.detail
    assert "train" in loss.detail


def test_contexts_of_a_metric_are_offered() -> None:
    assert any('"loss", {"subset": "val"}].last' in each for each in texts("run.metrics[lo"))
    assert texts("run.metrics[acc") == ['"acc"].last ']


def test_after_a_whole_condition_only_and_and_or() -> None:
    found = at_end("run.seed == 7 ")
    assert [each.text for each in found.items] == ["and ", "or "]
    assert found.is_asked_only
    assert not at_end("run.seed == 7 a").is_asked_only
    assert texts("run.seed == 7 a") == ["and "]
    assert at_end("").is_asked_only


@pytest.mark.parametrize(
    "text", ["run.name.startswith(", "any(t for ", 'run.name == "x', "run.hparams.lr == 0.7"]
)
def test_nothing_is_made_up(text: str) -> None:
    assert not [each for each in texts(text) if not each.startswith('"run')]


def test_what_all_have_in_common() -> None:
    assert at_end("run.hp").common == "run.hparams"
    assert at_end("run.hparams.l").common == ""
    assert at_end("run.hparams.opt == ").common == ""


def test_metrics_are_offered_where_metrics_are_searched() -> None:
    assert texts("metric.na") == []
    assert texts("metric.na", OF_METRICS) == ["metric.name "]
    assert texts("metric.name == ", OF_METRICS) == ['"loss"', '"acc"']
    assert texts("metric.context.subset == ", OF_METRICS) == ['"train"', '"val"']
    assert texts("metric.context.", OF_METRICS) == ["metric.context.subset "]


def test_machine_params_are_found_but_not_pushed_forward() -> None:
    assert not any("__system__" in each for each in texts("run.seed == 1 and "))
    assert any("__system__" in each for each in texts("host"))


def test_every_field_can_be_asked() -> None:
    for each in OF_METRICS.fields:
        parse(f"{each.expression} is None")
        assert OF_METRICS.field(each.expression) is not None
    assert spelling("run[\"a\"].b['c']") == ("run", "a", "b", "c")


@given(text=st.text(alphabet="run.hpst[]()\"'=<>! anotdi0129,{}:", max_size=40))
def test_any_text_can_be_completed(text: str) -> None:
    for position in range(len(text) + 1):
        for each in offers(LANGUAGE, text, position).items:
            assert 0 <= each.start <= position
    assert "".join(token.text for token in tokens(text)) == "".join(
        text[token.start : token.stop] for token in tokens(text)
    )
