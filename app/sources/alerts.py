"""Alerts of a source: from a desk in this process, or over the wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from store.alerts.checks import DirectionOf
from store.alerts.desk import AlertDesk
from store.models.alerts import Alert, AlertSheet, Finding

if TYPE_CHECKING:
    from app.sources.http import HttpDoor


class AlertCalls(Protocol):
    """What the dashboard asks about alerts."""

    def use_alert_rules(self, fixed_rules: Sequence[str], direction_of: DirectionOf) -> None:
        """Watch by these rules of the settings too, if alerts are looked for here."""
        ...

    def look_for_alerts(self, run_hashes: Sequence[str] | None, now: float) -> AlertSheet:
        """What there is to tell, after a look at some runs, or at all that are running."""
        ...

    def acknowledge_alerts(self, numbers: Sequence[int] | None = None) -> None:
        """Mark alerts as seen, all without numbers."""
        ...

    def mute_alert(self, number: int) -> None:
        """Tell nothing more of an alert's rule about its run."""
        ...

    def set_alert_rules(self, rules: Sequence[str]) -> None:
        """Watch by these rules from now on."""
        ...

    def past_alerts(self, rule: str, now: float) -> list[Finding]:
        """Which runs have broken a rule already."""
        ...


class DeskAlerts:
    """Alerts that are looked for here."""

    alert_desk: AlertDesk
    """Where they are kept."""

    def use_alert_rules(self, fixed_rules: Sequence[str], direction_of: DirectionOf) -> None:
        """Watch by these rules of the settings, too."""
        self.alert_desk.use(fixed_rules, direction_of)

    def look_for_alerts(self, run_hashes: Sequence[str] | None, now: float) -> AlertSheet:
        """What there is to tell, after a look."""
        desk = self.alert_desk
        desk.check(run_hashes, now)
        return desk.sheet()

    def acknowledge_alerts(self, numbers: Sequence[int] | None = None) -> None:
        """Mark alerts as seen."""
        self.alert_desk.acknowledge(numbers)

    def mute_alert(self, number: int) -> None:
        """Tell nothing more of a rule about a run."""
        self.alert_desk.mute(number)

    def set_alert_rules(self, rules: Sequence[str]) -> None:
        """Watch by these rules."""
        self.alert_desk.set_rules(rules)

    def past_alerts(self, rule: str, now: float) -> list[Finding]:
        """Which runs have broken a rule already."""
        return self.alert_desk.past(rule, now)


class RemoteAlerts:
    """Alerts that a server looks for."""

    _door: HttpDoor

    def use_alert_rules(self, fixed_rules: Sequence[str], direction_of: DirectionOf) -> None:
        """Nothing: the server has settings of its own."""

    def look_for_alerts(
        self,
        run_hashes: Sequence[str] | None,  # noqa: ARG002 - the server has looked
        now: float,  # noqa: ARG002
    ) -> AlertSheet:
        """What the server has to tell."""
        answer = self._door.json("GET", "/alerts")
        return AlertSheet(
            tuple(Alert.of(each) for each in answer["alerts"]),
            tuple(answer["rules"]),
            tuple(answer["fixed_rules"]),
            int(answer["serial"]),
        )

    def acknowledge_alerts(self, numbers: Sequence[int] | None = None) -> None:
        """Mark alerts as seen."""
        body = {"numbers": None if numbers is None else list(numbers)}
        self._door.json("POST", "/alerts/acknowledge", body=body)

    def mute_alert(self, number: int) -> None:
        """Tell nothing more of a rule about a run."""
        self._door.json("POST", f"/alerts/{number}/mute")

    def set_alert_rules(self, rules: Sequence[str]) -> None:
        """Watch by these rules."""
        self._door.json("PUT", "/alerts/rules", body={"rules": list(rules)})

    def past_alerts(self, rule: str, now: float) -> list[Finding]:  # noqa: ARG002
        """Which runs have broken a rule already."""
        answer = self._door.json("GET", "/alerts/past", params={"rule": rule})
        return [Alert.of(each).finding for each in answer["findings"]]
