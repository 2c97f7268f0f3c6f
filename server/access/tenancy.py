"""Which tenant a request works in."""

from __future__ import annotations

import re

from server.access.principal import ALL_TENANTS, Principal
from server.access.rules import MATIH_PREFIX

DEFAULT_TENANT = "default"
_TENANT_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")


class TenantRefusedError(Exception):
    """The request may not enter the tenant that it names, or names none and has to."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(message)


def tenant_of(
    principal: Principal,
    asked: str | None,
    path: str,
    *,
    is_strict: bool,
    known: frozenset[str],
) -> str:
    """The tenant of a request.

    A token of one tenant works there and nowhere else. Where a principal may enter every
    tenant, `X-Tenant-ID` chooses on the experiments API; the other API shows the default
    tenant to a local client, since its programs do not know about tenants.

    Args:
        principal: Who asks.
        asked: The `X-Tenant-ID` header.
        path: Path of the request.
        is_strict: Whether the experiments API insists on the header.
        known: Tenants that may be entered in strict mode; empty means any.

    Raises:
        TenantRefusedError: With the status to answer.
    """
    is_matih = path == MATIH_PREFIX or path.startswith(MATIH_PREFIX + "/")
    if asked is not None:
        asked = asked.strip()
        if not _TENANT_NAME.fullmatch(asked):
            raise TenantRefusedError(400, "X-Tenant-ID: letters, digits, dots and dashes")
        if not principal.may_enter(asked):
            raise TenantRefusedError(403, "Tenant access denied")
        if is_strict and known and asked not in known:
            raise TenantRefusedError(403, "Tenant access denied")
    if principal.tenant != ALL_TENANTS:
        return principal.tenant
    if is_matih:
        if asked is None and is_strict:
            raise TenantRefusedError(400, "X-Tenant-ID header required")
        return asked or DEFAULT_TENANT
    if asked is not None and not principal.is_anonymous:
        return asked
    return DEFAULT_TENANT
