"""A first board for a store, made from what was logged. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from app.boards.board import Board, Panel, Place
from app.boards.kinds import PanelKind
from app.boards.layout import packed
from app.boards.metric_names import MetricName
from app.widgets.column_choice import common_metrics, differing_params
from app.widgets.columns import column_from_id
from store.models import RunRecord, SequenceKind

_QUALITY = ("acc", "f1", "auc", "score", "bleu")
WELCOME = (
    "**e** changes this board: **n** adds a panel, **enter** changes one, "
    "shift and arrows move it, ctrl and arrows make it larger or smaller."
)


def starter_board(records: Sequence[RunRecord], kinds: Collection[SequenceKind] = ()) -> Board:
    """Counters, curves, the best runs and what made them so.

    Args:
        records: Some of the newest runs.
        kinds: Of sequences that were logged.
    """
    metrics = _metrics(records)
    loss = next((each for each in metrics if "loss" in each.name.lower()), None)
    quality = _best_match(metrics) or loss
    params = differing_params(records, 4)
    make = _Maker()
    make.add(PanelKind.COUNTER, 3, 2, count="runs")
    make.add(PanelKind.COUNTER, 3, 2, count="running")
    if quality is not None:
        make.add(PanelKind.COUNTER, 3, 2, count="metric", metric=str(quality))
    make.add(PanelKind.NOTE, 3, 2, text=WELCOME)
    charts = list(dict.fromkeys(each for each in (loss, quality) if each is not None))
    for metric in charts or metrics[:2]:
        make.add(PanelKind.CHART, 6, 5, metric=str(metric), limit=12)
    if quality is not None:
        make.add(PanelKind.LEADERBOARD, 6, 4, metric=str(quality))
        if params:
            make.add(PanelKind.SCATTER, 6, 4, x=params[0], y=f"metrics.{quality}")
    if SequenceKind.IMAGES in kinds:
        make.add(PanelKind.MEDIA, 6, 4, objects="images", runs=2)
    if quality is not None and len(params) > 1:
        make.add(PanelKind.IMPORTANCE, 6, 4, metric=str(quality))
    make.add(PanelKind.ACTIVITY, 6, 4)
    if SequenceKind.IMAGES not in kinds:
        make.add(PanelKind.RUNS, 6, 4)
    if quality is not None and len(params) > 1:
        make.add(PanelKind.PARALLEL, 12, 4, metric=str(quality))
    if SequenceKind.IMAGES in kinds:
        make.add(PanelKind.RUNS, 12, 4)
    return packed(Board(tuple(make.panels)))


class _Maker:
    """Puts panels one after the other, line by line."""

    def __init__(self) -> None:
        self.panels: list[Panel] = []
        self._x = self._y = self._bottom = 0

    def add(self, kind: PanelKind, width: int, height: int, **settings: Any) -> None:
        if self._x + width > 12:
            self._x, self._y = 0, self._bottom
        place = Place(self._x, self._y, width, height)
        self._x, self._bottom = place.right, max(self._bottom, place.bottom)
        number = str(len(self.panels) + 1)
        self.panels.append(Panel(number, kind, settings=settings, place=place))


def _metrics(records: Sequence[RunRecord]) -> list[MetricName]:
    """Metrics that most runs have, those of validation before those of training."""
    columns = [column_from_id(each) for each in common_metrics(records, 20)]
    return [MetricName(each.key, each.context or None) for each in columns if each is not None]


def _best_match(metrics: Sequence[MetricName]) -> MetricName | None:
    for word in _QUALITY:
        for metric in metrics:
            if word in metric.name.lower():
                return metric
    return None
