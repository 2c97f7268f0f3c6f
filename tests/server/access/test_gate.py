"""What the gate does besides tokens: hosts, origins, ids, audit, log-in, limits."""

from __future__ import annotations

import json
import logging
import time
from io import StringIO
from pathlib import Path

import httpx
import pytest

from server.access.failures import MAX_FAILURES, WINDOW_S, FailureLimiter
from server.access.hosts import HostPolicy
from server.access.logs import JsonFormatter
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.e2e.serving import wait_until
from tests.server.access.conftest import Guarded
from tests.server.client import assert_error

TAGS = "/api/v1/rest/tags"


@pytest.fixture
def url(server: EmbeddedServer) -> str:
    assert server.url is not None
    return server.url


def test_loopback_is_open_and_ignores_what_it_does_not_know(url: str) -> None:
    assert httpx.get(url + TAGS).status_code == 200
    headers = {"Authorization": "Bearer left over from another server"}
    assert httpx.get(url + TAGS, headers=headers).status_code == 200


def test_other_addresses_need_tokens_unless_told_otherwise() -> None:
    assert not ServerSettings().is_token_required
    assert not ServerSettings(host="::1").is_token_required
    assert ServerSettings(host="0.0.0.0").is_token_required
    assert ServerSettings(host="192.168.1.4").is_token_required
    assert not ServerSettings(host="0.0.0.0", requires_token=False).is_token_required


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
def test_names_that_are_not_ours_are_refused(url: str, host: str) -> None:
    answer = httpx.get(url + TAGS, headers={"Host": host})
    assert answer.status_code == 400
    assert answer.json()["message"] == "Invalid host header"


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "127.0.0.1", "[::1]:80", "10.0.0.3", "lab.localhost"],
)
def test_addresses_and_local_names_are_answered(url: str, host: str) -> None:
    assert httpx.get(url + TAGS, headers={"Host": host}).status_code == 200


def test_further_names_can_be_allowed() -> None:
    assert HostPolicy("127.0.0.1", ["lab.example"]).allows("LAB.example.:80")
    assert HostPolicy("127.0.0.1", ["*"]).allows("anything")
    assert not HostPolicy("127.0.0.1", ["lab.example"]).allows("x.lab.example")


def test_pages_of_other_origins_may_not_write(url: str) -> None:
    body = {"name": "t"}
    evil = {"Origin": "http://evil.example"}
    assert httpx.post(url + TAGS, json=body, headers=evil).status_code == 403
    assert httpx.post(url + TAGS, json=body, headers={"Origin": "null"}).status_code == 403
    for origin in (url, "http://localhost:3000"):
        answer = httpx.post(url + TAGS, json={"name": origin}, headers={"Origin": origin})
        assert answer.status_code < 300, answer.text
    preflight = httpx.options(
        url + TAGS, headers={**evil, "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 400


def test_answers_carry_the_request_id_and_security_headers(url: str) -> None:
    answer = httpx.get(url + TAGS, headers={"X-Request-ID": "abc-123"})
    assert answer.headers["X-Request-ID"] == "abc-123"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    for bad in ("a b", "x" * 200, 'a"b'):
        fresh = httpx.get(url + TAGS, headers={"X-Request-ID": bad}).headers["X-Request-ID"]
        assert fresh != bad
        assert len(fresh) == 32


def test_the_same_key_gets_the_same_answer_also_after_a_restart(
    store: Store, tmp_path: Path
) -> None:
    headers = {"X-Idempotency-Key": "k1"}

    def post(url: str, name: str, **extra: str) -> httpx.Response:
        path = f"{url}/api/v1/experiments"
        return httpx.post(path, json={"name": name}, headers={**headers, **extra})

    server = EmbeddedServer(store, ServerSettings(port=0))
    url = server.start() or ""
    first, again = post(url, "once"), post(url, "once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert post(url, "once", **{"X-Idempotency-Key": "k2"}).status_code == 409
    assert post(url, "once", **{"X-Tenant-ID": "acme"}).json()["id"] != first.json()["id"]
    server.stop()
    server = EmbeddedServer(store, ServerSettings(port=0))
    url = server.start() or ""
    kept = post(url, "once")
    assert (kept.status_code, kept.json()) == (201, first.json())
    assert kept.headers["content-type"] == first.headers["content-type"]
    other = post(url, "another name")
    assert_error(other, 409, "idempotency_key_reused", "another body")
    server.stop()
    assert [each.name for each in store.default.experiments.find()] == ["once"]


def test_files_may_be_sent_again_under_the_same_key(url: str) -> None:
    experiments = f"{url}/api/v1/experiments"
    made = httpx.post(experiments, json={"name": "files"}).json()
    run = httpx.post(f"{experiments}/runs", json={"experiment_id": made["id"]}).json()
    path, headers = f"{experiments}/runs/{run['id']}/log-artifact", {"X-Idempotency-Key": "f"}
    answers = [
        httpx.post(path, files={"file": ("a.txt", b"abc")}, headers=headers) for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


def test_writes_are_audited(guarded: Guarded) -> None:
    with guarded.client("write") as client:
        client.get(TAGS)
        client.post(TAGS, json={"name": "t"}, headers={"X-Request-ID": "req-1"})
        client.post(TAGS, json={})
        for _ in range(3):
            client.post("/api/v1/rest/runs/r/log", json={"points": [{"name": "a", "value": 1}]})
    audit = guarded.store.audit
    wait_until(lambda: len(audit.find()) >= 2)
    entries = [(e.actor, e.action, e.subject) for e in reversed(audit.find())]
    assert entries == [
        ("write", "POST", TAGS),
        ("write", "POST", "/api/v1/rest/runs/r/log"),
    ]
    assert audit.find()[-1].request_id == "req-1"


def test_guessing_is_slowed_down(guarded: Guarded) -> None:
    with guarded.client("wrong") as client:
        statuses = [client.get(TAGS).status_code for _ in range(MAX_FAILURES + 2)]
        assert statuses == [401] * MAX_FAILURES + [429] * 2
        assert int(client.get(TAGS).headers["Retry-After"]) > 0


def test_failures_are_forgotten_in_time() -> None:
    now = [0.0]
    limiter = FailureLimiter(lambda: now[0])
    for _ in range(MAX_FAILURES):
        limiter.record("a")
    assert limiter.wait_s("a") == WINDOW_S
    assert limiter.wait_s("b") == 0.0
    now[0] = WINDOW_S
    assert limiter.wait_s("a") == 0.0


def test_browsers_are_led_to_the_log_in_page_and_back(guarded: Guarded) -> None:
    html = {"Accept": "text/html"}
    with httpx.Client(base_url=guarded.url) as browser:
        away = browser.get("/runs", headers=html)
        assert away.status_code == 303
        assert away.headers["Location"] == "/login?next=/runs"
        page = browser.get(away.headers["Location"])
        assert page.status_code == 200
        assert "password" in page.text
        wrong = browser.post("/login", data={"token": "<b>"})
        assert wrong.status_code == 401
        signed_in = browser.post("/login?next=/runs", data={"token": guarded.secrets["read"]})
        assert signed_in.status_code == 303
        assert signed_in.headers["Location"] == "/runs"
        cookie = signed_in.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert browser.get(TAGS).status_code == 200
        assert browser.post(TAGS, json={"name": "t"}).status_code == 403
        browser.get("/logout")
        assert browser.get(TAGS).status_code == 401


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "x", ""]
)
def test_the_log_in_page_leads_nowhere_else(guarded: Guarded, target: str) -> None:
    answer = httpx.post(
        f"{guarded.url}/login",
        params={"next": target},
        data={"token": guarded.secrets["read"]},
    )
    assert answer.headers["Location"] == "/"


def test_a_revoked_token_is_worthless_at_once(guarded: Guarded) -> None:
    token, secret = guarded.store.tokens.create("short")
    headers = {"Authorization": f"Bearer {secret}"}
    assert httpx.get(guarded.url + TAGS, headers=headers).status_code == 200
    guarded.store.tokens.revoke(token.id)
    assert httpx.get(guarded.url + TAGS, headers=headers).status_code == 401


def test_administrators_manage_tokens_over_http(guarded: Guarded) -> None:
    path = "/api/v1/rest/tokens"
    with guarded.client("admin") as admin, guarded.client("write") as writer:
        assert writer.get(path).status_code == 403
        made = admin.post(path, json={"name": "ci", "role": "write", "days": 1}).json()
        assert made["secret"].startswith("rf_")
        assert made["secret"] not in admin.get(path).text
        headers = {"Authorization": f"Bearer {made['secret']}"}
        assert httpx.get(guarded.url + TAGS, headers=headers).status_code == 200
        assert admin.delete(f"{path}/{made['id']}").json()["revoked_at"] <= time.time()
        assert httpx.get(guarded.url + TAGS, headers=headers).status_code == 401
        assert admin.delete(f"{path}/nothing").status_code == 404
        for days in (0, -1, 36_501, 5e307):
            refused = admin.post(path, json={"name": "ci", "days": days})
            assert refused.status_code in {400, 422}, days


def test_the_unix_socket_is_open_even_when_tcp_is_not(store: Store, tmp_path: Path) -> None:
    settings = ServerSettings(port=0, requires_token=True, socket_path=tmp_path / "socket")
    server = EmbeddedServer(store, settings)
    server.start()
    try:
        assert httpx.get(f"{server.url}{TAGS}").status_code == 401
        transport = httpx.HTTPTransport(uds=str(tmp_path / "socket"))
        with httpx.Client(transport=transport, base_url="http://localhost") as client:
            assert client.get(TAGS).status_code == 200
    finally:
        server.stop()


def test_a_published_path_is_taken_off_before_the_checks(store: Store) -> None:
    settings = ServerSettings(port=0, requires_token=True, base_path="/lab")
    server = EmbeddedServer(store, settings)
    url = server.start()
    try:
        assert httpx.get(f"{url}{TAGS}").status_code == 401
        assert httpx.get(f"{url}/health/live").status_code == 200
        away = httpx.get(f"{url}/runs", headers={"Accept": "text/html"})
        assert away.headers["Location"] == "/lab/login?next=/lab/runs"
    finally:
        server.stop()


@pytest.mark.parametrize("path", ["//api//v1/rest/tags/", "/api/v1/rest/tags//"])
def test_odd_slashes_are_no_way_around(guarded: Guarded, path: str) -> None:
    with guarded.client("read") as reader, guarded.client(None) as stranger:
        assert stranger.get(path).status_code == 401
        assert reader.get(path).status_code == 200
        assert reader.post(path, json={"name": "t"}).status_code == 403


def test_log_lines_are_json() -> None:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.Logger("runfolio.access")
    logger.addHandler(handler)
    logger.info("%s done", "GET", extra={"request_id": "r", "status": 200})
    line = json.loads(stream.getvalue())
    assert line["message"] == "GET done"
    assert (line["request_id"], line["status"], line["level"]) == ("r", 200, "info")


def test_a_server_writes_log_lines_when_asked(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    logger = logging.getLogger("runfolio")
    before = (logger.handlers[:], logger.level, logger.propagate)
    server = EmbeddedServer(store, ServerSettings(port=0, has_log=True))
    url = server.start()
    try:
        httpx.post(f"{url}{TAGS}", json={"name": "t"}, headers={"X-Request-ID": "r-1"})
        httpx.post(f"{url}/api/v1/rest/runs/r/log", json={})
    finally:
        server.stop()
        logger.handlers[:], logger.level, logger.propagate = before
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [line for line in lines if line.get("method") == "POST"]
    assert (line["path"], line["request_id"], line["actor"]) == (TAGS, "r-1", "local")


def test_secrets_stay_out_of_the_logs(
    guarded: Guarded, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="runfolio")
    secret = guarded.secrets["write"]
    with guarded.client("write") as client:
        client.post(TAGS, json={"name": "t"})
        client.get(TAGS, params={"q": "x"})
        body = {"run_id": "r", "artifact_path": "a"}
        upload = client.post("/api/v1/rest/artifacts/presign", json=body).json()["upload_url"]
    httpx.put(upload, content=b"x")
    httpx.post(f"{guarded.url}/login", data={"token": secret})
    written = "\n".join(f"{r.getMessage()} {r.__dict__}" for r in caplog.records)
    assert "POST" in written
    assert secret not in written
    assert upload.split("signature=")[1] not in written
