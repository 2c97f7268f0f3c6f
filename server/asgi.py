"""Small tools for handlers that speak ASGI directly, without a framework in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias

import msgspec

Scope: TypeAlias = MutableMapping[str, Any]
Event: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]
Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    422: "validation_error",
    500: "internal_error",
}


class BodyTooLargeError(Exception):
    """A request's body is longer than allowed."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        super().__init__(f"The body is larger than {limit_bytes} bytes")


class ClientGoneError(Exception):
    """The client left in the middle of its request."""


def header(scope: Scope, name: bytes) -> str | None:
    """A request header by its lower-case name, or None."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def error_body(status: int, message: str, code: str | None = None) -> dict[str, Any]:
    """The one body of all errors."""
    return {
        "error": {"code": code or _CODES.get(status, "error"), "message": message},
        "detail": message,
        "message": message,
    }


async def send_json(
    send: Send, status: int, body: Any, headers: Mapping[str, str] | None = None
) -> None:
    """Answer with JSON."""
    encoded = msgspec.json.encode(body)
    lines = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(encoded)).encode()),
    ]
    lines += [(k.lower().encode(), v.encode("latin-1")) for k, v in (headers or {}).items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": encoded})


async def send_error(
    send: Send,
    status: int,
    message: str,
    *,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answer with an error in the common form."""
    await send_json(send, status, error_body(status, message, code), headers)


async def body_chunks(scope: Scope, receive: Receive, limit_bytes: int) -> AsyncIterator[bytes]:
    """The body piece by piece.

    Raises:
        BodyTooLargeError: As soon as it is known to be longer than the limit.
        ClientGoneError: If the client leaves before its end.
    """
    announced = header(scope, b"content-length")
    if announced is not None and announced.isdigit() and int(announced) > limit_bytes:
        raise BodyTooLargeError(limit_bytes)
    received = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ClientGoneError
        chunk: bytes = event.get("body", b"")
        received += len(chunk)
        if received > limit_bytes:
            raise BodyTooLargeError(limit_bytes)
        if chunk:
            yield chunk
        if not event.get("more_body", False):
            return


async def read_body(scope: Scope, receive: Receive, limit_bytes: int) -> bytes:
    """The whole body.

    Raises:
        BodyTooLargeError: If it is longer than the limit.
        ClientGoneError: If the client leaves before its end.
    """
    event = await receive()
    if event["type"] == "http.request" and not event.get("more_body", False):
        body: bytes = event.get("body", b"")
        if len(body) > limit_bytes:
            raise BodyTooLargeError(limit_bytes)
        return body
    pieces = [event.get("body", b"")]
    if event["type"] == "http.disconnect":
        raise ClientGoneError
    pieces += [chunk async for chunk in body_chunks(scope, receive, limit_bytes)]
    if sum(map(len, pieces)) > limit_bytes:
        raise BodyTooLargeError(limit_bytes)
    return b"".join(pieces)
