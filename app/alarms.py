"""Alerts while the dashboard runs: checking what changed, toasts, the list, `:alert`.

Mixed into the application. Rules are kept with the data where the source keeps settings,
so everybody who opens the store has the same ones; else in the view state.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.app import App

from app.alerts.checks import default_direction
from app.alerts.delivery import BELL, desktop_notification, headline, post_alerts
from app.alerts.monitor import Alert, AlertMonitor
from app.alerts.rules import DEFAULT_RULES, Rule, RuleError, parse_rule
from app.loading import Loads
from app.messages import OpenRun, ShowMetrics
from app.sources import Feature
from store.models import RunRecord
from store.queries.directions import Direction

if TYPE_CHECKING:
    from app.application import RunfolioApplication

RULES_SETTING = "alerts.rules"
CHECK_EVERY_S = 30.0
"""Runs that stopped logging change nothing, so they are looked for on a timer."""
CHANGED_PAUSE_S = 2.0
"""Runs that log all the time are looked at no more often."""
MAX_TOASTS = 3
"""More news at once is told as a number."""


class Alarms(Loads, App[None]):
    """The part of the application that watches runs."""

    monitor: AlertMonitor
    _changed_runs: set[str]

    def start_alarms(self) -> None:
        """Read the rules, look at the running runs, and go on doing so."""
        self.monitor = AlertMonitor((), self._alert_direction)
        self._changed_runs = set()
        self.load("alert rules", self._read_rules, self._use_rules)

    @property
    def _dashboard(self) -> RunfolioApplication:
        return cast("RunfolioApplication", self)

    def _alert_direction(self, metric: str) -> Direction:
        dashboard = self._dashboard
        chosen = {
            **dashboard.config.metric_directions,
            **dict(dashboard.view_state.metric_directions),
        }
        return Direction(chosen[metric]) if metric in chosen else default_direction(metric)

    # Rules

    def _read_rules(self) -> list[str]:
        dashboard = self._dashboard
        if Feature.SETTINGS in dashboard.source.features:
            kept = dashboard.source.get_setting(RULES_SETTING)
        else:
            kept = dashboard.view_state.extra_value(RULES_SETTING)
        return list(DEFAULT_RULES) if kept is None else [str(text) for text in kept]

    def _use_rules(self, texts: Sequence[str]) -> None:
        self.monitor.rules = tuple(_rules(texts))
        self.check_alerts(None)
        self.set_interval(CHECK_EVERY_S, partial(self.check_alerts, None))

    def add_alert_rule(self, text: str) -> None:
        """Add a rule that was typed."""
        try:
            rule = parse_rule(text)
        except RuleError as error:
            self.notify(str(error), severity="warning", timeout=10, markup=False)
            return
        self._keep_rules([*(each for each in self.monitor.rules if each != rule), rule])
        self.notify(f"Watching: {rule}", timeout=4, markup=False)

    def remove_alert_rule(self, rule: Rule) -> None:
        """Watch for this no longer."""
        self._keep_rules([each for each in self.monitor.rules if each != rule])

    def _keep_rules(self, rules: Sequence[Rule]) -> None:
        self.monitor.rules = tuple(rules)
        texts = [str(rule) for rule in rules]
        dashboard = self._dashboard
        if Feature.SETTINGS in dashboard.source.features:
            write = partial(dashboard.source.set_setting, RULES_SETTING, texts)
            self.load("keep alert rules", write, lambda _: None)
        else:
            dashboard.set_extra(RULES_SETTING, texts)
        self.check_alerts(None)

    # Checking

    def note_changes(self, run_hashes: Iterable[str] | None) -> None:
        """Look at changed runs soon; None is all that are running, at once."""
        if run_hashes is None:
            self.check_alerts(None)
            return
        if not self._changed_runs:
            self.set_timer(CHANGED_PAUSE_S, self._check_changed)
        self._changed_runs.update(run_hashes)

    def _check_changed(self) -> None:
        changed, self._changed_runs = sorted(self._changed_runs), set()
        self.check_alerts(changed)

    def check_alerts(self, run_hashes: Sequence[str] | None) -> None:
        """Look at these runs, or at all that are running; nothing is asked without rules."""
        if not self.monitor.rules:
            return
        source = self._dashboard.source
        read: Callable[[], list[RunRecord]] = source.find_active
        if run_hashes is not None:
            read = partial(source.get_records, run_hashes, params=False)
        # A look at single runs must not outdate the look at all of them.
        group = "alerts of all" if run_hashes is None else "alerts of changed"
        self.load(group, read, self._check, lambda _: None)

    def _check(self, records: Sequence[RunRecord]) -> None:
        news = self.monitor.check(records, self._dashboard.clock())
        if news:
            self._tell(news)
        self._dashboard.set_standing(alert_count=self.monitor.open_count)

    def _tell(self, news: Sequence[Alert]) -> None:
        for alert in news[:MAX_TOASTS]:
            severity = alert.finding.severity.value
            self.notify(headline(alert), severity=severity, timeout=8, markup=False)  # type: ignore[arg-type]
        if len(news) > MAX_TOASTS:
            self.notify(f"and {len(news) - MAX_TOASTS} more alerts: f4 lists them", timeout=8)
        config = self._dashboard.config
        if config.alert_bell:
            self._write_to_terminal(BELL)
        if config.alert_desktop:
            self._write_to_terminal("".join(map(desktop_notification, news[:MAX_TOASTS])))
        if config.alert_webhook:
            post = partial(post_alerts, config.alert_webhook, news)
            self.load("webhook", post, lambda _: None)

    def _write_to_terminal(self, text: str) -> None:
        if self._driver is not None:
            self._driver.write(text)
            self._driver.flush()

    # The list

    def action_alerts(self) -> None:
        """Show what was told, and the rules."""
        from app.dialogs.alerts import AlertsDialog

        dialog = AlertsDialog(
            self.monitor,
            now_s=self._dashboard.clock(),
            add_rule=self.add_alert_rule,
            remove_rule=self.remove_alert_rule,
        )
        self.push_screen(dialog, self._alert_chosen)

    def _alert_chosen(self, alert: Any) -> None:
        self._dashboard.set_standing(alert_count=self.monitor.open_count)
        if not isinstance(alert, Alert):
            return
        finding = alert.finding
        if finding.metric:
            query = f"metric.name == {json.dumps(finding.metric)}"
            self.post_message(ShowMetrics(query, (finding.run_hash,)))
        else:
            self.post_message(OpenRun(finding.run_hash))


def _rules(texts: Iterable[str]) -> Iterable[Rule]:
    for text in texts:
        try:
            yield parse_rule(text)
        except RuleError:
            # Written by a newer version, perhaps; it stays where it is kept until changed.
            continue
