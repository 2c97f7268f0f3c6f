"""Deleting runs in the table, the trash, and leaving while something is under way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from app.changes.undo import Change
from app.dialogs.confirm import ConfirmDialog, QuitDialog
from app.dialogs.trash import TrashDialog
from tests.app.dashboard import SMALL, Driven, driven
from tests.app.quiet import loads_held_up

if TYPE_CHECKING:
    from store import Store


async def dialog(run: Driven, kind: type[Any]) -> None:
    await run.until(lambda: isinstance(run.screen, kind), f"a {kind.__name__}")


async def test_deleted_runs_go_to_the_trash_and_come_back(lab: Store) -> None:
    workspace = lab.default
    async with driven(lab, size=SMALL) as run:
        table, runs_screen = run.screen.table, run.screen
        here = table.cursor_hash or ""
        await run.press("space", "home", "delete")
        await dialog(run, ConfirmDialog)
        assert "Delete 1 run with 4 metrics and 440 points" in run.text()
        await run.press("escape")
        assert workspace.runs.exists(here)
        assert list(table.marked) == [here]
        await run.press("delete")
        await dialog(run, ConfirmDialog)
        await run.press("y")
        await run.until(lambda: len(table.page) == 10, "the run to go")
        assert not workspace.runs.exists(here)
        assert not table.marked
        await run.press("z")
        await run.until(lambda: len(table.page) == 11, "the run to come back")
        await run.press("Z")
        await run.until(lambda: len(table.page) == 10, "the run to go again")

        await run.press("B")
        await dialog(run, TrashDialog)
        assert "1 run with 4 metrics and 440 points" in run.text()
        await run.press("enter")
        await run.until(lambda: len(table.page) == 11, "the run out of the trash")
        await run.press("z")
        await run.until(lambda: len(table.page) == 10, "the run back in the trash")

        await run.press("B")
        await dialog(run, TrashDialog)
        await run.press("asterisk", "delete")
        await dialog(run, ConfirmDialog)
        assert "for good" in run.text()
        await run.press("y")
        await run.until(lambda: workspace.trash.find() == [], "an empty trash")
        await run.until(lambda: run.screen is runs_screen, "the table")
        await run.press("B")
        await dialog(run, TrashDialog)
        assert "The trash is empty." in run.text()
        await run.press("enter", "space", "delete", "escape")
        await run.until(lambda: run.screen is runs_screen, "the table")


async def test_leaving_waits_for_changes_and_asks(lab: Store) -> None:
    may_go, done = threading.Event(), []
    change = Change("slow", lambda: done.append(may_go.wait(10)), lambda: None)
    async with driven(lab) as run:
        run.application.make_change(change)
        run.application.make_change(Change("next", lambda: done.append(True), lambda: None))
        with loads_held_up():
            await run.press("q")
            await dialog(run, QuitDialog)
            assert "2 changes not made yet" in str(run.screen._text)
            await run.press("q")
            may_go.set()
    assert done == [True, True], "both were made before the end"


async def test_leaving_names_the_server_that_would_stop(store: Store) -> None:
    async with driven(store) as run:
        url = run.application.serving.start("127.0.0.1", 0, 0.0)
        await run.press("q")
        await dialog(run, QuitDialog)
        assert url in str(run.screen._text)
        await run.press("n")
        assert run.application.is_running
