"""Images, texts, audios, distributions and figures over HTTP, and their bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.blob_uris import BlobUri, read_blob_uri
from server.object_trees import Picking
from store import Workspace
from store.models import SequenceKind
from store.models.operations import LogObjects
from tests.factories import START, VAL, log_run, make_hash
from tests.server.client import ApiClient, assert_error


def log_objects(
    workspace: Workspace, kind: SequenceKind, items: dict[int, list[Any]], key: object = 1
) -> str:
    operations = [
        LogObjects(kind, "shown", VAL, step, step / 10, START + step, each)
        for step, each in items.items()
    ]
    return log_run(workspace, key, *operations, params={"lr": 1})


def log_images(workspace: Workspace) -> str:
    """Three images at one step, with their bytes."""
    run = make_hash(1)
    items = []
    for number in range(3):
        path = f"seq/shown/{number}.png"
        with workspace.artifacts.put(run, path, "image/png") as upload:
            upload.write(b"png %d" % number)
        items.append(
            {
                "type": "image",
                "format": "PNG",
                "caption": f"no {number}",
                "width": None if number else 6,
                "height": 4,
                "artifact_path": path,
                "s3_key": f"{run}/{path}",
            }
        )
    return log_objects(workspace, SequenceKind.IMAGES, {5: items})


def test_texts_are_lists_of_objects_by_step(client: ApiClient, workspace: Workspace) -> None:
    run = log_objects(
        workspace,
        SequenceKind.TEXTS,
        {step: [{"type": "text", "data": f"{step}.{n}"} for n in range(2)] for step in (0, 4)},
    )
    frames = client.frames("/runs/search/texts")
    assert [key for key, _ in frames] == ["progress_0", run, "progress_1", "progress_2"]
    tree = dict(frames)[run]
    assert list(tree) == ["params", "traces", "props", "ranges"]
    assert tree["ranges"] == {
        "record_range_total": [0, 5],
        "record_range_used": [0, 5],
        "index_range_total": [0, 2],
        "index_range_used": [0, 2],
    }
    (trace,) = tree["traces"]
    assert trace == {
        "name": "shown",
        "context": {"subset": "val"},
        "values": [
            [{"data": "0.0", "index": 0}, {"data": "0.1", "index": 1}],
            [{"data": "4.0", "index": 0}, {"data": "4.1", "index": 1}],
        ],
        "iters": [0, 4],
        "epochs": [0.0, 0.4],
        "timestamps": [START, START + 4],
    }


def test_ranges_and_densities_as_the_web_ui_sends_them(
    client: ApiClient, workspace: Workspace
) -> None:
    steps = {step: [{"data": f"{n}"} for n in range(4)] for step in range(100)}
    run = log_objects(workspace, SequenceKind.TEXTS, steps)
    tree = client.records(
        "/runs/search/texts",
        record_range="10:21",
        record_density="3",
        index_range="undefined:3",
        index_density="",
    )[run]
    (trace,) = tree["traces"]
    assert trace["iters"] == [10, 15, 20]
    assert [item["index"] for item in trace["values"][0]] == [0, 1, 2]
    assert tree["ranges"]["record_range_used"] == [10, 21]
    assert tree["ranges"]["record_range_total"] == [0, 100]
    assert tree["ranges"]["index_range_used"] == [0, 3]
    assert tree["ranges"]["index_range_total"] == [0, 4]
    assert_error(client.get("/runs/search/texts", record_range="x:2"), 400, "bad_request")


def test_images_have_addresses_of_their_bytes(client: ApiClient, workspace: Workspace) -> None:
    run = log_images(workspace)
    (trace,) = client.records("/runs/search/images", index_density=2)[run]["traces"]
    first, last = trace["values"][0]
    assert (first["caption"], first["width"], first["height"]) == ("no 0", 6, 4)
    assert (last["caption"], last["width"], last["format"]) == ("no 2", 0, "PNG")
    # Thinning does not change which image an address means.
    assert (first["index"], last["index"]) == (0, 2)
    uris = [last["blob_uri"], first["blob_uri"], last["blob_uri"], "gAAAA", "rf.!!"]
    assert client.frames("/runs/images/get-batch", uris) == [
        (last["blob_uri"], b"png 2"),
        (first["blob_uri"], b"png 0"),
    ]
    again = client.records("/runs/search/images", index_density=2)[run]["traces"][0]
    assert again["values"] == trace["values"]


def test_bytes_that_are_not_there_are_empty(client: ApiClient, workspace: Workspace) -> None:
    run = log_run(workspace)
    uris = [
        str(BlobUri(run, "seq/none.png", None)),
        str(BlobUri("nobody", "x", "0" * 64)),
        str(BlobUri(run, "x", "0" * 64)),
    ]
    assert client.frames("/runs/audios/get-batch/", uris) == [(uri, b"") for uri in uris]


def test_bytes_of_a_deleted_run_are_out_of_reach(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_images(workspace)
    uri = client.records("/runs/search/images")[run]["traces"][0]["values"][0][0]["blob_uri"]
    client.delete(f"/runs/{run}")
    assert client.frames("/runs/images/get-batch", [uri]) == [(uri, b"")]


def test_only_images_and_audios_have_bytes(client: ApiClient) -> None:
    assert client.post("/runs/texts/get-batch", []).status_code in (404, 405)


def test_distributions_are_one_object_a_step(client: ApiClient, workspace: Workspace) -> None:
    item = {"type": "distribution", "bin_count": 4, "range": [-1, 1], "data": [1, 5, 4, 2]}
    run = log_objects(workspace, SequenceKind.DISTRIBUTIONS, {0: [item], 1: [{}]})
    tree = client.records("/runs/search/distributions")[run]
    first, empty = tree["traces"][0]["values"]
    assert first["data"].tolist() == [1, 5, 4, 2]
    assert (first["bin_count"], first["range"]) == (4, [-1, 1])
    assert (len(empty["data"]), empty["bin_count"]) == (0, 0)
    assert set(tree["ranges"]) == {"record_range_total", "record_range_used"}


def test_figures_travel_as_json_text(client: ApiClient, workspace: Workspace) -> None:
    figure = {"data": [{"type": "bar", "y": [1, 2]}], "layout": {}}
    run = log_objects(
        workspace, SequenceKind.FIGURES, {3: [{"type": "figure", "data": figure}]}
    )
    (value,) = client.records("/runs/search/figures")[run]["traces"][0]["values"]
    assert json.loads(value["data"]) == figure
    assert value["index"] == 0


WANTED = [{"name": "shown", "context": {"subset": "val"}}, {"name": "nothing", "context": {}}]


def test_a_batch_of_one_run_has_its_members_on_top(
    client: ApiClient, workspace: Workspace
) -> None:
    run = log_images(workspace)
    members = dict(client.frames(f"/runs/{run}/images/get-batch", WANTED))
    assert list(members)[:4] == ["name", "context", "values", "iters"]
    assert (members["name"], members["iters"]) == ("shown", [5])
    assert len(members["values"][0]) == 3
    assert members["record_range_used"] == members["record_range_total"] == [5, 6]
    assert members["index_range_used"] == members["index_range"] == [0, 3]
    assert members["index_range_total"] == [0, 3]
    assert client.frames(f"/runs/{run}/images/get-batch", WANTED[1:]) == []
    assert_error(client.post("/runs/nope/images/get-batch", WANTED), 404, "not_found")


@pytest.mark.parametrize(("step", "found"), [(-1, 4), (0, 0), (2, None), (-2, None), ("", 4)])
def test_one_step_of_a_run(
    client: ApiClient, workspace: Workspace, step: object, found: int | None
) -> None:
    figures = {at: [{"data": {"step": at}}] for at in (0, 4)}
    run = log_objects(workspace, SequenceKind.FIGURES, figures)
    path = f"/runs/{run}/figures/get-step"
    members = dict(client.frames(path, WANTED, record_step=step, record_density=1))
    if found is None:
        assert members == {}
        return
    assert members["iters"] == [found]
    assert [json.loads(value["data"]) for value in members["values"]] == [{"step": found}]
    assert members["record_range_used"] == [found, found]
    assert members["record_range_total"] == [0, 5]
    assert members["index_range_used"] is None


def test_a_query_chooses_sequences(client: ApiClient, workspace: Workspace) -> None:
    run = log_objects(workspace, SequenceKind.TEXTS, {0: [{"data": "x"}]})
    query = "((texts.name == 'shown' and texts.context.subset == 'val'))"
    assert list(client.records("/runs/search/texts", q=query)) == [run]
    assert client.records("/runs/search/texts", q="texts.name == 'other'") == {}
    assert_error(client.get("/runs/search/audios", q="1 +"), 400, "bad_request")


@pytest.mark.parametrize(
    ("picking", "count", "positions"),
    [
        (Picking(), 3, [0, 1, 2]),
        (Picking(density=1), 3, [0]),
        (Picking(density=2), 5, [0, 4]),
        (Picking(density=3), 5, [0, 2, 4]),
        (Picking(1, 4, 2), 9, [1, 3]),
        (Picking(-3, 2), 5, [0, 1]),
        (Picking(7, None), 5, []),
        (Picking(3, 1), 5, []),
        (Picking(), 0, []),
    ],
)
def test_which_objects_of_a_step_are_sent(
    picking: Picking, count: int, positions: list[int]
) -> None:
    assert picking.positions(count) == positions


def test_an_address_survives_as_text() -> None:
    uri = BlobUri("progress", "seq/été \0 x/1.png", None)
    assert read_blob_uri(str(uri)) == uri
    assert str(uri).startswith("rf.")
