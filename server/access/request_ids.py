"""The id that ties an answer, its log lines and its audit entry together."""

from __future__ import annotations

import itertools
import re
import secrets

from server.asgi import Scope, header

_SAFE = re.compile(r"[A-Za-z0-9._:@=+/-]{1,128}")

# A new id has to be unique, not secret: asking the system for randomness each time costs more
# than storing a small batch.
_PREFIX = secrets.token_hex(12)
_numbers = itertools.count(secrets.randbelow(1 << 31))


def request_id_of(scope: Scope) -> str:
    """The client's `X-Request-ID` when it is harmless in a log, or a new one."""
    given = header(scope, b"x-request-id")
    if given is not None and _SAFE.fullmatch(given):
        return given
    return f"{_PREFIX}{next(_numbers) & 0xFFFFFFFF:08x}"
