"""What is loaded in threads is handed on once, in order, and said to be under way while it is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Static

from app.loading import LoadFinished, Loads
from store.errors import QueryError, StoreError
from tests.app.quiet import let_time_pass, loads_held_up, look_up_instead_of_guessing

look_up_instead_of_guessing()


class Reader(Static, Loads):
    """Something that loads; its threads tell their outcome, and end, when they may."""

    def __init__(self) -> None:
        super().__init__()
        self.has_outcome, self.may_tell = threading.Event(), threading.Event()
        self.may_end = threading.Event()

    def post_message(self, message: Message) -> bool:
        """Keep the thread for a while, before and after it tells."""
        if not isinstance(message, LoadFinished):
            return super().post_message(message)
        self.has_outcome.set()
        assert self.may_tell.wait(30)
        taken = super().post_message(message)
        assert self.may_end.wait(30)
        return taken


class Reading(App[None]):
    """A dashboard of one reader."""

    def compose(self) -> ComposeResult:
        """The reader."""
        yield Reader()


@contextmanager
def ended_afterwards(reader: Reader) -> Iterator[None]:
    try:
        yield
    finally:
        reader.may_tell.set()
        reader.may_end.set()


async def outcome_of(reader: Reader) -> None:
    """Wait until a thread is about to tell its outcome."""
    assert await asyncio.to_thread(reader.has_outcome.wait, 30)


async def passes(pilot: Pilot[None]) -> None:
    """Handle all messages, let time pass, handle what that brings."""
    await pilot.pause()
    let_time_pass()
    await pilot.pause()


async def test_what_was_handed_on_is_not_under_way() -> None:
    async with Reading().run_test() as pilot:
        reader, got = pilot.app.query_one(Reader), []
        with ended_afterwards(reader), loads_held_up():
            reader.load("a", lambda: 1, got.append)
            reader.may_tell.set()
            while not got:
                await pilot.pause()
            await passes(pilot)
            assert not reader.has_class("-loading"), "its thread has not ended, but that is all"


async def test_an_answer_that_was_outdated_before_it_came_is_dropped() -> None:
    async with Reading().run_test() as pilot:
        reader, got = pilot.app.query_one(Reader), []
        with ended_afterwards(reader):
            reader.load("a", lambda: "old", got.append)
            await outcome_of(reader)
            reader.load("a", lambda: "new", got.append)
            reader.may_tell.set()
            reader.may_end.set()
            await passes(pilot)
        assert got == ["new"]


async def test_one_that_ends_does_not_hide_that_another_is_slow() -> None:
    async with Reading().run_test() as pilot:
        reader, gate = pilot.app.query_one(Reader), threading.Event()
        with ended_afterwards(reader), loads_held_up():
            reader.load("slow", lambda: gate.wait(30), lambda _: None)
            await passes(pilot)
            assert reader.has_class("-loading")
            ended: list[bool] = []
            reader.may_tell.set()
            reader.load("quick", lambda: True, ended.append)
            while not ended:
                await pilot.pause()
            await passes(pilot)
            assert reader.has_class("-loading")
            assert reader.cancel_loads()
            assert not reader.has_class("-loading")
            gate.set()


def wrong() -> None:
    raise QueryError("this is no query")


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_an_error_comes_unless_nobody_waits_any_more(is_cancelled: bool) -> None:
    async with Reading().run_test() as pilot:
        reader = pilot.app.query_one(Reader)
        errors: list[StoreError] = []
        work: Callable[[], None] = wrong
        with ended_afterwards(reader):
            reader.load("a", work, lambda _: None, errors.append)
            await outcome_of(reader)
            if is_cancelled:
                reader.cancel_loads()
            reader.may_tell.set()
            reader.may_end.set()
            await passes(pilot)
        assert bool(errors) is not is_cancelled


async def test_short_refusals_leave_the_screen_sooner_than_long_ones() -> None:
    refusals = ("This is not possible [/b] here.", "a long reason " * 20)
    async with Reading().run_test(notifications=True) as pilot:
        reader = pilot.app.query_one(Reader)
        for text in refusals:
            reader.load_failed(StoreError(text))
        await pilot.pause()
        shown = {each.message: each.timeout for each in pilot.app._notifications}
        assert list(shown) == list(refusals), "brackets are no markup"
        assert shown[refusals[0]] < 4
        assert shown[refusals[1]] == 8
