"""Undo and redo of changes made in the dashboard.

A change is a pair of blocking calls, one that makes it and one that takes it back. What
holds: a new change forgets everything that could have been redone; a change whose call
failed stays where it was, so it can be tried again. Deleting is not among them.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

MAX_CHANGES = 100


class Change(Struct, frozen=True):
    """Something done that can be taken back. Both calls block and belong in a thread."""

    title: str
    """What was done, as in "archived 3 runs"."""
    do: Callable[[], None]
    undo: Callable[[], None]


class UndoStack(Struct):
    """What was done and what was taken back, newest last."""

    done: list[Change] = field(default_factory=list)
    undone: list[Change] = field(default_factory=list)

    def record(self, change: Change) -> None:
        """Remember a change that has been made."""
        self.done.append(change)
        del self.done[:-MAX_CHANGES]
        self.undone.clear()

    def last_done(self) -> Change | None:
        """What `undo` would take back."""
        return self.done[-1] if self.done else None

    def last_undone(self) -> Change | None:
        """What `redo` would make again."""
        return self.undone[-1] if self.undone else None

    def mark_undone(self, change: Change) -> None:
        """The change has been taken back."""
        if change in self.done:
            self.done.remove(change)
            self.undone.append(change)

    def mark_redone(self, change: Change) -> None:
        """The change has been made again."""
        if change in self.undone:
            self.undone.remove(change)
            self.done.append(change)
