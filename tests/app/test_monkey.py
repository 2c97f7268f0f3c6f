"""Random keys and random mouse on every screen: nothing may crash, and the program answers."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from app.commands import COMMANDS, PLACES
from app.messages import OpenRun
from app.settings.config import Config
from store.models import SequenceKind
from tests.app.boarding import keep
from tests.app.comparing import HASHES
from tests.app.dashboard import SMALL, Driven, driven
from tests.app.test_media import log_files, png
from tests.app.test_reports_screen import CODE

if TYPE_CHECKING:
    from pathlib import Path

    from store import Store

LEAVES = {"q", "ctrl+q"}
"""Keys that end the program."""
TABS = ("overview", "metrics", "media", "logs", "artifacts", "notes", "timeline")
SCENES = (*(place.name for place in PLACES), *(f"run {tab}" for tab in TABS))


SELDOM = (" overview", " metrics", " notes", " timeline")
"""Tabs that are only tried at length."""


def all_keys() -> list[str]:
    """Every key of every command, and keys that dialogs understand."""
    found = {key for command in COMMANDS for key in command.keys.split(",") if key}
    return sorted((found | {"enter", "escape", "tab", "y", "x", "1", "up"}) - LEAVES)


@pytest.fixture
def zoo(still_lab: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with something of everything; what is written goes to a folder of the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNFOLIO_CONFIG", str(tmp_path / "config.toml"))
    keep(still_lab)
    still_lab.default.reports.create("Findings", CODE, "of the year")
    for run in HASHES[:2]:
        shades = [png(60 * step) for step in range(3)]
        log_files(still_lab.default, run, SequenceKind.IMAGES, shades, "png")
    return still_lab


class Monkey:
    """Presses keys and moves the mouse by chance, and remembers what it did."""

    def __init__(self, driving: Driven, seed: object) -> None:
        self.driving, self.chance, self.keys = driving, random.Random(str(seed)), all_keys()
        self.done: list[str] = []

    async def act(self) -> None:
        """Do one thing."""
        pilot, chance = self.driving.pilot, self.chance
        width, height = self.driving.application.size
        place = chance.randrange(width), chance.randrange(height)
        other = chance.randrange(width), chance.randrange(height)
        kind = chance.random()
        if kind < 0.8:
            key = chance.choice(self.keys)
            self.done.append(key)
            await pilot.press(key)
        elif kind < 0.88:
            self.done.append(f"click {place}")
            await pilot.click(offset=place, times=chance.choice((1, 1, 2)))
        elif kind < 0.94:
            self.done.append(f"wheel {place}")
            event = chance.choice((MouseScrollUp, MouseScrollDown))
            await pilot._post_mouse_events([event], offset=place, button=0)
        else:
            self.done.append(f"drag {place} {other}")
            await pilot.mouse_down(offset=place)
            await pilot.hover(offset=other)
            await pilot.mouse_up(offset=other)


@pytest.mark.parametrize(
    ("scene", "acts"),
    [
        *((scene, 16) for scene in SCENES if not scene.endswith(SELDOM)),
        *(pytest.param(scene, 400, marks=pytest.mark.slow) for scene in SCENES),
    ],
)
async def test_random_keys_and_clicks_do_no_harm(zoo: Store, scene: str, acts: int) -> None:
    seed = f"{scene} {time.time_ns() if acts > 100 else ''}"
    place, _, tab = scene.partition(" ")
    config = Config(start_screen="runs" if tab else place)
    async with driven(zoo, config=config, size=SMALL) as run:
        run.application.update_state(serve_address="127.0.0.1:0")
        if tab:
            run.application.post_message(OpenRun(HASHES[0], HASHES[:2], tab))
            await run.until(lambda: getattr(run.screen, "record", None), "the run")
        monkey = Monkey(run, seed)
        for _ in range(acts):
            await monkey.act()
            assert run.application.is_running, (seed, monkey.done)
        await run.settle()
        for _ in range(8):
            await run.press("escape")
        assert run.application.is_running, (seed, monkey.done)
        assert run.application.screen.size == SMALL
