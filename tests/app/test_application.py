"""What works everywhere: places, back and forward, menus, typed commands, themes, leaving."""

from __future__ import annotations

import pkgutil
import threading
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.screen import ModalScreen, Screen

import app.dialogs
from app.commands import PLACES
from app.settings.config import Config
from app.settings.state import StateFile
from app.sources.http import HttpDoor
from tests.app.dashboard import driven

if TYPE_CHECKING:
    from store import Store


def test_text_can_be_selected_on_every_screen_and_dialog() -> None:
    """Textual takes component classes from the first base only."""
    for module in pkgutil.iter_modules(app.dialogs.__path__, "app.dialogs."):
        for _, found in getmembers(import_module(module.name), isclass):
            if issubclass(found, Screen):
                assert "screen--selection" in found._get_component_classes(), found


async def test_number_keys_open_the_places(demo_store: Store) -> None:
    async with driven(demo_store, screen="runs") as run:
        for place in PLACES:
            await run.press(place.key)
            assert run.application.current_mode == place.name
            assert place.name == run.screen.PLACE


async def test_back_and_forward_go_through_the_places(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        await run.press("1", "2")
        await run.press("left_square_bracket")
        assert run.application.current_mode == "home"
        await run.press("left_square_bracket")
        assert run.application.current_mode == "runs"
        await run.press("right_square_bracket")
        assert run.application.current_mode == "home"


async def test_escape_never_leaves_the_program_and_q_does(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        await run.press("escape", "escape", "escape")
        assert run.application.is_running
        await run.press("q")
        assert not run.application.is_running


async def test_leaving_asks_while_others_need_the_server(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        url = run.application.serving.start("127.0.0.1", 0, 0.0)
        door = HttpDoor(url)
        door.json("GET", "/version/")
        await run.press("q")
        assert "1 client and 2 running runs would lose" in run.text()
        await run.press("escape")
        assert run.application.is_running
        await run.press("q", "q")
        assert not run.application.is_running
        door.close()


async def test_leaving_does_not_ask_for_a_server_that_nobody_asked_for(store: Store) -> None:
    async with driven(store) as run:
        run.application.serving.start("127.0.0.1", 0, 0.0, is_wanted=False)
        await run.press("q")
        assert not run.application.is_running


async def test_nobody_watches_the_store_after_leaving(demo_store: Store) -> None:
    def watchers() -> list[threading.Thread]:
        return [each for each in threading.enumerate() if each.name == "watch"]

    async with driven(demo_store) as run:
        await run.until(watchers, "the thread that watches")
        await run.press("q")
    assert not watchers()


async def test_the_help_menu_has_room_for_its_sentences(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        await run.press("question_mark")
        assert "Open the run under the cursor." in run.text()
        assert "Whether less or more of this metric is best." in run.text()
        await run.type("zzzz")
        assert "Nothing matches." in run.text()
        await run.press("enter")
        assert isinstance(run.screen, ModalScreen), "there is nothing to run"


async def test_the_help_menu_runs_what_is_chosen(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        await run.press("question_mark")
        assert "What can be done here" in run.text()
        await run.type("mark all")
        await run.press("enter")
        assert len(run.screen.table.marked) == 11


async def test_the_palette_changes_the_theme(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        await run.press("ctrl+p")
        await run.type("theme nord")
        await run.press("enter")
        assert run.application.theme == "nord"


async def test_a_typed_command_goes_places_with_a_query(demo_store: Store) -> None:
    async with driven(demo_store, screen="home") as run:
        await run.press("colon")
        await run.type("exp vision")
        await run.press("enter")
        assert run.application.current_mode == "runs"
        await run.until(lambda: run.screen.query_text, "the query")
        assert run.screen.query_text == 'run.experiment == "vision"'


async def test_an_unknown_typed_command_is_named(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        await run.press("colon")
        await run.type("frobnicate")
        await run.press("enter")
        assert "There is no command" in run.text()


async def test_jump_letters_move_the_focus(demo_store: Store) -> None:
    async with driven(demo_store, screen="runs") as run:
        assert run.screen.table.has_focus
        await run.press("ctrl+o", "a")
        assert run.screen.query_bar.input.has_focus


async def test_the_last_screen_and_theme_come_back(
    demo_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNFOLIO_CONFIG", str(tmp_path / "config.toml"))
    path = tmp_path / "state.json"
    async with driven(demo_store, config=Config(), state_file=StateFile(path)) as run:
        await run.press("2", "ctrl+t")
        assert run.application.theme == "runfolio-light"
    async with driven(demo_store, config=Config(), state_file=StateFile(path)) as run:
        assert run.application.current_mode == "experiments"
    assert 'theme = "runfolio-light"' in (tmp_path / "config.toml").read_text()


async def test_settings_are_changed_and_kept(
    demo_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNFOLIO_CONFIG", str(tmp_path / "config.toml"))
    async with driven(demo_store) as run:
        await run.press("f2")
        run.screen.query_one("#number_digits").value = "3"
        await run.press("ctrl+s")
        assert run.application.config.number_digits == 3
    assert "number_digits = 3" in (tmp_path / "config.toml").read_text()


async def test_an_experiment_is_made_renamed_and_its_runs_are_opened(lab: Store) -> None:
    async with driven(lab, screen="experiments") as run:
        await run.press("N")
        await run.type("zebra")
        await run.press("enter")
        assert "zebra" in {each.name for each in lab.default.experiments.find()}
        await run.press("home", "enter")
        assert run.application.current_mode == "runs"
        await run.until(lambda: run.screen.query_text, "the query")
        assert run.screen.query_text.startswith("run.experiment ==")


async def test_notes_are_listed_searched_and_edited(lab: Store) -> None:
    async with driven(lab, screen="notes") as run:
        assert run.screen.grid.row_count == 2
        await run.press("slash")
        await run.type("smaller")
        await run.until(lambda: "1 of 2 notes" in run.text(), "the count")
        assert run.screen.grid.row_count == 1
        await run.press("enter", "enter")
        await run.type("NOW")
        await run.press("escape")
        await run.until(
            lambda: any("NOW" in note.content for note in lab.default.notes.find()),
            "the note to be kept",
        )
        await run.press("z")
        await run.until(
            lambda: all("NOW" not in note.content for note in lab.default.notes.find()),
            "the old text",
        )


async def test_undo_pressed_twice_takes_back_two_changes(lab: Store) -> None:
    async with driven(lab, screen="runs") as run:
        before = run.screen.table.row_count
        await run.press("a")
        await run.press("a")
        await run.until(lambda: run.screen.table.row_count == before - 2, "two archived runs")
        await run.pilot.press("z", "z")
        await run.until(lambda: run.screen.table.row_count == before, "both runs again")
