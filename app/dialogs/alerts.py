"""The list of alerts, and the rules that made them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from app.alerts.monitor import Alert, AlertMonitor
from app.alerts.rules import HOW_TO, Rule, RuleError, Severity, parse_rule
from app.dialogs.text_input import TextDialog
from app.formatting import ago, one_line
from app.widgets.cells import Cell, plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid

_TONES = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "success",
}
_OPEN_MARK, _SEEN_MARK = "●", "·"


class AlertsDialog(ModalScreen[Alert | None]):
    """What was told, newest first, over the rules; answers with the alert to open."""

    DEFAULT_CSS = """
    AlertsDialog SimpleGrid { background: $surface; }
    AlertsDialog #alerts { height: 1fr; }
    AlertsDialog #rules { height: 30%; min-height: 4; border-top: solid $border-blurred; }
    AlertsDialog #no-alerts { height: auto; display: none; }
    AlertsDialog.-quiet #no-alerts { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f4,ctrl+c", "dismiss(None)", show=False),
        Binding("enter", "open", show=False),
        Binding("a", "acknowledge", show=False),
        Binding("A", "acknowledge_all", show=False),
        Binding("M", "mute", show=False),
        Binding("n", "add_rule", show=False),
        Binding("delete,backspace", "remove_rule", show=False),
        Binding("tab", "app.focus_next", show=False),
    ]

    alerts = getters.query_one("#alerts", SimpleGrid)
    rules = getters.query_one("#rules", SimpleGrid)

    def __init__(
        self,
        monitor: AlertMonitor,
        *,
        now_s: float,
        add_rule: Callable[[str], None],
        remove_rule: Callable[[Rule], None],
    ) -> None:
        super().__init__()
        self._monitor = monitor
        self._now_s = now_s
        self._add_rule = add_rule
        self._remove_rule = remove_rule

    def compose(self) -> ComposeResult:
        """Two lists, one above the other."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Alerts"
            frame.border_subtitle = (
                "enter shows it · a seen · A all seen · M mute · n new rule · del drop rule"
            )
            yield Static("Nothing to tell.", id="no-alerts", classes="hint")
            yield SimpleGrid(id="alerts")
            yield SimpleGrid(id="rules")

    def on_mount(self) -> None:
        """Fill both lists."""
        self.alerts.set_columns(
            [
                GridColumn("when", "", 8),
                GridColumn("run", "run", 30),
                GridColumn("what", "what happened", 60),
            ]
        )
        self.rules.set_columns([GridColumn("rule", "rules", 60)])
        self._show()
        self.alerts.focus()

    def _show(self) -> None:
        self.alerts.show_rows(
            [_alert_row(n, alert, self._now_s) for n, alert in enumerate(self._monitor.alerts)]
        )
        self.rules.show_rows(
            [
                GridRow(str(rule), (plain(str(rule), _TONES[rule.severity]),))
                for rule in self._monitor.rules
            ]
        )
        self.set_class(not self._monitor.alerts, "-quiet")

    def _current(self) -> Alert | None:
        key = self.alerts.cursor_key
        return self._monitor.alerts[int(key)] if key is not None else None

    @on(GridView.RowSelected, "#alerts")
    def _selected(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Leave, and show where it happened."""
        alert = self._current()
        if alert is not None and self.alerts.has_focus:
            self._monitor.acknowledge(alert)
            self.dismiss(alert)

    def action_acknowledge(self) -> None:
        """Mark the alert as seen."""
        if (alert := self._current()) is not None:
            self._monitor.acknowledge(alert)
            self._show()

    def action_acknowledge_all(self) -> None:
        """Mark all alerts as seen."""
        self._monitor.acknowledge()
        self._show()

    def action_mute(self) -> None:
        """Tell nothing more of this rule about this run."""
        if (alert := self._current()) is not None:
            self._monitor.mute(alert)
            self._show()
            self.notify(f"No more “{alert.finding.rule}” of this run.", markup=False)

    def action_add_rule(self) -> None:
        """Ask for a rule."""
        dialog = TextDialog(
            "New alert rule", placeholder="loss is nan", hint=HOW_TO, problem_with=_problem
        )
        self.app.push_screen(dialog, self._add)

    def _add(self, text: str | None) -> None:
        if text:
            self._add_rule(text)
            self._show()

    def action_remove_rule(self) -> None:
        """Watch for the rule under the cursor no longer."""
        text = self.rules.cursor_key
        rule = next((rule for rule in self._monitor.rules if str(rule) == text), None)
        if rule is not None and self.rules.has_focus:
            self._remove_rule(rule)
            self._show()


def _alert_row(number: int, alert: Alert, now: float) -> GridRow:
    tone = "muted" if alert.is_acknowledged else _TONES[alert.finding.severity]
    mark = _SEEN_MARK if alert.is_acknowledged else _OPEN_MARK
    when = Cell(((f"{mark} ", tone), (ago(alert.time, now), "muted")))
    run = plain(one_line(alert.finding.run_name), "muted" if alert.is_acknowledged else "")
    return GridRow(str(number), (when, run, plain(one_line(alert.finding.text), tone)))


def _problem(text: str) -> str:
    try:
        parse_rule(text)
    except RuleError as error:
        return str(error)
    return ""
