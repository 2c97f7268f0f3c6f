"""When a dashboard under test has nothing left to do, and what time it is for it.

Textual's own pilot guesses: it waits until the process uses little of the processor. On a busy
machine a process that is kept waiting looks idle, and one with other threads never does. Here it
is looked up: a dashboard is quiet when no message waits or is being handled anywhere and nothing
is waiting to be laid out, painted or called back.

A pause in typing, too, would be a guess: a slow machine makes pauses where nobody paused. Short
timers therefore do not look at a clock. Keys follow each other in no time, and `let_time_pass`
is the pause.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import textual.app
import textual.pilot
from textual._context import active_app
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.timer import EventTargetGone, Timer

PATIENCE_S = 15.0
"""A dashboard that is busy for longer never rests."""
SOON_S = 0.5
"""What is to happen within this time once, happens when time passes; later things take theirs."""
QUIET_ROUNDS = 3
"""Turns of the event loop without work after which nothing more comes."""
SPINS = 40
"""Turns after which the loop is left to threads for a moment, rather than turned again at once."""

Dispatch = Callable[[MessagePump, Message], Awaitable[None]]
in_flight: dict[int, Message] = {}
"""What is being handled right now, by identity: messages need not be hashable."""


held_loads: list[None] = []
"""While something is in here, loads are held up on purpose and not waited for."""
waiting: set[asyncio.Event] = set()
"""Short timers that have begun."""


async def until_quiet(min_sleep: float = 0, max_sleep: float = PATIENCE_S) -> None:
    """Wait until the active dashboard is quiet.

    Raises:
        AssertionError: It is still busy after `PATIENCE_S`.
    """
    app = active_app.get()
    deadline, turns, quiet = time.monotonic() + PATIENCE_S, 0, 0
    while quiet < QUIET_ROUNDS:
        turns += 1
        await asyncio.sleep(0 if turns % SPINS else 0.002)
        quiet = 0 if is_busy(app) else quiet + 1
        assert time.monotonic() < deadline, f"the dashboard does not rest: {what_goes_on(app)}"


@contextmanager
def loads_held_up() -> Iterator[None]:
    """What is being loaded does not come to an end in here, and need not."""
    held_loads.append(None)
    try:
        yield
    finally:
        held_loads.pop()


def let_time_pass() -> bool:
    """Short timers are due; whether there were any."""
    due = tuple(waiting)
    for timer in due:
        timer.set()
    return bool(due)


def is_busy(app: App[Any]) -> bool:
    """Whether a message waits or is handled, a load is on its way, or a screen has to be painted."""
    if app._exit:
        return False
    if in_flight or any(handles(pump) for pump in (app, *app._registry)):
        return True
    if not held_loads and any(not worker.is_finished for worker in app.workers):
        return True
    screen: Any = app._screen_stack[-1] if app._screen_stack else None
    if screen is None or not screen.is_running:
        return False
    if screen._layout_required or screen._repaint_required or screen._dirty_widgets:
        screen._on_timer_update()
        return True
    return bool(screen._callbacks)


def what_goes_on(app: App[Any]) -> list[str]:
    """What keeps a dashboard busy, for a person."""
    pumps = [f"{pump!r} has messages" for pump in (app, *app._registry) if handles(pump)]
    workers = [repr(worker) for worker in app.workers if not worker.is_finished]
    waits = ("_layout_required", "_repaint_required", "_dirty_widgets", "_callbacks")
    screen = [name for name in waits if getattr(app.screen, name)]
    return [*(repr(message) for message in in_flight.values()), *pumps, *workers, *screen]


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


def is_short(timer: Timer) -> bool:
    """Whether it calls something of ours, soon and once; Textual's own pauses stay pauses."""
    called: Any = timer._callback
    while isinstance(called, partial):
        called = called.args[0] if called.func.__name__ == "call_next" else called.func
    is_ours = getattr(called, "__module__", "").startswith("app.")
    return is_ours and timer._repeat == 0 and timer._interval <= SOON_S


def without_a_clock(original: Callable[[Timer], Awaitable[None]]) -> Any:
    """The way a timer runs, but short ones wait for `let_time_pass`."""

    async def run(timer: Timer) -> None:
        if not is_short(timer):
            await original(timer)
            return
        await timer._active.wait()
        due = asyncio.Event()
        waiting.add(due)
        try:
            await due.wait()
        finally:
            waiting.discard(due)
        await timer._active.wait()
        with suppress(EventTargetGone):
            await timer._tick(next_timer=time.monotonic(), count=1)

    return run


def look_up_instead_of_guessing() -> None:
    """Let Textual's pilot wait for quiet, and time pass when a test says so."""
    if textual.pilot.wait_for_idle is until_quiet:
        return
    textual.app.wait_for_idle = until_quiet
    textual.pilot.wait_for_idle = until_quiet
    MessagePump._dispatch_message = counted(MessagePump._dispatch_message)
    Timer._run = without_a_clock(Timer._run)  # type: ignore[method-assign]
