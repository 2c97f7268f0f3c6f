"""The one way in which the dashboard asks its source for something.

`Loads.load` runs a blocking call in a thread and hands the answer to a method on the event
loop. What holds: a newer load of the same group outdates the older one, whose answer is
then dropped; neither an answer nor an error of a cancelled load is ever delivered; only
`StoreError`s are caught, because anything else is a bug that should be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from textual.dom import DOMNode
from textual.message import Message
from textual.worker import Worker, get_current_worker

from store.errors import StoreError

Answer = TypeVar("Answer")

SLOW_AFTER_S = 0.2
"""Loads that take longer show that they are under way."""

LETTERS_PER_S = 25
"""How fast people read who know what they asked for."""
LONGEST_S = 8.0
"""No message in a corner stays longer."""


@dataclass
class LoadFinished(Message, bubble=False):
    """A load is over; calling `deliver` hands its outcome on."""

    worker: Worker[None]
    deliver: Callable[[], None]
    """To be called on the event loop."""


class Loads(DOMNode):
    """Mix this into a widget or screen that loads things.

    While a load of any group takes longer than `SLOW_AFTER_S` the node has the class
    `-loading`.
    """

    _awaited: Mapping[str, Worker[None]] = {}
    """The last load of each group, until its outcome is handed on; never changed in place."""
    _slow: frozenset[Worker[None]] = frozenset()
    """Those of them that take longer."""

    def load(
        self,
        group: str,
        work: Callable[[], Answer],
        done: Callable[[Answer], None],
        failed: Callable[[StoreError], None] | None = None,
        *,
        opens: bool = False,
    ) -> None:
        """Run `work` in a thread, then `done` or `failed` here.

        Args:
            group: The kind of load; a new one outdates the one under way.
            work: Called in a thread. A long one asks `load_is_outdated` now and then.
            done: Called on the event loop with the answer.
            failed: Called on the event loop with the error; shows a message if left out.
            opens: Whether a dialog opens in the end, which keys typed meanwhile are for.
        """

        def run() -> None:
            worker = get_current_worker()
            try:
                deliver = partial(done, work())
            except StoreError as error:
                deliver = partial(failed or self.load_failed, error)
            if not worker.is_cancelled:
                self.post_message(LoadFinished(worker, deliver))

        worker = self.run_worker(run, group=group, exclusive=True, thread=True)
        self._awaited = {**self._awaited, group: worker}
        if opens and (wait := getattr(self.app, "wait_for_opener", None)) is not None:
            wait(worker)
        self.set_timer(SLOW_AFTER_S, partial(self._show_progress, worker))

    def load_failed(self, error: StoreError) -> None:
        """What happens with an error that nobody else wants."""
        text = str(error)
        self.app.notify(
            text,
            severity="error",
            title="That did not work",
            timeout=seconds_to_read(text),
            markup=False,
        )

    @property
    def is_loading(self) -> bool:
        """Whether anything is under way."""
        return any(each.node is self and not each.is_finished for each in self.workers)

    def cancel_loads(self) -> bool:
        """Give up what is under way; whether there was anything."""
        pending = [each for each in self.workers if each.node is self and not each.is_finished]
        for worker in pending:
            worker.cancel()
        self._show_loading()
        return bool(pending)

    def on_load_finished(self, message: LoadFinished) -> None:
        """Hand an answer or error on, unless a newer load has begun meanwhile."""
        message.stop()
        worker = message.worker
        if self._awaited.get(worker.group) is worker and not worker.is_cancelled:
            self._awaited = {k: v for k, v in self._awaited.items() if v is not worker}
            self._show_loading()
            message.deliver()

    def _show_progress(self, worker: Worker[None]) -> None:
        self._slow |= {worker}
        self._show_loading()

    def _show_loading(self) -> None:
        # A worker is not quite finished yet when its outcome is here already.
        awaited = {each for each in self._awaited.values() if not each.is_cancelled}
        self._slow &= awaited
        if bool(self._slow) != self.has_class("-loading"):
            self.set_class(bool(self._slow), "-loading")
            self.loading_changed()

    def loading_changed(self) -> None:
        """Called when a load turns out to be slow, and when it is over."""


def seconds_to_read(text: str) -> float:
    """How long a sentence about something just asked for stays: it lies over the screen."""
    return min(2.0 + len(text) / LETTERS_PER_S, LONGEST_S)


def load_is_outdated() -> bool:
    """Whether the load that this thread works for is no longer wanted."""
    return get_current_worker().is_cancelled
