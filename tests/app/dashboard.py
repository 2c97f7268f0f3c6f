"""Driving the dashboard in tests: a store, a clock that stands, and nothing kept on disk."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from textual.pilot import Pilot

from app.application import RunfolioApplication
from app.settings.config import Config
from app.settings.state import StateFile
from app.sources.local import LocalSource
from app.widgets.footer import Footer
from tests.app.quiet import let_time_pass, look_up_instead_of_guessing
from tests.factories import DEMO_NOW

if TYPE_CHECKING:
    from app.sources import Source
    from store import Store

look_up_instead_of_guessing()

WIDE = (160, 45)
SMALL = (80, 24)
PATIENCE_S = 15.0
ROUNDS = 10
"""What happens after a pause may ask for another one, but hardly without end."""
Found = TypeVar("Found")


@dataclass
class Driven:
    """A running dashboard and its pilot."""

    application: RunfolioApplication
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys and let everything settle."""
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        names = {" ": "space", ".": "full_stop", '"': "quotation_mark", "_": "underscore"}
        await self.press(*(names.get(character, character) for character in text))

    async def settle(self) -> None:
        """Wait until all was handled and loaded, and nothing more happens by itself soon."""
        for _ in range(ROUNDS):
            await self.pilot.pause()
            if not let_time_pass():
                return
        await self.pilot.pause()

    async def until(self, condition: Callable[[], Found], what: str) -> Found:
        """Wait until a condition holds; give what it gives."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := condition()):
            assert time.monotonic() < deadline, f"waited in vain for {what}"
            await asyncio.sleep(0.01)
            let_time_pass()
        await self.settle()
        return found

    @property
    def screen(self) -> Any:
        """The screen that is shown, whatever its class."""
        return self.application.screen

    def grey_keys(self) -> set[str]:
        """Keys of the footer that are shown as not possible, also those without room."""
        parts = self.application.screen.query_one(Footer).parts(1000)
        return {
            part.content.plain.split()[0]
            for part in parts
            if any(str(span.style) == "$foreground 30%" for span in part.content.spans)
        }

    def said(self) -> list[str]:
        """What toasts say."""
        return [str(each.message) for each in self.application._notifications]

    def text(self) -> str:
        """The screen as text."""
        width, height = self.application.size
        lines = self.application.screen._compositor.render_strips()
        return "\n".join(strip.text[:width] for strip in lines[:height])


def make_application(source: Source, **changes: Any) -> RunfolioApplication:
    """A dashboard that keeps nothing, over a clock that stands."""
    config = changes.pop("config", Config())
    state_file = changes.pop("state_file", StateFile(None))
    application = RunfolioApplication(
        source, config, state_file=state_file, clock=lambda: DEMO_NOW, **changes
    )
    # Everything takes four milliseconds, so that pictures are the same every time.
    ticks = itertools.count()
    application.stopwatch = lambda: next(ticks) * 0.004
    return application


@asynccontextmanager
async def driven(
    store: Store | Source, *, screen: str = "runs", size: tuple[int, int] = WIDE, **changes: Any
) -> AsyncIterator[Driven]:
    """A dashboard on a store, with everything of its first screen read."""
    source: Any = store if hasattr(store, "find_runs") else LocalSource(store)
    config = changes.pop("config", Config(start_screen=screen))
    application = make_application(source, config=config, **changes)
    async with application.run_test(size=size, notifications=True) as pilot:
        driving = Driven(application, pilot)
        await driving.settle()
        yield driving
    application.serving.close()
