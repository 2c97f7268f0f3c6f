"""`X-Idempotency-Key`: a POST that is sent again gets the first answer again.

Answers are kept in the store for a day, for the same caller, path and key, so they outlive a
restart. While the first request is still at work, the second waits for it. The same key with
another body is a mistake of the caller's and answered with 409. What failed inside (5xx) or
came out very long is not kept.

The answer is kept after the work is done: when the server dies in between, the work is done
again. Routes that make something new find the key in the scope, so as to make it once.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging

from msgspec import Struct, field
from starlette.concurrency import run_in_threadpool

from server.asgi import Asgi, Event, Receive, Scope, Send, header, send_error
from server.deps import REQUEST_KEY
from store import Store
from store.errors import StoreError
from store.models.access import KeptAnswer

MAX_ANSWER_BYTES = 256 * 1024
_MAX_KEY_LENGTH = 256
_OTHER_BODY = (
    "This X-Idempotency-Key was used for a request with another body. Use a new key for a new "
    "request."
)

logger = logging.getLogger("runfolio.access")


class IdempotentAnswers:
    """Keeps the answers to POST requests that carry a key."""

    def __init__(self, store: Store) -> None:
        self._answers = store.answers
        self._at_work: dict[str, asyncio.Event] = {}

    async def answer(
        self, caller: tuple[str, ...], app: Asgi, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request as before if it came before, else from `app`.

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
        scope[REQUEST_KEY] = key
        while (at_work := self._at_work.get(key)) is not None:
            await at_work.wait()
        done = self._at_work[key] = asyncio.Event()
        try:
            known = await run_in_threadpool(self._answers.find, key)
            if known is not None:
                await _again(known, scope, receive, send)
            else:
                await self._first(key, app, scope, receive, send)
        finally:
            del self._at_work[key]
            done.set()

    async def _first(
        self, key: str, app: Asgi, scope: Scope, receive: Receive, send: Send
    ) -> None:
        body = _Body(scope, receive)
        held = _Held(send)
        await app(scope, body.receive, held.send)
        answer = held.answer(body.digest())
        if answer is not None:
            try:
                await run_in_threadpool(self._answers.keep, key, answer)
            except StoreError as error:
                logger.warning("An answer could not be kept: %s", error)
        await held.let_go()


class _Body(Struct):
    """Passes the body of a request on, and knows its digest."""

    scope: Scope
    next_event: Receive
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    _is_complete: bool = False

    async def receive(self) -> Event:
        """The next event."""
        event = await self.next_event()
        if event["type"] == "http.request":
            self._hash.update(event.get("body", b""))
            self._is_complete = not event.get("more_body", False)
        return event

    def digest(self) -> str | None:
        """Of the whole body; None if it was not read to its end."""
        if (header(self.scope, b"content-type") or "").startswith("multipart/"):
            # Parts are set apart by a text that is another one each time.
            return ""
        return self._hash.hexdigest() if self._is_complete else None


class _Held(Struct):
    """Holds an answer back until it is kept; one that grows long is let go at once."""

    out: Send
    _events: list[Event] = field(default_factory=list)
    _size_bytes: int = 0
    _is_open: bool = False

    async def send(self, event: Event) -> None:
        """Take an event of the answer."""
        if self._is_open:
            await self.out(event)
            return
        self._events.append(event)
        self._size_bytes += len(event.get("body", b""))
        if self._size_bytes > MAX_ANSWER_BYTES:
            await self.let_go()

    async def let_go(self) -> None:
        """Send what was held back."""
        self._is_open = True
        events, self._events = self._events, []
        for event in events:
            await self.out(event)

    def answer(self, body_digest: str | None) -> KeptAnswer | None:
        """The answer, if it is whole and worth keeping."""
        if body_digest is None or not self._events:
            return None
        first, last = self._events[0], self._events[-1]
        if last.get("more_body", False) or first.get("status", 500) >= 500:
            return None
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in first.get("headers", ())
        )
        body = b"".join(event.get("body", b"") for event in self._events)
        return KeptAnswer(body_digest, first["status"], headers, body)


async def _again(known: KeptAnswer, scope: Scope, receive: Receive, send: Send) -> None:
    body = _Body(scope, receive)
    while (event := await body.receive())["type"] == "http.request":
        if not event.get("more_body", False):
            break
    if body.digest() != known.body_digest:
        await send_error(send, 409, _OTHER_BODY, code="idempotency_key_reused")
        return
    headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in known.headers]
    start = {"type": "http.response.start", "status": known.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": known.body})


def _key_of(caller: tuple[str, ...], scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    given = header(scope, b"x-idempotency-key")
    if not given or len(given) > _MAX_KEY_LENGTH:
        return None
    path = scope["path"].rstrip("/")
    parts = (*caller, path, scope["query_string"].decode("latin-1"), given)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
