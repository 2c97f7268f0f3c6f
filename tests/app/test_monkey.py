"""Random keys on every screen: nothing may crash, and the program answers afterwards."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from app.commands import COMMANDS, PLACES
from tests.app.dashboard import SMALL, driven

if TYPE_CHECKING:
    from store import Store

LEAVES = {"q", "ctrl+q", "ctrl+e", "E"}
"""Keys that end the program or start an editor."""


def all_keys() -> list[str]:
    """Every key of every command, and keys that dialogs understand."""
    found = {key for command in COMMANDS for key in command.keys.split(",") if key}
    return sorted((found | {"enter", "escape", "tab", "y", "x", "1", "up"}) - LEAVES)


@pytest.mark.parametrize("presses", [24, pytest.param(400, marks=pytest.mark.slow)])
@pytest.mark.parametrize("place", [place.name for place in PLACES])
async def test_random_keys_do_no_harm(lab: Store, place: str, presses: int) -> None:
    chance = random.Random(place)
    keys = all_keys()
    async with driven(lab, screen=place, size=SMALL) as run:
        run.application.update_state(serve_address="127.0.0.1:0")
        for _ in range(presses):
            await run.pilot.press(chance.choice(keys))
        await run.settle()
        assert run.application.is_running
        for _ in range(8):
            await run.press("escape")
        assert run.application.screen.size == SMALL
