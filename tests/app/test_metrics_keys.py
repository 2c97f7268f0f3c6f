"""Keys and mouse of charts: crosshair, zoom, range strip, groups, kinds, the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.events import MouseDown, MouseMove, MouseUp

from app.dialogs.group_picker import GroupPicker
from app.dialogs.smoothing import SmoothingDialog
from app.traces.options import AUTO, ChartKind, RunValue, XAxis
from app.widgets.chart_pointer import View
from app.widgets.chart_view import ChartView
from app.widgets.explorer_surface import ExplorerSurface
from app.widgets.range_strip import RangeStrip
from app.widgets.readout import ReadoutPanel
from tests.app.dashboard import Driven, driven
from tests.factories import log_run

if TYPE_CHECKING:
    from app.charts.readout import ReadoutContent
    from store import Store
    from store.workspace import Workspace

STEPS = np.arange(100)


@pytest.fixture
def lab(store: Store, workspace: Workspace) -> Store:
    """Five runs whose losses end at 1 to 5 tenths, with a measurement of the machine."""
    for number in range(1, 6):
        log_run(
            workspace,
            number,
            name=f"run-{number}",
            params={"hparams": {"lr": 0.1 * (number % 2 + 1), "depth": number % 3}},
            metrics={
                "loss": np.cos(STEPS / 8) * 0.05 + number / 10,
                "acc": STEPS / 100,
                "__system__cpu": STEPS * 1.0,
            },
        )
    return store


def surface(driving: Driven) -> ExplorerSurface:
    found: ExplorerSurface = driving.screen.query_one(ExplorerSurface)
    return found


def first(driving: Driven) -> ChartView:
    return surface(driving).grid.charts[0]


def readout(driving: Driven) -> ReadoutContent:
    panel: ReadoutPanel = driving.screen.query_one(ReadoutPanel)
    return panel._content


def in_view(chart: ChartView) -> tuple[float, float]:
    """The part of the x axis that a zoomed chart shows; nothing when it shows everything."""
    return chart.view.x or (0.0, 0.0)


async def show(driving: Driven, query: str) -> ChartView:
    """The first chart of a query, drawn and with the focus."""
    driving.screen.load_metrics(query)
    await driving.settle()
    await driving.until(lambda: first(driving).content.traces, "curves")
    await driving.until(lambda: first(driving).plot, "a picture")
    first(driving).focus()
    await driving.until(lambda: first(driving).has_focus, "the focus")
    return first(driving)


async def test_the_crosshair_answers_to_all_its_keys(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        chart = await show(driving, 'metric.name == "loss"')
        await driving.press("S", "S", "i")
        await driving.until(lambda: readout(driving).place.startswith("step "), "the place")
        assert " · epoch " in readout(driving).place
        labels = [each.label for each in readout(driving).readings]
        assert labels == ["run-1", "run-2", "run-3", "run-4", "run-5"]
        assert readout(driving).behind[readout(driving).readings[1].key] == pytest.approx(0.1)
        x = chart.pointer_x or 0
        await driving.press("right", "right", "left")
        assert chart.pointer_x == x + 1
        await driving.press("shift+right")
        assert chart.pointer_x == pytest.approx(x + 6, abs=1)
        await driving.press("home")
        assert chart.pointer_x == 0
        await driving.press("end")
        assert chart.pointer_x == 99
        await driving.press("left_curly_bracket")
        assert chart.pointer_x == pytest.approx(25 * np.pi, abs=5)
        await driving.press("down", "down")
        assert chart.highlighted == readout(driving).readings[1].key
        await driving.press("home", "m", *["right"] * 10, "m")
        await driving.until(lambda: readout(driving).place == "Δstep 10", "the distance")
        change = readout(driving).changes[chart.highlighted]
        assert change == pytest.approx((np.cos(10 / 8) - 1) * 0.05)
        assert readout(driving).slopes[chart.highlighted] == pytest.approx(change / 10)
        await driving.press("y")
        head, *lines = driving.application.clipboard.splitlines()
        assert head.split("\t") == ["loss", "Δstep 10", "to best", "change", "slope"]
        assert [line.split("\t")[0] for line in lines] == labels
        await driving.press("escape")
        assert not chart.is_inspecting
        assert not chart.marks
        assert {each.pointer_x for each in surface(driving).grid.charts} == {None}


async def test_traces_are_hidden_isolated_and_pinned(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        chart = await show(driving, 'metric.name == "loss"')
        await driving.press("S", "S", "i", "down", "down", "I")
        await driving.until(lambda: len(first(driving).content.traces) == 1, "one trace")
        assert first(driving).content.traces[0].label == "run-2"
        await driving.press("u")
        await driving.until(lambda: len(first(driving).content.traces) == 5, "all traces")
        await driving.press("p")
        await driving.until(lambda: surface(driving).options.pinned, "the pin")
        await driving.press("space")
        await driving.until(lambda: len(first(driving).content.traces) == 4, "one less")
        assert chart is first(driving)
        assert readout(driving).hidden_count == 1


async def test_zoom_and_pan_answer_to_all_their_keys(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        chart = await show(driving, 'metric.name in ["loss", "acc"]')
        other = surface(driving).grid.charts[1]
        views = [chart.view]
        for key in ("plus", "minus", "plus", "H", "L", "L", "ctrl+up", "K", "J", "J"):
            await driving.press(key)
            await driving.until(lambda: chart.view != views[-1], f"{key} to change the view")
            views.append(chart.view)
            assert other.view.x == chart.view.x
        await driving.press("equals_sign")
        assert chart.view == View(views[-1].x, None)
        await driving.press("backspace")
        assert chart.view == views[-1]
        await driving.press("0")
        assert chart.view == View()
        await driving.press("s", "plus")
        await driving.until(lambda: chart.view.x, "a view of its own")
        assert other.view.x is None
        scales = []
        for _ in range(4):
            await driving.press("g")
            scales.append(
                (surface(driving).options.is_log_x, surface(driving).options.is_log_y)
            )
        assert scales == [(False, True), (True, False), (True, True), (False, False)]
        axes = []
        for _ in range(4):
            await driving.press("X")
            axes.append(surface(driving).options.x_axis)
        assert axes == [XAxis.EPOCH, XAxis.RELATIVE, XAxis.ABSOLUTE, XAxis.STEP]


async def test_the_right_button_moves_the_picture(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        chart = await show(driving, 'metric.name == "loss"')
        await driving.press("plus", "plus")
        await driving.until(lambda: chart.view.x, "a zoomed view")
        before = in_view(chart)
        plot = chart.plot
        await driving.until(lambda: chart.plot is not None and chart.plot.x_scale.low > 0, "it")
        assert plot is not None
        at = (60, 10)
        await driving.pilot._post_mouse_events([MouseDown], chart, at, button=3)
        await driving.pilot._post_mouse_events([MouseMove], chart, (40, 10), button=3)
        await driving.pilot._post_mouse_events([MouseUp], chart, (40, 10), button=3)
        await driving.until(lambda: chart.view.x != before, "another view")
        assert in_view(chart)[0] > before[0]
        await driving.press("backspace")
        assert chart.view.x == before


async def test_a_strip_shows_where_the_view_is_and_can_be_moved(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        chart = await show(driving, 'metric.name == "loss"')
        strip = driving.screen.query_one(RangeStrip)
        assert not strip.display
        await driving.press("plus", "plus", "plus", "plus")
        await driving.until(lambda: strip.display and strip.plot, "the strip")
        await driving.until(lambda: chart.view.x, "a view")
        before = in_view(chart)
        middle = strip.size.width // 2
        await driving.pilot.mouse_down(strip, offset=(middle, 0))
        await driving.pilot.hover(strip, offset=(middle + 15, 0))
        await driving.until(lambda: chart.view.x != before, "the view to follow")
        await driving.pilot.mouse_up(strip, offset=(middle + 15, 0))
        moved = in_view(chart)
        assert moved[0] > before[0]
        assert moved[1] - moved[0] == pytest.approx(before[1] - before[0])
        chart.previous_view()
        assert chart.view.x == before
        strip.focus()
        await driving.until(lambda: strip.has_focus and strip.view == before, "the strip again")
        await driving.press("end")
        await driving.until(lambda: in_view(chart)[1] == pytest.approx(99), "the end")
        await driving.press("shift+left")
        await driving.until(lambda: 0 < in_view(chart)[1] < 99, "a shorter view")


async def test_several_fields_group_and_escape_puts_back(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        await show(driving, 'metric.name == "loss"')
        await driving.press("b")
        picker = driving.screen
        assert isinstance(picker, GroupPicker)
        names = [field.name for field in picker._fields]
        await driving.press("space")
        explorer = driving.application.screen_stack[0].query_one(ExplorerSurface)
        for name in ("params.hparams.lr", "params.hparams.depth"):
            await driving.press(*["down"] * (names.index(name) - picker.row), *["up"] *
                                (picker.row - names.index(name)), "space")  # fmt: skip
        await driving.until(
            lambda: explorer.options.color_by == ("params.hparams.lr", "params.hparams.depth"),
            "two fields",
        )
        await driving.press("enter", "A")
        await driving.until(
            lambda: (
                {trace.label for trace in first(driving).content.traces}
                == {
                    "lr=0.1 · depth=1",
                    "lr=0.1 · depth=2",
                    "lr=0.2 · depth=0",
                    "lr=0.2 · depth=1",
                    "lr=0.2 · depth=2",
                }
            ),
            "groups",
        )
        await driving.press("b", "right", "space", "escape")
        await driving.until(lambda: explorer.options.stroke_by == AUTO, "what was before")


async def test_smoothing_follows_a_slider(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        await show(driving, 'metric.name == "loss"')
        explorer = surface(driving)
        await driving.press("alt+s")
        assert isinstance(driving.screen, SmoothingDialog)
        await driving.press("left", "left", "shift+left")
        await driving.until(lambda: explorer.options.smoothing == 0.78, "0.78")
        await driving.press("escape")
        await driving.until(lambda: explorer.options.smoothing == 0.9, "0.9 again")
        await driving.press("alt+s", "home", "right", "enter")
        await driving.until(lambda: explorer.options.smoothing == 0.01, "0.01")


async def test_runs_are_shown_as_bars_boxes_and_histogram(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        await show(driving, 'metric.name == "loss"')
        explorer = surface(driving)
        await driving.press("T")
        await driving.until(lambda: "last of each run" in driving.text(), "bars")
        assert driving.text().count("run-3 ") == 2
        assert "(1)" not in driving.text()
        explorer.change_options(color_by=("params.hparams.lr",))
        await driving.until(lambda: "lr=0.2 (3)" in driving.text(), "groups with their counts")
        await driving.press("T", "V")
        await driving.until(lambda: "best of each run" in driving.text(), "boxes")
        assert explorer.options.value is RunValue.BEST
        assert "┃" in driving.text()
        await driving.press("T")
        await driving.until(lambda: "runs by best" in driving.text(), "the histogram")
        assert explorer.options.kind is ChartKind.HISTOGRAM
        heights = [trace.y.sum() for trace in first(driving).content.traces]
        assert heights == [4, 6]
        await driving.press("T")
        await driving.until(lambda: explorer.options.kind is ChartKind.LINES, "curves")


async def test_keys_of_curves_are_grey_on_bars_and_say_why(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        await show(driving, 'metric.name == "loss"')
        explorer = surface(driving)
        assert not driving.grey_keys()
        await driving.press("T")
        await driving.until(lambda: "last of each run" in driving.text(), "bars")
        assert {"i", "+", "0", "S", "A", "X", "n"} <= driving.grey_keys()
        for key in ("plus", "S", "i", "H", "comma"):
            driving.application.clear_notifications()
            before = explorer.options, first(driving).view
            await driving.press(key)
            said = driving.said()
            assert len(said) == 1, key
            assert said[0].startswith("Not possible: ")
            assert (explorer.options, first(driving).view) == before
        await driving.press("question_mark")
        await driving.until(
            lambda: "not possible here: bars and boxes" in driving.text(), "why"
        )
        await driving.press("escape", "T", "T")
        await driving.until(lambda: "runs by last" in driving.text(), "the histogram")
        await driving.until(lambda: "S" in driving.grey_keys(), "no smoothing of counts")
        assert "+" not in driving.grey_keys(), "a histogram has an axis to move along"
        await driving.press("T")
        await driving.until(lambda: not driving.grey_keys(), "everything is possible again")


async def test_the_machine_has_a_view_of_its_own(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        await driving.until(lambda: surface(driving).grid.contents, "charts")
        assert {each.name for each in surface(driving).grid.contents} == {"acc", "loss"}
        await driving.press("M")
        await driving.until(
            lambda: [each.name for each in surface(driving).grid.contents] == ["cpu"], "cpu"
        )
        await driving.press("M")
        await driving.until(lambda: len(surface(driving).grid.contents) == 2, "metrics")
        driving.application._run_typed("metrics", "system")
        await driving.until(
            lambda: [each.name for each in surface(driving).grid.contents] == ["cpu"], "cpu"
        )


async def test_a_badge_tells_that_new_points_are_out_of_view(lab: Store) -> None:
    async with driven(lab, screen="metrics") as driving:
        chart = await show(driving, 'metric.name == "loss"')
        assert "not following" not in driving.text()
        await driving.press("plus", "H")
        await driving.until(lambda: "not following, G follows" in driving.text(), "the badge")
        await driving.press("G")
        await driving.until(lambda: "not following" not in driving.text(), "no badge")
        assert chart.view.x is not None
        assert chart.view.x[1] == pytest.approx(99)


async def test_a_note_at_a_point_leads_back_to_it(lab: Store, workspace: Workspace) -> None:
    async with driven(lab, screen="metrics") as driving:
        chart = await show(driving, 'metric.name == "loss"')
        await driving.press("i", "down", "home", *["right"] * 7, "n")
        await driving.type("look")
        await driving.press("enter")
        await driving.until(lambda: first(driving).content.annotations, "the mark")
        await driving.until(lambda: "▾" in driving.text(), "the sign on the axis")
        await driving.press("end", *["left_curly_bracket"] * 12)
        assert chart.pointer_x == 7
        highlighted = chart.highlighted
        await driving.press("escape")
        await driving.press("6")
        await driving.until(lambda: "look" in driving.text(), "the list of notes")
        driving.screen.action_open_subject()
        await driving.until(
            lambda: (
                [each.pointer_x for each in driving.screen.query(ChartView) if each.display]
                == [7]
            ),
            "the crosshair",
        )
        assert first(driving).highlighted == highlighted
        assert workspace.notes.find()[0].step == 7
