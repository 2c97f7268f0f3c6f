"""A server with a certificate speaks HTTPS, secure WebSockets included."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine, in one file with its key."""
    path = tmp_path / "both.pem"
    key, public = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
            ),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(public)),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(key.read_bytes() + public.read_bytes())
    return path


def test_https_and_secure_sockets(store: Store, certificate: Path, tmp_path: Path) -> None:
    settings = ServerSettings(
        port=0, tls_certificate=certificate, socket_path=tmp_path / "socket"
    )
    server = EmbeddedServer(store, settings)
    url = server.start()
    try:
        assert url is not None
        assert url.startswith("https://")
        trust = ssl.create_default_context(cafile=str(certificate))
        with httpx.Client(base_url=url, verify=trust) as client:
            answer = client.get("/health/live")
            assert answer.status_code == 200
            assert "Strict-Transport-Security" in answer.headers
            body = {"run_id": "r", "artifact_path": "a"}
            upload = client.post("/api/v1/rest/artifacts/presign", json=body).json()
            assert upload["upload_url"].startswith(url)
            assert client.put(upload["upload_url"], content=b"x").status_code == 200
        address = url.replace("https", "wss", 1) + "/api/v1/ws/runs/r"
        with connect(address, ssl=trust) as socket:
            socket.send("[]")
            assert '"ok"' in str(socket.recv(timeout=10))
    finally:
        server.stop()
