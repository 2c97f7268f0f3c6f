"""The ingestion socket: one reply for each frame, whatever the frame."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from server.embed import EmbeddedServer
from store.models import RunStatus, SequenceKey, SequenceKind
from store.workspace import Workspace

RUN = "a" * 32
METRIC = {"type": "log_metric", "name": "loss", "value": 0.5, "step": 0}


def socket_url(server: EmbeddedServer, run_id: str = RUN) -> str:
    assert server.url is not None
    return server.url.replace("http", "ws", 1) + f"/api/v1/ws/runs/{run_id}"


@pytest.fixture
async def socket(server: EmbeddedServer) -> AsyncIterator[ClientConnection]:
    async with connect(socket_url(server), max_size=None) as opened:
        yield opened


async def reply_to(socket: ClientConnection, frame: Any) -> dict[str, Any]:
    await socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
    reply = await asyncio.wait_for(socket.recv(), 30)
    assert isinstance(reply, str)
    answer: dict[str, Any] = json.loads(reply)
    assert set(answer) == {"status", "error"}
    return answer


async def test_a_valid_frame_is_acknowledged_and_visible(
    socket: ClientConnection, workspace: Workspace
) -> None:
    assert await reply_to(socket, METRIC) == {"status": "ok", "error": None}
    series = workspace.points.read(RUN, SequenceKey("loss"))
    assert (series.steps.tolist(), series.values.tolist()) == ([0], [0.5])
    assert workspace.runs.get(RUN).name == f"Run: {RUN}"


async def test_an_empty_array_is_ok(socket: ClientConnection, workspace: Workspace) -> None:
    assert (await reply_to(socket, []))["status"] == "ok"


@pytest.mark.parametrize("frame", ["not json", "3", "null", b"[]", b"\x00", '{"type":"x"}'])
async def test_what_is_no_frame_gets_an_error_and_the_connection_stays(
    socket: ClientConnection, frame: str | bytes
) -> None:
    answer = await reply_to(socket, frame)
    assert answer["status"] == "error"
    assert answer["error"]
    assert (await reply_to(socket, METRIC))["status"] == "ok"


async def test_elements_before_an_invalid_one_are_stored(
    socket: ClientConnection, workspace: Workspace
) -> None:
    frame = [METRIC, {**METRIC, "step": 1}, {"type": "log_metric"}, {**METRIC, "step": 2}]
    assert (await reply_to(socket, frame))["status"] == "error"
    assert workspace.points.read(RUN, SequenceKey("loss")).steps.tolist() == [0, 1]


async def test_nan_and_infinities_are_stored(
    socket: ClientConnection, workspace: Workspace
) -> None:
    values = [math.nan, math.inf, -math.inf]
    frame = [{**METRIC, "step": step, "value": value} for step, value in enumerate(values)]
    assert (await reply_to(socket, frame))["status"] == "ok"
    kept = workspace.points.read(RUN, SequenceKey("loss")).values.tolist()
    assert [repr(value) for value in kept] == ["nan", "inf", "-inf"]


async def test_steps_are_counted_where_the_client_does_not(
    socket: ClientConnection, workspace: Workspace
) -> None:
    for step in (None, 5, None, None):
        await reply_to(socket, {**METRIC, "step": step})
    assert workspace.points.read(RUN, SequenceKey("loss")).steps.tolist() == [0, 5, 6, 7]


async def test_the_clients_clock_is_used_when_it_is_sane(
    socket: ClientConnection, workspace: Workspace
) -> None:
    for step, clock in enumerate(["2026-01-01T00:00:00+00:00", "1970-01-01T00:00:00+00:00"]):
        await reply_to(socket, {**METRIC, "step": step, "client_datetime": clock})
    times = workspace.points.read(RUN, SequenceKey("loss")).times.tolist()
    assert times[0] == 1_767_225_600.0
    assert times[1] > times[0]


async def test_every_kind_of_message_makes_the_run(
    server: EmbeddedServer, workspace: Workspace
) -> None:
    clock = "2026-11-21T20:41:43+00:00"
    messages: list[dict[str, Any]] = [
        {"type": "create_run", "client_datetime": clock},
        METRIC,
        {"type": "log_hparams", "value": {"lr": 1}},
        {"type": "set_run_property", "name": "n", "experiment": "e", "archived": True},
        {"type": "add_tag", "tag_name": "t"},
        {"type": "remove_tag", "tag_name": "unknown"},
        {"type": "log_custom_object", "name": "o", "value": {"type": "text", "data": "d"}},
        {"type": "log_terminal_line", "line": "l", "step": 0},
        {"type": "log_record", "message": "m", "level": 20, "timestamp": 1.5},
        {"type": "blob_ref", "s3_key": "k", "artifact_path": "p"},
        {"type": "finish_run"},
    ]
    for number, message in enumerate(messages):
        run_id = f"{number:032x}"
        async with connect(socket_url(server, run_id)) as socket:
            assert (await reply_to(socket, message))["status"] == "ok", message
        assert workspace.runs.get(run_id).hash == run_id


async def test_objects_come_in_singular_and_plural_and_as_lists(
    socket: ClientConnection, workspace: Workspace
) -> None:
    words = {"type": "text", "data": "d"}
    message = {"type": "log_custom_object", "name": "w", "step": 0}
    for step, (dtype, value) in enumerate(
        [("text", words), ("texts", words), ("texts", [words, words])]
    ):
        frame = {**message, "dtype": dtype, "value": value, "step": step}
        assert (await reply_to(socket, frame))["status"] == "ok"
    await reply_to(socket, {**message, "name": "odd", "dtype": "MyThing", "value": {"a": 1}})
    kinds = {found.name: found.kind for found in workspace.sequences.find(RUN)}
    assert kinds == {"w": SequenceKind.TEXTS}
    custom = workspace.sequences.find(RUN, kinds=[SequenceKind.CUSTOM])
    assert [found.name for found in custom] == ["odd"]


async def test_finishing_and_late_data(socket: ClientConnection, workspace: Workspace) -> None:
    await reply_to(socket, METRIC)
    await reply_to(socket, {"type": "finish_run"})
    finished_at = workspace.runs.get(RUN).finished_at
    assert finished_at is not None
    await reply_to(socket, [{**METRIC, "step": 1}, {"type": "finish_run"}])
    run = workspace.runs.get(RUN)
    assert (run.status, run.finished_at) == (RunStatus.FINISHED, finished_at)
    assert len(workspace.points.read(RUN, SequenceKey("loss"))) == 2


async def test_a_blob_path_that_leaves_the_run_is_refused(socket: ClientConnection) -> None:
    for path in ("../x", "/x", "a//b", "", "a/../../b"):
        frame = {"type": "blob_ref", "s3_key": "k", "artifact_path": path}
        assert (await reply_to(socket, frame))["status"] == "error"


@pytest.mark.parametrize("run_id", ["progress_1", "progress", "runs", "compare", "%01"])
async def test_run_ids_that_cannot_be_are_refused_by_reply(
    server: EmbeddedServer, workspace: Workspace, run_id: str
) -> None:
    async with connect(socket_url(server, run_id)) as socket:
        answer = await reply_to(socket, METRIC)
    assert answer["status"] == "error"
    assert workspace.runs.count() == 0


@pytest.mark.parametrize("run_id", [f"{RUN}/", "", "a/b", "a%2Fb"])
async def test_other_paths_are_refused_at_the_handshake(
    server: EmbeddedServer, run_id: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(socket_url(server, run_id)):
            pass
    assert refused.value.response.status_code == 403


async def test_a_frame_of_sixty_megabytes_is_taken(
    socket: ClientConnection, workspace: Workspace
) -> None:
    line = {"type": "log_custom_object", "name": "w", "dtype": "text", "step": 0}
    frame = json.dumps([{**line, "value": {"type": "text", "data": "x" * 60_000_000}}, METRIC])
    assert (await reply_to(socket, frame))["status"] == "ok"
    assert len(workspace.points.read(RUN, SequenceKey("loss"))) == 1


async def test_many_connections_to_one_run_keep_every_point(
    server: EmbeddedServer, workspace: Workspace
) -> None:
    async def write(rank: int) -> None:
        async with connect(socket_url(server)) as socket:
            for start in range(0, 100, 10):
                frame = [
                    {**METRIC, "step": step, "context": {"rank": rank}}
                    for step in range(start, start + 10)
                ]
                assert (await reply_to(socket, frame))["status"] == "ok"

    await asyncio.gather(*(write(rank) for rank in range(20)))
    found = workspace.sequences.find(RUN)
    assert len(found) == 20
    series = workspace.points.read_many([sequence.id for sequence in found])
    assert all(one.steps.tolist() == list(range(100)) for one in series.values())


async def test_frames_sent_ahead_are_answered_in_order(socket: ClientConnection) -> None:
    for number in range(50):
        await socket.send(json.dumps({**METRIC, "step": number}) if number % 2 else "bad")
    statuses = [json.loads(await socket.recv())["status"] for _ in range(50)]
    assert statuses == ["error", "ok"] * 25
