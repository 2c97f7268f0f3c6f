"""Pictures of states worth a look: fixed clock, size and theme; look before accepting one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from app.settings.config import Config
from app.sources import Statistics
from app.sources.local import LocalSource
from store.errors import QueryStoppedError
from tests.app.dashboard import SMALL, WIDE, Driven, make_application

if TYPE_CHECKING:
    from app.application import RunfolioApplication
    from app.sources import RunIndex
    from store import Store

Compare = Callable[..., bool]


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Let everything be read, press keys, let everything settle."""

    async def act(pilot: Pilot[None]) -> None:
        run = Driven(pilot.app, pilot)  # type: ignore[arg-type]
        await run.settle()
        await run.press(*keys)
        for field in run.screen.query("Input, TextArea"):
            field.cursor_blink = False
        await run.settle()

    return act


class StillSource(LocalSource):
    """A store whose file sizes do not depend on when and by which version it was written."""

    def statistics(self) -> Statistics:
        """What is counted, with a size and segments that are always the same."""
        return replace(
            super().statistics(), size_bytes=700_000, segment_count=1, unsealed_point_count=331
        )


class StoppedSource(LocalSource):
    """A store whose searches take too long."""

    def find_runs(self, *_: object, **__: object) -> RunIndex:
        raise QueryStoppedError("The query took longer than 30 s")


def at(source: LocalSource, screen: str, theme: str = "runfolio") -> RunfolioApplication:
    """A dashboard that starts on a screen."""
    source.display_address = "./demo.rf"
    return make_application(source, config=Config(start_screen=screen, theme=theme))


@pytest.mark.parametrize("screen", ["home", "experiments", "runs", "notes", "server"])
def test_screen(snap_compare: Compare, demo_store: Store, screen: str) -> None:
    application = at(StillSource(demo_store), screen)
    assert snap_compare(application, terminal_size=WIDE, run_before=pressing())


@pytest.mark.parametrize("screen", ["home", "experiments", "runs", "notes", "server"])
def test_small_screen(snap_compare: Compare, demo_store: Store, screen: str) -> None:
    application = at(StillSource(demo_store), screen)
    assert snap_compare(application, terminal_size=SMALL, run_before=pressing())


def test_light_runs(snap_compare: Compare, demo_store: Store) -> None:
    application = at(LocalSource(demo_store), "runs", "runfolio-light")
    assert snap_compare(application, terminal_size=WIDE, run_before=pressing("space", "space"))


def test_empty_runs(snap_compare: Compare, store: Store) -> None:
    application = at(LocalSource(store), "runs")
    assert snap_compare(application, terminal_size=SMALL, run_before=pressing())


def test_failed_runs(snap_compare: Compare, demo_store: Store) -> None:
    application = at(StoppedSource(demo_store), "runs")
    assert snap_compare(application, terminal_size=SMALL, run_before=pressing())


def test_broken_query(snap_compare: Compare, demo_store: Store) -> None:
    keys = ("slash", *("run", "full_stop", "x", "space", "equals_sign", "equals_sign"))
    typed = [key for part in keys for key in (part if part == "run" else [part])]
    application = at(LocalSource(demo_store), "runs")
    assert snap_compare(
        application, terminal_size=(120, 30), run_before=pressing(*typed, "enter")
    )


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("help", ("question_mark",)),
        ("palette", ("ctrl+p",)),
        ("command line", ("colon", "r")),
        ("columns", ("C",)),
        ("tags", ("t",)),
        ("delete", ("delete",)),
        ("grouped", ("right", "g")),
        ("settings", ("f2",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_over_runs(
    snap_compare: Compare, demo_store: Store, name: str, keys: tuple[str, ...]
) -> None:
    application = at(LocalSource(demo_store), "runs")
    assert snap_compare(application, terminal_size=(120, 36), run_before=pressing(*keys))
