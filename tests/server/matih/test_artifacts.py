"""Artifacts through the experiments API."""

from __future__ import annotations

import httpx
import pytest

from store.workspace import Workspace
from tests.server.matih.conftest import Api


def log(api: Api, run: str, name: str = "model.pkl", **options: object) -> httpx.Response:
    return api.http.post(
        f"/api/v1/experiments/runs/{run}/log-artifact",
        files={"file": (name, b"bytes", "application/x-pickle")},
        **options,  # type: ignore[arg-type]
    )


def test_a_file_is_stored_with_its_type(api: Api, workspace: Workspace) -> None:
    run = api.run()
    answer = log(api, run, params={"artifact_path": "models"})
    assert answer.status_code == 200
    assert answer.json() == {
        "message": "Artifact logged",
        "run_id": run,
        "artifact": "models/model.pkl",
        "size": 5,
    }
    artifact = workspace.artifacts.get(run, "models/model.pkl")
    assert (artifact.content_type, artifact.size_bytes) == ("application/x-pickle", 5)
    with workspace.artifacts.open(run, "models/model.pkl") as file:
        assert file.read() == b"bytes"


def test_the_folder_may_be_a_form_field_and_the_query_wins(api: Api) -> None:
    run = api.run()
    assert log(api, run).json()["artifact"] == "model.pkl"
    form = {"artifact_path": "form/deep/"}
    assert log(api, run, data=form).json()["artifact"] == "form/deep/model.pkl"
    both = log(api, run, data=form, params={"artifact_path": "query"})
    assert both.json()["artifact"] == "query/model.pkl"


@pytest.mark.parametrize("folder", ["/etc", "../x", "a/../b", "a//b"])
def test_folders_that_leave_the_run_are_refused(api: Api, folder: str) -> None:
    run = api.run()
    assert log(api, run, params={"artifact_path": folder}).status_code == 400
    assert log(api, run, data={"artifact_path": folder}).status_code == 400


@pytest.mark.parametrize("name", ["..", "a/b", "../x", "."])
def test_file_names_that_lead_elsewhere_are_refused_or_kept_inside(
    api: Api, workspace: Workspace, name: str
) -> None:
    run = api.run()
    if log(api, run, name).status_code == 200:
        (artifact,) = workspace.artifacts.find(run)
        assert ".." not in artifact.path.split("/")


def test_a_file_is_needed_and_a_run(api: Api) -> None:
    run = api.run()
    assert "file" in api.error(400, "POST", f"/runs/{run}/log-artifact")
    assert log(api, "nope").status_code == 404


def test_a_large_file_is_streamed(api: Api, workspace: Workspace) -> None:
    run = api.run()
    content = b"0123456789" * 10_000_000
    answer = api.http.post(
        f"/api/v1/experiments/runs/{run}/log-artifact", files={"file": ("big", content)}
    )
    assert answer.status_code == 200
    assert workspace.artifacts.get(run, "big").size_bytes == len(content)
