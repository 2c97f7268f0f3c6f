"""The WebSocket that matyan-client writes to, as a raw ASGI handler.

Exactly one reply for each frame, sent when everything of the frame is durable and visible;
nothing unsolicited. Frames of one connection are applied in order, one at a time: a client
that sends faster than the store writes is slowed down by TCP. A frame that cannot be
understood gets an `error` reply and the connection stays.

Not here: decoding and meaning (`messages`, `convert`); who may connect (`server.access`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

import msgspec

from server.asgi import Event, Receive, Scope, Send
from server.ingest.acks import Acks
from server.ingest.convert import FrameConverter
from server.ingest.counters import IngestCounters
from server.ingest.messages import Message, decode_frame
from server.ingest.names import run_id_problem
from store.errors import StoreError
from store.models.operations import Operation
from store.workspace import Workspace

logger = logging.getLogger("runfolio.ingest")

SOCKET_PREFIX = "/api/v1/ws/runs/"
LARGE_FRAME_CHARACTERS = 128 * 1024
"""Frames longer than this are decoded on another thread."""

_OK: Event = {"type": "websocket.send", "text": '{"status":"ok","error":null}'}


class IngestSocket:
    """ASGI handler of `/api/v1/ws/runs/{run_id}`."""

    def __init__(
        self,
        workspace_of: Callable[[Scope], Workspace],
        counters: IngestCounters,
        acks: Acks,
    ) -> None:
        self._workspace_of = workspace_of
        self._counters = counters
        self._acks = acks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        run_id = scope["path"].removeprefix(SOCKET_PREFIX)
        await receive()  # websocket.connect
        if not run_id or "/" in run_id:
            await send({"type": "websocket.close", "code": 1008})
            return
        workspace = self._workspace_of(scope)
        connection = _Connection(run_id, workspace, self._counters, self._acks)
        await send({"type": "websocket.accept"})
        self._counters.connections += 1
        try:
            await _serve(connection, receive, send)
        finally:
            self._counters.connections -= 1


async def _serve(connection: _Connection, receive: Receive, send: Send) -> None:
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        text = event.get("text")
        if text is None:
            error: str | None = "Expected a text frame, got a binary one"
        else:
            error = await connection.apply(text)
        try:
            await send(_OK if error is None else _error_reply(error))
        except OSError:
            # The client left before its reply; what it sent is stored all the same.
            return


def _error_reply(error: str) -> Event:
    body = msgspec.json.encode({"status": "error", "error": error})
    return {"type": "websocket.send", "text": body.decode()}


class _Connection:
    """One client writing to one run."""

    def __init__(
        self, run_id: str, workspace: Workspace, counters: IngestCounters, acks: Acks
    ) -> None:
        self._run_id = run_id
        self._problem = run_id_problem(run_id)
        self._workspace = workspace
        self._counters = counters
        self._acks = acks
        self._converter = FrameConverter()
        self._is_warm = False

    async def apply(self, text: str) -> str | None:
        """Store a frame; the error to reply with, or None once it is durable."""
        if self._problem is not None:
            return self._problem
        try:
            return await self._apply(text)
        except StoreError as error:
            return str(error)
        except Exception:
            self._counters.errors += 1
            logger.exception("A frame could not be stored", extra={"run": self._run_id})
            return "Internal server error"

    async def _apply(self, text: str) -> str | None:
        loop = asyncio.get_running_loop()
        if len(text) > LARGE_FRAME_CHARACTERS:
            understood = await loop.run_in_executor(None, self._understand, text)
        else:
            understood = self._understand(text)
        messages, operations, error = understood
        self._counters.count(messages)
        if operations:
            await self._store(operations)
        return error

    async def _store(self, operations: list[Operation]) -> None:
        ingest = self._workspace.ingest
        if self._is_warm:
            future = ingest.submit(self._run_id, operations)
        else:
            # The first write to a run may have to read what the store knows of it.
            loop = asyncio.get_running_loop()
            future = await loop.run_in_executor(None, ingest.submit, self._run_id, operations)
            self._is_warm = True
        await self._acks.wait(future)

    def _understand(self, text: str) -> tuple[Sequence[Message], list[Operation], str | None]:
        frame = decode_frame(text)
        operations, problem = self._converter.convert(frame.messages, time.time())
        return frame.messages, operations, problem if problem is not None else frame.error
