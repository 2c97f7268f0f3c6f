"""Presigned uploads: addresses that work, and only as they were given."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx
import pytest

from server.embed import EmbeddedServer
from server.ingest.uploads import UploadSigner
from store.workspace import Workspace

RUN = "b" * 32
PRESIGN = "/api/v1/rest/artifacts/presign"


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[httpx.Client]:
    assert server.url is not None
    with httpx.Client(base_url=server.url) as opened:
        yield opened


def presigned(client: httpx.Client, path: str = "deep/ü file.bin", run_id: str = RUN) -> str:
    answer = client.post(PRESIGN, json={"run_id": run_id, "artifact_path": path})
    assert answer.status_code == 200
    body = answer.json()
    assert body["s3_key"] == f"{run_id}/{path}"
    assert body["headers"] is None
    url: str = body["upload_url"]
    return url


def test_an_uploaded_file_is_an_artifact(client: httpx.Client, workspace: Workspace) -> None:
    url = presigned(client)
    assert url.startswith(str(client.base_url))
    answer = httpx.put(url, content=b"bytes", headers={"Content-Type": "image/png"})
    assert answer.status_code == 200
    artifact = workspace.artifacts.get(RUN, "deep/ü file.bin")
    assert (artifact.content_type, artifact.size_bytes) == ("image/png", 5)
    with workspace.artifacts.open(RUN, "deep/ü file.bin") as file:
        assert file.read() == b"bytes"


def test_the_address_follows_the_host_that_was_asked(client: httpx.Client) -> None:
    answer = client.post(
        PRESIGN + "/",
        json={"run_id": RUN, "artifact_path": "a"},
        headers={"Host": "localhost:1234", "X-Forwarded-Proto": "https"},
    )
    assert answer.json()["upload_url"].startswith("https://localhost:1234/")


def test_large_and_chunked_bodies_are_streamed(
    client: httpx.Client, workspace: Workspace
) -> None:
    def chunks() -> Iterator[bytes]:
        for number in range(50):
            yield bytes([number]) * 100_000

    assert httpx.put(presigned(client, "big"), content=chunks()).status_code == 200
    with workspace.artifacts.open(RUN, "big") as file:
        assert file.read() == b"".join(chunks())


def test_an_empty_file_and_a_second_version(client: httpx.Client, workspace: Workspace) -> None:
    for content in (b"first", b""):
        assert httpx.put(presigned(client, "f"), content=content).status_code == 200
    assert workspace.artifacts.get(RUN, "f").size_bytes == 0


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a\x00b", "a/"])
def test_paths_that_leave_the_run_are_refused(client: httpx.Client, path: str) -> None:
    answer = client.post(PRESIGN, json={"run_id": RUN, "artifact_path": path})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"


@pytest.mark.parametrize("run_id", ["", "..", "a/b", "progress_1"])
def test_run_ids_that_cannot_be_are_refused(client: httpx.Client, run_id: str) -> None:
    answer = client.post(PRESIGN, json={"run_id": run_id, "artifact_path": "a"})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"run_id": "a"}', b'{"run_id": 3}'])
def test_a_request_of_another_form_is_refused(client: httpx.Client, body: bytes) -> None:
    assert client.post(PRESIGN, content=body).status_code == 422


@pytest.mark.parametrize("member", ["run", "path", "expires", "signature", "tenant"])
def test_a_changed_address_is_refused(
    client: httpx.Client, workspace: Workspace, member: str
) -> None:
    parts = urlsplit(presigned(client, "good"))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    for value in (f"{query[member]}1", None):
        changed = {**query, member: value} if value else {**query}
        if value is None:
            del changed[member]
        url = urlunsplit(parts._replace(query=urlencode(changed)))
        assert httpx.put(url, content=b"x").status_code == 403
    assert workspace.runs.count() == 0


def test_an_expired_address_is_refused() -> None:
    signer = UploadSigner()
    query = {k: v[0] for k, v in parse_qs(signer.query("t", "run", "path", 1000)).items()}
    assert not signer.is_valid("t", "run", "path", query["expires"], query["signature"])


def test_other_methods_are_not_offered(client: httpx.Client) -> None:
    assert client.get(PRESIGN).status_code == 405
    assert httpx.get(presigned(client)).status_code == 405
