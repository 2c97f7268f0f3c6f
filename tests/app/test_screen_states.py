"""Pictures of every screen with nothing to show, while it waits, when reading fails, and narrow."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pytest_textual_snapshot import SVGImageExtension

from app.commands import PLACES
from app.messages import CompareRuns, OpenRun
from store.errors import QueryStoppedError
from tests.app.boarding import keep
from tests.app.comparing import HASHES, compare
from tests.app.dashboard import PATIENCE_S, SMALL, Driven, driven
from tests.app.quiet import loads_held_up
from tests.app.test_reports_screen import CODE
from tests.app.test_snapshots import StillSource

if TYPE_CHECKING:
    from store import Store

MIDDLE = (120, 30)
STILL_ROUNDS = 5

CALLS = (
    *("find_runs", "get_record", "get_records", "find_active", "find_experiments"),
    *("find_notes", "find_sequences", "find_metrics", "read_series", "activity"),
    *("params_overview", "statistics", "find_dashboards", "find_reports", "find_apps"),
)
"""What screens read."""


class HeldSource(StillSource):
    """A store whose answers come when they are let go, or never: then an error comes."""

    gate: threading.Event
    fails = False

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in CALLS:
            return found

        def call(*args: Any, **options: Any) -> Any:
            assert self.gate.wait(60)
            if self.fails:
                raise QueryStoppedError("The query took longer than 30 s")
            return found(*args, **options)

        return call


@contextmanager
def held(store: Store, *, fails: bool = False) -> Iterator[HeldSource]:
    """A source that answers nothing while in here, or with errors."""
    source = HeldSource(store)
    source.display_address = "./demo.rf"
    source.gate, source.fails = threading.Event(), fails
    if fails:
        source.gate.set()
    yield source
    source.gate.set()


def take(driving: Driven, snapshot: Any, name: str) -> bool:
    """Compare the screen with its picture."""
    for field in driving.screen.query("Input, TextArea"):
        field.cursor_blink = False
    shot = driving.application.export_screenshot(title="runfolio")
    return bool(snapshot(name=name, extension_class=SVGImageExtension) == shot)


async def shows(driving: Driven, snapshot: Any, state: str, places: tuple[str, ...]) -> None:
    """Go through places and compare all their pictures, then tell which are different."""
    different = []
    for place in places:
        driving.application.action_go(place)
        await driving.settle()
        if not take(driving, snapshot, f"{state}-{place}"):
            different.append(place)
        driving.application.clear_notifications()
    assert not different


NAMES = tuple(place.name for place in PLACES)


async def test_empty(store: Store, snapshot: Any) -> None:
    source = StillSource(store)
    source.display_address = "./demo.rf"
    async with driven(source, size=MIDDLE) as driving:
        await shows(driving, snapshot, "empty", NAMES)


async def test_narrow(still_lab: Store, snapshot: Any) -> None:
    keep(still_lab)
    still_lab.default.reports.create("Findings", CODE, "of the year")
    source = StillSource(still_lab)
    source.display_address = "./demo.rf"
    async with driven(source, size=SMALL) as driving:
        await shows(driving, snapshot, "narrow", NAMES)
        await compare(driving)
        assert take(driving, snapshot, "narrow-compared")
        driving.application.post_message(OpenRun(HASHES[0]))
        await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
        assert take(driving, snapshot, "narrow-run")


async def test_failed(demo_store: Store, snapshot: Any) -> None:
    with held(demo_store, fails=True) as source:
        async with driven(source, size=MIDDLE) as driving:
            await shows(driving, snapshot, "failed", NAMES)
            driving.application.post_message(OpenRun(HASHES[0]))
            await driving.until(lambda: hasattr(driving.screen, "run_hash"), "the run")
            assert take(driving, snapshot, "failed-run")
            source.fails = False
            await driving.press("f5")
            driving.application.clear_notifications()
            await driving.until(lambda: "took longer" not in driving.text(), "the run")
            assert driving.screen.focused is not None
            for place in ("home", "experiments", "compare", "notes", "dashboards", "reports"):
                driving.application.action_go(place)
                await driving.press("f5")
                driving.application.clear_notifications()
                await driving.until(lambda: "took longer" not in driving.text(), "an answer")


async def test_home_compare_and_run_say_in_their_place_what_failed(demo_store: Store) -> None:
    with held(demo_store, fails=True) as source:
        async with driven(source, size=MIDDLE, screen="home") as driving:

            async def says_why() -> None:
                driving.application.clear_notifications()
                await driving.until(lambda: "f5 tries again" in driving.text(), "the reason")
                assert "took longer" in driving.text()

            async def recovers(what: str) -> None:
                source.fails = False
                await driving.press("f5")
                driving.application.clear_notifications()
                await driving.until(lambda: what in driving.text(), what)
                assert "took longer" not in driving.text()
                assert driving.screen.focused is not None
                source.fails = True

            await says_why()
            await recovers("runs by day")
            driving.application.post_message(CompareRuns(HASHES[:2]))
            await says_why()
            await recovers("2 runs side by side")
            driving.application.action_go("home")
            driving.application.post_message(OpenRun(HASHES[0]))
            await says_why()
            await recovers("params")


async def test_a_run_that_cannot_be_read_is_not_shown_as_the_one_before(
    demo_store: Store,
) -> None:
    with held(demo_store) as source:
        source.gate.set()
        async with driven(source, size=MIDDLE) as driving:
            driving.application.post_message(OpenRun(HASHES[0], HASHES))
            await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
            name = driving.screen.record.run.name
            source.fails = True
            await driving.press("f5")
            assert name in driving.text(), "what was read stays"
            await driving.press("N")
            driving.application.clear_notifications()
            await driving.until(lambda: "f5 tries again" in driving.text(), "the reason")
            assert name not in driving.text()


READING = tuple(name for name in NAMES if name != "server")


async def test_loading(demo_store: Store, snapshot: Any) -> None:
    with held(demo_store) as source:
        source.gate.set()
        async with driven(source, size=MIDDLE, screen="server") as driving:
            source.gate.clear()
            for place in READING:
                driving.application.action_go(place)
                await slow(driving)
                assert take(driving, snapshot, f"loading-{place}")
            source.gate.set()
            await driving.until(lambda: "reading" not in driving.text(), "an answer")


async def slow(driving: Driven) -> None:
    """Wait until the screen says that it is reading, and shows all of what it has."""
    before, rounds = "", 0
    deadline = time.monotonic() + PATIENCE_S
    while rounds < STILL_ROUNDS:
        assert time.monotonic() < deadline, "nothing says that something is being read"
        await asyncio.sleep(0.03)
        with loads_held_up():
            await driving.settle()
        now = driving.text()
        rounds = rounds + 1 if now == before and driving.screen.has_class("-loading") else 0
        before = now
