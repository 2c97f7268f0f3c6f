"""Who a request comes from."""

from __future__ import annotations

from msgspec import Struct

from store.models.access import Role

ALL_TENANTS = "*"
"""Tenant of a token that is good for every tenant."""


_ORDER = (Role.READ, Role.WRITE, Role.ADMIN)


class Principal(Struct, frozen=True):
    """Who a request comes from."""

    name: str
    """Name of the token, for logs and the audit."""
    role: Role
    tenant: str
    """The only tenant it may see, or `ALL_TENANTS`."""

    is_anonymous: bool = False
    """Whether nobody had to show a token."""

    def may(self, role: Role) -> bool:
        """Whether it may do what the role allows; roles include the lower ones."""
        return _ORDER.index(self.role) >= _ORDER.index(role)

    def may_enter(self, tenant: str) -> bool:
        """Whether it may see this tenant."""
        return self.tenant in (tenant, ALL_TENANTS)


LOCAL = Principal("local", Role.ADMIN, ALL_TENANTS, is_anonymous=True)
"""Everybody, on a server that asks nobody for a token."""
