"""`X-Idempotency-Key`: a POST that is sent again gets the first answer again.

Answers are remembered in memory for a day, for the same caller, path and key; not over a
restart. While the first request is still at work, the second waits for it. What failed
inside (5xx) or came out very long is not remembered.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from server.asgi import Asgi, Event, Receive, Scope, Send, header

REMEMBERED_S = 86_400.0
MAX_ANSWERS = 10_000
MAX_ANSWER_BYTES = 256 * 1024
_MAX_KEY_LENGTH = 256

Key = tuple[str, ...]


@dataclass(slots=True)
class _Answer:
    done: asyncio.Event = field(default_factory=asyncio.Event)
    events: list[Event] = field(default_factory=list)
    size_bytes: int = 0
    expires_at: float = 0.0
    is_good: bool = False


class IdempotentAnswers:
    """Remembers the answers to POST requests that carry a key."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Key, _Answer] = OrderedDict()

    async def answer(
        self, caller: Key, app: Asgi, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request from memory if it came before, else from `app`.

        Args:
            caller: What tells callers apart: tenant and name.
            app: The application.
            scope: The request.
            receive: Its events.
            send: Where the answer goes.
        """
        key = _key_of(caller, scope)
        if key is None:
            await app(scope, receive, send)
            return
        while (known := self._answers.get(key)) is not None:
            await known.done.wait()
            if known.is_good and known.expires_at > time.monotonic():
                for event in known.events:
                    await send(event)
                return
            if self._answers.get(key) is known:
                del self._answers[key]
        await self._first(key, app, scope, receive, send)

    async def _first(
        self, key: Key, app: Asgi, scope: Scope, receive: Receive, send: Send
    ) -> None:
        answer = self._answers[key] = _Answer()

        async def recorded(event: Event) -> None:
            answer.size_bytes += len(event.get("body", b""))
            if answer.size_bytes <= MAX_ANSWER_BYTES:
                answer.events.append(event)
            await send(event)

        try:
            await app(scope, receive, recorded)
            answer.is_good = _is_worth_keeping(answer)
        finally:
            answer.expires_at = time.monotonic() + REMEMBERED_S
            if not answer.is_good and self._answers.get(key) is answer:
                del self._answers[key]
            answer.done.set()
            self._trim()

    def _trim(self) -> None:
        while len(self._answers) > MAX_ANSWERS:
            oldest = next(iter(self._answers.values()))
            if not oldest.done.is_set():
                return
            self._answers.popitem(last=False)


def _key_of(caller: Key, scope: Scope) -> Key | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    given = header(scope, b"x-idempotency-key")
    if not given or len(given) > _MAX_KEY_LENGTH:
        return None
    path = scope["path"].rstrip("/")
    return (*caller, path, scope["query_string"].decode("latin-1"), given)


def _is_worth_keeping(answer: _Answer) -> bool:
    if not answer.events or answer.size_bytes > MAX_ANSWER_BYTES:
        return False
    is_complete = not answer.events[-1].get("more_body", False)
    return is_complete and answer.events[0].get("status", 500) < 500
