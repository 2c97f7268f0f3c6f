"""An open dashboard: panels are entered, moved, resized, added and set, by keys and mouse."""

from __future__ import annotations

import pytest

from app.dialogs.panel_settings import PanelSettings
from app.panels.board_panels.panel import BoardPanel
from store import Store
from tests.app.boarding import BOARD, captions, focused, keep, kept, opened
from tests.app.dashboard import driven


@pytest.fixture
def lab(still_lab: Store) -> Store:
    """The demonstration in a store of its own, that may be written to."""
    return still_lab


async def test_the_focus_goes_through_rows_and_panels(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        await opened(driving)
        assert focused(driving) == "1"
        await driving.press("right", "down")
        assert focused(driving) == "2"
        assert driving.screen.focused.cursor_run == driving.screen.focused.run_hashes[1]
        await driving.press("down", "down", "down", "down")
        assert focused(driving) == "4"
        await driving.press("left", "up", "tab")
        assert focused(driving) == "2"


async def test_enter_opens_what_a_panel_shows(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        await opened(driving)
        await driving.press("enter")
        await driving.until(lambda: driving.screen.PLACE == "metrics", "the explorer")
        assert "subset" in driving.screen.query_text
        await driving.press("7")
        await driving.press("right", "enter")
        await driving.until(lambda: type(driving.screen).__name__ == "RunScreen", "the run")


async def test_panels_are_moved_resized_copied_and_removed(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        grid = await opened(driving)
        await driving.press("e", "shift+right")
        assert captions(grid.board) == ["2", "1", "3", "4"]
        assert captions(kept(lab)) == ["2", "1", "3", "4"]
        await driving.press("shift+down")
        assert captions(grid.board) == ["2", "4", "3", "1"]
        await driving.press("ctrl+left", "minus", "minus")
        place = kept(lab).panel("1").place  # type: ignore[union-attr]
        assert (place.width, place.height) == (5, 2)
        await driving.press("d")
        await driving.until(lambda: len(kept(lab).panels) == 5, "the copy")
        await driving.until(lambda: focused(driving) == "5", "the focus on it")
        await driving.press("delete")
        assert len(kept(lab).panels) == 4
        await driving.press("z", "z")
        await driving.until(lambda: len(grid.board.panels) == 4, "undo")
        await driving.press("escape")
        assert not grid.is_editing


async def test_undo_and_redo_bring_a_board_back(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        grid = await opened(driving)
        await driving.press("delete", "e", "delete")
        await driving.until(lambda: len(kept(lab).panels) == 3, "the removal")
        await driving.press("z")
        await driving.until(lambda: grid.board == BOARD, "undo")
        await driving.press("Z")
        await driving.until(lambda: len(grid.board.panels) == 3, "redo")


async def test_a_panel_is_added_and_configured_with_keys(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        grid = await opened(driving)
        await driving.press("n")
        await driving.type("count")
        await driving.press("enter")
        assert isinstance(driving.screen, PanelSettings)
        await driving.type("mine")
        await driving.press("ctrl+s")
        await driving.until(lambda: len(grid.board.panels) == 5, "the panel")
        assert kept(lab).panels[-1].title == "mine"
        await driving.until(lambda: focused(driving) == "5", "the focus")
        await driving.press("e", "enter")
        await driving.until(lambda: isinstance(driving.screen, PanelSettings), "settings")
        await driving.press("tab")
        await driving.type("vision")
        await driving.press("enter")
        await driving.until(lambda: kept(lab).panels[-1].query == "vision", "the query")
        added = grid.widget_of("5")
        assert added is not None
        await driving.until(lambda: added.content.value == "4", "the count")


async def test_a_board_that_is_read_before_it_has_a_place_gets_the_focus(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        driving.screen.set_focus(None)
        driving.screen.grid.show_board(BOARD)
        await driving.until(lambda: driving.screen.query(BoardPanel), "panels")
        assert driving.screen.focused is None
        driving.screen.add_class("-open")
        await driving.until(lambda: isinstance(driving.screen.focused, BoardPanel), "the focus")


async def test_settings_refuse_what_is_no_number(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        await opened(driving)
        await driving.press("c")
        dialog = driving.screen
        dialog.query_one("#set-limit").value = "many"
        await driving.press("ctrl+s")
        assert driving.screen is dialog
        assert "not a number" in driving.text()
        await driving.press("escape")
        assert kept(lab) == BOARD


async def test_the_mouse_moves_and_resizes(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        grid = await opened(driving)
        await driving.press("e")
        first, second = grid.widget_of("1"), grid.widget_of("2")
        assert first is not None
        assert second is not None
        left, right = first.region, second.region
        await driving.pilot.mouse_down(offset=(left.x + 10, left.y))
        await driving.pilot.hover(offset=(right.x + 10, right.y))
        await driving.pilot.mouse_up(offset=(right.x + 10, right.y))
        await driving.settle()
        assert kept(lab).panel("1").place.x == 6  # type: ignore[union-attr]
        corner = first.region.bottom_right - (1, 1)
        await driving.pilot.mouse_down(offset=corner)
        await driving.pilot.hover(offset=corner - (30, 0))
        await driving.pilot.mouse_up(offset=corner - (30, 0))
        await driving.settle()
        assert kept(lab).panel("1").place.width < 6  # type: ignore[union-attr]


async def test_one_panel_fills_the_screen(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        grid = await opened(driving)
        await driving.press("F")
        first = grid.widget_of("1")
        assert first is not None
        assert first.region.width == grid.region.width
        await driving.press("right")
        assert grid.full_size == "2"
        await driving.press("escape")
        assert not grid.full_size
        assert driving.screen.open_id


async def test_a_panel_is_copied_as_text(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        await opened(driving)
        await driving.press("right", "y")
        assert "batch_size" in driving.application.clipboard
