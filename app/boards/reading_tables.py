"""Reads the tables of panels: runs and leaderboards. Blocks: only for thread workers."""

from __future__ import annotations

import math

from msgspec.structs import replace

from app.boards.board import Panel
from app.boards.contents import Content, EmptyContent, PanelLook, TableColumn, TableContent
from app.boards.metric_names import (
    METRICS,
    PARAMS,
    MetricName,
    column_id,
    full_field,
    is_lower_better,
    split_names,
)
from app.charts.picture import text_width
from app.formatting import number
from app.querying.plain_words import as_query
from app.sources import SortKey, Source
from app.widgets.cells import Cell, plain
from app.widgets.column_choice import default_columns, differing_params
from app.widgets.columns import FIXED, RunColumn, column_from_id, column_text, fitted_width
from app.widgets.run_cells import CellLook, run_cell
from store.models import RunRecord

BAR = 12
MAX_PARAM_COLUMNS = 3
_FIXED_SORTS = {"name": "run", "started": "date"}


def read_runs(source: Source, panel: Panel, look: PanelLook) -> Content:
    """A table of runs."""
    limit = int(panel.setting("limit")) or 50
    found = source.find_runs(as_query(panel.query), _sort(panel), limit=limit)
    records = source.get_records(found.hashes)
    if not records:
        return EmptyContent("no run matches")
    names = split_names(panel.setting("columns"))
    ids = [each if each in FIXED else column_id(full_field(each, records)) for each in names]
    chosen = [column_from_id(each) for each in ids or default_columns(records)]
    columns = [_fitted(column, records, look) for column in chosen if column is not None]
    cell_look = _cell_look(look)
    rows = tuple(
        (record.run.hash, tuple(run_cell(each, record, cell_look) for each in columns))
        for record in records
    )
    shown = tuple(_table_column(each) for each in columns)
    return TableContent(shown, rows, max(found.total, len(rows)))


def _sort(panel: Panel) -> list[SortKey]:
    text = panel.setting("sort").strip()
    if not text:
        return []
    descending = bool(panel.setting("descending"))
    if text in FIXED:
        return [SortKey(_FIXED_SORTS.get(text, text), descending)]
    if text.startswith(PARAMS):
        return [SortKey(text, descending)]
    metric = MetricName.parse(text.removeprefix(METRICS))
    return [SortKey(f"{METRICS}{metric.name}", descending, metric.context)]


def _cell_look(look: PanelLook) -> CellLook:
    return CellLook(
        now_s=look.now_s,
        digits=look.digits,
        directions=look.directions,
        stale_after_s=look.stale_after_s,
        is_dark=look.is_dark,
        ascii_only=look.ascii_only,
    )


def _fitted(column: RunColumn, records: list[RunRecord], look: PanelLook) -> RunColumn:
    """A column as wide as its values want it."""
    if look.whole_names and column.id in ("name", "experiment"):
        widths = (text_width(column_text(column, record)) for record in records)
        return replace(column, width=max(widths, default=column.width))
    return replace(column, width=fitted_width(column, records))


def _table_column(column: RunColumn) -> TableColumn:
    width = column.width
    if column.id.startswith(METRICS):
        # Wide enough for a number; the tables of panels have no small curves.
        width = max(10, min(len(column.title), 14))
    if column.id == "name":
        width += 2  # the mark of the run's state
    return TableColumn(column.id, column.title, width, column.is_right)


def read_leaderboard(source: Source, panel: Panel, look: PanelLook) -> Content:
    """The best runs by a metric, the best first."""
    if not panel.setting("metric"):
        return EmptyContent("choose a metric")
    metric = MetricName.parse(panel.setting("metric"))
    which = panel.setting("which")
    lower = is_lower_better(metric, panel.setting("direction"), look.directions)
    aspect = ("min" if lower else "max") if which == "best" else which
    sort = SortKey(f"{METRICS}{metric.name}.{aspect}", not lower, metric.context)
    found = source.find_runs(
        as_query(panel.query), [sort], limit=int(panel.setting("top")) or 10
    )
    ranked = [
        (value, record)
        for record in source.get_records(found.hashes)
        if math.isfinite(value := metric.value(record, which, is_lower_better=lower))
    ]
    if not ranked:
        return EmptyContent("no run has this metric")
    ranked.sort(key=lambda pair: pair[0] if lower else -pair[0])
    return _leaderboard(panel, metric, ranked, look)


def _leaderboard(
    panel: Panel, metric: MetricName, ranked: list[tuple[float, RunRecord]], look: PanelLook
) -> TableContent:
    records = [record for _, record in ranked]
    names = split_names(panel.setting("params"))
    ids = [full_field(each, records) for each in names]
    ids = ids or differing_params(records, MAX_PARAM_COLUMNS)
    params = [
        _fitted(column, records, look)
        for each in ids
        if (column := column_from_id(column_id(each))) is not None
    ]
    name = column_from_id("name")
    assert name is not None
    name = _fitted(name, records, look)
    cell_look = _cell_look(look)
    values = [value for value, _ in ranked]
    rows = []
    for place, (value, record) in enumerate(ranked):
        cells = (
            plain(str(place + 1), "accent" if place < 3 else "muted", is_right=True),
            run_cell(name, record, cell_look),
            plain(number(value, look.digits), "best" if place == 0 else "", is_right=True),
            _bar(value, values),
            *(run_cell(each, record, cell_look) for each in params),
        )
        rows.append((record.run.hash, cells))
    columns = (
        TableColumn("rank", "#", 3, is_right=True),
        _table_column(name),
        TableColumn("value", metric.name, max(8, min(12, len(metric.name))), is_right=True),
        TableColumn("bar", "", BAR),
        *(_table_column(each) for each in params),
    )
    return TableContent(columns, tuple(rows), len(rows))


def _bar(value: float, values: list[float]) -> Cell:
    """How the value lies between the best and the worst shown; the best has the longest bar."""
    best, worst = values[0], values[-1]
    share = 1.0 if best == worst else (value - worst) / (best - worst)
    return plain("█" * max(1, round((0.1 + 0.9 * share) * BAR)), "spark")
