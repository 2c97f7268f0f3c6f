"""Searching for sequences of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.models import MetricSummary, SequenceKind, SequenceRef
from store.models.operations import LogObjects
from tests.factories import START, VAL, log_run, make_hash, make_points

if TYPE_CHECKING:
    from store import Store
    from store.workspace import Workspace


@pytest.mark.parametrize(
    "kind",
    [
        SequenceKind.IMAGES,
        SequenceKind.TEXTS,
        SequenceKind.AUDIOS,
        SequenceKind.FIGURES,
        SequenceKind.DISTRIBUTIONS,
    ],
)
def test_objects_are_found_by_the_variable_of_their_kind(
    workspace: Workspace, kind: SequenceKind
) -> None:
    items = [{"type": "text", "data": "x"}]
    log_run(
        workspace,
        1,
        LogObjects(kind, "gen", VAL, 0, items=items),
        LogObjects(kind, "other", step=0, items=items),
        make_points("gen", [1.0]),
    )
    query = f'(({kind}.name == "gen" and {kind}.context.subset == "val"))'

    matches = workspace.search.sequences(kind, query)
    ((position, record, found),) = matches

    assert (matches.total, position, record.run.hash) == (1, 1, make_hash(1))
    assert [(each.name, each.context) for each in found] == [("gen", VAL)]
    assert isinstance(found[0], SequenceRef)
    assert workspace.search.sequences(kind, 'metric.name == "gen"').total == 0
    assert workspace.search.sequences(kind, f"{kind}.last == 1 or {kind}.name").total == 1


def test_metrics_come_with_their_summaries_by_name_and_context(store: Store) -> None:
    workspace = store.default
    log_run(workspace, 1, make_points("b", [1.0]), make_points("a", [2.0, 3.0], VAL))
    store.seal()
    log_run(workspace, 1, make_points("a", [5.0]), make_points("b", [4.0], first_step=1))

    ((_, _, found),) = workspace.search.sequences(SequenceKind.METRIC)

    assert [
        (each.name, each.context.text, each.last, each.count)
        for each in found
        if isinstance(each, MetricSummary)
    ] == [("a", VAL.text, 3.0, 2), ("a", "{}", 5.0, 1), ("b", "{}", 4.0, 2)]


def test_stopping_early_stops_the_reading(workspace: Workspace) -> None:
    for number in range(120):
        log_run(workspace, number, metrics={"loss": [1.0]}, started_at=START + number)
    matches = workspace.search.sequences(SequenceKind.METRIC, 'metric.name == "loss"')

    walk = iter(matches)
    first = next(walk)
    walk.close()  # type: ignore[attr-defined]

    assert matches.total == 120
    assert first[1].run.hash == make_hash(119)
