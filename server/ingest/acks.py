"""Brings the store's acknowledgements to the event loop, many at a time.

The store resolves futures on threads of its own, a whole group at once. Waking the loop for
each of them would cost more than storing a small frame.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import Future


class Acks:
    """Waits for futures of other threads; used by one event loop."""

    def __init__(self) -> None:
        self._ready: deque[tuple[asyncio.Future[None], BaseException | None]] = deque()
        self._is_waking = False

    async def wait(self, future: Future[None]) -> None:
        """Return when the future is resolved, or raise what it raises."""
        if future.done():
            future.result()
            return
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()

        def resolved(done: Future[None]) -> None:
            self._ready.append((waiter, done.exception()))
            # Whoever reads the flag as set before the loop clears it is still served.
            if not self._is_waking:
                self._is_waking = True
                loop.call_soon_threadsafe(self._wake)

        future.add_done_callback(resolved)
        await waiter

    def _wake(self) -> None:
        self._is_waking = False
        while self._ready:
            waiter, error = self._ready.popleft()
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)
