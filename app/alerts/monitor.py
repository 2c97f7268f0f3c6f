"""`AlertMonitor`: which findings are news.

A trouble is told once; when it is over and comes back, it is told again. That a run ended
is news only when it was seen running before, so opening an old store rings no bell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.alerts.checks import DirectionOf, Finding, check_run, default_direction
from app.alerts.rules import Rule, RuleKind
from store.models import RunRecord

MAX_ALERTS = 500
"""Older ones are forgotten."""

_ENDINGS = frozenset({RuleKind.FINISHED, RuleKind.FAILED})


@dataclass(frozen=True, slots=True)
class Alert:
    """A finding at the time when it was news."""

    finding: Finding
    time: float
    """Seconds since the epoch."""
    is_acknowledged: bool = False


class AlertMonitor:
    """Checks runs against rules and remembers what was told. One thread at a time."""

    def __init__(
        self, rules: Iterable[Rule], direction_of: DirectionOf = default_direction
    ) -> None:
        self.rules: tuple[Rule, ...] = tuple(rules)
        self._direction_of = direction_of
        self._alerts: list[Alert] = []
        self._standing: set[tuple[str, str, str, str]] = set()
        self._muted: set[tuple[str, str]] = set()
        self._seen_running: set[str] = set()

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Everything told and not forgotten, newest first."""
        return tuple(reversed(self._alerts))

    @property
    def open_count(self) -> int:
        """Alerts that nobody acknowledged."""
        return sum(not alert.is_acknowledged for alert in self._alerts)

    def check(self, records: Sequence[RunRecord], now: float) -> list[Alert]:
        """Look at runs that may have changed; the alerts that are news, oldest first."""
        news: list[Alert] = []
        for record in records:
            found = {finding.key: finding for finding in self._findings(record, now)}
            run_hash = record.run.hash
            over = {key for key in self._standing if key[1] == run_hash and key not in found}
            self._standing -= over
            news += [
                Alert(finding, now)
                for key, finding in found.items()
                if key not in self._standing and (key[0], run_hash) not in self._muted
            ]
            self._standing |= found.keys()
            if record.run.is_active:
                self._seen_running.add(run_hash)
        self._alerts = [*self._alerts, *news][-MAX_ALERTS:]
        return news

    def _findings(self, record: RunRecord, now: float) -> Iterable[Finding]:
        was_running = record.run.hash in self._seen_running
        for rule in self.rules:
            if (rule.kind in _ENDINGS or not record.run.is_active) and not was_running:
                continue
            yield from check_run(rule, record, now, self._direction_of)

    def acknowledge(self, alert: Alert | None = None) -> None:
        """Mark an alert as seen; all of them without one."""
        self._alerts = [
            replace(each, is_acknowledged=True) if alert is None or each == alert else each
            for each in self._alerts
        ]

    def mute(self, alert: Alert) -> None:
        """Tell nothing more of this rule about this run."""
        self._muted.add((str(alert.finding.rule), alert.finding.run_hash))
        self.acknowledge(alert)
