"""Access tokens of a store, and the figures of its server, wherever it is open."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

from app.sources.errors import FeatureMissingError

if TYPE_CHECKING:
    from app.sources.figures import ServerFigures
    from app.sources.http import HttpDoor
    from store import Store
    from store.models.access import Token

DAY_S = 86400.0


class Tokens(Protocol):
    """The tokens of a store, wherever it is open."""

    def create(self, name: str, role: str, tenant: str, days: float) -> tuple[Token, str]:
        """A new token and its secret; 0 days is for ever."""
        ...

    def find(self) -> list[Token]:
        """All tokens, revoked ones too."""
        ...

    def revoke(self, token_id: str) -> None:
        """Make a token worthless at once."""
        ...


class OwnTokens:
    """Tokens of a store that this process has open."""

    def __init__(self, store: Store) -> None:
        self._tokens = store.tokens

    def create(self, name: str, role: str, tenant: str, days: float) -> tuple[Token, str]:
        """A new token and its secret; 0 days is for ever."""
        from store.models.access import Role

        expires_at = time.time() + days * DAY_S if days else None
        return self._tokens.create(name, Role(role), tenant, expires_at)

    def find(self) -> list[Token]:
        """All tokens, revoked ones too."""
        return self._tokens.find()

    def revoke(self, token_id: str) -> None:
        """Make a token worthless at once."""
        self._tokens.revoke(token_id)


class OwnersTokens:
    """Tokens of a store that another process serves."""

    def __init__(self, door: HttpDoor) -> None:
        self._door = door

    def create(self, name: str, role: str, tenant: str, days: float) -> tuple[Token, str]:
        """A new token and its secret; 0 days is for ever."""
        body = {"name": name, "role": role, "tenant": tenant, "days": days or None}
        answer = self._door.json("POST", "/tokens", body=body)
        return _token(answer), answer["secret"]

    def find(self) -> list[Token]:
        """All tokens, revoked ones too."""
        return [_token(each) for each in self._door.json("GET", "/tokens")]

    def revoke(self, token_id: str) -> None:
        """Make a token worthless at once."""
        self._door.json("DELETE", f"/tokens/{token_id}")


class ServerCalls(Protocol):
    """What the dashboard asks about the server of its data."""

    def tokens(self) -> Tokens:
        """Its access tokens.

        Raises:
            FeatureMissingError: If it has none.
        """
        ...

    def server_figures(self) -> ServerFigures:
        """How busy the server is that answers this source.

        Raises:
            FeatureMissingError: If no server does.
        """
        ...


class OwnServer:
    """Of a store in this process: its servers are the dashboard's own."""

    _store: Store

    def tokens(self) -> Tokens:
        """Its tokens."""
        return OwnTokens(self._store)

    def server_figures(self) -> ServerFigures:
        """None: whoever started a server asks that."""
        raise FeatureMissingError("Figures", "the store is in this process")


class OtherServer:
    """Of a store that a runfolio server answers for."""

    _door: HttpDoor

    def tokens(self) -> Tokens:
        """Its tokens, for administrators."""
        return OwnersTokens(self._door)

    def server_figures(self) -> ServerFigures:
        """Its figures, for administrators."""
        from app.sources.figures import figures_of

        return figures_of(self._door.json("GET", "/statistics"))


class NoServer:
    """Of a server of another make."""

    def tokens(self) -> Tokens:
        """None."""
        raise FeatureMissingError("Tokens", "a server of another make has its own")

    def server_figures(self) -> ServerFigures:
        """None."""
        raise FeatureMissingError("Figures", "a server of another make tells none")


def _token(answer: dict[str, Any]) -> Token:
    from store.models.access import Role, Token

    names = ("id", "tenant", "name", "created_at", "expires_at", "revoked_at")
    return Token(role=Role(answer["role"]), **{name: answer[name] for name in names})
