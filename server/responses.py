"""Answers that FastAPI's own are too slow or too strict for.

* `BinaryStream`: chunks pulled one at a time on reader threads, as fast as the client takes
  them and no faster; given up when the client leaves. While a chunk is waited for, the last
  progress is repeated.
* `JsonAnswer`: trees with numbers that JSON does not know, written by msgspec.
"""

import asyncio
import contextlib
import logging
import math
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.flavours import Flavour

logger = logging.getLogger("runfolio.server")

BEAT_S = 0.5
"""So often the last progress is repeated while the next record is read."""
STREAM_MEDIA_TYPE = "application/octet-stream"
STREAM_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A stream of pairs in the binary codec",
        "content": {STREAM_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class BinaryStream(Response):
    """Streams chunks of bytes from an iterator that reads the store.

    The first chunk is made right here, in the route: what is wrong with a request shows
    before any byte is sent and becomes a proper error. An error after that ends the
    connection in the middle, which every reader notices.
    """

    media_type = STREAM_MEDIA_TYPE

    def __init__(
        self,
        chunks: Iterator[bytes],
        status_code: int = 200,
        *,
        media_type: str = STREAM_MEDIA_TYPE,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._chunks = chunks
        self._first = next(chunks, None)
        self.status_code = status_code
        self.background = None
        self.body = b""
        self.media_type = media_type
        self.init_headers(headers)

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Set the headers; the length of a stream is not known."""
        super().init_headers(headers)
        del self.headers["content-length"]

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Send chunks until there are no more or the client leaves."""
        gone = asyncio.ensure_future(_wait_for_disconnect(receive))
        try:
            await self._send(send, gone)
        except OSError:
            # The client left while a chunk was on its way.
            return
        finally:
            gone.cancel()
            self._close()

    async def _send(self, send: Send, gone: asyncio.Future[None]) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        chunk = self._first
        while chunk is not None:
            if gone.done():
                return
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            chunk = await self._next(send, gone)
        await send({"type": "http.response.body", "body": b""})

    async def _next(self, send: Send, gone: asyncio.Future[None]) -> bytes | None:
        reading = asyncio.ensure_future(run_in_threadpool(next, self._chunks, None))
        heartbeat = getattr(self._chunks, "heartbeat", None)
        while not (await asyncio.wait((reading,), timeout=BEAT_S))[0]:
            # A client that left is waited for as well: its thread cannot be stopped.
            if heartbeat is not None and not gone.done() and (sign := heartbeat()):
                await send({"type": "http.response.body", "body": sign, "more_body": True})
        return await reading

    def _close(self) -> None:
        """Close the generator, so that the store stops working on it."""
        close = getattr(self._chunks, "close", None)
        if close is not None:
            # A generator that a reader thread is inside of cannot be closed; that thread
            # drops it with its next chunk.
            with contextlib.suppress(ValueError):
                close()


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def deleted(key: str, flavour: Flavour) -> Response:
    """The answer after deleting: empty, but a JSON body for Aim's web UI.

    That one parses the body whatever the status, and shows an error on an empty one.
    """
    if flavour is Flavour.AIM:
        return JsonAnswer({"id": key, "status": "OK"})
    return Response(status_code=204)


class JsonAnswer(Response):
    """JSON of a tree of plain values; NaN and infinities become text."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Write the tree."""
        return msgspec.json.encode(finite(content))


def finite(tree: Any) -> Any:
    """The same tree with `"NaN"`, `"inf"` and `"-inf"` in place of such numbers.

    Copies only what has to change.
    """
    if isinstance(tree, float):
        return tree if math.isfinite(tree) else _NON_FINITE.get(tree, "NaN")
    if isinstance(tree, dict):
        changed = {
            key: below
            for key, value in tree.items()
            if isinstance(value, float | dict | list | tuple)
            and (below := finite(value)) is not value
        }
        return {**tree, **changed} if changed else tree
    if isinstance(tree, list | tuple):
        items = [finite(value) for value in tree]
        is_same = all(new is old for new, old in zip(items, tree, strict=True))
        return tree if is_same else items
    return tree


_NON_FINITE = {math.inf: "inf", -math.inf: "-inf"}
