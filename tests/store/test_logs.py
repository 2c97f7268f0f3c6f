"""Terminal lines and structured records."""

from __future__ import annotations

from pathlib import Path

from store import Store
from store.models import LogLine
from store.models.operations import LogLines, LogRecords, NewRecord
from store.workspace import Workspace
from tests.factories import START, log_run, make_hash


def test_a_line_replaces_what_was_at_its_step(workspace: Workspace) -> None:
    run = log_run(workspace, 1, LogLines([(0, "a"), (1, "wor"), (1, "worl")]))
    workspace.ingest.submit(run, [LogLines([(1, "world"), (2, "c")])]).result()
    assert workspace.logs.lines(run) == [LogLine(0, "a"), LogLine(1, "world"), LogLine(2, "c")]


def test_ranges_are_half_open_and_by_step(workspace: Workspace) -> None:
    steps = list(range(0, 1000, 2))
    run = log_run(workspace, 1, LogLines([(step, str(step)) for step in steps]))

    def lines(start: int | None = None, stop: int | None = None) -> list[int]:
        return [line.step for line in workspace.logs.lines(run, start, stop)]

    assert lines() == [step for step in steps if step > 998 - 200]
    assert lines(10, 15) == [10, 12, 14]
    assert lines(990) == [990, 992, 994, 996, 998]
    assert lines(None, 5) == [0, 2, 4]
    assert lines(5, 5) == []
    assert workspace.logs.lines("nobody") == []
    assert workspace.logs.lines(log_run(workspace, 2)) == []


def test_records_are_numbered(workspace: Workspace) -> None:
    records = [NewRecord(f"m{n}", 20, START + n, {"n": n}, ["a.py", n]) for n in range(3)]
    run = log_run(workspace, 1, LogRecords(records))
    workspace.ingest.submit(run, [LogRecords([NewRecord("late", 40, START)])]).result()
    total, found = workspace.logs.records(run)
    assert total == 4
    assert [record.number for record in found] == [0, 1, 2, 3]
    assert (found[1].message, found[1].args, found[1].logger_info) == (
        "m1",
        {"n": 1},
        ["a.py", 1],
    )
    assert (found[3].level, found[3].args, found[3].logger_info) == (40, None, None)
    assert workspace.logs.records(run, 1, 3)[1] == found[1:3]
    assert workspace.logs.records("nobody") == (0, [])


def test_numbers_go_on_after_reopening(tmp_path: Path) -> None:
    run = make_hash(1)
    for number in range(2):
        with Store.open(tmp_path / "lab.rf") as store:
            record = LogRecords([NewRecord("m", 20, START + number)])
            store.default.ingest.submit(run, [record, LogLines([(0, str(number))])]).result()
            assert store.default.logs.records(run)[0] == number + 1
            assert store.default.logs.lines(run) == [LogLine(0, str(number))]
