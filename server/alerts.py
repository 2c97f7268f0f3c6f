"""Looks for alerts while no dashboard does, and calls the hooks."""

from __future__ import annotations

import threading
import time

from msgspec import Struct, field

from server.settings import ServerSettings
from store import Store
from store.alerts.checks import DirectionOf, default_direction
from store.alerts.hooks import AlertHooks
from store.errors import StoreError
from store.queries.directions import Direction

PAUSE_S = 2.0
"""Runs that log all the time are looked at no more often."""
ALL_EVERY_S = 30.0
"""Runs that stopped logging change nothing, so all that run are looked at now and then."""
STOP_S = 5.0


class AlertWatch(Struct):
    """One thread that checks the runs of every tenant."""

    store: Store
    settings: ServerSettings
    _is_stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _hooks: AlertHooks | None = None

    def start(self) -> None:
        """Begin, if the settings ask for it."""
        if not self.settings.watches_alerts:
            return
        self._hooks = AlertHooks(self.settings.alert_webhook, self.settings.alert_command)
        self._thread = threading.Thread(target=self._watch, name="alert-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._is_stopped.set()
        if self._thread is not None:
            # A thread inside the store while the interpreter ends makes DuckDB complain.
            self.store.changes.wake()
            self._thread.join(STOP_S)
        if self._hooks is not None:
            self._hooks.stop()

    def _watch(self) -> None:
        changes = self.store.changes
        version, all_at = changes.version, 0.0
        while not self._is_stopped.is_set():
            is_all = time.monotonic() >= all_at
            if is_all:
                all_at = time.monotonic() + ALL_EVERY_S
            newest = changes.version
            for tenant in self.store.tenants():
                changed = None if is_all else changes.runs_since(version, tenant)
                self._check(tenant, None if changed is None else sorted(changed))
            version = newest
            self._is_stopped.wait(PAUSE_S)
            changes.wait(version, max(0.0, all_at - time.monotonic()))

    def _check(self, tenant: str, run_hashes: list[str] | None) -> None:
        desk = self.store.workspace(tenant).alerts
        desk.use(self.settings.alert_rules, self._direction_of())
        try:
            news = desk.check(run_hashes, time.time())
        except StoreError:
            # The store is being closed, or busy beyond its limits: the next look finds it.
            return
        if news and self._hooks is not None:
            self._hooks.tell(news)

    def _direction_of(self) -> DirectionOf:
        chosen = self.settings.metric_directions

        def direction_of(metric: str) -> Direction:
            return Direction(chosen[metric]) if metric in chosen else default_direction(metric)

        return direction_of
