"""Downloads of artifacts."""

from __future__ import annotations

import io
import zipfile

from store import Workspace
from tests.factories import log_run
from tests.server.client import ApiClient, assert_error


def put(
    workspace: Workspace, run: str, path: str, data: bytes, kind: str | None = None
) -> None:
    with workspace.artifacts.put(run, path, kind) as upload:
        upload.write(data)


def test_an_artifact_comes_as_it_was_uploaded(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    put(workspace, run, "ckpt/model.pt", b"\0\1\2", "application/x-torch")
    put(workspace, run, "seq/shown/1.png", b"hidden")
    response = client.get(f"/runs/{run}/artifacts/download/", path="ckpt/model.pt")
    assert (response.status_code, response.content) == (200, b"\0\1\2")
    assert response.headers["content-type"] == "application/x-torch"
    assert response.headers["content-disposition"] == 'attachment; filename="model.pt"'
    (artifact,) = client.json(f"/runs/{run}/info")["artifacts"]
    assert (artifact["name"], artifact["path"]) == ("model.pt", "ckpt/model.pt")
    assert artifact["uri"].endswith(f"{run}/ckpt/model.pt")


def test_a_part_of_an_artifact(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    put(workspace, run, "a.bin", b"0123456789")
    response = client.request(
        "GET",
        f"/runs/{run}/artifacts/download",
        params={"path": "a.bin"},
        headers={"range": "bytes=2-4"},
    )
    assert (response.status_code, response.content) == (206, b"234")


def test_odd_names_do_not_break_the_header(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    put(workspace, run, 'é "x".txt', b"1")
    header = client.get(f"/runs/{run}/artifacts/download", path='é "x".txt').headers[
        "content-disposition"
    ]
    assert 'filename="_ _x_.txt"' in header
    assert header.endswith("filename*=UTF-8''%C3%A9%20%22x%22.txt")


def test_what_is_not_there_is_not_found(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    path = f"/runs/{run}/artifacts/download"
    assert_error(client.get(path, path="none"), 404, "not_found")
    assert_error(client.get(path, path="../meta.duckdb"), 404, "not_found")
    assert_error(client.get("/runs/x/artifacts/download", path="a"), 404, "not_found")
    assert_error(client.get(path), 422, "validation_error", "Field required")
    assert_error(client.get(f"/runs/{run}/artifacts/download-all"), 404, "not_found")
    assert_error(client.get("/runs/x/artifacts/download-all"), 404, "not_found")


def test_all_artifacts_come_in_one_zip_file(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    large = bytes(range(256)) * 4096
    put(workspace, run, "a/b.bin", large)
    put(workspace, run, "c.txt", b"text")
    put(workspace, run, "seq/shown/1.png", b"hidden")
    response = client.get(f"/runs/{run}/artifacts/download-all/")
    assert response.headers["content-type"] == "application/zip"
    assert f'filename="{run}-artifacts.zip"' in response.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a/b.bin", "c.txt"]
        assert archive.read("a/b.bin") == large
        info = archive.getinfo("c.txt")
        assert info.external_attr >> 16 == 0o600
        assert info.compress_type == zipfile.ZIP_STORED
