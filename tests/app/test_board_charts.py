"""The charts of a dashboard: gone into with a crosshair, zoomed, opened as they are drawn."""

from __future__ import annotations

import pytest
from textual.geometry import Offset

from app.boards.board import Board
from app.boards.contents import EmptyContent, PanelLook, TableContent, run_hashes_of
from app.boards.kinds import PanelKind
from app.boards.reading import chart_options, read_panel
from app.panels.board_panels.chart import PanelChart, explorer_of
from app.panels.board_panels.panel import BoardPanel
from app.sources.local import LocalSource
from app.traces.options import ChartKind, XAxis
from store import Store
from tests.app.boarding import focused, keep, opened, panel
from tests.app.dashboard import driven

SETTINGS = {
    "metric": "loss {subset=val}",
    "type": "lines",
    "log_x": True,
    "no_outliers": True,
    "smoothing": 0.5,
}
BOARD = Board(
    (
        panel(1, PanelKind.CHART, 0, 0, **SETTINGS),
        panel(2, PanelKind.IMPORTANCE, 6, 0, metric="loss {subset=val}"),
        panel(3, PanelKind.CHART, 0, 4, metric="loss", type="boxes", group="experiment"),
    )
)


@pytest.fixture
def lab(still_lab: Store) -> Store:
    """The demonstration in a store of its own, that may be written to."""
    return still_lab


async def test_a_chart_is_gone_into_zoomed_and_opened_as_it_is(lab: Store) -> None:
    keep(lab, BOARD)
    async with driven(lab, screen="dashboards", size=(140, 44)) as driving:
        grid = await opened(driving)
        first = grid.widget_of("1")
        assert first is not None
        explorer = explorer_of(first)
        assert explorer is not None
        await driving.until(lambda: explorer.charts and explorer.grid.charts[0].plot, "a plot")
        assert explorer.options.is_log_x
        await driving.press("i")
        await driving.until(lambda: isinstance(driving.screen.focused, PanelChart), "inside")
        await driving.until(lambda: "step" in str(first.border_subtitle), "values")
        before = explorer.grid.charts[0].pointer_x
        await driving.press("left")
        assert explorer.grid.charts[0].pointer_x != before
        await driving.press("n")
        await driving.type("look here")
        await driving.press("enter")
        await driving.until(
            lambda: any(each.content == "look here" for each in lab.default.notes.find()),
            "the note",
        )
        await driving.until(
            lambda: any(each.content == "look here" for each in explorer.notes), "its mark"
        )
        await driving.press("plus", "escape")
        await driving.until(lambda: isinstance(driving.screen.focused, BoardPanel), "outside")
        assert focused(driving) == "1"
        assert explorer.grid.view.x is not None
        wanted = explorer.grid.view.x
        await driving.press("enter")
        await driving.until(lambda: driving.screen.PLACE == "metrics", "the explorer")
        shown = driving.screen.explorer
        await driving.until(lambda: shown.grid.view.x == wanted, "the same part")
        assert shown.options == explorer.options


async def test_a_panel_that_is_changed_is_dragged_by_its_chart_too(lab: Store) -> None:
    keep(lab, BOARD)
    async with driven(lab, screen="dashboards", size=(140, 44)) as driving:
        grid = await opened(driving)
        first, second = grid.widget_of("1"), grid.widget_of("2")
        assert first is not None
        assert second is not None
        await driving.press("delete")
        assert len(grid.board.panels) == 3, "nothing is removed while one only looks"
        await driving.press("e")
        inside = Offset(20, 5)
        start, end = first.region.offset + inside, second.region.offset + inside
        await driving.pilot.mouse_down(offset=start)
        await driving.pilot.hover(offset=end)
        await driving.pilot.mouse_up(offset=end)
        await driving.until(lambda: grid.board.panel("1").place.x == 6, "the move")


def test_settings_of_charts_are_those_of_the_explorer() -> None:
    options = chart_options(BOARD.panels[0])
    assert options.is_log_x
    assert options.without_outliers
    assert chart_options(BOARD.panels[2]).kind is ChartKind.BOXES
    lost = panel(9, PanelKind.CHART, 0, 0, x_axis="metric")
    assert chart_options(lost).x_axis is XAxis.STEP, "an axis needs a metric"
    found = panel(9, PanelKind.CHART, 0, 0, x_axis="metric", x_metric="acc {subset=val}")
    assert chart_options(found).x_metric == "acc"


def test_importance_ranks_params_and_knows_its_runs(lab: Store) -> None:
    source, look = LocalSource(lab), PanelLook()
    content = read_panel(source, BOARD.panels[1], look)
    assert isinstance(content, TableContent)
    assert len(content.rows) > 1
    hashes = run_hashes_of(content)
    assert set(hashes) == set(source.find_runs().hashes)
    nothing = panel(9, PanelKind.IMPORTANCE, 0, 0)
    assert isinstance(read_panel(source, nothing, look), EmptyContent)
