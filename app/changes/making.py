"""Changes that can be taken back: made in the background, one after the other.

Mixed into the application. Changes run in the order in which they were asked for and none
outdates another, so pressing undo twice takes back two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from textual.app import App

from app.changes.undo import Change, UndoStack
from app.loading import Loads, seconds_to_read
from store.errors import StoreError


class Changing(Loads, App[None]):
    """The part of the application that changes data."""

    undo_stack: UndoStack
    _changes: ThreadPoolExecutor

    def start_changing(self) -> None:
        """Remember nothing yet."""
        self.undo_stack = UndoStack()
        self._changes = ThreadPoolExecutor(1, thread_name_prefix="changes")
        self._turns: list[Future[None]] = []

    @property
    def unfinished_changes(self) -> int:
        """How many changes are still to be made."""
        return sum(not each.done() for each in self._turns)

    async def finish_changing(self) -> None:
        """Make what was asked for before the source is given up; then take no more."""
        await asyncio.to_thread(self._changes.shutdown)

    def make_change(self, change: Change) -> None:
        """Make a change in the background, remember how to undo it, and say so."""

        def made(_: None) -> None:
            self.undo_stack.record(change)
            self.notify(f"{change.title} · z takes it back", timeout=4)

        self._in_turn(change.do, made, self.change_failed)

    def change_failed(self, error: StoreError) -> None:
        """Tell about a change that was not made, also when the banner says why."""
        text, seconds = str(error), seconds_to_read(str(error))
        self.notify(text, severity="error", title="Not saved", timeout=seconds, markup=False)

    def action_undo(self) -> None:
        """Take back the last change."""
        change = self.undo_stack.last_done()
        if change is None:
            self.notify("There is nothing to take back.", timeout=2)
            return

        def undone(_: None) -> None:
            self.notify(f"Taken back: {change.title} · Z does it again", timeout=4)

        def failed(error: StoreError) -> None:
            self.undo_stack.mark_redone(change)
            self.change_failed(error)

        self.undo_stack.mark_undone(change)
        self._in_turn(change.undo, undone, failed)

    def action_redo(self) -> None:
        """Make the change again that was taken back last."""
        change = self.undo_stack.last_undone()
        if change is None:
            self.notify("There is nothing to do again.", timeout=2)
            return

        def redone(_: None) -> None:
            self.notify(f"Done again: {change.title}", timeout=4)

        def failed(error: StoreError) -> None:
            self.undo_stack.mark_undone(change)
            self.change_failed(error)

        self.undo_stack.mark_redone(change)
        self._in_turn(change.do, redone, failed)

    def _in_turn(
        self,
        work: Callable[[], None],
        done: Callable[[None], None],
        failed: Callable[[StoreError], None],
    ) -> None:
        turn = self._changes.submit(work)
        self._turns = [each for each in self._turns if not each.done()] + [turn]
        # A group of its own: a newer change must not drop the outcome of this one.
        self.load(f"change {id(turn)}", turn.result, done, failed)
