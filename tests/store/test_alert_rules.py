"""Rules as text: what they mean, and that their text means the same again."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from store.alerts.rules import Rule, RuleError, RuleKind, parse_rule
from store.models.alerts import Severity


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("loss is nan", Rule(RuleKind.NOT_FINITE, "loss")),
        ("* is  NaN", Rule(RuleKind.NOT_FINITE, "*")),
        ("loss > 3", Rule(RuleKind.ABOVE, "loss", (), 3.0)),
        ("val/loss<-1e-3", Rule(RuleKind.BELOW, "val/loss", (), -0.001)),
        ("acc[subset=val] drops 5%", Rule(RuleKind.DROPS, "acc", (("subset", "val"),), 5.0)),
        ("acc drops 5% below its best", Rule(RuleKind.DROPS, "acc", (), 5.0)),
        ("loss plateau 500 steps", Rule(RuleKind.PLATEAU, "loss", (), 500.0)),
        ("stalled 10m", Rule(RuleKind.STALLED, amount=600.0)),
        ("no points for 10 minutes", Rule(RuleKind.STALLED, amount=600.0)),
        ("step stalled 3x median", Rule(RuleKind.SLOWED, amount=3.0)),
        ("loss nan", Rule(RuleKind.NOT_FINITE, "loss")),
        ("loss is inf", Rule(RuleKind.NOT_FINITE, "loss")),
        ("loss diverges", Rule(RuleKind.DIVERGES, "loss")),
        ("val/loss plateau 500 steps", Rule(RuleKind.PLATEAU, "val/loss", (), 500.0)),
        ("gpu < 10% for 5m", Rule(RuleKind.BELOW, "gpu", (), 10.0, 300.0)),
        ("acc dropped 5% below best", Rule(RuleKind.DROPS, "acc", (), 5.0)),
        ("failed", Rule(RuleKind.FAILED)),
    ],
)
def test_a_text_means_a_rule(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule
    assert parse_rule(str(rule)) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "loss",
        "loss is big",
        "stalled",
        "finished 3m",
        "loss drops 5",
        "loss[x] > 1",
        "a b > 1",
    ],
)
def test_a_text_that_is_no_rule_says_how_rules_look(text: str) -> None:
    with pytest.raises(RuleError, match="stalled 10m"):
        parse_rule(text)


@given(
    kind=st.sampled_from([RuleKind.ABOVE, RuleKind.BELOW, RuleKind.PLATEAU, RuleKind.DROPS]),
    metric=st.from_regex(r"[a-zA-Z_/*.][\w/*.-]{0,20}", fullmatch=True),
    amount=st.integers(0, 10**5),
)
def test_the_text_of_a_rule_is_read_as_the_same_rule(
    kind: RuleKind, metric: str, amount: int
) -> None:
    rule = Rule(kind, metric, (), float(amount))
    assert parse_rule(str(rule)) == rule


def test_trouble_is_louder_than_good_news() -> None:
    assert parse_rule("loss is nan").severity is Severity.ERROR
    assert parse_rule("stalled 1h").severity is Severity.WARNING
    assert parse_rule("finished").severity is Severity.INFORMATION
