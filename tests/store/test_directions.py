"""Which way a metric is better, told from its name; and comparisons of bare values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from store.queries.compare import compare_values, most_wins
from store.queries.directions import Direction, guess_direction


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("val_accuracy", "max"),
        ("val_loss", "min"),
        ("F1", "max"),
        ("f1-score", "max"),
        ("valAcc", "max"),
        ("trainLoss", "min"),
        ("eval/mAP@50", "max"),
        ("roc.auc", "max"),
        ("AUROC", "max"),
        ("error_score", "min"),
        ("neg_log_likelihood", "min"),
        ("neg_mean_squared_error", "max"),
        ("negative_loss", "max"),
        ("ndcg@10", "max"),
        ("top5_acc", "max"),
        ("rouge1", "max"),
        ("gpu_memory_bytes", "min"),
        ("lr", None),
        ("", None),
        ("closs", None),
    ],
)
def test_names_say_which_way(name: str, direction: str | None) -> None:
    guessed = guess_direction(name)
    assert (guessed.value if guessed else None) == direction


values = st.dictionaries(st.text(max_size=3), st.none() | st.floats(), max_size=6)


@given(values=values, direction=st.sampled_from(Direction))
def test_the_best_is_never_worse_than_any_competitor(
    values: dict[str, float | None], direction: Direction
) -> None:
    result = compare_values("m", values, direction)
    competing = {k: v for k, v in values.items() if v is not None and not math.isnan(v)}
    if not competing:
        assert (result.best_run, result.best_value) == (None, None)
        return
    assert result.best_value is not None
    better = min if direction is Direction.MIN else max
    assert result.best_value == better(competing.values())
    assert result.best_run == next(k for k, v in competing.items() if v == result.best_value)
    assert set(result.values) == set(values)


def test_the_run_that_wins_most() -> None:
    wins = [compare_values(m, {"a": 1.0, "b": 2.0}, Direction.MIN) for m in "xy"]
    assert most_wins(wins) == "a"
    even = [*wins[:1], compare_values("z", {"a": 2.0, "b": 1.0}, Direction.MIN)]
    assert most_wins(even) is None
    assert most_wins([]) is None
