"""Roles, and who a request comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ALL_TENANTS = "*"
"""Tenant of a token that is good for every tenant."""


class Role(StrEnum):
    """What a token allows; each role includes the ones before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether this role may do what the other may."""
        order = (Role.READ, Role.WRITE, Role.ADMIN)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request comes from."""

    name: str
    """Name of the token, for logs and the audit."""
    role: Role
    tenant: str
    """The only tenant it may see, or `ALL_TENANTS`."""

    is_anonymous: bool = False
    """Whether nobody had to show a token."""

    def may_enter(self, tenant: str) -> bool:
        """Whether it may see this tenant."""
        return self.tenant in (tenant, ALL_TENANTS)


LOCAL = Principal("local", Role.ADMIN, ALL_TENANTS, is_anonymous=True)
"""Everybody, on a server that asks nobody for a token."""
