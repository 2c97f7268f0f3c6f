"""Which columns a table of runs shows when nobody has chosen: the most telling ones. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from app.formatting import flatten
from app.widgets.columns import metric_column_id
from store.models import Context, RunRecord, SequenceKey, Vocabulary
from store.models.context import EMPTY_CONTEXT

MAX_PARAMS = 5
MAX_METRICS = 3
MAX_LEADING = 8
SYSTEM_PREFIX = "__system__"
_TELLING = (
    "lr learning_rate learningrate eta",
    "optimizer optimiser optim",
    "batch_size batchsize batch bs",
    "model arch architecture backbone network net algorithm method policy",
    "weight_decay wd momentum dropout lambda l1 l2 alpha beta gamma tau temperature",
    "regularization clip warmup scheduler schedule loss activation augmentation",
    "layers depth hidden width dim channels heads units embed rank size",
    "epochs steps iterations max_steps precision dataset data task env",
)
"""What people look for first in a study, word by word."""
_RANKS = {word: rank for rank, words in enumerate(_TELLING) for word in words.split()}
_UNKNOWN = len(_TELLING)
_HOUSEKEEPING = re.compile(
    r"seed|path|dir|folder|file|host|user|device|gpu|port|version|debug|verbose|workers|log|"
    r"time|date|uuid|\bid\b|_id$|name$|commit|checkpoint|save|resume"
)
_STUDY = ("hparams", "hparam", "hyperparameters", "hyperparams", "params", "config", "args")
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def default_columns(
    records: Sequence[RunRecord], *, param_limit: int = MAX_PARAMS, is_compact: bool = False
) -> tuple[str, ...]:
    """The columns to show when nobody has chosen.

    What a run is and belongs to, what tells it apart, and what it came to.

    Args:
        records: Some of the runs.
        param_limit: At most so many params.
        is_compact: What runs came to stands right after their names.
    """
    labels: list[str] = []
    if len({record.run.experiment for record in records}) > 1:
        labels.append("experiment")
    if any(record.run.tags for record in records):
        labels.append("tags")
    params = differing_params(records, param_limit)
    metrics = common_metrics(records)
    if is_compact:
        return ("name", *metrics, "started", *params, *labels, "duration")
    return ("name", *labels, "started", "duration", *params, *metrics)


def common_metrics(records: Sequence[RunRecord], limit: int = MAX_METRICS) -> list[str]:
    """Columns of the metrics that most runs have; those of the machine left out."""
    coverage: Counter[tuple[str, Context]] = Counter()
    for record in records:
        coverage.update((m.name, m.context) for m in record.metrics if not m.is_system)
    ranked = sorted(coverage.items(), key=lambda pair: (-pair[1], _metric_rank(*pair[0])))
    return [metric_column_id(name, context) for (name, context), _ in ranked[:limit]]


def leading_metrics(
    vocabulary: Vocabulary, pinned: Sequence[SequenceKey], limit: int = MAX_LEADING
) -> list[SequenceKey]:
    """Metrics by which runs are judged: pinned ones, then those that most runs have."""
    logged = [
        (-each.run_count, _metric_rank(each.name, context), SequenceKey(each.name, context))
        for each in vocabulary.metrics
        for context in each.contexts or (EMPTY_CONTEXT,)
        if not each.name.startswith(SYSTEM_PREFIX)
    ]
    ranked = [key for *_, key in sorted(logged, key=lambda each: each[:2])]
    return list(dict.fromkeys([*pinned, *ranked]))[: max(limit, len(pinned))]


def _metric_rank(name: str, context: Context) -> tuple[int, str, str]:
    text = f"{name} {context.text}".lower()
    is_validation = "val" in text or "test" in text or "eval" in text
    is_schedule = name in ("lr", "learning_rate", "epoch", "step", "time")
    return (2 if is_schedule else 0 if is_validation else 1, name, context.text)


def differing_params(records: Sequence[RunRecord], limit: int = MAX_PARAMS) -> list[str]:
    """Columns of the params whose values differ, the most telling ones first."""
    values: dict[str, Counter[str]] = {}
    for record in records:
        for key, value in flatten(record.params).items():
            if key and not key.startswith("__"):
                values.setdefault(key, Counter())[repr(value)] += 1
    total = len(records)
    ranked = [
        (_param_rank(key, seen, total), key)
        for key, seen in values.items()
        if len(seen) + (sum(seen.values()) < total) > 1
        and not (len(seen) == total > 4 and _is_text(seen))
    ]
    return [f"params.{key}" for _, key in sorted(ranked)[:limit]]


def _param_rank(
    key: str, seen: Counter[str], total: int
) -> tuple[bool, int, bool, float, int, str]:
    """Small for what one looks for: words of a study, then coverage, then few values."""
    group, _, name = key.rpartition(".")
    is_housekeeping = _HOUSEKEEPING.search(name.lower()) is not None
    is_elsewhere = bool(group) and group.partition(".")[0].lower() not in _STUDY
    coverage = round(sum(seen.values()) / total, 1)
    # A value of its own for every run tells no more than the run's name.
    is_unique = len(seen) == total > 4
    return (
        is_housekeeping,
        _word_rank(name),
        is_elsewhere or is_unique,
        -coverage,
        len(seen),
        key,
    )


def _word_rank(name: str) -> int:
    whole = name.lower()
    if whole in _RANKS:
        return _RANKS[whole]
    return min(
        (_RANKS.get(word.lower(), _UNKNOWN) for word in _WORD.findall(name)), default=_UNKNOWN
    )


def _is_text(seen: Iterable[str]) -> bool:
    return all(value.startswith(("'", '"')) for value in seen)
