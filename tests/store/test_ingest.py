"""The write path: what each operation means, repeated or in any order."""

from __future__ import annotations

import math
from concurrent.futures import Future
from typing import TYPE_CHECKING

import pytest

from store import Store
from store.clock import SystemClock
from store.errors import InvalidDataError
from store.models import Context, RunStatus, SequenceKey, SequenceKind
from store.models.operations import (
    AddTag,
    CreateRun,
    FinishRun,
    LogLines,
    LogObjects,
    LogPoints,
    LogRecords,
    NewRecord,
    Operation,
    RemoveTag,
    SetParams,
    SetProperty,
)
from store.workspace import Workspace
from tests.factories import START, StillClock, log_run, make_hash, make_points

if TYPE_CHECKING:
    from pathlib import Path

RUN = make_hash("ingest")


def apply(workspace: Workspace, *operations: Operation) -> None:
    workspace.ingest.submit(RUN, operations).result()


@pytest.mark.parametrize(
    "operation",
    [
        CreateRun(),
        make_points(),
        SetParams({"a": 1}),
        SetProperty(name="x"),
        AddTag("best"),
        RemoveTag("best"),
        LogObjects(SequenceKind.TEXTS, "t", items=[{"type": "text", "data": "x"}]),
        LogLines([(0, "x")]),
        LogRecords([NewRecord("x", 20, START)]),
        FinishRun(),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_any_operation_creates_the_run(workspace: Workspace, operation: Operation) -> None:
    apply(workspace, operation)
    run = workspace.runs.get(RUN)
    assert run.name == (operation.name if isinstance(operation, SetProperty) else f"Run: {RUN}")


def test_a_frame_is_applied_in_order(workspace: Workspace) -> None:
    apply(
        workspace,
        SetProperty(name="one"),
        SetProperty(name="two", description="d"),
        AddTag("a"),
        RemoveTag("a"),
        AddTag("b"),
        SetParams({"x": 1}),
        SetParams({"x": 2}),
    )
    record = workspace.runs.record(RUN)
    assert (record.run.name, record.run.description) == ("two", "d")
    assert [tag.name for tag in record.run.tags] == ["b"]
    assert record.params == {"x": 2}


def test_the_experiment_is_created_once(workspace: Workspace) -> None:
    for key in range(3):
        log_run(workspace, key, experiment="vision")
    log_run(workspace, 3, experiment=" vision")
    assert [(e.name, e.run_count) for e in workspace.experiments.find()] == [
        ("vision", 3),
        (" vision", 1),
    ]


def test_a_run_moves_to_another_experiment(workspace: Workspace) -> None:
    apply(workspace, SetProperty(experiment="a"), SetProperty(experiment="b"))
    assert workspace.runs.get(RUN).experiment == "b"
    apply(workspace, SetProperty(experiment="c"), SetProperty(description="x"))
    assert workspace.runs.get(RUN).experiment == "c"


def test_times_of_the_client_count_when_they_are_sane(tmp_path: Path) -> None:
    clock = StillClock()
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        workspace = store.default
        apply(workspace, CreateRun(START - 50), FinishRun(START - 20))
        run = workspace.runs.get(RUN)
        assert (run.created_at, run.finished_at) == (START - 50, START - 20)
        workspace.ingest.submit("odd", [CreateRun(5.0), FinishRun(START * 2)]).result()
        run = workspace.runs.get("odd")
        assert (run.created_at, run.finished_at) == (START, START)
        workspace.ingest.submit("back", [CreateRun(START), FinishRun(START - 9)]).result()
        assert workspace.runs.get("back").duration_s(START) == 0


def test_the_first_end_counts_until_the_run_is_resumed(workspace: Workspace) -> None:
    apply(workspace, CreateRun(START), FinishRun(START + 10))
    apply(workspace, FinishRun(START + 20, RunStatus.FAILED))
    run = workspace.runs.get(RUN)
    assert (run.status, run.finished_at) == (RunStatus.FINISHED, START + 10)
    apply(workspace, make_points())
    assert not workspace.runs.get(RUN).is_active
    apply(workspace, CreateRun(START + 30))
    assert workspace.runs.get(RUN).finished_at is None
    apply(workspace, FinishRun(START + 40))
    assert workspace.runs.get(RUN).finished_at == START + 40


@pytest.mark.parametrize("force_resume", [False, True])
def test_resuming_loses_nothing(workspace: Workspace, force_resume: bool) -> None:
    log_run(
        workspace, "ingest", name="n", experiment="e", params={"a": 1}, tags=["t"],
        metrics={"loss": [1, 2]}, started_at=START, status=RunStatus.FINISHED,
    )  # fmt: skip
    workspace.runs.update(RUN, is_archived=True)
    before = workspace.runs.record(RUN)
    apply(workspace, CreateRun(START + 500, force_resume))
    after = workspace.runs.record(RUN)
    assert after.run.is_active
    assert after.run.is_archived
    assert (after.run.name, after.run.experiment) == ("n", "e")
    assert after.run.created_at == before.run.created_at
    assert (after.params, after.metrics) == (before.params, before.metrics)


def test_a_repeated_frame_changes_nothing(workspace: Workspace) -> None:
    frame: list[Operation] = [
        CreateRun(START),
        make_points(values=[1, 2, 3]),
        SetParams({"a": {"b": 1}}),
        AddTag("t"),
        LogLines([(0, "a"), (1, "b")]),
        LogRecords([NewRecord("m", 20, START), NewRecord("m", 20, START + 1)]),
        LogObjects(SequenceKind.TEXTS, "t", step=3, items=[{"type": "text", "data": "x"}]),
    ]
    apply(workspace, *frame)
    before = workspace.runs.record(RUN)
    apply(workspace, *frame)
    after = workspace.runs.record(RUN)
    assert after.metrics == before.metrics
    assert after.params == before.params
    assert after.run.tags == before.run.tags
    assert len(workspace.logs.lines(RUN)) == 2
    assert workspace.logs.records(RUN)[0] == 2
    (texts,) = workspace.sequences.find(RUN, [SequenceKind.TEXTS])
    assert [step.step for step in workspace.objects.steps(texts.id)] == [3]


def test_points_come_back(workspace: Workspace) -> None:
    context = Context.of({"subset": "val"})
    apply(
        workspace,
        LogPoints(
            "loss", context, [5, 1], [math.inf, math.nan], [1.0, 0.5], [START, START + 1]
        ),
        LogPoints("loss", context, [-1, -1], [2.0, 3.0]),
    )
    series = workspace.points.read(RUN, SequenceKey("loss", context))
    assert series.steps.tolist() == [1, 5, 6, 7]
    assert math.isnan(series.values[0])
    assert series.values[1:].tolist() == [math.inf, 2.0, 3.0]
    assert series.times[:2].tolist() == [START + 1, START]


@pytest.mark.parametrize(
    "operation",
    [
        LogPoints("", Context(), [1], [1.0]),
        LogPoints("x" * 2000, Context(), [1], [1.0]),
        LogPoints("loss", Context(), [1, 2], [1.0]),
        LogPoints("loss", Context(), [2**70], [1.0]),
        LogPoints("loss", Context(), [1], ["high"]),  # type: ignore[list-item]
        LogObjects(SequenceKind.TEXTS, "", items=[]),
        AddTag(" "),
        LogLines([(2**80, "x")]),
    ],
    ids=repr,
)
def test_a_frame_with_a_bad_operation_changes_nothing(
    workspace: Workspace, operation: Operation
) -> None:
    with pytest.raises(InvalidDataError):
        apply(workspace, SetProperty(name="x"), operation)
    assert not workspace.runs.exists(RUN)


@pytest.mark.parametrize(
    "run_hash",
    ["", "a/b", "..", ".", "progress_1", "a\0b", "x" * 300, "a\nb", "\ud800", "runs", " a"],
)
def test_a_hash_that_cannot_name_a_run_is_refused(workspace: Workspace, run_hash: str) -> None:
    with pytest.raises(InvalidDataError):
        workspace.ingest.submit(run_hash, [CreateRun()])
    assert workspace.runs.count() == 0


def test_half_a_surrogate_never_reaches_the_disk(workspace: Workspace) -> None:
    context = Context.of({"k": "\ud800"})
    apply(
        workspace,
        LogPoints("loss\ud800", context, [1], [1.0], dtype="\ud800"),
        LogObjects(SequenceKind.TEXTS, "t\ud800", context, items=[{"data": "\ud800"}]),
        SetProperty(name="\ud800", description="\ud800", experiment="\ud800"),
        AddTag("\ud800"),
        LogLines([(0, "\ud800")]),
        LogRecords([NewRecord("\ud800", 20, START, {"a": "\ud800"}, ["\ud800", 1])]),
    )
    record = workspace.runs.record(RUN)
    assert (record.run.name, record.run.experiment) == ("\ufffd", "\ufffd")
    assert [tag.name for tag in record.run.tags] == ["\ufffd"]
    assert record.metrics[0].name == "loss\ufffd"
    assert {ref.context.text for ref in workspace.sequences.find(RUN)} == {'{"k":"\ufffd"}'}
    assert workspace.logs.lines(RUN)[0].text == "\ufffd"


def test_an_empty_frame_is_accepted(workspace: Workspace) -> None:
    workspace.ingest.submit(RUN, []).result()
    assert not workspace.runs.exists(RUN)


def test_many_frames_at_once(workspace: Workspace) -> None:
    futures: list[Future[None]] = []
    for number in range(300):
        run = make_hash(number % 10)
        futures.append(
            workspace.ingest.submit(
                run,
                [
                    SetParams({"hparams": {f"p{number}": number}}),
                    make_points("loss", [float(number)], first_step=number),
                    LogLines([(number, f"line {number}")]),
                    AddTag(f"tag {number % 3}"),
                ],
            )
        )
    for future in futures:
        future.result()
    for number in range(10):
        record = workspace.runs.record(make_hash(number))
        assert record.params["hparams"] == {f"p{item}": item for item in range(number, 300, 10)}
        assert record.metrics[0].count == 30
        assert len(record.run.tags) == 3
        assert len(workspace.logs.lines(make_hash(number), 0)) == 30


def test_points_move_the_time_of_the_last_change(tmp_path: Path) -> None:
    clock = StillClock()
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        apply(store.default, CreateRun())
        clock.time_s += 5
        apply(store.default, make_points())
        assert store.default.runs.get(RUN).updated_at == START + 5
        assert store.default.runs.record(RUN).run.updated_at == START + 5
    with Store.open(tmp_path / "lab.rf", clock=SystemClock()) as store:
        assert store.default.runs.get(RUN).updated_at == START + 5


def test_everything_is_there_after_reopening(tmp_path: Path) -> None:
    with Store.open(tmp_path / "lab.rf") as store:
        log_run(
            store.default, "ingest", LogLines([(0, "x")]), name="n", experiment="e",
            params={"a": {"b": [1, None]}}, tags=["t"], metrics={"loss": [1, 2]},
        )  # fmt: skip
        before = store.default.runs.record(RUN)
    with Store.open(tmp_path / "lab.rf") as store:
        assert store.default.runs.record(RUN) == before
        apply(store.default, LogLines([(0, "y")]), LogRecords([NewRecord("m", 20, START)]))
        assert [line.text for line in store.default.logs.lines(RUN)] == ["y"]
