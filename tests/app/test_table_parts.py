"""The parts of the tables: layout, cells, columns, groups, progress, activity."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace
from textual.theme import BUILTIN_THEMES

from app.dialogs.column_offers import column_offers
from app.export_runs import FORMATS, export_text
from app.formatting import shorten_middle
from app.theme import DARK
from app.widgets.activity_map import level, weeks_until
from app.widgets.cells import Cell, Tones, line_segments, plain, sparkline
from app.widgets.column_choice import common_metrics, default_columns, differing_params
from app.widgets.columns import column_from_id, lower_is_better, param_value
from app.widgets.grid_layout import ColumnLayout, GridColumn
from app.widgets.progress import progress_of
from app.widgets.run_cells import CellLook, run_cell
from app.widgets.run_groups import best_groups, heading_cell, rows_of, shown_groups
from store.models import (
    Figures,
    GroupedRuns,
    MetricWords,
    ParamWords,
    Run,
    RunRecord,
    ValueCount,
    Vocabulary,
)
from tests.factories import TRAIN, VAL

if TYPE_CHECKING:
    from store import Store

TONES = Tones(DARK.to_color_system().generate(), is_dark=True)


@given(st.text(max_size=40), st.integers(0, 30), st.booleans())
def test_a_cell_has_exactly_its_width(text: str, width: int, is_right: bool) -> None:
    from rich.cells import cell_len

    printable = "".join(c for c in text if c.isprintable())
    cell = Cell(((printable, "muted"), ("tail", "")), is_right)
    drawn = line_segments([(cell, width)], "", TONES)
    assert sum(cell_len(segment.text) for segment in drawn) == width


def test_pieces_that_look_the_same_become_one_segment() -> None:
    chip = Cell(((" tag ", "chip:#ff0000"),))
    cells = [(plain("a"), 3), (plain("b", "muted"), 3), (chip, 7), (plain("c"), 2)]
    drawn = line_segments(cells, " ", TONES, is_painted=True)
    assert [each.text for each in drawn] == ["a   ", "b   ", " tag ", "   c  "]
    assert [each.style for each in drawn[:2]] == [TONES.base, TONES.painted("muted")]
    assert drawn[2].style != drawn[3].style == TONES.base
    (only,) = line_segments([(plain("a"), 1), (plain("b"), 1)], "", TONES)
    assert (only.text, only.style) == ("ab", TONES.style(""))


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


def test_headings_show_what_their_runs_come_to() -> None:
    loss, lr, time = (column_from_id(e) for e in ("metrics.loss", "params.lr", "duration"))
    assert loss is not None
    assert lr is not None
    assert time is not None
    columns = [loss, lr, time]
    wide, same = Figures(3, 0.5, 0.1, 0.25, 1.0), Figures(2, 0.125, 0.0, 0.125, 0.125)
    found = [
        GroupedRuns(("adam", 0.1), ["a", "b", "c"], (wide, wide, wide)),
        GroupedRuns((None, True), ["d"], (same, same, None)),
    ]
    adam, neither = shown_groups(found, columns)
    assert (adam.title, neither.title) == ("adam · 0.1", "- · true")
    look = CellLook()
    best = best_groups([adam, neither], columns, look)
    assert best == {"metrics.loss": 0.125}
    assert heading_cell(loss, adam, look, best).text == "0.5000 ±0.10"
    assert heading_cell(loss, neither, look, best).pieces[0] == ("0.1250", "best")
    assert heading_cell(lr, adam, look, best).text == "0.25…1"
    assert heading_cell(lr, neither, look, best).text == "0.125"
    assert heading_cell(time, neither, look, best).text == ""
    largest = replace(look, group_value="max", directions={"loss": "max"})
    assert best_groups([adam, neither], columns, largest) == {"metrics.loss": 1.0}
    assert heading_cell(loss, adam, largest, {}).text == "1"
    rows = rows_of([adam, neither], frozenset([adam.key]))
    assert [(row.group, row.run_hash) for row in rows] == [(0, ""), (1, ""), (-1, "d")]


def test_the_most_telling_params_come_first() -> None:
    def record(number: int, **params: object) -> RunRecord:
        tree = {"hparams": params, "data": {"path": f"/tmp/{number}", "classes": number % 2}}
        return RunRecord(Run(number, str(number), "a"), tree | {"seed": number})

    records = [
        record(n, activation="relu" if n % 2 else "gelu", lr=10**-n, batch_size=2 ** (n % 3))
        for n in range(6)
    ]
    assert differing_params(records) == [
        "params.hparams.lr",
        "params.hparams.batch_size",
        "params.hparams.activation",
        "params.data.classes",
        "params.seed",
    ]
    assert differing_params(records, 1) == ["params.hparams.lr"]


def test_a_name_that_is_too_long_keeps_its_end() -> None:
    name = column_from_id("name", 12)
    assert name is not None
    records = [RunRecord(Run(n, "a", f"a-long-common-name-{n}")) for n in (1, 2)]
    first, second = (run_cell(name, each, CellLook()).text for each in records)
    assert first.endswith("-name-1")
    assert second.endswith("-name-2")
    assert len(first) == len(second) == 12 + 2
    assert "…" in first
    assert shorten_middle("abcdefgh", 4) == "abc…"


def test_offers_tell_coverage_range_and_values() -> None:
    vocabulary = Vocabulary(
        run_count=20,
        params=(
            ParamWords(
                ("hparams", "optim"),
                ("str",),
                10,
                (ValueCount("adam", 6), ValueCount("sgd", 4)),
                2,
            ),
            ParamWords(("lr",), ("float",), 20, (ValueCount(0.1, 5),), 9, 0.0001, 0.1),
        ),
        metrics=(MetricWords("loss", (TRAIN, VAL), 20, 0.25, 4.0),),
    )
    offers = {each.id: each for each in column_offers(vocabulary, {"params.lr": 17})}
    optim, lr = offers["params.hparams.optim"], offers["params.lr"]
    assert (optim.kind, optim.coverage, optim.detail) == ("param", 0.5, "adam 6 · sgd 4")
    assert (lr.detail, lr.width) == ("0.0001 … 0.1  9 values", 17)
    assert offers['metrics.loss|{"subset":"val"}'].detail == "0.25 … 4"
    assert offers["name"].coverage is None


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
