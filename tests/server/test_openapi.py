"""The API's own document: complete, stable, true about errors and binary answers."""

from __future__ import annotations

from typing import Any

import pytest

from server.api import rest_api

REST = "/api/v1/rest"

KINDS = ("images", "texts", "distributions", "audios", "figures")
CHECKLIST = {
    "P1": ("get", "/projects"),
    "P2": ("get", "/projects/activity"),
    "P3": ("get", "/projects/params"),
    "P4": ("get", "/projects/pinned-sequences"),
    "P5": ("post", "/projects/pinned-sequences"),
    "P6": ("get", "/projects/status"),
    "R1": ("get", "/runs/{run_id}/info"),
    "R2": ("put", "/runs/{run_id}"),
    "R3": ("delete", "/runs/{run_id}"),
    "R4": ("post", "/runs/delete-batch"),
    "R5": ("post", "/runs/archive-batch"),
    "R6": ("post", "/runs/finish-batch"),
    "R7": ("post", "/runs/{run_id}/clear-tombstone"),
    "R8": ("post", "/runs/{run_id}/tags/new"),
    "R9": ("delete", "/runs/{run_id}/tags/{tag_id}"),
    "R10": ("get", "/runs/{run_id}/note"),
    "R11": ("post", "/runs/{run_id}/note"),
    "R12": ("get", "/runs/{run_id}/note/{note_id}"),
    "R13": ("put", "/runs/{run_id}/note/{note_id}"),
    "R14": ("delete", "/runs/{run_id}/note/{note_id}"),
    "R15": ("get", "/runs/{run_id}/logs"),
    "R16": ("get", "/runs/{run_id}/log-records"),
    "R17": ("get", "/runs/{run_id}/artifacts/download"),
    "R18": ("get", "/runs/{run_id}/artifacts/download-all"),
    "S1": ("get", "/runs/search/run"),
    "S2": ("get", "/runs/search/metric"),
    "S3": ("post", "/runs/search/metric/align"),
    "S4": ("get", "/runs/active"),
    "S5": ("post", "/runs/{run_id}/metric/get-batch"),
    **{f"S{6 + n}": ("get", f"/runs/search/{kind}") for n, kind in enumerate(KINDS)},
    **{f"S{11 + n}": ("post", f"/runs/{{run_id}}/{k}/get-batch") for n, k in enumerate(KINDS)},
    **{f"S{16 + n}": ("post", f"/runs/{{run_id}}/{k}/get-step") for n, k in enumerate(KINDS)},
    "S21": ("post", "/runs/images/get-batch"),
    "S22": ("post", "/runs/audios/get-batch"),
    "E1": ("get", "/experiments"),
    "E2": ("get", "/experiments/search"),
    "E3": ("post", "/experiments"),
    "E4": ("get", "/experiments/{experiment_id}"),
    "E5": ("put", "/experiments/{experiment_id}"),
    "E6": ("delete", "/experiments/{experiment_id}"),
    "E7": ("get", "/experiments/{experiment_id}/runs"),
    "E8": ("get", "/experiments/{experiment_id}/activity"),
    "E9": ("get", "/experiments/{experiment_id}/note"),
    "E10": ("post", "/experiments/{experiment_id}/note"),
    "E11": ("get", "/experiments/{experiment_id}/note/{note_id}"),
    "E12": ("put", "/experiments/{experiment_id}/note/{note_id}"),
    "E13": ("delete", "/experiments/{experiment_id}/note/{note_id}"),
    "T1": ("get", "/tags"),
    "T2": ("get", "/tags/search"),
    "T3": ("post", "/tags"),
    "T4": ("get", "/tags/{tag_id}"),
    "T5": ("put", "/tags/{tag_id}"),
    "T6": ("delete", "/tags/{tag_id}"),
    "T7": ("get", "/tags/{tag_id}/runs"),
    **{
        f"{letter}{number}": (method, path)
        for letter, noun, key in (
            ("A", "apps", "app_id"),
            ("D", "dashboards", "dashboard_id"),
            ("RP", "reports", "report_id"),
        )
        for number, (method, path) in enumerate(
            [
                ("get", f"/{noun}"),
                ("post", f"/{noun}"),
                ("get", f"/{noun}/{{{key}}}"),
                ("put", f"/{noun}/{{{key}}}"),
                ("delete", f"/{noun}/{{{key}}}"),
            ],
            1,
        )
    },
    "X1": ("get", "/version"),
}
ROOT = {"X2": "/health/live", "X3": "/health/ready", "X4": "/metrics"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return rest_api().openapi()


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for item in document["paths"].values() for each in item.values()]


def test_the_document_has_every_endpoint_of_the_contract(document: dict[str, Any]) -> None:
    paths = document["paths"]
    missing = {
        key: (method, path)
        for key, (method, path) in CHECKLIST.items()
        if method not in paths.get(REST + path, {})
    }
    assert not missing
    assert not [path for path in ROOT.values() if "get" not in paths[path]]
    assert len(CHECKLIST) + len(ROOT) == 85


def test_operation_ids_are_unique_names(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for operation in operations(document)]
    assert len(set(ids)) == len(ids)
    assert all(name.isidentifier() and name.islower() for name in ids)


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    assert all(operation.get("description") for operation in operations(document))


def test_every_error_has_the_common_body(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) < 400 or operation["operationId"] == "health_ready":
                continue
            schema = response["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorOut"}, operation["operationId"]


def test_streams_are_declared_as_binary(document: dict[str, Any]) -> None:
    for path in ("/runs/search/run", "/runs/search/images", "/runs/active"):
        answer = document["paths"][REST + path]["get"]["responses"]["200"]["content"]
        assert list(answer) == ["application/octet-stream"], path


def test_paths_with_an_id_may_not_find_what_they_name(document: dict[str, Any]) -> None:
    answers_anyway = {
        "run_clear_tombstone",
        "run_notes_find",
        "run_logs",
        "run_log_records",
        "setting_get",
        "setting_set",
    }
    for path, item in document["paths"].items():
        for operation in item.values():
            if "{" in path and operation["operationId"] not in answers_anyway:
                assert "404" in operation["responses"], operation["operationId"]
