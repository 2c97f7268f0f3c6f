"""Refuses bodies that are larger than a server takes, before they fill its memory."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from server.asgi import Asgi, Event, Receive, Scope, Send, header, send_error


class BodyLimitMiddleware:
    """Answers 413 to a body over the limit, announced or not."""

    def __init__(self, app: Asgi, max_body_bytes: int) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body is within the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        message = f"The body is larger than {self._max_body_bytes} bytes"
        announced = header(scope, b"content-length")
        if announced is not None and int(announced) > self._max_body_bytes:
            await send_error(send, 413, message)
            return
        received = 0

        async def counted() -> Event:
            nonlocal received
            event = await receive()
            received += len(event.get("body", b""))
            if received > self._max_body_bytes:
                # The framework passes this one through to the error handlers.
                raise HTTPException(413, message)
            return event

        await self._app(scope, counted, send)
