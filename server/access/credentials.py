"""Where a request keeps its token, and whose token it is."""

from __future__ import annotations

import base64
import binascii
from http.cookies import CookieError, SimpleCookie

from server.access.principal import Principal
from server.asgi import Scope, header
from store.queries.tokens import TokenQueries

COOKIE = "runfolio_token"


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
    lines = [value for name, value in scope["headers"] if name == b"cookie"]
    if not lines:
        return None
    cookies: SimpleCookie = SimpleCookie()
    for line in lines:
        try:
            cookies.load(line.decode("latin-1"))
        except CookieError:
            continue
    morsel = cookies.get(COOKIE)
    return morsel.value if morsel is not None and morsel.value else None


def principal_of(tokens: TokenQueries, secret: str) -> Principal | None:
    """Whose token this is; None if it is unknown, expired or revoked."""
    token = tokens.verify(secret)
    return None if token is None else Principal(token.name, token.role, token.tenant)
