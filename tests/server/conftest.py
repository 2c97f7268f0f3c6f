"""Clients of a real server on a loopback port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.server.client import AIM, ApiClient


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[ApiClient]:
    """A client in matyan's dialect."""
    assert server.url is not None
    api = ApiClient(server.url)
    yield api
    api.close()


@pytest.fixture
def aim(server: EmbeddedServer) -> Iterator[ApiClient]:
    """A client in Aim's dialect."""
    assert server.url is not None
    api = ApiClient(server.url, AIM)
    yield api
    api.close()


@pytest.fixture(scope="session")
def demo_server(shared_demo_store: Store) -> Iterator[EmbeddedServer]:
    """The demo store, served; read it, never write."""
    embedded = EmbeddedServer(shared_demo_store, ServerSettings(port=0))
    embedded.start()
    yield embedded
    embedded.stop()


@pytest.fixture
def demo(demo_server: EmbeddedServer) -> Iterator[ApiClient]:
    """A client of the demo store."""
    assert demo_server.url is not None
    api = ApiClient(demo_server.url)
    yield api
    api.close()
