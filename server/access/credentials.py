"""Where a request keeps its token, and whose token it is."""

from __future__ import annotations

import base64
import binascii
import time
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie

from server.access.principal import Principal, Role
from server.asgi import Scope, header
from store import Store

COOKIE = "runfolio_token"
REMEMBERED_S = 2.0
"""How long a verified token is trusted without asking the store again."""
_MAX_REMEMBERED = 1024


def presented_token(scope: Scope) -> str | None:
    """The token that a request shows: bearer, password of basic, or cookie.

    matyan-client sends no header of its own, but it does send the user and password of an
    address such as `http://token:SECRET@host:53800` as basic authorization.
    """
    authorization = header(scope, b"authorization")
    if authorization:
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return rest.strip() or None
        if scheme.lower() == "basic":
            return _password(rest)
        return rest.strip() or authorization.strip()
    return _cookie(scope)


def _password(encoded: str) -> str | None:
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return pair.partition(":")[2] or None


def _cookie(scope: Scope) -> str | None:
    cookies = SimpleCookie[str]()
    for line in (value for name, value in scope["headers"] if name == b"cookie"):
        try:
            cookies.load(line.decode("latin-1"))
        except CookieError:
            continue
    morsel = cookies.get(COOKIE)
    return morsel.value if morsel is not None and morsel.value else None


class Authenticator:
    """Asks the store whose token it is, and remembers the answer for a moment."""

    def __init__(self, store: Store) -> None:
        self._tokens = store.tokens
        self._known: OrderedDict[str, tuple[float, Principal]] = OrderedDict()

    def remembered(self, secret: str) -> Principal | None:
        """The principal of a token verified a moment ago; does not ask the store."""
        entry = self._known.get(secret)
        if entry is None or entry[0] < time.monotonic():
            return None
        return entry[1]

    def verify(self, secret: str) -> Principal | None:
        """The principal of a token, or None if it is unknown, expired or revoked."""
        token = self._tokens.verify(secret)
        if token is None:
            self._known.pop(secret, None)
            return None
        principal = Principal(token.name, Role(token.role), token.tenant)
        trusted_s = REMEMBERED_S
        if token.expires_at is not None:
            trusted_s = min(trusted_s, token.expires_at - time.time())
        self._known[secret] = (time.monotonic() + trusted_s, principal)
        if len(self._known) > _MAX_REMEMBERED:
            self._known.popitem(last=False)
        return principal
