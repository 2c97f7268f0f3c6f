"""Every column that a table of runs could show, with what is known about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from app.dialogs.column_picker import ColumnOffer
from app.formatting import param, short_number
from app.widgets.columns import FIXED, column_from_id, metric_column_id
from store.models import MetricWords, ParamWords, Vocabulary
from store.models.context import EMPTY_CONTEXT

MAX_VALUES = 4


def column_offers(vocabulary: Vocabulary, widths: Mapping[str, int]) -> list[ColumnOffer]:
    """What a run has of itself, then params, then metrics.

    Args:
        vocabulary: Everything that was logged.
        widths: Of the columns that are shown now.
    """
    offers = [
        ColumnOffer(each, title, "run", width=widths.get(each, width))
        for each, (title, width) in FIXED.items()
    ]
    for words in vocabulary.params:
        path = ".".join(words.keys)
        if path and not path.startswith("__"):
            share = _share(words, vocabulary.run_count)
            offers += _offer(f"params.{path}", share, _values(words), widths)
    for metric in vocabulary.metrics:
        for context in metric.contexts or (EMPTY_CONTEXT,):
            column_id = metric_column_id(metric.name, context)
            share = _share(metric, vocabulary.run_count)
            offers += _offer(column_id, share, _range(metric), widths)
    return offers


def _share(words: ParamWords | MetricWords, total: int) -> float | None:
    return min(1.0, words.run_count / total) if total and words.run_count else None


def _offer(
    column_id: str, coverage: float | None, detail: str, widths: Mapping[str, int]
) -> list[ColumnOffer]:
    column = column_from_id(column_id)
    if column is None:
        return []
    width = widths.get(column_id, column.width)
    return [ColumnOffer(column_id, column.title, column.kind, coverage, detail, width)]


def _range(words: ParamWords | MetricWords) -> str:
    if words.low is None or words.high is None:
        return ""
    if words.low == words.high:
        return short_number(words.low, 4)
    return f"{short_number(words.low, 4)} … {short_number(words.high, 4)}"


def _values(words: ParamWords) -> str:
    if words.low is not None and words.value_count > MAX_VALUES:
        return f"{_range(words)}  {words.value_count} values"
    return " · ".join(
        f"{param(each.value)} {each.run_count}" for each in words.values[:MAX_VALUES]
    )
