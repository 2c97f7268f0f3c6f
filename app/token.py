"""`runfolio token`: who may call a server that listens beyond this machine.

Works on a store that nobody has open, and through its owner on one that is being served.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.sources.tokens import Tokens

_STORE = click.option("-s", "--store", "path", default="", help="Folder of the store.")


@contextmanager
def _opened(path: str) -> Iterator[Tokens]:
    from app.sources.opening import DEFAULT_STORE, find_store
    from app.sources.tokens import OwnersTokens, OwnTokens
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
    from store.models.access import MAX_TOKEN_DAYS

    if not 0 <= days <= MAX_TOKEN_DAYS:
        raise click.BadParameter(f"from 0 to {MAX_TOKEN_DAYS:,}", param_hint="--days")
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
