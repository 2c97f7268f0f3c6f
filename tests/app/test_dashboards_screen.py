"""Dashboards: the list, boards, editing with keys and mouse, undo, presenting, files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app.boards.board import APP_TYPE, Board, Panel, Place
from app.boards.kinds import PanelKind
from app.panels.board_panels.panel import BoardPanel
from app.sources.local import LocalSource
from app.sources.remote import RemoteSource
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.app.boarding import BOARD, keep, kept, opened
from tests.app.dashboard import SMALL, driven
from tests.app.test_snapshots import Compare, at, pressing
from tests.factories import log_run


@pytest.fixture
def lab(still_lab: Store) -> Store:
    """The demonstration in a store of its own, that may be written to."""
    return still_lab


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
        await driving.press("slash")
        await driving.type("list")
        await driving.until(lambda: "1 of 3 dashboards" in driving.text(), "the count")
        await driving.press("down", "escape")
        await driving.until(lambda: driving.screen.boards.row_count == 3, "all again")
        await driving.press("home", "enter")
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
        path = tmp_path / "study.toml"
        await driving.until(path.exists, "the file")
        assert tomllib.loads(path.read_text("utf-8"))["name"] == "study"
        await driving.press("i")
        await driving.type("study.toml")
        await driving.press("enter")
        await driving.until(lambda: driving.screen.open_id, "the board")
        assert driving.screen.grid.board == BOARD


async def test_boards_go_both_ways_over_rest(lab: Store) -> None:
    server = EmbeddedServer(lab, ServerSettings(port=0))
    source = RemoteSource.connect(server.start() or "")
    app = source.create_app(APP_TYPE, BOARD.as_json())
    source.create_dashboard("over the wire", "", app.id)
    async with driven(source, screen="dashboards") as driving:
        grid = await opened(driving)
        assert grid.board == BOARD
        await driving.press("e", "delete")
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
