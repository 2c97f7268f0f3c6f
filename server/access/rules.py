"""Which role a request needs."""

from __future__ import annotations

import re

from store.models.access import Role

PUBLIC_PATHS = frozenset(
    {"/health", "/health/live", "/health/ready", "/login", "/logout", "/favicon.ico"}
)
"""Answered without credentials. Uploads are too: their address carries a signature."""

UPLOAD_PATH = "/api/v1/rest/artifacts/upload"
SOCKET_PREFIX = "/api/v1/ws/"
MATIH_PREFIX = "/api/v1/experiments"

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Questions that travel as POST because they are too long for an address.
_READING_POST = re.compile(
    r"/api(?:/v1/rest)?/runs/(?:search/.+|.+/get-batch|.+/get-step|records|points)$"
    r"|/api(?:/v1/rest)?/tables/(?:best|groups)$"
    r"|/api/v1/experiments/runs/compare$"
)

# These look beyond the tenant of a token.
_FOR_ADMINS = re.compile(r"/api(?:/v1/rest)?/(?:tokens(?:/.*)?|statistics)$")


def required_role(method: str, path: str, *, is_socket: bool) -> Role | None:
    """The role that a request needs; None when anybody may.

    Args:
        method: HTTP method; ignored for sockets.
        path: Path without a slash at its end.
        is_socket: Whether a WebSocket is asked for.
    """
    if is_socket:
        return Role.WRITE if path.startswith(SOCKET_PREFIX) else Role.READ
    if path in PUBLIC_PATHS or path == UPLOAD_PATH:
        return None
    if _FOR_ADMINS.match(path):
        return Role.ADMIN
    if method in _SAFE_METHODS:
        return Role.READ
    if method == "POST" and _READING_POST.match(path):
        return Role.READ
    return Role.WRITE


def is_write(method: str, path: str) -> bool:
    """Whether a request changes something and belongs in the audit."""
    if method in _SAFE_METHODS:
        return False
    return required_role(method, path, is_socket=False) not in (None, Role.READ)
