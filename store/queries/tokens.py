"""Access tokens of all tenants: secrets are kept as digests only.

Tokens are few and asked for with every request, so they live in memory as well.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection
from msgspec.structs import replace

from store.database import clean_text
from store.errors import InvalidDataError, NotFoundError
from store.models.access import Role, Token

if TYPE_CHECKING:
    from store.core import StoreCore

PREFIX = "rf_"
"""Every secret begins with this, so that scanners for leaked secrets can find it."""


class TokenQueries:
    """Tokens of the store."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core
        self._lock = threading.Lock()
        self._by_digest = {
            digest: Token(token_id, tenant, name, Role(role), *times)
            for digest, token_id, tenant, name, role, *times in core.database.rows(
                "SELECT digest, id, tenant, name, role, created_at, expires_at, revoked_at "
                "FROM tokens ORDER BY created_at, id"
            )
        }

    def find(self, tenant: str | None = None) -> list[Token]:
        """Tokens by creation, of one tenant if given; revoked ones too."""
        with self._lock:
            tokens = list(self._by_digest.values())
        return [token for token in tokens if tenant is None or token.tenant == tenant]

    def create(
        self,
        name: str,
        role: Role = Role.READ,
        tenant: str = "default",
        expires_at: float | None = None,
    ) -> tuple[Token, str]:
        """Make a token.

        Returns:
            The token, and its secret, which nobody can read again.

        Raises:
            InvalidDataError: If the name is empty.
        """
        name = clean_text(name).strip()
        if not name:
            raise InvalidDataError("name", "must not be empty")
        secret = PREFIX + secrets.token_urlsafe(32)
        digest = _digest(secret)
        token = Token(
            id=self._core.clock.new_id(),
            tenant=tenant,
            name=name,
            role=Role(role),
            created_at=self._core.clock.now(),
            expires_at=expires_at,
        )

        def work(cursor: DuckDBPyConnection) -> None:
            cursor.execute(
                "INSERT INTO tokens (id, tenant, name, role, digest, created_at, expires_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    token.id,
                    token.tenant,
                    token.name,
                    token.role.value,
                    digest,
                    token.created_at,
                    token.expires_at,
                ],
            )

        self._core.writer.run(work, lambda _: self._keep(digest, token))
        return token, secret

    def revoke(self, token_id: str) -> Token:
        """Make a token open nothing from now on; twice is the same as once.

        Raises:
            NotFoundError: If there is none of this id.
        """
        with self._lock:
            found = [item for item in self._by_digest.items() if item[1].id == token_id]
        if not found:
            raise NotFoundError("token", token_id)
        digest, token = found[0]
        if token.revoked_at is not None:
            return token
        revoked = replace(token, revoked_at=self._core.clock.now())
        self._core.writer.run(
            lambda cursor: cursor.execute(
                "UPDATE tokens SET revoked_at = ? WHERE id = ?", [revoked.revoked_at, token_id]
            ),
            lambda _: self._keep(digest, revoked),
        )
        return revoked

    def verify(self, secret: str) -> Token | None:
        """The token of a secret, if it opens anything now."""
        wanted = _digest(secret)
        token = self._by_digest.get(wanted)
        # The look-up is by a digest that nobody can steer; the comparison takes constant time.
        kept = wanted if token is not None else _digest("")
        if not hmac.compare_digest(kept, wanted) or token is None:
            return None
        return token if token.is_valid(self._core.clock.now()) else None

    def _keep(self, digest: str, token: Token) -> None:
        with self._lock:
            self._by_digest[digest] = token
        self._core.changes.touch()


def _digest(secret: str) -> str:
    return hashlib.sha256(clean_text(secret).encode()).hexdigest()
