"""The real matyan-client writes to one port and reads it all back."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from matyan_client import Audio, Distribution, Figure, Image, Repo, Run, Text

from server.embed import EmbeddedServer
from tests.e2e.serving import metric_points, run_info, wait_until


@pytest.fixture
def url(server: EmbeddedServer) -> str:
    assert server.url is not None
    return server.url


@pytest.fixture
def repo(url: str) -> Iterator[Repo]:
    opened = Repo(url)
    yield opened
    opened.close()


def open_run(url: str, run_hash: str | None = None, **options: Any) -> Run:
    return Run(run_hash, repo=url, capture_terminal_logs=False, **options)


def flush(run: Run) -> None:
    """Wait until everything that the run has sent was acknowledged."""
    ws = run._ws
    assert ws is not None
    goal = ws.stats["sent"] + ws.pending
    ws.send_remove_tag("no such tag")
    wait_until(lambda: ws.pending == 0 and ws.stats["sent"] > goal)


def test_a_whole_life_arrives(url: str, repo: Repo, tmp_path: Path) -> None:
    run = open_run(url, experiment="exp-one", log_system_params=True)
    run.name = "first"
    run.description = "ünïcode"
    run["hparams"] = {"lr": 0.1, "layers": [64, 32], "nothing": None}
    run["hparams.drop"] = 0.5
    run["a.b.c"] = 1
    run["empty"] = {}
    for step in range(10_000):
        run.track(1.0 / (step + 1), name="loss", epoch=step // 100, context={"subset": "train"})
    run.track({"acc": 0.5, "f1": 0.25}, step=3)
    run.track(True, name="flag")
    run.add_tag("best")
    run.add_tag("worst")
    run.remove_tag("worst")
    run.log_warning("careful", where="here")
    for step, line in enumerate(["one", "two", "three"]):
        run._send_terminal_line(line, step)
    run._send_terminal_line("three and more", 2)
    folder = tmp_path / "files"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"a")
    (folder / "deep" / "ü b.txt").write_bytes(b"b" * 100_000)
    run.log_artifact(str(folder / "a.txt"))
    run.log_artifacts(str(folder), name="all")
    run.close()

    info = run_info(url, run.hash)
    props = info["props"]
    assert (props["name"], props["description"]) == ("first", "ünïcode")
    assert props["experiment"]["name"] == "exp-one"
    assert [tag["name"] for tag in props["tags"]] == ["best"]
    assert props["active"] is False
    assert props["end_time"] >= props["creation_time"]
    params = info["params"]
    assert params["hparams"] == {"lr": 0.1, "layers": [64, 32], "nothing": None, "drop": 0.5}
    assert params["a"] == {"b": {"c": 1}}
    assert params["empty"] == {}
    assert "executable" in params["__system_params"]
    points = metric_points(url, run.hash, "loss", {"subset": "train"})
    assert points == [(step, 1.0 / (step + 1)) for step in range(10_000)]
    assert metric_points(url, run.hash, "acc") == [(3, 0.5)]
    assert metric_points(url, run.hash, "flag") == [(0, 1.0)]
    assert {a["path"] for a in info["artifacts"]} == {"a.txt", "all/a.txt", "all/deep/ü b.txt"}
    read = repo.get_run(run.hash)
    assert read is not None
    assert read.get_artifact("all/deep/ü b.txt") == b"b" * 100_000
    unpacked = read.download_artifacts(tmp_path / "out")
    assert len(unpacked) == 3
    assert read._http.get_run_logs(run.hash) == [(0, "one"), (1, "two"), (2, "three and more")]
    total, records = read._http.get_run_log_records(run.hash)
    assert total == 1
    assert records[0][1]["message"] == "careful"
    assert records[0][1]["log_level"] == "WARNING"


def test_objects_arrive_with_their_bytes(url: str, repo: Repo) -> None:
    run = open_run(url)
    pixels = np.arange(6 * 4 * 3, dtype=np.uint8).reshape(4, 6, 3)
    run.track(Image(pixels, caption="small"), name="pictures/ä b", step=1)
    run.track(Audio(b"RIFFnoise", format_="wav", rate=8000), name="sounds", step=1)
    run.track(Text("hello"), name="words", step=1, context={"k": 1})
    run.track(Distribution(samples=np.linspace(0, 1, 500), bin_count=10), name="weights")
    run.track(Figure({"data": [{"y": [1, 2]}], "layout": {}}), name="plots")
    run.close()
    traces = run_info(url, run.hash)["traces"]
    assert traces["images"][0]["name"] == "pictures/ä b"
    assert traces["texts"][0]["context"] == {"k": 1}
    found = repo.query_images()
    picture = _first_value(found)
    assert (picture["caption"], picture["width"], picture["height"]) == ("small", 6, 4)
    blobs = repo._http.get_blob_batch("images", [picture["blob_uri"]])
    from PIL import Image as Pillow

    with Pillow.open(io.BytesIO(blobs[picture["blob_uri"]])) as image:
        assert np.array_equal(np.asarray(image), pixels)
    sound = _first_value(repo.query_audios())
    assert repo._http.get_blob_batch("audios", [sound["blob_uri"]])[sound["blob_uri"]] == (
        b"RIFFnoise"
    )
    assert _first_value(repo.query_texts())["data"] == "hello"
    assert _first_value(repo.query_distributions())["bin_count"] == 10
    assert json.loads(_first_value(repo.query_figure_objects())["data"])["data"] == [
        {"y": [1, 2]}
    ]


def _first_value(found: list[dict[str, Any]]) -> dict[str, Any]:
    # The client makes lists into mappings from position.
    (run,) = found
    value = run["traces"][0]["values"][0]
    while isinstance(value.get(0), dict):
        value = value[0]
    assert isinstance(value, dict)
    return value


def test_numbers_that_json_does_not_have_are_kept(url: str, repo: Repo) -> None:
    run = open_run(url)
    for value in (1.0, math.nan, math.inf, -math.inf, 2.0):
        run.track(value, name="ünstable µ")
    run["big"] = 10**30
    run["bigger"] = {"list": [2**64, -(2**70)]}
    run["rate"] = math.nan
    run["empty"] = {}
    run.close()
    assert metric_points(url, run.hash, "ünstable µ") == [
        (0, 1.0),
        (1, None),
        (2, None),
        (3, None),
        (4, 2.0),
    ]
    (found,) = repo.query_metrics("metric.name == 'ünstable µ'")
    encoded = found["traces"][0]["values"]
    values = np.frombuffer(encoded["blob"], encoded["dtype"])
    assert np.array_equal(values, [1.0, math.nan, math.inf, -math.inf, 2.0], equal_nan=True)
    params = run_info(url, run.hash)["params"]
    assert params["big"] == 1e30
    assert params["bigger"]["list"] == [float(2**64), -float(2**70)]
    assert params["rate"] in ("NaN", None)
    assert params["empty"] == {}


@pytest.mark.parametrize("force_resume", [True, False])
def test_a_resumed_run_keeps_what_it_had(url: str, force_resume: bool) -> None:
    run = open_run(url, experiment="old")
    run.name = "kept"
    run["lr"] = 0.1
    run.track(1.0, name="loss", step=0)
    run.close()
    before = run_info(url, run.hash)["props"]
    again = open_run(url, run.hash, force_resume=force_resume)
    again.track(2.0, name="loss", step=1)
    flush(again)
    props = run_info(url, run.hash)["props"]
    assert (props["name"], props["experiment"]["name"]) == ("kept", "old")
    assert props["creation_time"] == before["creation_time"]
    assert props["active"] is True
    assert props["end_time"] is None
    again.close()
    info = run_info(url, run.hash)
    assert info["params"]["lr"] == 0.1
    assert info["props"]["active"] is False
    assert metric_points(url, run.hash, "loss") == [(0, 1.0), (1, 2.0)]


def test_two_clients_write_to_one_run(url: str) -> None:
    first = open_run(url)
    second = open_run(url, first.hash)
    for step in range(500):
        first.track(float(step), name="a", step=step)
        second.track(float(-step), name="b", step=step)
        second.track(float(step), name="shared", step=step, context={"rank": 1})
        first.track(float(step), name="shared", step=step, context={"rank": 0})
    first.close()
    second.close()
    for name, context in (
        ("a", {}),
        ("b", {}),
        ("shared", {"rank": 0}),
        ("shared", {"rank": 1}),
    ):
        assert len(metric_points(url, first.hash, name, context)) == 500


def test_nothing_of_a_deleted_run_comes_back(url: str, repo: Repo) -> None:
    run = open_run(url)
    run.track(1.0, name="loss")
    flush(run)
    assert repo.delete_run(run.hash)
    run.track(2.0, name="loss")
    run.add_tag("late")
    flush(run)
    assert run._ws is not None
    assert run._ws.stats["dropped"] == 0
    assert repo.get_run(run.hash) is None
    assert repo.list_all_runs() == []
    repo._http.clear_run_tombstone(run.hash)
    run.track(3.0, name="loss", step=7)
    run.close()
    assert metric_points(url, run.hash, "loss") == [(7, 3.0)]


def test_a_frame_of_twenty_megabytes_is_taken(url: str) -> None:
    run = open_run(url)
    text = "x" * (20 * 1024 * 1024)
    run.track(Text(text), name="long", step=0)
    run["large"] = {"list": list(range(100_000))}
    run.track(1.0, name="after")
    run.close()
    assert metric_points(url, run.hash, "after") == [(0, 1.0)]
    assert len(run_info(url, run.hash)["params"]["large"]["list"]) == 100_000


def test_the_repo_answers_questions(url: str, repo: Repo) -> None:
    runs = [open_run(url, experiment=f"exp-{number % 2}") for number in range(7)]
    for number, run in enumerate(runs):
        run["lr"] = 0.1 * number
        run.track(float(number), name="loss", context={"subset": "train"})
    for run in runs[:5]:
        run.close()
    for run in runs[5:]:
        flush(run)
    hashes = [run.hash for run in runs]
    assert repo.run_exists(hashes[0])
    assert not repo.run_exists("no" * 16)
    assert set(repo.list_all_runs()) == set(hashes)
    assert set(repo.list_active_runs()) == set(hashes[5:])
    assert repo.total_runs_count() == 7
    found = repo.query_runs("run.lr > 0.35 and run.experiment == 'exp-0'")
    assert isinstance(found, list)
    assert {run["hash"] for run in found} == {hashes[4], hashes[6]}
    pages = list(repo.query_runs("", paginated=True, limit=3))
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {run["hash"] for page in pages for run in page} == set(hashes)
    assert len(repo.query_metrics("metric.name == 'loss' and run.lr < 0.15")) == 2
    sequences = repo.collect_sequence_info(("metric",))
    assert sequences[hashes[0]]["metric"][0]["name"] == "loss"
    assert repo.collect_params_info()[hashes[1]]["lr"] == 0.1
    assert sorted(run.hash for run in repo.iter_runs()) == sorted(hashes)
    experiments = httpx.get(f"{url}/api/v1/rest/experiments/").json()
    (wanted,) = [entry for entry in experiments if entry["name"] == "exp-1"]
    assert repo.delete_experiment(wanted["id"])
    assert not repo.delete_experiment(wanted["id"])
    ok, failed = repo.delete_runs([*hashes[:3], "no" * 16])
    assert not ok
    assert failed == ["no" * 16]
    assert repo.total_runs_count() == 4
    for run in runs[5:]:
        run.close()


def test_a_bad_frame_does_not_end_the_run(url: str) -> None:
    run = open_run(url)
    assert run._ws is not None
    run._ws.send({"type": "log_metric", "run_id": run.hash, "name": "x", "value": "high"})
    run._ws.send({"type": "from the future"})
    flush(run)
    run.track(1.0, name="loss")
    run.close()
    assert metric_points(url, run.hash, "loss") == [(0, 1.0)]


def test_params_written_by_the_client_are_read_by_another(url: str) -> None:
    tree = {"model": {"name": "ü", "sizes": [1, [2, 3]], "on": True}, "x.y": 1}
    run = open_run(url)
    run["cfg"] = tree
    run.close()
    reader = Run(run.hash, repo=url, read_only=True)
    assert json.dumps(reader["cfg"], sort_keys=True) == json.dumps(tree, sort_keys=True)
    reader.close()
