"""Serving beyond this machine: refused without tokens; tokens made while it serves; HTTPS."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.e2e.processes import run, serving

RUNS = "/api/v1/rest/runs/search/run/"


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for this machine and its key."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *command, *names, *files], check=True, capture_output=True)
    return certificate, key


def made_token(store: Path, name: str, *options: str) -> str:
    """The secret of a new token."""
    done = run("token", "create", name, "-s", str(store), *options)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_open_address_without_tokens_is_refused_with_the_way_out(tmp_path: Path) -> None:
    done = run("serve", str(tmp_path / "lab.rf"), "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "runfolio token create NAME" in done.stderr


def test_tokens_are_made_and_revoked_while_the_owner_serves_https(
    tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    store = tmp_path / "lab.rf"
    cert, key = certificate
    done = run("runs", "-s", str(store))
    assert done.returncode != 0
    with serving(str(store), "--port", "0"):
        first = made_token(store, "first")
    options = (
        "--host",
        "0.0.0.0",
        "--port",
        "0",
        "--tls-cert",
        str(cert),
        "--tls-key",
        str(key),
    )
    with serving(str(store), *options) as served:
        url = served.url.replace("0.0.0.0", "127.0.0.1")
        assert url.startswith("https://")
        second = made_token(store, "second", "--role", "read")
        context = ssl.create_default_context(cafile=str(cert))
        with httpx.Client(base_url=url, verify=context) as client:
            assert client.get(RUNS).status_code == 401
            for secret in (first, second):
                answer = client.get(RUNS, headers={"Authorization": f"Bearer {secret}"})
                assert answer.status_code == 200, answer.text
            listed = run("token", "list", "-s", str(store)).stdout
            second_id = next(
                line.split()[0] for line in listed.splitlines() if "second" in line
            )
            assert run("token", "revoke", second_id, "-s", str(store)).returncode == 0
            answer = client.get(RUNS, headers={"Authorization": f"Bearer {second}"})
            assert answer.status_code == 401
        assert run("runs", "-s", str(store)).returncode == 0
        assert served.stop() == 0
