"""Which way a metric is better: asked for, tagged, or guessed from its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

TAG_PREFIX = "direction."
"""Tag of a run or an experiment that says which way a metric is better."""


def _words(text: str) -> list[str]:
    return text.split()


_MAX_WORDS = frozenset(
    _words("""
        acc accuracy auc auroc ap map precision recall f1 fbeta score r2 iou dice bleu rouge
        ndcg mrr hit hits reward return win throughput samples fps speed success correct kappa
        mcc psnr ssim likelihood elbo
        """)
)
_MIN_WORDS = frozenset(
    _words("""
        loss error err rmse mse mae mape nll perplexity ppl cost latency time duration wer cer
        fid kl divergence regret memory bytes violation gap size
        """)
)
_NEGATIONS = frozenset({"neg", "negative"})
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")
_DIGITS = "0123456789"


class Direction(StrEnum):
    """Which values of a metric are better."""

    MIN = "min"
    MAX = "max"

    @property
    def opposite(self) -> Direction:
        """The other one."""
        return Direction.MAX if self is Direction.MIN else Direction.MIN


class DirectionSource(StrEnum):
    """Where a direction comes from."""

    REQUEST = "request"
    TAG = "tag"
    HEURISTIC = "heuristic"
    DEFAULT = "default"


def guess_direction(metric: str) -> Direction | None:
    """Which way a metric is better, from the words of its name; None if they say nothing.

    A word for something bad wins over a word for something good: `error_score` is an error.
    A negation in the name turns it round.
    """
    words = [word.lower() for word in _WORD.findall(metric)]
    if any(_is_among(word, _MIN_WORDS) for word in words):
        direction = Direction.MIN
    elif any(_is_among(word, _MAX_WORDS) for word in words):
        direction = Direction.MAX
    else:
        return None
    return direction.opposite if _NEGATIONS.intersection(words) else direction


def choose_direction(
    metric: str, asked: Mapping[str, Direction], tagged: Mapping[str, Direction]
) -> tuple[Direction, DirectionSource]:
    """Which way a metric is better, and who says so; less is better if nobody does."""
    if metric in asked:
        return asked[metric], DirectionSource.REQUEST
    if metric in tagged:
        return tagged[metric], DirectionSource.TAG
    guessed = guess_direction(metric)
    if guessed is not None:
        return guessed, DirectionSource.HEURISTIC
    return Direction.MIN, DirectionSource.DEFAULT


def _is_among(word: str, words: frozenset[str]) -> bool:
    singular = word.removesuffix("s")
    return word in words or singular in words or word.rstrip(_DIGITS) in words


def directions_in(tags: Mapping[str, object]) -> dict[str, Direction]:
    """The directions that tags such as `direction.f1 = max` give."""
    return {
        key.removeprefix(TAG_PREFIX): Direction(value)
        for key, value in tags.items()
        if key.startswith(TAG_PREFIX) and value in ("min", "max")
    }
