"""Ranks what decides a metric, for a panel. Blocks: only for thread workers."""

from __future__ import annotations

import math

import numpy as np
from textual.worker import NoActiveWorker

from app.boards.board import Panel
from app.boards.contents import Content, EmptyContent, PanelLook, TableColumn, TableContent
from app.boards.metric_names import MetricName, is_lower_better
from app.charts.importance import CELLS, FEW_RUNS, Importance, rank_params
from app.charts.sparkline import sparkline
from app.formatting import MISSING, plural
from app.loading import load_is_outdated
from app.querying.plain_words import as_query
from app.sources import Source
from app.traces.run_fields import leaves_of
from app.widgets.cells import Cell, plain

BAR = 16
MAX_NAME = 28


def read_importance(source: Source, panel: Panel, look: PanelLook) -> Content:
    """Params by how much they matter for a metric, the most important first."""
    if not panel.setting("metric"):
        return EmptyContent("choose a metric")
    metric = MetricName.parse(panel.setting("metric"))
    lower = is_lower_better(metric, panel.setting("direction"), look.directions)
    found = source.find_runs(as_query(panel.query), limit=int(panel.setting("limit")) or 500)
    records = source.get_records(found.hashes)
    target = np.array(
        [metric.value(each, "best", is_lower_better=lower) for each in records],
        dtype=np.float64,
    )
    known = int(np.isfinite(target).sum())
    if not known:
        return EmptyContent("no run has this metric")
    ranked = rank_params(leaves_of(records), target, is_cancelled=_is_outdated)
    if not ranked:
        return EmptyContent(f"{plural(known, 'run')}: too few, or no param differs")
    shown = ranked[: int(panel.setting("top")) or 8]
    hashes = tuple(each.run.hash for each in records)
    return _table(shown, known, hashes)


def _is_outdated() -> bool:
    try:
        return load_is_outdated()
    except NoActiveWorker:
        # A page that is written to a file is read in a thread of somebody else.
        return False


def _table(ranked: list[Importance], known: int, hashes: tuple[str, ...]) -> TableContent:
    most = max(1e-9, *(each.importance for each in ranked))
    names = [each.param.removeprefix("hparams.") for each in ranked]
    few = " (few runs)" if known < FEW_RUNS else ""
    columns = (
        TableColumn("name", "param", max(8, min(MAX_NAME, max(map(len, names))))),
        TableColumn("importance", f"importance{few}", BAR + 6),
        TableColumn("rank", "rank corr.", 10, is_right=True),
        TableColumn("means", "mean over it", CELLS),
    )
    rows = tuple(
        (each.param, (plain(name), _bar(each, most), _signed(each), _curve(each)))
        for name, each in zip(names, ranked, strict=True)
    )
    return TableContent(columns, rows, known, of_runs=hashes)


def _bar(each: Importance, most: float) -> Cell:
    share = max(0.0, each.importance) / most
    return Cell(
        (("█" * round(share * BAR), "spark"), (f" {max(0.0, each.importance):.2f}", ""))
    )


def _signed(each: Importance) -> Cell:
    known = not math.isnan(each.correlation)
    return plain(f"{each.correlation:+.2f}" if known else MISSING, "", is_right=True)


def _curve(each: Importance) -> Cell:
    return plain(sparkline(each.means, len(each.means)), "accent")
