"""Alerts as they cross the store's border."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from store.models.context import EMPTY_CONTEXT, Context


class Severity(StrEnum):
    """How loud an alert is."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


class Finding(Struct, frozen=True):
    """A rule that is true of a run."""

    rule: str
    severity: Severity
    run_hash: str
    run_name: str
    text: str
    """What happened, in a few words."""
    metric: str = ""
    """Name of the metric; empty when it is about the run."""
    context: Context = EMPTY_CONTEXT
    step: int | None = None
    """Where in the metric it happened."""
    value: float = math.nan

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The same for the same trouble, however often it is found."""
        return (self.rule, self.run_hash, self.metric, self.context.text)


class Alert(Struct, frozen=True):
    """A finding at the time when it was news."""

    finding: Finding
    time: float
    """Seconds since the epoch."""
    number: int = 0
    """Of the alert; later ones have higher numbers."""
    serial: int = 0
    """Moves whenever anything about any alert changes."""
    is_acknowledged: bool = False

    @property
    def headline(self) -> str:
        """The alert in one line: run, then what happened."""
        return f"{self.finding.run_name}: {self.finding.text}"

    def as_dict(self) -> dict[str, Any]:
        """The alert as JSON knows it; a value that is no number is a text."""
        finding = self.finding
        value: float | str | None = finding.value if finding.metric else None
        if isinstance(value, float) and not math.isfinite(value):
            value = str(value)
        return {
            "number": self.number,
            "serial": self.serial,
            "time": self.time,
            "is_acknowledged": self.is_acknowledged,
            "text": finding.text,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "run": finding.run_hash,
            "run_name": finding.run_name,
            "metric": finding.metric or None,
            "context": finding.context.as_dict(),
            "step": finding.step,
            "value": value,
        }

    @classmethod
    def of(cls, tree: Mapping[str, Any]) -> Alert:
        """The alert that `as_dict` wrote."""
        finding = Finding(
            rule=tree["rule"],
            severity=Severity(tree["severity"]),
            run_hash=tree["run"],
            run_name=tree["run_name"],
            text=tree["text"],
            metric=tree["metric"] or "",
            context=Context.of(tree["context"] or {}),
            step=tree["step"],
            value=math.nan if tree["value"] is None else float(tree["value"]),
        )
        return cls(
            finding,
            float(tree["time"]),
            int(tree["number"]),
            int(tree["serial"]),
            bool(tree["is_acknowledged"]),
        )


class AlertSheet(Struct, frozen=True):
    """What there is to tell, and by which rules."""

    alerts: tuple[Alert, ...] = ()
    """Newest first."""
    rules: tuple[str, ...] = ()
    """Rules that are kept with the data and can be taken away."""
    fixed_rules: tuple[str, ...] = ()
    """Rules from the settings of whoever watches."""
    serial: int = 0

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        """Those that nobody acknowledged."""
        return tuple(each for each in self.alerts if not each.is_acknowledged)
