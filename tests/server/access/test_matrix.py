"""Every route with every kind of credential."""

from __future__ import annotations

import re

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from server.access.rules import required_role
from server.api import rest_api
from store.models.access import Role
from tests.server.access.conftest import Guarded

GOOD_FOR = {
    Role.READ: ("read", "write", "admin", "other read", "other write", "other admin", "all"),
    Role.WRITE: ("write", "admin", "other write", "other admin", "all"),
    Role.ADMIN: ("admin", "other admin", "all"),
}
NOT_A_TOKEN = (None, "expired", "revoked", "wrong")
PUBLIC = {"/health/live", "/health/ready"}
LOG = ("POST", "/api/v1/rest/runs/{run_id}/log")
PRESIGN = ("POST", "/api/v1/rest/artifacts/presign")
OWN_PATHS = [LOG, PRESIGN]

READS = {
    ("POST", "/api/v1/experiments/runs/compare"),
    ("POST", "/api/v1/rest/runs/search/metric/align"),
    ("POST", "/api/v1/rest/runs/records"),
    ("POST", "/api/v1/rest/runs/points"),
    ("POST", "/api/v1/rest/tables/best"),
    ("POST", "/api/v1/rest/tables/groups"),
}


def all_routes() -> list[tuple[str, str]]:
    """Every method and path that the server answers, as templates."""
    documented = [
        (method.upper(), path)
        for path, methods in rest_api().openapi()["paths"].items()
        for method in methods
    ]
    return documented + OWN_PATHS


def expected_role(method: str, path: str) -> Role:
    if "/tokens" in path or path.endswith("/statistics"):
        return Role.ADMIN
    is_question = path.endswith(("/get-batch", "/get-step"))
    is_read = method == "GET" or is_question or (method, path) in READS
    return Role.READ if is_read else Role.WRITE


def concrete(path: str) -> str:
    """A path whose ids name nothing."""
    return re.sub(r"\{[^}]+\}", "nothing", path)


def ask(client: httpx.Client, method: str, path: str) -> int:
    # Some wait for what is to come.
    params = {"timeout_s": 0} if path.endswith(("/changes", "/stream")) else {}
    with client.stream(method, concrete(path), params=params) as answer:
        return answer.status_code


def test_every_route_asks_for_its_role(guarded: Guarded) -> None:
    routes = all_routes()
    assert len(routes) > 100
    clients = {who: guarded.client(who) for who in (None, *guarded.secrets)}
    try:
        for method, path in routes:
            if path in PUBLIC:
                assert ask(clients[None], method, path) == 200
                continue
            role = expected_role(method, path)
            assert required_role(method, concrete(path), is_socket=False) is role, path
            for who, client in clients.items():
                if who in NOT_A_TOKEN:
                    continue
                status = ask(client, method, path)
                is_let_in = who in GOOD_FOR[role]
                assert (status != 403) is is_let_in, (who, method, path, status)
                assert status != 401
        for method, path in routes:
            if path not in PUBLIC:
                assert ask(clients[None], method, path) == 401, path
    finally:
        for client in clients.values():
            client.close()


def test_bad_tokens_open_no_route(guarded: Guarded) -> None:
    bad = {who: guarded.client(who) for who in NOT_A_TOKEN if who is not None}
    good = guarded.client("admin")
    try:
        for method, path in all_routes():
            if path in PUBLIC:
                continue
            for who, client in bad.items():
                answer = client.request(method, concrete(path))
                assert answer.status_code == 401, (who, method, path)
                assert answer.headers["WWW-Authenticate"] == "Bearer"
                assert answer.json()["error"]["code"] == "unauthorized"
            # A good one is forgiven the bad ones before it; else all would be told to wait.
            assert good.get("/api/v1/rest/version").status_code == 200
    finally:
        for client in (good, *bad.values()):
            client.close()


@pytest.mark.parametrize(
    "path", ["/", "/runs", "/metrics", "/api/v1/rest/nothing", "/api/tags"]
)
def test_strangers_learn_nothing(guarded: Guarded, path: str) -> None:
    with guarded.client(None) as client:
        assert client.get(path).status_code == 401


def test_the_socket_asks_for_write(guarded: Guarded) -> None:
    address = guarded.url.replace("http", "ws", 1) + "/api/v1/ws/runs/r1"
    for who in (None, *guarded.secrets):
        headers = {} if who is None else {"Authorization": f"Bearer {guarded.secrets[who]}"}
        if who in GOOD_FOR[Role.WRITE]:
            with connect(address, additional_headers=headers) as socket:
                socket.send("[]")
                assert '"ok"' in str(socket.recv(timeout=10))
            continue
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(address, additional_headers=headers),
        ):
            pass
        status = refused.value.response.status_code
        assert status == (403 if who in ("read", "other read") else 401)


def test_an_unmodified_client_may_put_its_token_into_the_address(guarded: Guarded) -> None:
    from matyan_client import Repo, Run

    address = guarded.url.replace("://", f"://token:{guarded.secrets['write']}@")
    run = Run(repo=address, capture_terminal_logs=False)
    run.track(1.0, name="loss")
    run.close()
    repo = Repo(address)
    assert repo.list_all_runs() == [run.hash]
    repo.close()


def test_an_upload_needs_nothing_but_its_signed_address(guarded: Guarded) -> None:
    with guarded.client("other write") as client:
        body = {"run_id": "r2", "artifact_path": "a"}
        url = client.post("/api/v1/rest/artifacts/presign", json=body).json()["upload_url"]
    assert httpx.put(url, content=b"x").status_code == 200
    assert guarded.store.workspace("other").artifacts.get("r2", "a").size_bytes == 1
    assert guarded.store.default.runs.count() == 0
