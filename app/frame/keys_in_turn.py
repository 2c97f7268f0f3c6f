"""Keys are handled one after another, each on what the one before has opened.

Textual hands keys on as fast as they come. What is typed while a dialog is being opened would
go to the screen behind it, and letters of a name would be taken for commands. Here a key waits
until the one before was handled by everybody whom it concerns, and until a screen that it
opened is there and has the focus. Nothing waits longer than `PATIENCE_S`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker, WorkerError

PATIENCE_S = 2.0
"""After that a key goes to whatever has the focus, as it would without any waiting."""


class KeysInTurn(App[None]):
    """Mixed into the application."""

    _typed: deque[events.Key | events.Paste]
    _turn: asyncio.Task[None] | None = None
    _is_handling = False
    _openers: tuple[Worker[Any], ...] = ()

    def start_keys(self) -> None:
        """Called before the first key."""
        self._typed = deque()

    @property
    def is_key_under_way(self) -> bool:
        """Whether what was typed has not had its effect yet."""
        return self._is_handling or bool(self._typed)

    def wait_for_opener(self, worker: Worker[Any]) -> None:
        """Keep keys until a load is over, because it ends in a dialog."""
        self._openers = (*(each for each in self._openers if not each.is_finished), worker)

    async def on_event(self, event: events.Event) -> None:
        """Let keys and pasted text wait for their turn."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            await self._handle_next()
        else:
            await super().on_event(event)

    async def _handle_next(self) -> None:
        if self._is_handling or not self._typed or not self.screen_stack:
            return
        before, target = self.screen, self.focused or self.screen
        self._is_handling = True
        try:
            await super().on_event(self._typed.popleft())
        except BaseException:
            self._is_handling = False
            raise
        self._turn = asyncio.create_task(self._end_turn(target, before))

    async def _end_turn(self, target: DOMNode, before: Screen[Any]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._handled(target, before)
        except TimeoutError:
            pass
        self._is_handling = False
        if self._typed:
            self.call_later(self._handle_next)

    async def _handled(self, target: DOMNode, before: Screen[Any]) -> None:
        """Wait until a key had its effect, and what it opened is ready."""
        # The key passes from the focus up to the application, which runs the command; what
        # the command asks of the screen may come back to the application once more.
        for node in (*target.ancestors_with_self, self, before, self):
            if isinstance(node, MessagePump):
                await _passed(node.call_later)
        while self._openers:
            opener, *rest = self._openers
            self._openers = tuple(rest)
            with suppress(WorkerError):
                await opener.wait()
            for node in (opener.node, self):
                await _passed(node.call_later)
        while self.screen_stack and (screen := self.screen) is not before:
            before = screen
            await _passed(screen.call_after_refresh)
            for node in (screen, self, screen, self):
                await _passed(node.call_later)


async def _passed(call: Callable[..., Any]) -> None:
    """Wait until a node has handled all that it was sent so far."""
    done = asyncio.Event()
    if call(done.set):
        await done.wait()
