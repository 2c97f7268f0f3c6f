"""A server that asks for tokens, and clients with all kinds of them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest

from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from store.models.access import Role


class Guarded:
    """A server that asks for tokens."""

    def __init__(self, store: Store, url: str) -> None:
        self.store = store
        self.url = url
        self.secrets: dict[str, str] = {}
        for role in Role:
            self.secrets[role.value] = store.tokens.create(role.value, role)[1]
            other = store.tokens.create(f"other {role.value}", role, "other")
            self.secrets[f"other {role.value}"] = other[1]
        self.secrets["all"] = store.tokens.create("all", Role.ADMIN, "*")[1]
        past = time.time() - 1
        self.secrets["expired"] = store.tokens.create("late", Role.ADMIN, expires_at=past)[1]
        revoked, self.secrets["revoked"] = store.tokens.create("revoked", Role.ADMIN)
        store.tokens.revoke(revoked.id)
        self.secrets["wrong"] = "rf_wrong"

    def client(self, who: str | None) -> httpx.Client:
        """A client with a token of this name; None for none."""
        headers = {} if who is None else {"Authorization": f"Bearer {self.secrets[who]}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)


@pytest.fixture
def guarded(store: Store) -> Iterator[Guarded]:
    server = EmbeddedServer(store, ServerSettings(port=0, requires_token=True))
    url = server.start()
    assert url is not None
    yield Guarded(store, url)
    server.stop()
