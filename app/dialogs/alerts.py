"""The list of alerts, and the rules that made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar, Protocol

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from app.dialogs.text_input import TextDialog
from app.formatting import ago, number, one_line
from app.loading import Loads
from app.sources import Source, TraceRef
from app.widgets.cells import Cell, plain, sparkline
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.alerts.rules import HOW_TO, RuleError, parse_rule
from store.errors import StoreError
from store.models.alerts import Alert, AlertSheet, Finding, Severity

TONES = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "success",
}
_OPEN_MARK, _SEEN_MARK = "●", "·"
SPARK_CELLS = 12
MAX_SPARKS = 60


class AlertActs(Protocol):
    """What can be done with alerts and rules; the list is told of the outcome."""

    def add_alert_rule(self, text: str) -> None:
        """Watch by a rule."""
        ...

    def remove_alert_rule(self, rule: str) -> None:
        """Watch by a rule no longer."""
        ...

    def acknowledge_alerts(self, numbers: Sequence[int] | None) -> None:
        """Mark alerts as seen; all of them without numbers."""
        ...

    def mute_alert(self, alert: Alert) -> None:
        """Tell nothing more of an alert's rule about its run."""
        ...


class AlertsDialog(ModalScreen[Alert | Finding | None], Loads):
    """What was told, newest first, over the rules; answers with what to open."""

    DEFAULT_CSS = """
    AlertsDialog SimpleGrid { background: $surface; }
    AlertsDialog #alerts { height: 1fr; min-height: 4; }
    AlertsDialog #rules { height: 30%; min-height: 4; border-top: solid $border-blurred; }
    AlertsDialog #no-alerts { height: auto; display: none; }
    AlertsDialog.-quiet #no-alerts { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f4,ctrl+c,exclamation_mark", "dismiss(None)", show=False),
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
        source: Source,
        sheet: AlertSheet,
        past: Sequence[Finding],
        *,
        now_s: float,
        acts: AlertActs,
    ) -> None:
        super().__init__()
        self._source = source
        self._sheet = sheet
        self._past = tuple(past)
        self._now_s = now_s
        self._acts = acts
        self._sparks: dict[TraceRef, str] = {}

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
                GridColumn("run", "run", 22),
                GridColumn("rule", "rule", 18),
                GridColumn("value", "value", 9, is_right=True),
                GridColumn("curve", "curve", SPARK_CELLS),
                GridColumn("what", "what happened", 60),
            ]
        )
        self.rules.set_columns([GridColumn("rule", "rules", 60)])
        self._show()
        self.alerts.focus()

    def show_sheet(self, sheet: AlertSheet, past: Sequence[Finding]) -> None:
        """Show what is known now; the cursor stays with its alert."""
        self._sheet, self._past = sheet, tuple(past)
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        rows = [self._alert_row(alert) for alert in self._sheet.alerts]
        rows += [
            self._row(f"past {place}", finding, f"{_SEEN_MARK} before", "muted")
            for place, finding in enumerate(self._past)
        ]
        self.alerts.show_rows(rows)
        kept = [GridRow(rule, (_rule_cell(rule),)) for rule in self._sheet.rules]
        fixed = [
            GridRow(f"fixed {rule}", (_rule_cell(rule, "  (settings)"),))
            for rule in self._sheet.fixed_rules
        ]
        self.rules.show_rows([*kept, *fixed])
        self.set_class(not rows, "-quiet")
        self._read_curves()

    def _read_curves(self) -> None:
        findings = [each.finding for each in self._sheet.alerts] + list(self._past)
        traces = [
            TraceRef(each.run_hash, each.metric, each.context)
            for each in findings[:MAX_SPARKS]
            if each.metric
        ]
        wanted = [each for each in dict.fromkeys(traces) if each not in self._sparks]
        if wanted:
            self._sparks.update(dict.fromkeys(wanted, ""))
            read = partial(_curves, self._source, wanted)
            self.load("curves", read, self._show_curves, lambda _: None)

    def _show_curves(self, curves: Mapping[TraceRef, str]) -> None:
        self._sparks.update(curves)
        self._show()

    def _alert_row(self, alert: Alert) -> GridRow:
        tone = "muted" if alert.is_acknowledged else TONES[alert.finding.severity]
        mark = _SEEN_MARK if alert.is_acknowledged else _OPEN_MARK
        when = f"{mark} {ago(alert.time, self._now_s)}"
        return self._row(str(alert.number), alert.finding, when, tone)

    def _row(self, key: str, finding: Finding, when: str, tone: str) -> GridRow:
        mark, _, time = when.partition(" ")
        trace = TraceRef(finding.run_hash, finding.metric, finding.context)
        cells = (
            Cell(((f"{mark} ", tone), (time, "muted"))),
            plain(one_line(finding.run_name), "muted" if tone == "muted" else ""),
            plain(finding.rule, "muted"),
            plain(number(finding.value) if finding.metric else "", tone, is_right=True),
            plain(self._sparks.get(trace, "") if finding.metric else "", "accent"),
            plain(one_line(finding.text), tone),
        )
        return GridRow(key, cells)

    def _current(self) -> Alert | Finding | None:
        key = self.alerts.cursor_key or ""
        kind, _, place = key.partition(" ")
        if kind == "past":
            return self._past[int(place)]
        return next((each for each in self._sheet.alerts if str(each.number) == key), None)

    @on(GridView.RowSelected, "#alerts")
    def _selected(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Leave, and show where it happened."""
        chosen = self._current()
        if chosen is not None and self.alerts.has_focus:
            self.dismiss(chosen)

    def action_acknowledge(self) -> None:
        """Mark the alert as seen."""
        if isinstance(alert := self._current(), Alert):
            self._acts.acknowledge_alerts([alert.number])

    def action_acknowledge_all(self) -> None:
        """Mark all alerts as seen."""
        self._acts.acknowledge_alerts(None)

    def action_mute(self) -> None:
        """Tell nothing more of this rule about this run."""
        if isinstance(alert := self._current(), Alert):
            self._acts.mute_alert(alert)

    def action_add_rule(self) -> None:
        """Ask for a rule."""
        dialog = TextDialog(
            "New alert rule", placeholder="loss is nan", hint=HOW_TO, problem_with=_problem
        )
        self.app.push_screen(dialog, self._add)

    def _add(self, text: str | None) -> None:
        if text:
            self._acts.add_alert_rule(text)

    def action_remove_rule(self) -> None:
        """Watch for the rule under the cursor no longer."""
        rule = self.rules.cursor_key
        if rule is not None and self.rules.has_focus:
            self._acts.remove_alert_rule(rule)


def _curves(source: Source, traces: Sequence[TraceRef]) -> dict[TraceRef, str]:
    try:
        found = source.read_series(traces, density=SPARK_CELLS * 2)
    except StoreError:
        # A run of them may be deleted by now; the list is worth showing without its curves.
        return {}
    return {
        trace: sparkline(series.values.tolist(), SPARK_CELLS)
        for trace, series in zip(traces, found, strict=True)
    }


def _rule_cell(rule: str, suffix: str = "") -> Cell:
    try:
        tone = TONES[parse_rule(rule).severity]
    except RuleError:
        # A newer server knows more rules.
        tone = "muted"
    return Cell(((rule, tone), (suffix, "muted")))


def _problem(text: str) -> str:
    try:
        parse_rule(text)
    except RuleError as error:
        return str(error)
    return ""
