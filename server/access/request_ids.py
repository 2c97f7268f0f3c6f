"""The id that ties an answer, its log lines and its audit entry together."""

from __future__ import annotations

import re
import uuid

from server.asgi import Scope, header

_SAFE = re.compile(r"[A-Za-z0-9._:@=+/-]{1,128}")


def request_id_of(scope: Scope) -> str:
    """The client's `X-Request-ID` when it is harmless in a log, or a new one."""
    given = header(scope, b"x-request-id")
    if given is not None and _SAFE.fullmatch(given):
        return given
    return uuid.uuid4().hex
