"""The connection to the source: changes that come in, what is told when none can, and after.

Mixed into the application.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import App

from app import messages
from app.loading import Loads, seconds_to_read
from app.sources import Feature, SourceUnavailableError
from app.sources.watch import ChangeWatcher
from store.errors import StoreError

if TYPE_CHECKING:
    from app.application import RunfolioApplication

GRACE_S = 2.0
"""A call that fails may be the first sign that the source went away, or moved."""


class Connection(Loads, App[None]):
    """The part of the application that watches the source."""

    _watcher: ChangeWatcher | None = None
    _returned_at = -GRACE_S

    @property
    def _dashboard(self) -> RunfolioApplication:
        return cast("RunfolioApplication", self)

    def start_watching(self, version: int) -> None:
        """Tell of changes after a version, from now on."""
        self._watcher = ChangeWatcher(
            self._dashboard.source,
            version=version,
            interval_s=self._dashboard.config.refresh_interval_s,
            on_change=self._post_change,
            on_problem=self._post_problem,
            on_return=self._post_return,
        )
        self._watcher.start()

    def stop_watching(self) -> None:
        """Tell of nothing more."""
        if self._watcher is not None:
            self._watcher.stop()

    def try_now(self) -> None:
        """Try at once to reach a source that does not answer."""
        if self._watcher is not None:
            self._watcher.try_now()

    def _post_change(self, version: int, run_hashes: frozenset[str] | None) -> None:
        self.post_message(messages.SourceChanged(version, run_hashes))

    def _post_problem(self, problem: str, retry_s: float) -> None:
        self.post_message(messages.ConnectionChanged(problem, retry_s))

    def _post_return(self, sentence: str) -> None:
        self.post_message(messages.ConnectionChanged(sentence=sentence))

    @on(messages.ConnectionChanged)
    def _show_connection(self, message: messages.ConnectionChanged) -> None:
        self._dashboard.set_standing(
            problem=message.problem, retry_at=time.monotonic() + message.retry_s
        )
        if message.problem:
            return
        self._returned_at = time.monotonic()
        if message.sentence:
            self.notify(message.sentence, timeout=6, markup=False)
        dashboard = self._dashboard
        store = dashboard.source.store
        if store is not None and dashboard.serving.adopt(store):
            dashboard.open_socket()
        dashboard.watch_again()
        # Features and address may be those of another source now.
        dashboard.set_standing(
            address=dashboard.source.address,
            is_read_only=Feature.WRITE not in dashboard.source.features,
        )

    def load_failed(self, error: StoreError) -> None:
        """Tell about an error; that the source does not answer is told by the banner."""
        if not isinstance(error, SourceUnavailableError):
            super().load_failed(error)
            return

        def tell() -> None:
            if (
                not self._dashboard.standing.problem
                and time.monotonic() - self._returned_at > GRACE_S
            ):
                text, seconds = str(error), seconds_to_read(str(error))
                self.notify(text, severity="error", timeout=seconds, markup=False)

        # The watcher finds out by itself, unless it was this one call that failed.
        self.set_timer(GRACE_S, tell)
