"""`AlertDesk`: the alerts of one workspace, for everybody who asks. Any thread may.

Rules and what was told are kept with the data, so a restart neither forgets nor repeats.
Somebody has to call `check`: the dashboard that owns the store, or the server without one.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from store.alerts.checks import DirectionOf, Look, PointsOf, check_run, default_direction
from store.alerts.monitor import AlertMonitor
from store.alerts.rules import DEFAULT_RULES, Rule, RuleError, RuleKind, parse_rule
from store.errors import NotFoundError
from store.models import MetricSummary, RunRecord
from store.models.alerts import Alert, AlertSheet, Finding

RULES_SETTING = "alerts.rules"
STATE_SETTING = "alerts.state"

_SAY_NOTHING_OF_THE_PAST = frozenset({RuleKind.STALLED, RuleKind.SLOWED, RuleKind.FINISHED})


class Shelf(Protocol):
    """Where small JSON values are kept."""

    def get(self, name: str) -> Any:
        """A value, or None."""
        ...

    def set(self, name: str, value: Any) -> None:
        """Keep a value."""
        ...


class Runs(Protocol):
    """Where runs are read."""

    def active(self) -> Sequence[RunRecord]:
        """Running runs with the summaries of their metrics."""
        ...

    def some(self, run_hashes: Sequence[str]) -> Sequence[RunRecord]:
        """Those of the runs that exist, with the summaries of their metrics."""
        ...

    def all(self) -> Iterator[RunRecord]:
        """Every run with the summaries of its metrics."""
        ...


class AlertDesk:
    """The alerts of one workspace."""

    def __init__(self, runs: Runs, shelf: Shelf, points_of: PointsOf) -> None:
        self._runs = runs
        self._shelf = shelf
        self._points_of = points_of
        self._lock = threading.RLock()
        self._monitor: AlertMonitor | None = None
        self._fixed: tuple[Rule, ...] = ()
        self._direction_of: DirectionOf = default_direction

    def use(
        self, fixed_rules: Iterable[str], direction_of: DirectionOf = default_direction
    ) -> None:
        """Watch by some rules besides those that are kept, too; unknown ones are left out."""
        with self._lock:
            self._fixed = tuple(_understood(fixed_rules))
            self._direction_of = direction_of

    def sheet(self) -> AlertSheet:
        """What was told."""
        with self._lock:
            monitor = self._known()
            return AlertSheet(
                monitor.alerts,
                tuple(str(rule) for rule in self._kept_rules()),
                tuple(str(rule) for rule in self._fixed),
                monitor.serial,
            )

    def since(self, serial: int) -> list[Alert]:
        """Alerts that are new or changed after a serial number, in that order."""
        with self._lock:
            changed = [each for each in self._known().alerts if each.serial > serial]
        return sorted(changed, key=lambda alert: alert.serial)

    def check(self, run_hashes: Sequence[str] | None, now: float) -> list[Alert]:
        """Look at some runs, or at all that are running; the alerts that are news."""
        with self._lock:
            rules = (*self._kept_rules(), *self._fixed)
        if not rules or (run_hashes is not None and not run_hashes):
            return []
        records = self._runs.active() if run_hashes is None else self._runs.some(run_hashes)
        with self._lock:
            monitor = self._known()
            monitor.rules = tuple(dict.fromkeys(rules))
            look = Look(now, self._points_of, self._direction_of)
            before = monitor.state()
            news = monitor.check(records, look)
            if monitor.state() != before:
                self._keep()
        return news

    def get(self, number: int) -> Alert:
        """One alert.

        Raises:
            NotFoundError: If there is none of this number.
        """
        for alert in self.sheet().alerts:
            if alert.number == number:
                return alert
        raise NotFoundError("alert", str(number))

    def acknowledge(self, numbers: Iterable[int] | None = None) -> int:
        """Mark alerts as seen, all without numbers; how many that were."""
        with self._lock:
            count = self._known().acknowledge(numbers)
            if count:
                self._keep()
            return count

    def mute(self, number: int) -> None:
        """Tell nothing more of an alert's rule about its run.

        Raises:
            NotFoundError: If there is no such alert.
        """
        with self._lock:
            if self._known().mute(number) is None:
                raise NotFoundError("alert", str(number))
            self._keep()

    def set_rules(self, texts: Sequence[str]) -> None:
        """Watch by these rules from now on.

        Raises:
            RuleError: If one of them is no rule.
        """
        kept = list(dict.fromkeys(str(parse_rule(text)) for text in texts))
        with self._lock:
            self._shelf.set(RULES_SETTING, kept)

    def past(self, text: str, now: float) -> list[Finding]:
        """Which runs have broken a rule already, running or not.

        Raises:
            RuleError: If the text is no rule.
        """
        rule = parse_rule(text)
        if rule.kind in _SAY_NOTHING_OF_THE_PAST:
            return []
        look = Look(now, None, self._direction_of, is_past=True)
        return [
            finding for record in self._runs.all() for finding in check_run(rule, record, look)
        ]

    def _known(self) -> AlertMonitor:
        if self._monitor is None:
            self._monitor = AlertMonitor()
            state = self._shelf.get(STATE_SETTING)
            if state is not None:
                self._monitor.go_on(state)
        return self._monitor

    def _kept_rules(self) -> tuple[Rule, ...]:
        kept = self._shelf.get(RULES_SETTING)
        return tuple(_understood(DEFAULT_RULES if kept is None else kept))

    def _keep(self) -> None:
        self._shelf.set(STATE_SETTING, self._known().state())


def last_steps(summary: MetricSummary, point_count: int) -> tuple[int, int]:
    """The steps, both inclusive, that about the last so many points of a metric have."""
    steps = summary.last_step - summary.first_step
    stride = steps / (summary.count - 1) if summary.count > 1 else 1.0
    return summary.last_step - math.ceil(stride * point_count), summary.last_step


def _understood(texts: Iterable[str]) -> Iterator[Rule]:
    for text in texts:
        try:
            yield parse_rule(str(text))
        except RuleError:
            # Written by a newer version, perhaps; it stays where it is kept until changed.
            continue
