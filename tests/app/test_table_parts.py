"""The parts of the tables: layout, cells, columns, groups, progress, activity."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from textual.theme import BUILTIN_THEMES

from app.export_runs import FORMATS, export_text
from app.theme import DARK
from app.widgets.activity_map import level, weeks_until
from app.widgets.cells import Cell, Tones, segments, sparkline
from app.widgets.columns import (
    column_from_id,
    common_metrics,
    default_columns,
    differing_params,
    lower_is_better,
    param_value,
)
from app.widgets.grid_layout import ColumnLayout, GridColumn
from app.widgets.progress import progress_of
from app.widgets.run_groups import aggregated, group_runs, rows_of
from store.models import Run, RunRecord

if TYPE_CHECKING:
    from store import Store

TONES = Tones(DARK.to_color_system().generate(), is_dark=True)


@given(st.text(max_size=40), st.integers(0, 30), st.booleans())
def test_a_cell_has_exactly_its_width(text: str, width: int, is_right: bool) -> None:
    from rich.cells import cell_len

    cell = Cell(((text.replace("\n", " "), "muted"), ("tail", "")), is_right)
    printable = "".join(c for c in text if c.isprintable())
    cell = Cell(((printable, "muted"), ("tail", "")), is_right)
    drawn = segments(cell, width, TONES)
    assert sum(cell_len(segment.text) for segment in drawn) == width


@given(st.lists(st.floats(), max_size=40), st.integers(1, 20))
def test_a_sparkline_has_its_width_whatever_the_values(values: list[float], width: int) -> None:
    assert len(sparkline(values, width)) == width


def test_every_theme_has_all_tones() -> None:
    for theme in BUILTIN_THEMES.values():
        variables = theme.to_color_system().generate()
        tones = Tones(variables, is_dark=theme.dark)
        assert tones.style("chip:#ff0000").bgcolor is not None
        assert tones.style("no such tone") == tones.style("")


def layout() -> ColumnLayout:
    return ColumnLayout([GridColumn(str(n), str(n), 9) for n in range(10)], 2)


def test_columns_in_sight_follow_scrolling() -> None:
    columns = layout()
    assert columns.in_sight(0, 50) == range(2, 5)
    assert columns.in_sight(15, 50) == range(3, 7)
    assert columns.in_sight(60, 50) == range(8, 10)
    assert columns.span(0, 30) == (0, 9)
    assert columns.at(25, 0) == 2
    assert columns.at(25, 10) == 3


@given(st.integers(0, 9), st.integers(0, 60), st.integers(25, 90))
def test_scrolling_to_a_column_brings_it_into_sight(at: int, scroll: int, width: int) -> None:
    columns = layout()
    there = columns.scroll_to(at, scroll, width)
    if at >= columns.frozen_count:
        assert at in columns.in_sight(there, width)


@pytest.mark.parametrize(
    ("name", "is_lower"),
    [("loss", True), ("val/loss", True), ("accuracy", False), ("wer", True), ("reward", False)],
)
def test_directions_are_guessed_and_flipped(name: str, is_lower: bool) -> None:
    assert lower_is_better(name, {}) is is_lower
    assert lower_is_better(name, {name: "max" if is_lower else "min"}) is not is_lower


def test_columns_show_what_tells_runs_apart(demo_store: Store) -> None:
    workspace = demo_store.default
    records = workspace.runs.records(workspace.runs.hashes())
    shown = default_columns(records)
    assert shown[0] == "name"
    assert "experiment" in shown
    assert "params.hparams.lr" in shown
    assert "params.data.name" not in shown
    assert common_metrics(records, 1) != []
    assert differing_params(records[:1]) == []
    for each in shown:
        column = column_from_id(each)
        assert column is not None
        assert column.id == each


def test_a_param_is_found_by_path_even_with_dots_in_keys() -> None:
    params = {"a": {"b.c": 1, "d": {"e": None}}, "x.y": 2}
    assert param_value(params, "a.b.c") == 1
    assert param_value(params, "a.d.e") is None
    assert param_value(params, "x.y") == 2
    assert param_value(params, "a.b") is param_value(params, "nothing")


def test_groups_hold_all_runs_and_aggregates_skip_what_is_no_number(
    demo_store: Store,
) -> None:
    runs = demo_store.default.runs
    records = runs.records(runs.hashes())
    by = column_from_id("experiment")
    metric = column_from_id(common_metrics(records, 1)[0])
    assert by is not None
    assert metric is not None
    groups = group_runs(records, [by], [metric])
    assert sum(len(group.hashes) for group in groups) == len(records)
    assert all(math.isfinite(g.aggregates[metric.id].mean) for g in groups)
    rows = rows_of(groups, frozenset([groups[0].key]))
    assert len(rows) == len(groups) + len(records) - len(groups[0].hashes)
    assert aggregated([math.nan, math.inf]) is None
    one = aggregated([2.0, math.nan])
    assert one is not None
    assert (one.count, one.mean, one.deviation) == (1, 2.0, 0.0)


def test_progress_is_told_only_when_something_says_how_long() -> None:
    assert progress_of(RunRecord(Run(1, "a", "a"))) is None


def test_exports_hold_every_run(demo_store: Store) -> None:
    workspace = demo_store.default
    records = workspace.runs.records(workspace.runs.hashes())
    columns = [c for each in default_columns(records) if (c := column_from_id(each))]
    for file_format in FORMATS:
        text = export_text(records, columns, file_format)
        assert all(record.run.hash in text for record in records)


def test_days_are_warmer_the_more_happened() -> None:
    assert [level(n, 8) for n in (0, 1, 4, 8)] == [0, 1, 2, 4]
    assert weeks_until(date(2026, 11, 21), 2) == [date(2026, 11, 9), date(2026, 11, 16)]
