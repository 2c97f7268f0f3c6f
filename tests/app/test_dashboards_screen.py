"""Dashboards: the list, boards, editing with keys and mouse, undo, presenting, files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.boards.board import APP_TYPE, Board, Panel, Place, board_from_json
from app.boards.kinds import PanelKind
from app.dialogs.panel_settings import PanelSettings
from app.panels.board_panels.grid import BoardGrid
from app.panels.board_panels.panel import BoardPanel
from app.sources.local import LocalSource
from app.sources.remote import RemoteSource
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.app.dashboard import SMALL, Driven, driven
from tests.app.test_snapshots import Compare, at, pressing
from tests.factories import log_run


@pytest.fixture
def lab(still_lab: Store) -> Store:
    """The demonstration in a store of its own, that may be written to."""
    return still_lab


def panel(number: int, kind: PanelKind, x: int, y: int, **settings: Any) -> Panel:
    return Panel(str(number), kind, settings=settings, place=Place(x, y, 6, 4))


BOARD = Board(
    (
        panel(1, PanelKind.CHART, 0, 0, metric="loss {subset=val}"),
        panel(2, PanelKind.LEADERBOARD, 6, 0, metric="acc {subset=val}", top=5),
        panel(3, PanelKind.NOTE, 0, 4, text="# Words\n\nof *weight*"),
        panel(4, PanelKind.COUNTER, 6, 4),
    )
)


def keep(store: Store, board: Board = BOARD, name: str = "study") -> str:
    """Save a board; gives the id of its app."""
    app = store.default.apps.create(APP_TYPE, board.as_json())
    store.default.dashboards.create(name, "what it says", app.id)
    return app.id


def kept(store: Store) -> Board:
    """The board as the store has it."""
    return board_from_json(store.default.apps.find()[0].state)


async def opened(driving: Driven) -> BoardGrid:
    """Open the first dashboard."""
    await driving.until(lambda: driving.screen.listed, "the list")
    await driving.press("enter")
    await driving.until(lambda: driving.screen.query(BoardPanel), "panels")
    await driving.until(
        lambda: all(each.content for each in driving.screen.query(BoardPanel)), "contents"
    )
    await driving.until(lambda: isinstance(driving.screen.focused, BoardPanel), "the focus")
    grid: BoardGrid = driving.screen.grid
    return grid


def focused(driving: Driven) -> str:
    current = driving.screen.focused
    assert isinstance(current, BoardPanel), current
    return current.panel.id


def captions(board: Board) -> list[str]:
    return [each.id for each in sorted(board.panels, key=lambda p: (p.place.y, p.place.x))]


async def test_an_empty_store_offers_a_first_dashboard(lab: Store) -> None:
    async with driven(lab, screen="dashboards", size=(200, 50)) as driving:
        assert "m makes one" in driving.text()
        await driving.press("m")
        await driving.until(lambda: driving.screen.query(BoardPanel), "panels")
        panels = list(driving.screen.query(BoardPanel))
        await driving.until(lambda: all(each.content for each in panels), "contents")
        assert len({each.panel.kind for each in panels}) > 5
        assert not [each for each in panels if each.has_class("-failed")]
        assert [each.name for each in lab.default.dashboards.find()] == ["overview"]
        await driving.press("escape", "z")
        await driving.until(lambda: not lab.default.dashboards.find(), "undo")


async def test_boards_of_others_are_listed_and_open_what_fits(lab: Store) -> None:
    apps, dashboards = lab.default.apps, lab.default.dashboards
    select = {"options": [{"value": {"option_name": "acc", "context": {}}}], "query": ""}
    dashboards.create("curves", "", apps.create("metrics", {"select": select}).id)
    dashboards.create("list", "", apps.create("runs", {"select": {"query": "run.active"}}).id)
    dashboards.create("odd", "", apps.create("other", {}).id)
    async with driven(lab, screen="dashboards") as driving:
        assert "acc" in driving.text()
        await driving.press("enter")
        await driving.until(lambda: driving.screen.PLACE == "metrics", "the explorer")
        assert driving.screen.query_text.startswith("(metric.name")
        await driving.press("7", "down", "enter")
        await driving.until(lambda: driving.screen.PLACE == "runs", "the runs")
        await driving.press("7", "down", "enter")
        assert driving.screen.PLACE == "dashboards"
        assert "Nothing here shows it" in str(
            [each.message for each in driving.application._notifications]
        )


async def test_a_dashboard_is_created_renamed_described_and_deleted(store: Store) -> None:
    async with driven(store, screen="dashboards") as driving:
        await driving.press("n", "a", "b", "enter")
        await driving.until(lambda: driving.screen.open_id, "the board")
        assert "n adds a panel" in driving.text()
        await driving.press("r", "c", "enter")
        find = store.default.dashboards.find
        await driving.until(lambda: find()[0].name == "c", "the name")
        await driving.until(lambda: driving.screen.listed[find()[0].id].saved.name == "c", "it")
        await driving.press("escape", "d", "x", "enter")
        await driving.until(lambda: find()[0].description == "x", "the description")
        await driving.press("delete", "y")
        await driving.until(lambda: not find(), "the deletion")
        await driving.press("z")
        await driving.until(lambda: [each.name for each in find()] == ["c"], "undo")


async def test_a_copy_is_a_board_of_its_own(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        await driving.press("c", "enter")
        await driving.until(lambda: driving.screen.open_id, "the copy")
        names = [each.name for each in lab.default.dashboards.find()]
        assert names == ["study", "study copy"]
        assert len({each.app_id for each in lab.default.dashboards.find()}) == 2


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
        assert len(kept(lab).panels) == 5
        assert focused(driving) == "5"
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
        await driving.press("delete")
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


async def test_an_error_stays_in_its_panel(lab: Store) -> None:
    broken = Panel("1", PanelKind.RUNS, query="run.name ==", place=Place(0, 0, 6, 4))
    keep(lab, Board((broken, *BOARD.panels[1:])))
    async with driven(lab, screen="dashboards") as driving:
        await driving.press("enter")
        await driving.until(lambda: driving.screen.query("BoardPanel.-failed"), "the error")
        await driving.settle()
        assert len(driving.screen.query("BoardPanel.-failed")) == 1
        assert driving.screen.grid.widget_of("2").content is not None


async def test_panels_follow_the_source(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        grid = await opened(driving)
        counter = grid.widget_of("4")
        assert counter is not None
        assert counter.content.value == "11"
        log_run(lab.default, "new", metrics={"loss": [1.0]})
        await driving.until(lambda: counter.content.value == "12", "the new run")


async def test_a_board_changed_elsewhere_is_shown(lab: Store) -> None:
    app_id = keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        grid = await opened(driving)
        lab.default.apps.update(app_id, state=Board(BOARD.panels[:2]).as_json())
        await driving.until(lambda: len(grid.board.panels) == 2, "the change")
        lab.default.dashboards.archive(lab.default.dashboards.find()[0].id)
        await driving.until(lambda: not driving.screen.open_id, "the list")


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


async def test_presenting_hides_everything_else_and_goes_on(lab: Store) -> None:
    keep(lab)
    keep(lab, Board(BOARD.panels[1:2]), "second")
    async with driven(lab, screen="dashboards") as driving:
        await opened(driving)
        await driving.press("p")
        assert driving.screen.header.display is False
        first = driving.screen.open_id
        await driving.press("space")
        assert driving.screen.has_class("-paused")
        driving.screen._present_on()
        await driving.until(lambda: driving.screen.open_id != first, "the next board")
        await driving.press("escape")
        assert driving.screen.header.display
        assert driving.screen.open_id


async def test_the_open_board_is_remembered(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        await opened(driving)
        kept_id = driving.application.view_state.extra_value("dashboards")["open"]
        assert kept_id == driving.screen.open_id
        await driving.press("escape")
        assert driving.application.view_state.extra_value("dashboards")["open"] == ""


async def test_a_board_is_written_to_a_file_and_read_again(
    lab: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        await driving.press("x", "enter", "enter")
        path = tmp_path / "study.json"
        await driving.until(path.exists, "the file")
        assert json.loads(path.read_text("utf-8"))["name"] == "study"
        await driving.press("i")
        await driving.type("study.json")
        await driving.press("enter")
        await driving.until(lambda: driving.screen.open_id, "the board")
        assert driving.screen.grid.board == BOARD


async def test_a_panel_is_copied_as_text(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards") as driving:
        await opened(driving)
        await driving.press("right", "y")
        assert "batch_size" in driving.application.clipboard


async def test_boards_go_both_ways_over_rest(lab: Store) -> None:
    server = EmbeddedServer(lab, ServerSettings(port=0))
    source = RemoteSource.connect(server.start() or "")
    app = source.create_app(APP_TYPE, BOARD.as_json())
    source.create_dashboard("over the wire", "", app.id)
    async with driven(source, screen="dashboards") as driving:
        grid = await opened(driving)
        assert grid.board == BOARD
        await driving.press("delete")
        await driving.until(lambda: len(kept(lab).panels) == 3, "the removal")
    source.close()
    server.stop()


async def test_everything_works_in_a_small_window(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards", size=SMALL) as driving:
        grid = await opened(driving)
        await driving.press("e", "down", "down", "shift+up")
        assert grid.max_scroll_y > 0
        await driving.press("pagedown", "pageup", "escape", "escape")
        assert "study" in driving.text()


@pytest.mark.parametrize("keys", [(), ("enter",), ("enter", "e", "right")], ids=len)
def test_pictures(snap_compare: Compare, lab: Store, keys: tuple[str, ...]) -> None:
    keep(lab)
    application = at(LocalSource(lab), "dashboards")
    assert snap_compare(application, terminal_size=(120, 36), run_before=pressing(*keys))


def test_small_picture(snap_compare: Compare, lab: Store) -> None:
    keep(lab)
    application = at(LocalSource(lab), "dashboards")
    assert snap_compare(application, terminal_size=SMALL, run_before=pressing("enter"))
