"""Starting and stopping a server beside whatever else the process does."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import httpx
import pytest

from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store, Workspace
from tests.factories import log_run
from tests.server.client import ApiClient


def test_a_server_starts_stops_and_starts_again(store: Store) -> None:
    for _ in range(2):
        server = EmbeddedServer(store, ServerSettings(port=0))
        url = server.start()
        assert url is not None
        assert server.is_running
        assert httpx.get(f"{url}/health/live").status_code == 200
        server.stop()
        assert not server.is_running
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/health/live")
    server.stop()


def test_a_taken_port_is_an_error_at_the_start(server: EmbeddedServer, store: Store) -> None:
    assert server.url is not None
    port = int(server.url.rsplit(":", 1)[1])
    second = EmbeddedServer(store, ServerSettings(port=port))
    with pytest.raises(OSError, match="use"):
        second.start()
    assert not second.is_running


def test_a_unix_socket_is_for_its_owner_only(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "api.sock"
    path.touch()
    server = EmbeddedServer(store, ServerSettings(port=None, socket_path=path))
    assert server.start() is None
    try:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with httpx.Client(
            transport=httpx.HTTPTransport(uds=str(path)), base_url="http://localhost"
        ) as client:
            assert client.get("/health/live").json() == {"status": "ok"}
    finally:
        server.stop()
    assert not path.exists()


def test_stopping_lets_a_waiting_client_go(client: ApiClient, server: EmbeddedServer) -> None:
    version = client.json("/changes")["version"]
    heard: list[int] = []

    def listen() -> None:
        response = client.get("/changes", since=version, timeout_s=50)
        heard.append(response.status_code)

    listener = threading.Thread(target=listen)
    listener.start()
    # The request is on its way when the server counts it as active.
    other = ApiClient(server.url or "")
    while other.json("/statistics")["server"]["active_requests"] < 2:
        pass
    other.close()
    server.stop()
    listener.join(10)
    assert heard == [200]


def test_many_clients_at_once(client: ApiClient, workspace: Workspace) -> None:
    runs = {log_run(workspace, number, metrics={"loss": [1.0]}) for number in range(20)}
    found: list[set[str]] = []

    def search() -> None:
        found.append(set(client.records("/runs/search/run")))

    threads = [threading.Thread(target=search) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [runs] * 16
