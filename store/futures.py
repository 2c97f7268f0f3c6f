"""Futures in a row and side by side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future


def resolved() -> Future[None]:
    """One that has succeeded."""
    future: Future[None] = Future()
    future.set_result(None)
    return future


def pass_on(source: Future[None], target: Future[None]) -> None:
    """Let the target end as the source does."""

    def settle(done: Future[None]) -> None:
        error = done.exception()
        if error is None:
            target.set_result(None)
        else:
            target.set_exception(error)

    source.add_done_callback(settle)


def then(first: Future[None], after: Callable[[], Future[None]]) -> Future[None]:
    """Starts the second when the first has succeeded; resolves with that one."""
    future: Future[None] = Future()

    def go_on(done: Future[None]) -> None:
        error = done.exception()
        if error is not None:
            future.set_exception(error)
            return
        try:
            pass_on(after(), future)
        except BaseException as failure:  # noqa: BLE001 - handed to whoever waits
            future.set_exception(failure)

    first.add_done_callback(go_on)
    return future


def both(first: Future[None], second: Future[None]) -> Future[None]:
    """Resolves when both have; with an error if either has one."""
    future: Future[None] = Future()
    first.add_done_callback(
        lambda done: (
            future.set_exception(error)
            if (error := done.exception())
            else pass_on(second, future)
        )
    )
    return future
