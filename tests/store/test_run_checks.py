"""Frames that are applied only if the run allows it, asked in the step that writes them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest

from store import Store
from store.errors import NotFoundError, StateConflictError
from store.models import RunStatus, SequenceKey, SequenceKind
from store.models.operations import (
    AddTag,
    CreateRun,
    FinishRun,
    LogObjects,
    Operation,
    RunCheck,
    SetParams,
)
from store.workspace import Workspace
from tests.factories import make_hash, make_points

RUN, OTHER = make_hash("checked"), make_hash("other")
METRIC = make_points().name


@pytest.fixture(autouse=True)
def runs(workspace: Workspace) -> None:
    for run in (RUN, OTHER):
        workspace.ingest.submit(run, [CreateRun()]).result()


@contextmanager
def busy_writer(workspace: Workspace) -> Iterator[None]:
    """What is submitted inside waits for the writer, and is taken by it in one go."""
    is_held, may_go_on = threading.Event(), threading.Event()

    def hold(_: str, __: Mapping[str, Any]) -> None:
        is_held.set()
        may_go_on.wait(60)

    holding = workspace.ingest.submit(OTHER, [], hold)
    is_held.wait(60)
    try:
        yield
    finally:
        may_go_on.set()
    holding.result()


def keeps(value: int) -> RunCheck:
    def check(_: str, params: Mapping[str, Any]) -> None:
        if params.get("lr", value) != value:
            raise StateConflictError("lr has another value")

    return check


def is_open(status: str, _: Mapping[str, Any]) -> None:
    if status != RunStatus.RUNNING:
        raise StateConflictError(f"ended: {status}")


def refusal(future: Future[None]) -> str:
    error = future.exception(60)
    assert error is None or isinstance(error, StateConflictError)
    return "" if error is None else str(error)


def test_the_second_of_two_is_measured_by_the_first(workspace: Workspace) -> None:
    with busy_writer(workspace):
        futures = [
            workspace.ingest.submit(RUN, [SetParams({"lr": value})], keeps(value))
            for value in (1, 2, 1, 3)
        ]
    no = "lr has another value"
    assert [refusal(future) for future in futures] == ["", no, "", no]
    assert workspace.runs.params(RUN) == {"lr": 1}


def test_nothing_of_a_refused_frame_is_kept(workspace: Workspace) -> None:
    operations: list[Operation] = [
        SetParams({"new": 1}),
        AddTag("best"),
        make_points(),
    ]
    workspace.ingest.submit(RUN, [FinishRun()]).result()
    with busy_writer(workspace):
        refused = workspace.ingest.submit(RUN, operations, is_open)
        others = [
            workspace.ingest.submit(RUN, [AddTag("late")]),
            workspace.ingest.submit(OTHER, operations, is_open),
        ]
    assert refusal(refused) == "ended: finished"
    assert [refusal(future) for future in others] == ["", ""]
    record = workspace.runs.record(RUN)
    assert (record.params, record.metrics) == ({}, ())
    assert [tag.name for tag in record.run.tags] == ["late"]
    record = workspace.runs.record(OTHER)
    assert (record.params, len(record.metrics)) == ({"new": 1}, 1)


def test_points_come_before_the_end_or_not_at_all(workspace: Workspace) -> None:
    with busy_writer(workspace):
        before = workspace.ingest.submit(RUN, [make_points(values=[1.0])], is_open)
        end = workspace.ingest.submit(RUN, [FinishRun()])
        after = workspace.ingest.submit(RUN, [make_points(values=[2.0], first_step=5)], is_open)
    assert [refusal(each) for each in (before, end, after)] == ["", "", "ended: finished"]
    assert workspace.points.read(RUN, SequenceKey(METRIC)).values.tolist() == [1.0]


def test_a_check_without_operations_is_asked(workspace: Workspace) -> None:
    assert refusal(workspace.ingest.submit(RUN, [], is_open)) == ""
    workspace.ingest.submit(RUN, [FinishRun()]).result()
    assert refusal(workspace.ingest.submit(RUN, [], is_open)) == "ended: finished"


def test_bytes_that_the_run_may_not_have_are_not_left_behind(
    store: Store, workspace: Workspace
) -> None:
    workspace.ingest.submit(RUN, [FinishRun()]).result()
    put = workspace.artifacts.put(RUN, "a.txt", check=is_open)
    with pytest.raises(StateConflictError), put as file:
        file.write(b"abc")
    assert workspace.artifacts.find(RUN) == []
    assert [path for path in (store.path / "blobs").rglob("*") if path.is_file()] == []
    with workspace.artifacts.put(OTHER, "a.txt", check=is_open) as file:
        file.write(b"abc")
    assert [each.path for each in workspace.artifacts.find(OTHER)] == ["a.txt"]


def test_large_objects_that_were_refused_are_not_left_behind(
    store: Store, workspace: Workspace
) -> None:
    workspace.ingest.submit(RUN, [FinishRun()]).result()
    texts = LogObjects(SequenceKind.TEXTS, "t", items=[{"type": "text", "data": "x" * 100_000}])
    assert refusal(workspace.ingest.submit(RUN, [texts], is_open)) == "ended: finished"
    # Behind the job that clears up.
    workspace.ingest.submit(OTHER, [AddTag("next")]).result()
    assert [path for path in (store.path / "blobs").rglob("*") if path.is_file()] == []


def test_a_run_that_was_deleted_meanwhile_takes_nothing(workspace: Workspace) -> None:
    with busy_writer(workspace):
        waiting = workspace.ingest.submit(RUN, [make_points()], is_open)
        deleting = threading.Thread(target=workspace.runs.delete, args=([RUN],))
        deleting.start()
    waiting.result(60)
    deleting.join()
    with pytest.raises(NotFoundError):
        workspace.runs.get(RUN)
