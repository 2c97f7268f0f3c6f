"""Nobody sees, changes or deletes what is another tenant's, on any route."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from server.blob_uris import BlobUri
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store, Workspace
from store.models import EMPTY_CONTEXT, SequenceKey, SequenceKind
from store.models.operations import (
    AddTag,
    CreateRun,
    LogLines,
    LogObjects,
    LogPoints,
    LogRecords,
    NewRecord,
    SetParams,
    SetProperty,
)
from tests.server.access.conftest import Guarded
from tests.server.access.test_matrix import all_routes, expected_role

SECRET = "zebra"
RUN = "5e" * 16
SHARED = "77" * 16
"""A run hash that both tenants use."""


def fill(workspace: Workspace, run: str = RUN, word: str = SECRET) -> dict[str, str]:
    """Something of everything, with the secret word all over it; ids by their place."""
    workspace.ingest.submit(
        run,
        [
            CreateRun(),
            SetProperty(name=f"{word} run", experiment=f"{word} experiment"),
            AddTag(f"{word} tag"),
            SetParams({"hparams": {word: word}}),
            LogPoints(f"{word} metric", EMPTY_CONTEXT, [0], [1.0]),
            LogObjects(
                SequenceKind.TEXTS, f"{word} text", items=[{"type": "text", "data": word}]
            ),
            LogLines([(0, f"{word} line")]),
            LogRecords([NewRecord(f"{word} record", 20, 1.7e9)]),
        ],
    ).result()
    with workspace.artifacts.put(run, f"{word}.txt") as file:
        file.write(word.encode())
    record = workspace.runs.record(run)
    assert record.run.experiment_id is not None
    experiment_id = record.run.experiment_id
    note = workspace.notes.create(f"{word} note", run_hash=run)
    on_experiment = workspace.notes.create(f"{word} note", experiment_id=experiment_id)
    app = workspace.apps.create("metrics", {"word": word})
    dashboard = workspace.dashboards.create(f"{word} dashboard", app_id=app.id)
    report = workspace.reports.create(f"{word} report", code=word)
    workspace.settings.set("word", word)
    workspace.projects.pin([SequenceKey(f"{word} metric")])
    workspace.alerts.set_rules(["* > 0.5"])
    (alert,) = workspace.alerts.check([run], 1.7e9)
    return {
        "run_id": run,
        "experiment_id": experiment_id,
        "tag_id": record.run.tags[0].id,
        "note_id": note.id,
        "experiment_note": on_experiment.id,
        "app_id": app.id,
        "dashboard_id": dashboard.id,
        "report_id": report.id,
        "name": "word",
        "number": str(alert.number),
        "token_id": "nothing",
    }


def snapshot(workspace: Workspace, ids: dict[str, str]) -> str:
    """Everything of a workspace that a stranger could try to change."""
    record = workspace.runs.record(ids["run_id"])
    seen = [
        record.run.name,
        record.run.status,
        record.run.is_archived,
        record.run.tags,
        dict(record.params),
        [(m.name, m.count, m.last) for m in record.metrics],
        workspace.experiments.get(ids["experiment_id"]),
        workspace.tags.find(),
        workspace.notes.find(run_hash=ids["run_id"]),
        workspace.notes.find(experiment_id=ids["experiment_id"]),
        workspace.apps.find(),
        workspace.dashboards.find(),
        workspace.reports.find(),
        workspace.settings.get("word"),
        workspace.alerts.sheet(),
        workspace.artifacts.find(ids["run_id"]),
        workspace.logs.lines(ids["run_id"]),
    ]
    return repr(seen)


BODIES: dict[str, Any] = {
    "/tags/new": {"tag_name": "t"},
    "/note": {"content": "changed"},
    "/log-metrics": {"metrics": {"a": 1}},
    "/log-params": {"params": {"a": 1}},
    "/log-batch": {"metrics": [{"key": "a", "value": 1}]},
    "-batch": [RUN],
    "/get-batch": [{"name": f"{SECRET} metric", "context": {}}],
    "/get-step": [{"name": f"{SECRET} text", "context": {}}],
    "/compare": {"run_ids": [RUN, "x"]},
    "/records": {"hashes": [RUN]},
    "/points": {"traces": [{"run_id": RUN, "name": f"{SECRET} metric", "context": {}}]},
    "/align": {
        "align_by": f"{SECRET} metric",
        "runs": [
            {
                "run_id": RUN,
                "traces": [{"name": f"{SECRET} metric", "context": {}, "slice": [0, 9, 1]}],
            }
        ],
    },
    "/experiments/runs": {"experiment_id": "FILL"},
}


def body_for(path: str, ids: dict[str, str]) -> Any:
    for ending, body in sorted(BODIES.items(), key=lambda item: -len(item[0])):
        if path.endswith(ending):
            return json.loads(json.dumps(body).replace("FILL", ids["experiment_id"]))
    return {"name": "changed", "description": "changed", "archived": True, "content": "changed"}


def address(path: str, ids: dict[str, str]) -> str:
    if "experiments/{experiment_id}/note/" in path:
        ids = {**ids, "note_id": ids["experiment_note"]}
    return path.format(**ids)


def test_no_route_shows_or_changes_another_tenants_things(guarded: Guarded) -> None:
    theirs = guarded.store.workspace("other")
    ids = fill(theirs)
    before = snapshot(theirs, ids)
    with guarded.client("write") as stranger:
        for method, path in all_routes():
            if expected_role(method, path) == "admin" or path == "/metrics":
                continue
            url = address(path, ids)
            options: dict[str, Any] = {"params": {"timeout_s": 0, "path": f"{SECRET}.txt"}}
            if method in ("POST", "PUT", "PATCH"):
                options["json"] = body_for(path, ids)
            answer = stranger.request(method, url, **options)
            assert answer.status_code < 500, (method, path, answer.text)
            content = answer.content.replace(url.encode(), b"")
            assert SECRET.encode() not in content, (method, path, content[:500])
    assert snapshot(theirs, ids) == before


def test_the_owner_does_see_them(guarded: Guarded) -> None:
    ids = fill(guarded.store.workspace("other"))
    with guarded.client("other read") as owner:
        shown = [
            path
            for method, path in all_routes()
            if method == "GET"
            and SECRET.encode()
            in owner.get(
                address(path, ids),
                params={"timeout_s": 0, "path": f"{SECRET}.txt"},
            ).content
        ]
    assert len(shown) > 25, shown


def test_two_tenants_may_use_the_same_run_hash(guarded: Guarded) -> None:
    with guarded.client("write") as ours, guarded.client("other write") as theirs:
        for client, value in ((ours, 1.0), (theirs, 2.0)):
            body = {"points": [{"name": "loss", "value": value, "step": 0}]}
            assert client.post(f"/api/v1/rest/runs/{SHARED}/log", json=body).status_code == 200
        for client, value in ((ours, 1.0), (theirs, 2.0)):
            answer = client.post(
                f"/api/v1/rest/runs/{SHARED}/metric/get-batch",
                json=[{"name": "loss", "context": {}}],
            )
            assert answer.json()[0]["values"] == [value]
        assert ours.delete(f"/api/v1/rest/runs/{SHARED}").status_code == 200
        assert theirs.get(f"/api/v1/rest/runs/{SHARED}/info").status_code == 200


def test_a_digest_opens_nothing_of_another_tenant(guarded: Guarded) -> None:
    theirs, ours = guarded.store.workspace("other"), guarded.store.default
    for workspace, run, content in ((theirs, RUN, b"theirs"), (ours, SHARED, b"ours")):
        with workspace.artifacts.put(run, "seq/a/0.png") as file:
            file.write(content)
    digest = theirs.artifacts.get(RUN, "seq/a/0.png").digest
    good = ours.artifacts.get(SHARED, "seq/a/0.png").digest
    uris = [
        str(BlobUri(RUN, "seq/a/0.png", digest)),
        str(BlobUri(SHARED, "seq/a/0.png", digest)),
        str(BlobUri(RUN, "seq/a/0.png", None)),
        str(BlobUri(SHARED, "seq/a/0.png", good)),
    ]
    with guarded.client("read") as stranger:
        answer = stranger.post("/api/v1/rest/runs/images/get-batch", json=uris)
    assert b"theirs" not in answer.content
    assert b"ours" in answer.content


def test_a_token_of_one_tenant_cannot_name_another(guarded: Guarded) -> None:
    header = {"X-Tenant-ID": "other"}
    with guarded.client("admin") as client:
        answer = client.get("/api/v1/experiments", headers=header)
        assert (answer.status_code, answer.json()["message"]) == (403, "Tenant access denied")
        assert client.get("/api/v1/rest/tags", headers=header).status_code == 403
        mine = client.get("/api/v1/experiments", headers={"X-Tenant-ID": "default"})
        assert mine.status_code == 200


def test_a_token_of_all_tenants_chooses_by_header(guarded: Guarded) -> None:
    fill(guarded.store.workspace("other"))
    with guarded.client("all") as client:
        for path in ("/api/v1/experiments/runs", "/api/v1/rest/tags"):
            assert SECRET not in client.get(path).text
            assert SECRET in client.get(path, headers={"X-Tenant-ID": "other"}).text


@pytest.fixture
def open_url(store: Store, request: pytest.FixtureRequest) -> Iterator[str]:
    server = EmbeddedServer(store, ServerSettings(port=0, has_web_ui=False, **request.param))
    url = server.start()
    assert url is not None
    yield url
    server.stop()


def experiments(url: str, tenant: str | None, **options: Any) -> httpx.Response:
    headers = {} if tenant is None else {"X-Tenant-ID": tenant}
    return httpx.get(f"{url}/api/v1/experiments{options.get('path', '')}", headers=headers)


@pytest.mark.parametrize("open_url", [{}], indirect=True)
def test_an_open_server_lets_the_header_choose(open_url: str, store: Store) -> None:
    ids = fill(store.workspace("acme-corp"))
    assert experiments(open_url, "acme-corp").json()["total"] == 1
    assert experiments(open_url, None).json()["total"] == 0
    path = f"/{ids['experiment_id']}"
    assert experiments(open_url, "acme-corp", path=path).status_code == 200
    assert experiments(open_url, "rival", path=path).status_code == 404
    for bad in ("", "a/b", "../x", "a b", "x" * 65):
        assert experiments(open_url, bad).status_code == 400
    assert (
        httpx.get(f"{open_url}/api/v1/rest/tags", headers={"X-Tenant-ID": "acme-corp"}).json()
        == []
    )


@pytest.mark.parametrize(
    "open_url", [{"requires_tenant": True, "tenants": ("acme",)}], indirect=True
)
def test_strict_servers_insist_on_a_known_tenant(open_url: str) -> None:
    missing = experiments(open_url, None)
    assert (missing.status_code, missing.json()["message"]) == (
        400,
        "X-Tenant-ID header required",
    )
    assert experiments(open_url, "acme").status_code == 200
    assert experiments(open_url, "rival").status_code == 403


@pytest.mark.parametrize("open_url", [{"foreign_status": 403}], indirect=True)
def test_foreign_things_may_be_denied_openly(open_url: str, store: Store) -> None:
    ids = fill(store.workspace("acme"))
    for path in (f"/{ids['experiment_id']}", f"/runs/{RUN}"):
        assert experiments(open_url, "rival", path=path).status_code == 403
        assert experiments(open_url, "acme", path=path).status_code == 200
    assert experiments(open_url, "rival", path="/runs/nothing").status_code == 404
