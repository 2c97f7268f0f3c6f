"""What the gate adds to answers, and how it refuses."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from server.asgi import Event, Scope, Send, error_body, send_error

_SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
_SOCKET_CLOSED_BY_POLICY = 1008


class AnswerWatcher:
    """Adds headers to an answer, and remembers its status."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self._send = send
        self._added = [*_SECURITY_HEADERS, (b"x-request-id", request_id.encode())]
        if scope.get("scheme") == "https":
            self._added.append(_STRICT_TRANSPORT)
        self.status = 0

    async def send(self, event: Event) -> None:
        """Pass an event on."""
        if event["type"] == "http.response.start":
            self.status = event["status"]
            headers = list(event.get("headers", ()))
            present = {bytes(name).lower() for name, _ in headers}
            headers += [line for line in self._added if line[0] not in present]
            event = {**event, "headers": headers}
        await self._send(event)


async def refuse(
    scope: Scope,
    send: Send,
    status: int,
    message: str,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answer a request, or a WebSocket's handshake, with an error."""
    if scope["type"] == "http":
        await send_error(send, status, message, headers=headers)
    elif "websocket.http.response" in scope.get("extensions", {}):
        body = msgspec.json.encode(error_body(status, message))
        lines = [(b"content-type", b"application/json")]
        await send(
            {"type": "websocket.http.response.start", "status": status, "headers": lines}
        )
        await send({"type": "websocket.http.response.body", "body": body})
    else:
        await send({"type": "websocket.close", "code": _SOCKET_CLOSED_BY_POLICY})
