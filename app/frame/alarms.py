"""Alerts while the dashboard runs: looking, the strip, toasts, the list, `:alert`.

Mixed into the application. Where alerts are looked for, in this process or by a server, is the
source's business; rules and what was told are kept with the data, so everybody sees the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.app import App

from app.alerts.delivery import BELL, desktop_notification
from app.formatting import plural, shorten
from app.loading import Loads, seconds_to_read
from app.messages import OpenRun, ShowMetrics
from app.sources import Feature
from app.widgets.alert_strip import OpenAlerts
from store.alerts.checks import default_direction
from store.alerts.desk import RULES_SETTING
from store.alerts.hooks import AlertHooks, HookError
from store.alerts.rules import DEFAULT_RULES, RuleError, parse_rule
from store.models.alerts import Alert, AlertSheet, Finding
from store.queries.directions import Direction

if TYPE_CHECKING:
    from app.application import RunfolioApplication

CHECK_EVERY_S = 30.0
"""Runs that stopped logging change nothing, so they are looked for on a timer."""
CHANGED_PAUSE_S = 2.0
"""Runs that log all the time are looked at no more often."""
MAX_TOASTS = 3
"""More news at once is told as a number."""
MAX_NAMES = 4


class Alarms(Loads, App[None]):
    """The part of the application that watches runs."""

    alert_sheet: AlertSheet = AlertSheet()
    """Empty until the first screen is shown, which may ask for it."""
    past_alerts: tuple[Finding, ...] = ()
    """Which runs had broken the rule that was added last before it was added."""
    _changed_runs: set[str]
    _hooks: AlertHooks
    _told_serial: int
    _alarms_since: float

    def start_alarms(self) -> None:
        """Look at the running runs, and go on doing so."""
        dashboard = self._dashboard
        self.alert_sheet = AlertSheet()
        self._changed_runs = set()
        self._told_serial = 0
        self._alarms_since = dashboard.clock()
        self._hooks = AlertHooks()
        self.use_alert_settings()
        for name, text in dashboard.config.alert_rules.items():
            try:
                parse_rule(text)
            except RuleError as error:
                self.notify(str(error), title=f"alert_rules.{name}", severity="warning")
        if Feature.SETTINGS not in dashboard.source.features:
            kept = dashboard.view_state.extra_value(RULES_SETTING) or DEFAULT_RULES
            self.load("alert rules", partial(self._set_rules, kept), self._use_sheet)
        else:
            self.check_alerts(None)
        self.set_interval(CHECK_EVERY_S, partial(self.check_alerts, None))

    def stop_alarms(self) -> None:
        """Call nobody any more."""
        if hasattr(self, "_hooks"):
            self._hooks.stop()

    def watch_again(self) -> None:
        """Go on after the source went away, and perhaps became another one."""
        self.alert_sheet = AlertSheet()
        self.use_alert_settings()

    def use_alert_settings(self) -> None:
        """Watch and tell as the settings say, from now on."""
        config = self._dashboard.config
        self._hooks.stop()
        self._hooks = AlertHooks(
            config.alert_webhook, config.alert_command, on_failure=self._hook_failed
        )
        self._dashboard.source.use_alert_rules(
            tuple(config.alert_rules.values()), self._alert_direction
        )

    def _hook_failed(self, error: HookError) -> None:
        # On the hooks' own thread.
        self.call_later(self.load_failed, error)

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

    def add_alert_rule(self, text: str) -> None:
        """Add a rule that was typed, and say which runs have broken it already."""
        try:
            rule = str(parse_rule(text))
        except RuleError as error:
            text, seconds = str(error), seconds_to_read(str(error))
            self.notify(text, severity="warning", timeout=seconds, markup=False)
            return
        rules = [*(each for each in self.alert_sheet.rules if each != rule), rule]
        source, now = self._dashboard.source, self._dashboard.clock()

        def add() -> tuple[AlertSheet, list[Finding]]:
            past = source.past_alerts(rule, now)
            return self._set_rules(rules), past

        def added(answer: tuple[AlertSheet, list[Finding]]) -> None:
            sheet, past = answer
            self.past_alerts = tuple(past)
            self._keep_in_view(sheet)
            self._use_sheet(sheet)
            names = list(dict.fromkeys(each.run_name for each in past))
            text = _watching(rule, names)
            self.notify(text, timeout=seconds_to_read(text), markup=False)

        self.load("add alert rule", add, added)

    def remove_alert_rule(self, rule: str) -> None:
        """Watch for this no longer."""
        rules = [each for each in self.alert_sheet.rules if each != rule]
        if len(rules) == len(self.alert_sheet.rules):
            self.notify("This rule is from the settings; take it away there.", timeout=6)
            return

        def removed(sheet: AlertSheet) -> None:
            self._keep_in_view(sheet)
            self._use_sheet(sheet)

        self.load("remove alert rule", partial(self._set_rules, rules), removed)

    def _set_rules(self, rules: Sequence[str]) -> AlertSheet:
        source = self._dashboard.source
        source.set_alert_rules(rules)
        return source.look_for_alerts(None, self._dashboard.clock())

    def _keep_in_view(self, sheet: AlertSheet) -> None:
        if Feature.SETTINGS not in self._dashboard.source.features:
            self._dashboard.set_extra(RULES_SETTING, list(sheet.rules))

    # Looking

    def note_changes(self, run_hashes: Iterable[str] | None) -> None:
        """Look at changed runs soon; None is all that are running, at once."""
        if run_hashes is None:
            self.check_alerts(None)
            return
        if not self._changed_runs:
            self.set_timer(CHANGED_PAUSE_S, self._check_changed)
        # What is told may change without a run, too: somebody else acknowledged it.
        self._changed_runs.update(run_hashes, {""})

    def _check_changed(self) -> None:
        changed, self._changed_runs = sorted(self._changed_runs - {""}), set()
        self.check_alerts(changed)

    def check_alerts(self, run_hashes: Sequence[str] | None) -> None:
        """Look at these runs, or at all that are running."""
        dashboard = self._dashboard
        look = partial(dashboard.source.look_for_alerts, run_hashes, dashboard.clock())
        # A look at single runs must not outdate the look at all of them.
        group = "alerts of all" if run_hashes is None else "alerts of changed"
        self.load(group, look, self._use_sheet, lambda _: None)

    def _use_sheet(self, sheet: AlertSheet) -> None:
        if sheet.serial < self.alert_sheet.serial:
            # An answer that was overtaken by a newer one.
            return
        self.alert_sheet = sheet
        news = [
            alert
            for alert in reversed(sheet.alerts)
            if alert.number > self._told_serial
            and alert.time >= self._alarms_since
            and not alert.is_acknowledged
        ]
        self._told_serial = max((each.number for each in sheet.alerts), default=0)
        if news:
            self._tell(news)
        self._dashboard.set_standing(alerts=OpenAlerts.of(sheet))
        show = getattr(self.screen, "show_sheet", None) if self.screen_stack else None
        if show is not None:
            show(sheet, self.past_alerts)

    def _tell(self, news: Sequence[Alert]) -> None:
        by_run: dict[str, list[Alert]] = {}
        for alert in news:
            by_run.setdefault(alert.finding.run_hash, []).append(alert)
        for first, *others in list(by_run.values())[:MAX_TOASTS]:
            severity: Any = first.finding.severity.value
            more = f"\nand {plural(len(others), 'more alert')}: ! lists them" if others else ""
            text = f"{first.headline}{more}"
            self.notify(text, severity=severity, timeout=8, markup=False)
        if (left := len(by_run) - MAX_TOASTS) > 0:
            self.notify(f"Alerts of {plural(left, 'more run')}: ! lists them", timeout=8)
        config = self._dashboard.config
        if config.alert_bell:
            self._write_to_terminal(BELL)
        if config.alert_desktop:
            self._write_to_terminal("".join(map(desktop_notification, news[:MAX_TOASTS])))
        if Feature.FINDS_ALERTS in self._dashboard.source.features:
            self._hooks.tell(news)

    def _write_to_terminal(self, text: str) -> None:
        if self._driver is not None:
            self._driver.write(text)
            self._driver.flush()

    # The list

    def action_alerts(self) -> None:
        """Show what was told, and the rules."""
        from app.dialogs.alerts import AlertsDialog

        dialog = AlertsDialog(
            self._dashboard.source,
            self.alert_sheet,
            self.past_alerts,
            now_s=self._dashboard.clock(),
            acts=self,
        )
        self.push_screen(dialog, self._alert_chosen)

    def acknowledge_alerts(self, numbers: Sequence[int] | None) -> None:
        """Mark alerts as seen; all of them without numbers."""
        self._act(partial(self._dashboard.source.acknowledge_alerts, numbers))

    def mute_alert(self, alert: Alert) -> None:
        """Tell nothing more of an alert's rule about its run."""
        self._act(partial(self._dashboard.source.mute_alert, alert.number))
        self.notify(f"No more “{alert.finding.rule}” of this run.", markup=False)

    def _act(self, act: Any) -> None:
        source, now = self._dashboard.source, self._dashboard.clock()

        def work() -> AlertSheet:
            act()
            return source.look_for_alerts([], now)

        # A group of its own: one act must not drop the outcome of another.
        self.load(f"alert act {id(act)}", work, self._use_sheet)

    def _alert_chosen(self, chosen: Any) -> None:
        if isinstance(chosen, Alert):
            self.acknowledge_alerts([chosen.number])
            chosen = chosen.finding
        if not isinstance(chosen, Finding):
            return
        if chosen.metric:
            is_gap = math.isnan(chosen.value)
            self.post_message(
                ShowMetrics(
                    run_hashes=(chosen.run_hash,),
                    metric=chosen.metric,
                    context=chosen.context,
                    step=0 if is_gap and chosen.step is None else chosen.step,
                    is_onset=is_gap,
                )
            )
        else:
            self.post_message(OpenRun(chosen.run_hash))


def _watching(rule: str, names: Sequence[str]) -> str:
    if not names:
        return f"Watching: {rule}"
    listed = ", ".join(shorten(name, 30) for name in names[:MAX_NAMES])
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    count = plural(len(names), "run has", "runs have")
    return f"Watching: {rule}. {count} broken it already: {listed}{more}"
