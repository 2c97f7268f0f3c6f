"""Access tokens as JSON."""

from pydantic import Field

from server.schemas.common import Schema
from store.models.access import MAX_TOKEN_DAYS, Role


class TokenIn(Schema):
    """A new token."""

    name: str
    role: Role = Role.WRITE
    tenant: str = Field(default="default", description="`*` for every tenant")
    days: float | None = Field(
        default=None, gt=0, le=MAX_TOKEN_DAYS, description="Until it expires; null never"
    )


class TokenOut(Schema):
    """A token without its secret."""

    id: str
    name: str
    role: Role
    tenant: str
    created_at: float
    expires_at: float | None
    revoked_at: float | None


class NewTokenOut(TokenOut):
    """A token with its secret, which nobody can read again."""

    secret: str
