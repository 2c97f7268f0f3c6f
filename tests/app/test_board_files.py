"""Dashboards as files: the same again when read, the same text for the same board."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from app.boards.board import Board, board_from_json
from app.boards.files import board_file, board_from_file
from app.boards.kinds import PanelKind
from store import Store
from store.errors import InvalidDataError
from tests.app.boarding import BOARD, keep, opened, panel
from tests.app.dashboard import driven

ODD = Board(
    (
        panel(1, PanelKind.NOTE, 0, 0, text='# A\n\n"""quoted""" \\ back "'),
        panel(2, PanelKind.CHART, 6, 0, smoothing=0.5, log_y=True, limit=7, group="a\x7fb"),
    )
)


@pytest.mark.parametrize("suffix", ["toml", "json"])
@pytest.mark.parametrize("board", [BOARD, ODD, Board()], ids=["usual", "odd", "empty"])
def test_a_board_is_read_as_it_was_written(board: Board, suffix: str) -> None:
    text = board_file("näme", 'with "quotes"', board, suffix)
    assert board_from_file(text) == ("näme", 'with "quotes"', board)
    again = Board(
        tuple(
            replace(each, settings=dict(reversed(each.settings.items())))
            for each in board.panels
        )
    )
    assert board_file("näme", 'with "quotes"', again, suffix) == text


@pytest.mark.parametrize("text", ["", "kind = 3", "{", '{"kind": "x"}', "= nothing"])
def test_other_files_are_refused(text: str) -> None:
    with pytest.raises(InvalidDataError):
        board_from_file(text)


async def test_a_dashboard_is_written_and_read_by_typed_commands(
    still_lab: Store, tmp_path: Path
) -> None:
    keep(still_lab)
    path = tmp_path / "study.toml"

    async with driven(still_lab, screen="home") as driving:
        driving.application._run_line(f"dashboard save {path}")
        await driving.until(path.exists, "the file")
        assert path.read_text("utf-8").startswith('kind = "runfolio-board"\nname = "study"')
        path.write_text(path.read_text("utf-8").replace('"study"', '"other"'), "utf-8")
        driving.application._run_line(f"dashboard open {path}")
        await driving.until(
            lambda: (
                {each.name for each in still_lab.default.dashboards.find()}
                == {"study", "other"}
            ),
            "the other dashboard",
        )
        apps = still_lab.default.apps.find()
        assert [board_from_json(each.state) for each in apps] == [BOARD, BOARD]
        driving.application._run_line("dashboard save board.xyz")
        await driving.until(lambda: "must end in" in driving.text(), "what is wrong")


async def test_presenting_takes_as_long_as_one_likes(still_lab: Store) -> None:
    keep(still_lab, name="one")
    keep(still_lab, BOARD, "two")
    async with driven(still_lab, screen="dashboards") as driving:
        await opened(driving)
        screen, first = driving.screen, driving.screen.open_id
        before = screen.every_s
        await driving.press("p", "plus")
        await driving.until(lambda: screen.has_class("-presenting"), "presenting")
        assert screen.every_s > before
        assert screen.grid.board == BOARD, "nothing is resized"
        await driving.press("greater_than_sign")
        await driving.until(lambda: screen.open_id not in ("", first), "the next dashboard")
        await driving.press("space")
        assert screen.has_class("-paused")
        await driving.press("escape")
        await driving.until(lambda: not screen.has_class("-presenting"), "the end")
        assert screen.open_id
        kept = driving.application.view_state.extra_value("dashboards")
        assert dict(kept)["every_s"] == screen.every_s
