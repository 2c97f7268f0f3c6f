"""Access tokens, the audit trail, and figures about the store as they cross the border."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """What the bearer of a token may do; each role includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


MAX_TOKEN_DAYS = 36_500
"""A century; what should last longer is made without an end."""


class Token(Struct, frozen=True):
    """An access token without its secret, which is shown once and not kept."""

    id: str
    tenant: str
    name: str
    role: Role
    created_at: float
    """Seconds since the epoch, like all times here."""
    expires_at: float | None = None
    revoked_at: float | None = None

    def is_valid(self, now: float) -> bool:
        """Whether the token opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class AuditEntry(Struct, frozen=True):
    """Who did what to which thing, and when."""

    time: float
    tenant: str
    actor: str
    """Name of a token, or of a person."""
    action: str
    subject: str
    """Kind and key of the thing."""
    request_id: str | None = None


class KeptAnswer(Struct, frozen=True):
    """An answer over HTTP, to be given again."""

    body_digest: str
    """Of the body of the request; empty where it tells nothing."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class StoreStatistics(Struct, frozen=True):
    """Figures about a store."""

    runs: int
    points: int
    """Sealed and unsealed; replaced ones may count twice until segments are merged."""
    unsealed_points: int
    """Points that are in the log and in memory only."""
    segments: int
    size_bytes: int
    """Of all files in the store's folder."""
    ingested_frames: int
    """Frames taken in since the store was opened."""
    ingested_points: int
    """Points taken in since the store was opened."""
