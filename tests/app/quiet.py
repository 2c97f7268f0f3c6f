"""When a dashboard under test has nothing left to do.

Textual's own pilot guesses: it waits until the process uses little of the processor. On a busy
machine a process that is kept waiting looks idle, and one with other threads never does. Here it
is looked up: a dashboard is quiet when no message waits or is being handled anywhere and nothing
is waiting to be laid out, painted or called back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import textual.app
import textual.pilot
from textual._context import active_app
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

QUIET_ROUNDS = 3
"""Turns of the event loop without work after which nothing more comes."""
SPINS = 40
"""Turns after which the loop is left to threads for a moment, rather than turned again at once."""

Dispatch = Callable[[MessagePump, Message], Awaitable[None]]
in_flight: dict[int, Message] = {}
"""What is being handled right now, by identity: messages need not be hashable."""


async def until_quiet(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until the active dashboard is quiet, `max_sleep` seconds at most."""
    app = active_app.get()
    deadline, turns, quiet = time.monotonic() + max_sleep, 0, 0
    while quiet < QUIET_ROUNDS and time.monotonic() < deadline:
        turns += 1
        await asyncio.sleep(0 if turns % SPINS else 0.002)
        quiet = 0 if is_busy(app) else quiet + 1


def is_busy(app: App[Any]) -> bool:
    """Whether a message waits or is handled, a load is on its way, or a screen has to be painted."""
    if in_flight or any(handles(pump) for pump in (app, *app._registry)):
        return True
    if any(not worker.is_finished for worker in app.workers):
        return True
    screen: Any = app._screen_stack[-1] if app._screen_stack else None
    if screen is None or not screen.is_running:
        return False
    if screen._layout_required or screen._repaint_required or screen._dirty_widgets:
        screen._on_timer_update()
        return True
    return bool(screen._callbacks)


def handles(pump: MessagePump) -> bool:
    """Whether messages or calls wait to be handled."""
    if not pump.is_running:
        return False
    return bool(
        pump.message_queue_size or pump._pending_message is not None or pump._next_callbacks
    )


def counted(original: Dispatch) -> Dispatch:
    """The way a message is handled, counting those that are being handled."""

    async def dispatch(pump: MessagePump, message: Message) -> None:
        in_flight[id(message)] = message
        try:
            await original(pump, message)
        finally:
            in_flight.pop(id(message), None)

    return dispatch


def look_up_instead_of_guessing() -> None:
    """Let Textual's pilot wait for quiet."""
    if textual.pilot.wait_for_idle is until_quiet:
        return
    textual.app.wait_for_idle = until_quiet
    textual.pilot.wait_for_idle = until_quiet
    MessagePump._dispatch_message = counted(MessagePump._dispatch_message)
