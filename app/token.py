"""`runfolio token`: who may call a server that listens beyond this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from store import Store

DAY_S = 86400.0


@click.group("token")
def token_group() -> None:
    """Make, list and revoke access tokens of a store."""


@contextmanager
def _opened(path: str) -> Iterator[Store]:
    from app.sources.opening import DEFAULT_STORE, find_store
    from store import Store

    folder = Path(path) if path else find_store(Path.cwd()) or DEFAULT_STORE
    store = Store.open(folder, create=False)
    try:
        yield store
    finally:
        store.close()


@token_group.command("create")
@click.argument("name")
@click.option("-s", "--store", "path", default="", help="Folder of the store.")
@click.option("--role", default="write", show_default=True,
              type=click.Choice(["read", "write", "admin"]), help="What it allows.")  # fmt: skip
@click.option("--tenant", default="default", show_default=True, help="Whose data it opens.")
@click.option("--days", default=0.0, help="Days until it expires; 0 never.")
def token_create(*, name: str, path: str, role: str, tenant: str, days: float) -> None:
    """Make a token and print its secret, which is shown this once."""
    from store.models.access import Role

    expires_at = time.time() + days * DAY_S if days else None
    with _opened(path) as store:
        token, secret = store.tokens.create(name, Role(role), tenant, expires_at)
    click.echo(f"{token.id}  {token.role}  {token.name}", err=True)
    click.echo(secret)


@token_group.command("list")
@click.option("-s", "--store", "path", default="", help="Folder of the store.")
def token_list(*, path: str) -> None:
    """List the tokens of a store, without their secrets."""
    from app.formatting import timestamp

    with _opened(path) as store:
        for token in store.tokens.find():
            state = "revoked" if token.revoked_at else "valid"
            made = timestamp(token.created_at)
            click.echo(
                f"{token.id}  {token.role:<6} {state:<8} {made}  {token.tenant}  {token.name}"
            )


@token_group.command("revoke")
@click.argument("token_id")
@click.option("-s", "--store", "path", default="", help="Folder of the store.")
def token_revoke(*, token_id: str, path: str) -> None:
    """Make a token worthless at once."""
    with _opened(path) as store:
        store.tokens.revoke(token_id)
    click.echo("Revoked.")
