"""What a source does not allow is grey in the footer, and its keys say why in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.messages import OpenRun
from app.settings.config import Config
from tests.app.boarding import keep
from tests.app.comparing import HASHES
from tests.app.dashboard import Driven, driven
from tests.app.test_reports_screen import CODE

if TYPE_CHECKING:
    from store import Store

READ_ONLY = "This source can only be read."
PLACES = {
    "home": ({"n"}, ("n",)),
    "experiments": ({"N", "r", "d", "n", "a"}, ("N", "r", "d", "n", "a", "delete")),
    "runs": ({"t", "a", "n"}, ("t", "a", "n", "r", "e", "F", "delete")),
    "notes": ({"enter", "^e", "del", "n"}, ("enter", "ctrl+e", "delete", "n")),
    "dashboards": ({"n", "m", "c", "r", "d"}, ("n", "m", "c", "r", "d", "delete", "i")),
    "reports": ({"e", "^e", "n", "r"}, ("e", "ctrl+e", "n", "r", "d", "delete")),
}
"""Keys that are grey, and keys that say why."""


@pytest.fixture
def full(lab: Store) -> Store:
    keep(lab)
    lab.default.reports.create("Findings", CODE, "of the year")
    lab.default.notes.create("A thought.", run_hash=HASHES[0])
    return lab


async def says_why(driving: Driven, key: str, reason: str = READ_ONLY) -> None:
    """Press a key and read why nothing was done."""
    driving.application.clear_notifications()
    await driving.press(key)
    await driving.until(lambda: reason in "\n".join(driving.said()), f"a reason for {key}")
    assert len(driving.application.screen_stack) <= 2, f"{key} opens nothing"


@pytest.mark.parametrize("place", PLACES)
async def test_writing_is_grey_where_it_is_not_allowed(full: Store, place: str) -> None:
    grey, keys = PLACES[place]
    async with driven(full, config=Config(start_screen=place, read_only=True)) as driving:
        assert driving.grey_keys() == grey
        for key in keys:
            await says_why(driving, key)
        await driving.press("question_mark")
        assert "not possible here: it may only be read" in driving.text()


@pytest.mark.parametrize("place", PLACES)
async def test_nothing_is_grey_where_all_is_allowed(full: Store, place: str) -> None:
    async with driven(full, screen=place) as driving:
        assert not driving.grey_keys()


async def test_an_open_board_is_not_changed_where_that_is_not_allowed(full: Store) -> None:
    config = Config(start_screen="dashboards", read_only=True)
    async with driven(full, config=config) as driving:
        await driving.press("enter")
        await driving.until(lambda: driving.screen.has_class("-open"), "the board")
        assert {"e", "n", "c"} <= driving.grey_keys()
        await says_why(driving, "e", "Boards cannot be changed here: it may only be read.")
        assert not driving.screen.grid.is_editing


async def test_a_run_is_not_changed_where_that_is_not_allowed(full: Store) -> None:
    config = Config(start_screen="runs", read_only=True)
    async with driven(full, config=config) as driving:
        driving.application.post_message(OpenRun(HASHES[0], tab="notes"))
        await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
        assert driving.grey_keys() == {"t", "n", "e", "E"}
        for key in ("t", "n", "a", "r", "d", "e", "delete"):
            await says_why(driving, key)
