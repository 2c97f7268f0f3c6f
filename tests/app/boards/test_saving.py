"""States are written in their order, and what is read again is never older than what is shown."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.boards.saving import Saver


def test_a_state_that_was_overtaken_is_left_out() -> None:
    written: list[str] = []
    saver = Saver("board", written.append)
    first, second = saver.ticket(), saver.ticket()
    saver.write("new", second)
    saver.write("old", first)
    assert written == ["new"]


def test_nothing_is_read_while_a_change_waits_to_be_written() -> None:
    kept = ["old"]
    saver = Saver("board", kept.append)
    ticket = saver.ticket()
    assert saver.read(lambda: kept[-1]) is None
    saver.write("new", ticket)
    assert saver.read(lambda: kept[-1]) == "new"


def test_a_change_outdates_what_was_read_before_it() -> None:
    saver = Saver[str]("board", lambda _: None)
    before = saver.newest
    saver.write("new", saver.ticket())
    assert saver.newest != before


def test_a_ticket_that_is_noted_late_does_not_stop_reading() -> None:
    kept: list[str] = []
    saver = Saver("board", kept.append)
    first, second = saver.ticket(), saver.ticket()
    saver.newest = first
    saver.write("new", second)
    assert saver.read(lambda: kept[-1]) == "new"


def test_reading_waits_for_what_is_being_written() -> None:
    kept, writing, may_end = ["old"], threading.Event(), threading.Event()

    def write(state: str) -> None:
        writing.set()
        assert may_end.wait(30)
        kept.append(state)

    saver = Saver("board", write)
    with ThreadPoolExecutor(2) as threads:
        written = threads.submit(saver.write, "new", saver.ticket())
        assert writing.wait(30)
        read = threads.submit(saver.read, lambda: kept[-1])
        may_end.set()
        written.result(30)
        assert read.result(30) == "new"


def test_after_a_write_that_failed_the_state_of_before_is_read() -> None:
    def fail(_: str) -> None:
        raise OSError("full")

    saver = Saver("board", fail)
    with pytest.raises(OSError, match="full"):
        saver.write("new", saver.ticket())
    assert saver.read(lambda: "old") == "old"
