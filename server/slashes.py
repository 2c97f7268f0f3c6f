"""Every path works with and without its last slash, and with doubled slashes.

Nothing is ever redirected: the Python client does not follow redirects, and a browser loses
the body of a POST on them. WebSocket paths stay as they are; their slash form does not exist.
"""

from __future__ import annotations

import re

from server.asgi import Asgi, Receive, Scope, Send

_DOUBLED = re.compile("//+")


class SlashMiddleware:
    """Gives the layers below the one form of each path: single slashes, none at the end."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under its plain path."""
        if scope["type"] == "http":
            path = scope["path"]
            plain = _DOUBLED.sub("/", path) if "//" in path else path
            plain = plain.rstrip("/") or "/"
            if plain != path:
                scope["path"] = plain
                scope["raw_path"] = plain.encode("utf-8", "replace")
        await self._app(scope, receive, send)
