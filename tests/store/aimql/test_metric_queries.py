"""The reference table of metric search, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.errors import QueryError
from store.models import SequenceKind
from tests.store.aimql.lab import metrics_found

if TYPE_CHECKING:
    from store.workspace import Workspace

LOSSES = {"a:loss/train", "a:loss/val", "b:loss/train", "d:loss/test"}
ACCS = {"a:acc", "b:acc"}
ALL = LOSSES | ACCS
TRAINS = {"a:loss/train", "b:loss/train"}
OF_ALPHA = {"a:acc", "a:loss/train", "a:loss/val"}

ROWS: list[tuple[set[str], str]] = [
    (ALL, ""),
    (set(), "()"),
    (LOSSES, 'metric.name == "loss"'),
    (ACCS, 'metric.name != "loss"'),
    (ALL, 'metric.name in ["loss","acc"]'),
    (LOSSES, 'metric.name.startswith("l")'),
    (LOSSES, '"lo" in metric.name'),
    (TRAINS, 'metric.name == "loss" and metric.context.subset == "train"'),
    (ACCS, "metric.context == {}"),
    (ACCS, "not metric.context"),
    ({"d:loss/test"}, 'metric.context == {"k":1,"subset":"test"}'),
    (TRAINS, 'metric.context["subset"] == "train"'),
    (ACCS, 'metric.context["missing"] == 1 or metric.name == "acc"'),
    (ACCS, 'metric.context.missing > 1 or metric.name == "acc"'),
    (ALL, "metric.context.missing is None"),
    (ALL, "not metric.context.missing"),
    (ACCS | {"a:loss/val", "d:loss/test"}, 'metric.context.subset != "train"'),
    (TRAINS, 'metric.context.subset.startswith("tr")'),
    (LOSSES, '"subset" in metric.context'),
    ({"a:loss/val"}, 'metric.context.get("subset") == "val"'),
    (ACCS, "len(metric.context) == 0"),
    ({"d:loss/test"}, "metric.context.k == 1"),
    ({"d:loss/test"}, "metric.context.k > 0"),
    (ACCS | {"b:loss/train", "d:loss/test"}, "metric.last > 0.5"),
    ({"a:loss/train", "a:loss/val"}, 'metric.last < 1 and metric.name == "loss"'),
    (OF_ALPHA, "metric.last_step >= 9"),
    (ALL - {"d:loss/test"}, "metric.first_step == 0"),
    ({"d:loss/test"}, "metric.first_step == 3"),
    (OF_ALPHA, "metric.min < 1"),
    ({"b:acc", "b:loss/train", "d:loss/test"}, "metric.max > 1"),
    (ALL - {"b:acc"}, 'metric.dtype == "float"'),
    (ALL, "metric"),
    (OF_ALPHA, 'metric.run.name == "alpha"'),
    (OF_ALPHA, 'run.name == "alpha"'),
    ({"a:loss/train", "a:loss/val"}, 'metric.name == "loss" and "best" in run.tags'),
    ({"g:loss/train"}, 'metric.name == "loss" and run.archived'),
    ({"g:loss/train"}, 'metric.name == "loss" and run.archived == True'),
    ({"g:loss/train"}, 'metric.name == "loss" and metric.run.archived'),
    (
        {"a:loss/train", "a:loss/val", "b:loss/train"},
        'metric.name == "loss" and run.hparams.lr >= 0.001',
    ),
    (ACCS, 'metric.last == run.metrics["acc"].last'),
    (
        {"a:loss/train", "a:loss/val", "b:loss/train"},
        'run.metrics["acc"].last > 0.5 and metric.name == "loss"',
    ),
    (
        {"a:loss/val", "a:acc"},
        (
            '(run.seed == 7) and ((metric.name == "loss" and metric.context.subset == "val")'
            ' or (metric.name == "acc"))'
        ),
    ),
    (LOSSES, '"loss" == metric.name'),
    (set(), 'metric["name"] == "loss"'),
    (set(), 'images.name == "loss"'),
    (set(), 'texts.name == "x" or metric.name == "acc"'),
    (set(), 'metric.name == "__system__cpu"'),
    (set(), "metric.values"),
    # written by web interfaces
    (
        TRAINS | ACCS,
        (
            '((metric.name == "loss" and metric.context.subset == "train")'
            ' or (metric.name == "acc"))'
        ),
    ),
    ({"b:loss/train"}, '(run.hparams.lr > 0.1) and ((metric.name == "loss"))'),
    (set(), "metric.context['my key'] == 1"),
    # conditions on the run and on the metric in one part
    (
        {"a:acc", "b:acc", "b:loss/train", "d:loss/test"},
        'metric.last > 0.5 or run.name == "nobody"',
    ),
    ({"a:loss/val", *ACCS}, '(n := metric.name) == "acc" or metric.context.subset == "val"'),
]


@pytest.mark.parametrize(("expected", "query"), ROWS)
def test_a_metric_query_finds_the_metrics_of_the_reference_table(
    lab: Workspace, expected: set[str], query: str
) -> None:
    assert metrics_found(lab, query) == expected


def test_the_total_counts_runs_and_runs_come_newest_first(lab: Workspace) -> None:
    matches = lab.search.sequences(SequenceKind.METRIC, 'metric.name == "loss"')

    found = [(position, record.run.name) for position, record, _ in matches]

    assert matches.total == 3
    assert found == [(1, "alpha"), (2, "beta"), (3, "delta")]


def test_a_metric_query_is_refused_before_anything_is_read(lab: Workspace) -> None:
    with pytest.raises(QueryError):
        lab.search.sequences(SequenceKind.METRIC, "metric._secret")
