"""`AlertMonitor`: which findings are news.

A trouble is told once; when it is over and comes back, it is told again. That a run ended
is news only when it was seen running before, so opening an old store rings no bell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from store.alerts.checks import Look, check_run
from store.alerts.rules import Rule, RuleKind
from store.models import RunRecord
from store.models.alerts import Alert, Finding

MAX_ALERTS = 200
"""Older ones are forgotten."""

_ENDINGS = frozenset({RuleKind.FINISHED, RuleKind.FAILED})


class AlertMonitor:
    """Checks runs against rules and remembers what was told. One thread at a time."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules: tuple[Rule, ...] = tuple(rules)
        self._alerts: list[Alert] = []
        self._standing: set[tuple[str, str, str, str]] = set()
        self._muted: set[tuple[str, str]] = set()
        self._seen_running: set[str] = set()
        self._serial = 0

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Everything told and not forgotten, newest first."""
        return tuple(reversed(self._alerts))

    @property
    def serial(self) -> int:
        """Moves whenever anything about any alert changes."""
        return self._serial

    def check(self, records: Sequence[RunRecord], look: Look) -> list[Alert]:
        """Look at runs that may have changed; the alerts that are news, oldest first."""
        news: list[Alert] = []
        for record in records:
            findings = list(self._findings(record, look))
            found = {finding.key: finding for _, finding in findings}
            meanings = {finding.key: _meaning(rule, finding) for rule, finding in findings}
            run_hash = record.run.hash
            over = {key for key in self._standing if key[1] == run_hash and key not in found}
            self._standing -= over
            told = {
                meanings[key]
                for key in found
                if key in self._standing or (key[0], run_hash) in self._muted
            }
            for key, finding in found.items():
                # Another rule may have said just this, as `* is nan` and `loss is nan` do.
                if meanings[key] not in told:
                    told.add(meanings[key])
                    news.append(self._alert(finding, look.now))
            self._standing |= found.keys()
            if record.run.is_active:
                self._seen_running.add(run_hash)
        self._alerts = [*self._alerts, *news][-MAX_ALERTS:]
        return news

    def _alert(self, finding: Finding, now: float) -> Alert:
        self._serial += 1
        return Alert(finding, now, self._serial, self._serial)

    def _findings(self, record: RunRecord, look: Look) -> Iterable[tuple[Rule, Finding]]:
        was_running = record.run.hash in self._seen_running
        for rule in self.rules:
            if (rule.kind in _ENDINGS or not record.run.is_active) and not was_running:
                continue
            for finding in check_run(rule, record, look):
                yield rule, finding

    def acknowledge(self, numbers: Iterable[int] | None = None) -> int:
        """Mark alerts as seen; all of them without numbers. How many that were."""
        wanted = None if numbers is None else set(numbers)
        count = 0
        for place, alert in enumerate(self._alerts):
            if alert.is_acknowledged or (wanted is not None and alert.number not in wanted):
                continue
            self._serial += 1
            count += 1
            self._alerts[place] = replace(alert, is_acknowledged=True, serial=self._serial)
        return count

    def mute(self, number: int) -> Alert | None:
        """Tell nothing more of an alert's rule about its run; the alert, if it is known."""
        found = next((each for each in self._alerts if each.number == number), None)
        if found is not None:
            self._muted.add((found.finding.rule, found.finding.run_hash))
            same = (found.finding.rule, found.finding.run_hash)
            self.acknowledge(
                each.number
                for each in self._alerts
                if (each.finding.rule, each.finding.run_hash) == same
            )
        return found

    def state(self) -> dict[str, Any]:
        """All that has to be known to go on after a restart, as JSON."""
        runs = {alert.finding.run_hash for alert in self._alerts}
        return {
            "serial": self._serial,
            "alerts": [alert.as_dict() for alert in self._alerts],
            "standing": sorted(list(key) for key in self._standing if key[1] in runs),
            "muted": sorted(list(pair) for pair in self._muted),
        }

    def go_on(self, state: Mapping[str, Any]) -> None:
        """Go on from a state that was kept; from nothing if it cannot be understood."""
        try:
            serial, alerts = int(state["serial"]), [Alert.of(each) for each in state["alerts"]]
            standing = {(a, b, c, d) for a, b, c, d in state["standing"]}
            muted = {(rule, run_hash) for rule, run_hash in state["muted"]}
        except (KeyError, TypeError, ValueError):
            return
        self._serial, self._alerts = serial, alerts
        self._standing, self._muted = standing, muted


def _meaning(rule: Rule, finding: Finding) -> tuple[object, ...]:
    """What a rule says of a metric or a run, however the rule names them."""
    return (rule.kind, rule.amount, rule.span_s, finding.metric, finding.context.text)
