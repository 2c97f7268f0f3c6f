"""Artifacts and the bytes they consist of."""

from __future__ import annotations

import hashlib
import threading

import pytest
from hypothesis import given, strategies as st

from store import Store
from store.errors import InvalidDataError, NotFoundError
from store.models.operations import RegisterBlob
from store.workspace import Workspace
from tests.factories import log_run, make_hash

RUN = make_hash("artifact")


def read(workspace: Workspace, run: str, path: str) -> bytes:
    with workspace.artifacts.open(run, path) as file:
        return file.read()


def put(workspace: Workspace, path: str, data: bytes, kind: str | None = None) -> None:
    with workspace.artifacts.put(RUN, path, kind) as file:
        file.write(data)


@given(
    data=st.binary(max_size=200), path=st.sampled_from(["a", "b/c.txt", "é 🌻/x", "seq/i/0"])
)
def test_bytes_come_back(workspace: Workspace, data: bytes, path: str) -> None:
    put(workspace, path, data, "text/plain")
    found = workspace.artifacts.get(RUN, path)
    assert found.digest == hashlib.sha256(data).hexdigest()
    assert (found.size_bytes, found.content_type) == (len(data), "text/plain")
    with workspace.artifacts.open(RUN, path) as file:
        assert file.read() == data


def test_an_upload_creates_the_run(workspace: Workspace) -> None:
    put(workspace, "a", b"1")
    assert workspace.runs.get(RUN).is_active


def test_the_newest_version_is_the_artifact(workspace: Workspace) -> None:
    put(workspace, "a", b"one")
    put(workspace, "a", b"two")
    assert read(workspace, RUN, "a") == b"two"
    assert [artifact.path for artifact in workspace.artifacts.find(RUN)] == ["a"]


def test_bytes_of_images_are_not_listed(workspace: Workspace) -> None:
    put(workspace, "seq/img/0.png", b"png")
    put(workspace, "b", b"1")
    put(workspace, "a/x", b"1")
    assert [artifact.path for artifact in workspace.artifacts.find(RUN)] == ["a/x", "b"]
    assert len(workspace.artifacts.find(RUN, all_paths=True)) == 3


def test_the_content_type_may_come_before_or_after(workspace: Workspace) -> None:
    register = RegisterBlob("early", "image/png")
    workspace.ingest.submit(RUN, [register]).result()
    assert workspace.artifacts.find(RUN) == []
    with pytest.raises(NotFoundError):
        workspace.artifacts.get(RUN, "early")
    put(workspace, "early", b"1")
    put(workspace, "late", b"1")
    workspace.ingest.submit(RUN, [RegisterBlob("late", "image/gif")]).result()
    kinds = {found.path: found.content_type for found in workspace.artifacts.find(RUN)}
    assert kinds == {"early": "image/png", "late": "image/gif"}


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".", "a\0b", "a\\b", "x" * 3000]
)
def test_a_path_that_leaves_the_run_is_refused(workspace: Workspace, path: str) -> None:
    with pytest.raises(InvalidDataError):
        workspace.artifacts.put(RUN, path)
    with pytest.raises(InvalidDataError):
        workspace.ingest.submit(RUN, [RegisterBlob(path)])
    assert not workspace.runs.exists(RUN)


def test_nobody(workspace: Workspace) -> None:
    run = log_run(workspace)
    with pytest.raises(NotFoundError):
        workspace.artifacts.get(run, "nothing")
    with pytest.raises(NotFoundError):
        workspace.artifacts.open("nobody", "a")
    with pytest.raises(NotFoundError):
        workspace.artifacts.find("nobody")
    assert workspace.artifacts.find(run) == []


def test_an_upload_that_breaks_off_leaves_nothing(store: Store) -> None:
    def break_off() -> None:
        with store.default.artifacts.put(RUN, "a") as file:
            file.write(b"half")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        break_off()
    assert not store.default.runs.exists(RUN)
    assert [path for path in (store.path / "blobs").rglob("*") if path.is_file()] == []


def test_a_digest_is_no_path(workspace: Workspace) -> None:
    for digest in ("../meta.duckdb", "", "a" * 63, "A" * 64):
        with pytest.raises(InvalidDataError):
            workspace.blobs.path(digest)
        with pytest.raises(InvalidDataError):
            workspace.blobs.open(digest)
    with pytest.raises(NotFoundError):
        workspace.blobs.path("0" * 64)
    with pytest.raises(NotFoundError):
        workspace.blobs.open("0" * 64)


def test_equal_bytes_from_many_threads_are_kept_once(store: Store) -> None:
    def upload(number: int) -> None:
        for _ in range(5):
            with store.default.artifacts.put(make_hash(number), "same") as file:
                file.write(b"same bytes")
            store.default.runs.delete([make_hash(number)])
            store.default.runs.clear_tombstone(make_hash(number))
        with store.default.artifacts.put(make_hash(number), "same") as file:
            file.write(b"same bytes")

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        assert read(store.default, make_hash(number), "same") == b"same bytes"
    assert len([path for path in (store.path / "blobs").rglob("*") if path.is_file()]) == 1
