"""The explorer of metrics: queries, charts, crosshair, zoom, options, export."""

from __future__ import annotations

import json
import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pyarrow import parquet
from textual.events import MouseScrollUp

from app.charts.band import Aggregate
from app.messages import ShowMetrics
from app.panels.explorer import MetricExplorer
from app.screens.metrics import full_query
from app.traces.build import MAX_RAW_CURVES
from app.traces.export import FORMATS
from app.traces.options import (
    EXPLORER_DEFAULTS,
    ChartKind,
    ExploreOptions,
    XAxis,
    options_from_json,
)
from app.widgets.chart_grid import balanced
from app.widgets.chart_pointer import View
from app.widgets.chart_view import ChartView
from app.widgets.readout import ReadoutPanel
from tests.app.dashboard import SMALL, Driven, driven
from tests.factories import log_run

if TYPE_CHECKING:
    from store import Store
    from store.workspace import Workspace


def explorer(driving: Driven) -> MetricExplorer:
    found: MetricExplorer = driving.screen.query_one(MetricExplorer)
    return found


def charts(driving: Driven) -> list[ChartView]:
    return explorer(driving).grid.charts


def chart(driving: Driven, name: str) -> ChartView:
    return next(each for each in charts(driving) if each.content.name == name)


async def test_every_metric_has_a_chart_and_the_machine_is_left_out(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        names = {each.name for each in explorer(driving).grid.contents}
        assert names == {
            *("acc · val", "loss · train", "loss · val"),
            *("final/f1 score", "grad_norm"),
        }
        assert "loss" in driving.text()
        assert any("⠁" <= char <= "⣿" for char in driving.text())


async def test_groups_by_context_are_named_by_its_values(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        await driving.until(lambda: "loss · val" in explorer(driving).charts, "the charts")
        explorer(driving).change_options(
            color_by=("context",), facet_by=("metric",), kind=ChartKind.BARS
        )
        await driving.until(lambda: "val (" in driving.text(), "bars of contexts")
        assert "train (" in driving.text()
        assert "subset=" not in driving.text()


async def test_the_first_chart_has_the_focus(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        await driving.until(lambda: isinstance(driving.screen.focused, ChartView), "focus")


async def test_a_query_chooses_metrics_and_runs(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        driving.screen.load_metrics('metric.name == "loss" and run.hparams.lr < 0.05')
        await driving.settle()
        data = explorer(driving).charts["loss · train"]
        assert {each.record.params["hparams"]["lr"] for each in data.curves.values()} <= {
            0.01,
            0.001,
        }


async def test_a_wrong_query_keeps_the_old_charts(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        before = len(explorer(driving).curves)
        driving.screen.load_metrics("metric.name ==")
        await driving.settle()
        assert len(explorer(driving).curves) == before
        assert driving.screen.query_bar.query_one(".problem").display


def test_plain_words_look_for_names_of_metrics_and_runs() -> None:
    assert full_query("Loss") == '("loss" in metric.name.lower() or run.mentions("Loss"))'
    assert full_query("", ("a",)) == 'run.hash in ["a"]'
    assert full_query('metric.name == "x"', ("a",)).endswith('and run.hash in ["a"]')


async def test_the_crosshair_shows_values_in_all_charts(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        await driving.press("i")
        places = {each.pointer_x for each in charts(driving)}
        assert len(places) == 1
        assert None not in places
        content = driving.screen.query_one(ReadoutPanel)._content
        assert content.place.startswith("step ")
        values = [reading.y for reading in content.readings]
        assert values == sorted(values, reverse=True)
        before = places.pop() or 0.0
        await driving.press("right")
        assert charts(driving)[0].pointer_x == before + 1
        await driving.press("escape")
        assert {each.pointer_x for each in charts(driving)} == {None}


async def test_two_marks_measure_the_change(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        await driving.press("i", "m", "right", "right", "m")
        content = driving.screen.query_one(ReadoutPanel)._content
        assert content.place == "Δstep 2"
        assert content.changes


async def test_zooming_changes_all_charts_and_can_be_taken_back(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        await driving.press("plus", "plus")
        views = {each.view.x for each in charts(driving)}
        assert len(views) == 1
        low, high = views.pop() or (math.nan, math.nan)
        assert 0 < low < high < 199
        await driving.press("backspace")
        assert charts(driving)[0].view.x is not None
        await driving.press("0")
        assert {each.view for each in charts(driving)} == {View()}


async def test_the_wheel_zooms_and_a_double_click_shows_all(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        first = charts(driving)[0]
        await driving.pilot._post_mouse_events([MouseScrollUp], widget=first, offset=(30, 8))
        await driving.settle()
        assert first.view.x is not None
        await driving.pilot.double_click(first, offset=(30, 8))
        await driving.settle()
        assert first.view == View()


async def test_a_dragged_box_is_zoomed_into(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        first = charts(driving)[0]
        await driving.pilot.mouse_down(first, offset=(20, 5))
        await driving.pilot.hover(first, offset=(40, 10))
        await driving.pilot.mouse_up(first, offset=(40, 10))
        await driving.settle()
        assert first.view.x is not None
        assert first.view.y is not None


async def test_keys_change_how_metrics_are_shown(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        await driving.press("g", "S", "o", "N", "A")
        options = explorer(driving).options
        assert options.is_log_y
        assert options.smoothing == 0.99
        assert not options.without_outliers
        assert options.is_normalised
        assert options.aggregate is Aggregate.MEAN_STD
        assert "y log" in driving.text()


async def test_smoothing_keeps_the_raw_curve_faint_behind(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        driving.screen.load_metrics('metric.name == "acc" and run.experiment == "vision"')
        await driving.settle()
        traces = explorer(driving).charts["acc · val"].traces
        assert {trace.is_faint for trace in traces} == {True, False}
        await driving.press("S", "S")
        assert explorer(driving).options.smoothing == 0
        assert not any(trace.is_faint for trace in explorer(driving).charts["acc · val"].traces)


async def test_many_smoothed_curves_stand_alone(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        driving.screen.load_metrics("loss")
        await driving.settle()
        traces = explorer(driving).charts["loss · train"].traces
        assert len(traces) > MAX_RAW_CURVES
        assert not any(trace.is_faint for trace in traces)


def test_charts_are_arranged_evenly() -> None:
    assert balanced(4, (160, 46), (4, 4)) == (2, 2)
    assert balanced(2, (160, 30), (4, 2)) == (2, 1)
    assert balanced(2, (85, 31), (2, 2)) == (1, 2)
    assert balanced(30, (160, 46), (4, 4)) == (4, 4)


async def test_groups_are_one_trace_with_a_band(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        driving.screen.load_metrics("acc")
        explorer(driving).change_options(
            color_by=("experiment",), stroke_by=(), aggregate=Aggregate.MEAN_RANGE
        )
        await driving.settle()
        traces = explorer(driving).charts["acc · val"].traces
        assert {trace.label for trace in traces} == {"vision (4)", "speech (3)", "été 🌻 (4)"}
        assert all(trace.low is not None for trace in traces)


async def test_every_axis_draws(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        for axis in set(XAxis) - {XAxis.METRIC}:
            explorer(driving).change_options(x_axis=axis)
            await driving.settle()
            trace = explorer(driving).charts["acc · val"].traces[0]
            assert len(trace.x) > 10, axis
            assert (np.diff(trace.x) >= 0).all(), axis
        explorer(driving).change_options(x_axis=XAxis.METRIC, x_metric="loss")
        await driving.settle()
        trace = explorer(driving).charts["acc · val"].traces[0]
        assert trace.is_path
        assert trace.x.max() < 2


async def test_enter_fills_the_screen_with_a_chart_and_escape_leaves(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        await driving.press("enter")
        assert len(charts(driving)) == 1
        await driving.press("escape")
        assert len(charts(driving)) == 5


async def test_typed_limits_are_shown(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        await driving.press("comma")
        await driving.press(*"x=10:50", "enter")
        assert charts(driving)[0].view.x == (10, 50)


async def test_a_trace_is_hidden_and_shown_again(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        before = len(explorer(driving).charts["acc · val"].traces)
        await driving.press("i", "down", "space")
        assert len(explorer(driving).charts["acc · val"].traces) == before - 1
        await driving.press("u")
        assert len(explorer(driving).charts["acc · val"].traces) == before


async def test_written_data_holds_each_raw_value_once(
    demo_store: Store, tmp_path: Path
) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        path = tmp_path / "chart.csv"
        explorer(driving)._export(charts(driving)[0], "csv", str(path))
        await driving.settle()
        lines = path.read_text().splitlines()
        curves = explorer(driving).charts["acc · val"].curves
        assert lines[0] == "trace,step,value,smoothed"
        series = [explorer(driving).series_of(key) for key in curves]
        assert len(lines) - 1 == sum(len(each) for each in series if each is not None)
        assert float(lines[1].split(",")[2]) in [
            float(each.values[0]) for each in series if each is not None
        ]


async def test_a_chart_is_written_to_a_file(demo_store: Store, tmp_path: Path) -> None:
    async with driven(demo_store, screen="metrics") as driving:
        for suffix in FORMATS:
            path = tmp_path / f"chart.{suffix}"
            explorer(driving)._export(charts(driving)[0], suffix, str(path))
            await driving.settle()
            assert path.stat().st_size > 100
        rows = json.loads((tmp_path / "chart.json").read_text())
        lines = (tmp_path / "chart.csv").read_text().splitlines()
        table = parquet.read_table(tmp_path / "chart.parquet")
        assert table.column_names == list(rows[0]) == lines[0].split(",")
        assert table.num_rows == len(rows) == len(lines) - 1
        assert table.column("value")[7].as_py() == rows[7]["value"]


async def test_new_points_appear(store: Store, workspace: Workspace) -> None:
    log_run(workspace, 1, name="live", metrics={"loss": [1.0, 0.5]})
    async with driven(store, screen="metrics") as driving:
        from tests.factories import make_hash, make_points

        work = workspace.ingest.submit(
            make_hash(1), [make_points("loss", [0.25, 0.125], first_step=2)]
        )
        work.result()
        await driving.until(
            lambda: len(explorer(driving).charts["loss"].traces[0].x) == 4, "four points"
        )


async def test_a_note_is_written_at_a_point(store: Store, workspace: Workspace) -> None:
    run_hash = log_run(workspace, 1, name="noted", metrics={"loss": np.linspace(1, 0, 50)})
    async with driven(store, screen="metrics") as driving:
        await driving.press("i", "n")
        await driving.press(*"look", "enter")
        await driving.until(lambda: workspace.notes.find(run_hash=run_hash), "the note")
        note = workspace.notes.find(run_hash=run_hash)[0]
        assert (note.content, note.metric) == ("look", "loss")
        await driving.until(lambda: charts(driving)[0].content.annotations, "the mark")


async def test_an_empty_store_says_so(store: Store) -> None:
    async with driven(store, screen="metrics", size=SMALL) as driving:
        assert "No metrics have been logged yet." in driving.text()
        await driving.press("slash", *"loss", "enter")
        await driving.until(lambda: "No metric matches" in driving.text(), "another reason")


async def test_a_small_window_shows_charts_and_values(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics", size=SMALL) as driving:
        text = driving.text()
        assert "┌" in text
        assert "last of" in text


async def test_long_and_odd_names_fit(store: Store, workspace: Workspace) -> None:
    values = [float("nan"), 1.0, float("inf"), -1e300]
    log_run(workspace, 1, name="n" * 300, metrics={"m" * 300: values, "損失 🌻": [1.0]})
    async with driven(store, screen="metrics", size=SMALL) as driving:
        assert "1 NaN · 1 +inf" in driving.text()
        assert "損失" in driving.text()


def test_options_survive_json() -> None:
    options = ExploreOptions(
        x_axis=XAxis.RELATIVE, smoothing=0.9, color_by=("params.lr",), hidden=("a",)
    )
    assert options_from_json(options.as_json()) == options
    assert (
        options_from_json({"smoothing": 7, "x_axis": "?", "color_by": 3}) == EXPLORER_DEFAULTS
    )


async def test_another_screen_opens_a_chart_at_a_point(
    store: Store, workspace: Workspace
) -> None:
    values = {"loss": np.linspace(1, 0, 50), "acc": np.linspace(0, 1, 50)}
    hashes = [log_run(workspace, number, metrics=values) for number in (1, 2)]
    async with driven(store, screen="runs") as driving:
        for run_hash, step in ((hashes[0], 33), (hashes[1], 12)):
            driving.application.post_message(
                ShowMetrics(run_hashes=(run_hash,), metric="loss", step=step)
            )
            await driving.until(partial(is_pointing, driving, step), "the crosshair")
            await driving.until(lambda: charts(driving)[0].has_focus, "the focus")
            await driving.until(lambda: charts(driving)[0].is_inspecting, "the keys of it")
            assert charts(driving)[0].highlighted.startswith(run_hash)


def is_pointing(driving: Driven, step: int) -> bool:
    """Whether there is one chart with its crosshair at a step."""
    shown = [each for each in driving.screen.query(ChartView) if each.display]
    return [each.pointer_x for each in shown] == [step]


async def test_an_earlier_answer_does_not_use_up_the_point(
    store: Store, workspace: Workspace
) -> None:
    values = {"loss": np.linspace(1, 0, 50), "acc": np.linspace(0, 1, 50)}
    run_hash = log_run(workspace, 1, metrics=values)
    async with driven(store, screen="metrics") as driving:
        await driving.until(lambda: len(charts(driving)) == 2, "charts")
        earlier = driving.screen._find("")
        driving.screen.show_request(ShowMetrics(run_hashes=(run_hash,), metric="loss", step=20))
        driving.screen._found("", None, earlier)
        await driving.until(partial(is_pointing, driving, 20), "the crosshair")
        await driving.until(lambda: charts(driving)[0].highlighted, "the curve")
