"""`runfolio token`: who may call a server that listens beyond this machine.

Works on a store that nobody has open, and through its owner on one that is being served.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

if TYPE_CHECKING:
    from app.sources.http import HttpDoor
    from store import Store
    from store.models.access import Token

DAY_S = 86400.0
_STORE = click.option("-s", "--store", "path", default="", help="Folder of the store.")


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
    """Tokens of a store that another process serves, asked for over its socket."""

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


def _token(answer: dict[str, Any]) -> Token:
    from store.models.access import Role, Token

    names = ("id", "tenant", "name", "created_at", "expires_at", "revoked_at")
    return Token(role=Role(answer["role"]), **{name: answer[name] for name in names})


@contextmanager
def _opened(path: str) -> Iterator[Tokens]:
    from app.sources.opening import DEFAULT_STORE, find_store
    from store import Store
    from store.errors import StoreLockedError
    from store.ownership import read_owner

    folder = Path(path) if path else find_store(Path.cwd()) or DEFAULT_STORE
    try:
        store = Store.open(folder, create=False)
    except StoreLockedError:
        owner = read_owner(folder)
        if owner is None or not owner.socket:
            raise
    else:
        try:
            yield OwnTokens(store)
        finally:
            store.close()
        return
    from app.sources.http import HttpDoor

    door = HttpDoor("http://localhost", socket=owner.socket, title=str(folder))
    try:
        yield OwnersTokens(door)
    finally:
        door.close()


@click.group("token")
def token_group() -> None:
    """Make, list and revoke access tokens of a store."""


@token_group.command("create")
@click.argument("name")
@_STORE
@click.option("--role", default="write", show_default=True,
              type=click.Choice(["read", "write", "admin"]), help="What it allows.")  # fmt: skip
@click.option("--tenant", default="default", show_default=True, help="Whose data it opens.")
@click.option("--days", default=0.0, help="Days until it expires; 0 never.")
def token_create(*, name: str, path: str, role: str, tenant: str, days: float) -> None:
    """Make a token and print its secret, which is shown this once."""
    with _opened(path) as tokens:
        token, secret = tokens.create(name, role, tenant, days)
    click.echo(f"{token.id}  {token.role}  {token.name}", err=True)
    click.echo(secret)


@token_group.command("list")
@_STORE
def token_list(*, path: str) -> None:
    """List the tokens of a store, without their secrets."""
    from app.formatting import timestamp

    with _opened(path) as tokens:
        for token in tokens.find():
            state = "valid" if token.is_valid(time.time()) else "expired"
            state = "revoked" if token.revoked_at else state
            made = timestamp(token.created_at)
            click.echo(
                f"{token.id}  {token.role:<6} {state:<8} {made}  {token.tenant}  {token.name}"
            )


@token_group.command("revoke")
@click.argument("token_id")
@_STORE
def token_revoke(*, token_id: str, path: str) -> None:
    """Make a token worthless at once."""
    with _opened(path) as tokens:
        tokens.revoke(token_id)
    click.echo("Revoked.")
