"""Writes states of a board or a report in the order in which they came about. For threads."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from app.changes.undo import Change

State = TypeVar("State")


class Saver(Generic[State]):
    """Keeps one board or text.

    Loads run in threads that may overtake each other: a state is left out if a newer one
    has been written already, and nothing is read while a change waits to be written, because
    that would be the state of before.
    """

    def __init__(self, record_id: str, write: Callable[[State], None]) -> None:
        self.record_id = record_id
        """Of what is kept."""
        self._write = write
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._written = 0
        self.newest = 0
        """The ticket of the last change: what was read before it is outdated."""

    def ticket(self) -> int:
        """The place of a state in the order; taken when the state comes about."""
        self.newest = next(self._numbers)
        return self.newest

    def write(self, state: State, ticket: int) -> None:
        """Write a state, unless a newer one was written. Blocks."""
        with self._lock:
            if ticket > self._written:
                # One that fails is over as well: what is kept is the truth again.
                self._written = ticket
                self._write(state)

    def read(self, read: Callable[[], State]) -> State | None:
        """Read what is kept; None if a change has still to be written. Blocks."""
        with self._lock:
            # Tickets are taken by several threads: the newest may be noted late.
            return read() if self._written >= self.newest else None

    def change(self, title: str, old: State, new: State) -> Change:
        """A change that can be taken back."""
        return Change(
            title,
            lambda: self.write(new, self.ticket()),
            lambda: self.write(old, self.ticket()),
        )
