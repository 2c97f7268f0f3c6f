"""Refuses bodies that are larger than a server takes, before they fill its memory."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from server.asgi import Asgi, Event, Receive, Scope, Send, header, send_error

UPLOAD_SUFFIX = "/log-artifact"
"""Where files come as multipart bodies, which the framework spools to disk."""


class BodyLimitMiddleware:
    """Answers 413 to a body over the limit, announced or not."""

    def __init__(self, app: Asgi, max_body_bytes: int, max_upload_bytes: int) -> None:
        """Set the limits.

        Args:
            app: What answers requests within the limits.
            max_body_bytes: For bodies that are read into memory.
            max_upload_bytes: For files that are streamed to disk.
        """
        self._app = app
        self._max_body_bytes = max_body_bytes
        self._max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body is within the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_upload = scope["path"].endswith(UPLOAD_SUFFIX)
        limit_bytes = self._max_upload_bytes if is_upload else self._max_body_bytes
        message = f"The body is larger than {limit_bytes} bytes"
        announced = header(scope, b"content-length")
        if announced is not None and int(announced) > limit_bytes:
            await send_error(send, 413, message)
            return
        received = 0

        async def counted() -> Event:
            nonlocal received
            event = await receive()
            received += len(event.get("body", b""))
            if received > limit_bytes:
                # The framework passes this one through to the error handlers.
                raise HTTPException(413, message)
            return event

        await self._app(scope, counted, send)
