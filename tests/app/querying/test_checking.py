"""What is said about a query while it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from app.querying.checking import State, check
from store.aimql import parse
from tests.app.querying.words import LANGUAGE

WHOLE = [
    "",
    "resnet best",
    "run.active",
    'run.hparams.opt in ["adam"] and not run.archived',
    'any(t.startswith("b") for t in run.tags)',
    'run.metrics["loss", {"subset": "val"}].last < 1',
    "run.created_at > datetime(2024, 1, 1)",
    "len(run.tags) > 1",
]


@pytest.mark.parametrize("text", WHOLE)
def test_nothing_is_said_about_a_whole_query(text: str) -> None:
    verdict = check(text, LANGUAGE)
    assert (verdict.state, verdict.why) == (State.WHOLE, "")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("run.hparams.lr >", "a value"),
        ("run.hparams.lr > ", "a value"),
        ("run.hparams.lr =", "a value"),
        ("run.hparams.lr !", "a value"),
        ("run.hparams.lr is", "a value"),
        ("run.hparams.lr is not", "a value"),
        ('run.hparams.opt in ["adam", ', "a value"),
        ('run.hparams.opt == "ad', 'a closing "'),
        ("run.hparams.opt == 'ad", "a closing '"),
        ('run.metrics["loss"', "a closing ]"),
        ("(run.active", "a closing )"),
        ("run.active and", "a condition"),
        ("run.active and not", "a condition"),
        ("run.", "a name"),
        ("run.seed not", "“in”"),
        ("run.active an", ""),
        ("any(t for", "a closing )"),
    ],
)
def test_what_is_missing_is_said(text: str, missing: str) -> None:
    verdict = check(text, LANGUAGE)
    assert verdict.state is State.UNFINISHED
    assert verdict.why.startswith(missing)


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("run.hparams.lr < 0.02q4", "this is no number: 0.02q4", "0.02q4"),
        ("run.hparams.lr < 1_x and run.active", "this is no number: 1_x", "1_x"),
        ("run.seed = 5", "“==”", "="),
        ("run.seed => 5", "“>=”", "=>"),
        ("run.seed =< 5", "“<=”", "=<"),
        ("run.seed <> 5", "“!=”", "<>"),
        ("run.active && run.seed", "“and”", "&&"),
        ("run.active AND run.seed > 1", "small letters", "AND"),
        ("run.active or or run.seed", "cannot stand", "or"),
        ("run.seed b", "“b” cannot stand here", "b"),
        ("run.seed == 1 )", "unmatched", ")"),
        ("run.seed == 1 run.name", "cannot stand", "run.name"),
        ("run.__class__ == 1", "not allowed", "run.__class__"),
    ],
)
def test_what_is_wrong_is_explained_at_its_place(text: str, words: str, place: str) -> None:
    verdict = check(text, LANGUAGE)
    assert verdict.state is State.WRONG
    assert words in verdict.why
    assert verdict.span is not None
    assert text[slice(*verdict.span)] == place


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lr > 0.1", "nothing is called lr; is it run.hparams.lr?"),
        ("loss < 0.1", 'is it run.metrics["loss"].last?'),
        ("run.hparams.ltr > 0.1", "no run has hparams.ltr"),
        ("run.opt == 1", "no run has opt; is it run.hparams.opt?"),
        ("run.hparams.lr.deep == 1", ""),
    ],
)
def test_names_that_lead_nowhere_are_told(text: str, words: str) -> None:
    verdict = check(text, LANGUAGE)
    assert verdict.state is State.WHOLE
    assert words in verdict.why
    assert check(text).why == ""


@given(text=st.sampled_from(WHOLE[2:]), stop=st.integers(1, 60))
def test_no_beginning_of_a_query_is_wrong(text: str, stop: int) -> None:
    assert check(text[:stop], LANGUAGE).state is not State.WRONG


@given(text=st.text(alphabet="run.seed[]()\"'=<>!& andor019,{}", max_size=30))
def test_whole_means_that_it_can_be_asked(text: str) -> None:
    from app.querying.plain_words import as_query

    if check(text).state is State.WHOLE:
        parse(as_query(text))
