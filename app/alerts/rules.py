"""Alert rules as text: `loss is nan`, `val_acc drops 5%`, `stalled 10m`, `failed`.

A rule about a metric begins with its name, which may have `*` in it and may be followed by
a context in brackets: `loss[subset=val] > 3`. Which way a metric is better decides what
"drops" and "plateau" mean. The text that `str` gives back is read as the same rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.formatting import short_number


class RuleKind(StrEnum):
    """What a rule watches."""

    NOT_FINITE = "is nan"
    ABOVE = ">"
    BELOW = "<"
    DROPS = "drops"
    """The last value is worse than the best by a percentage of the best."""
    PLATEAU = "plateau"
    """No better value for a number of steps."""
    STALLED = "stalled"
    """A running run that logged nothing for a time."""
    FINISHED = "finished"
    FAILED = "failed"
    """A run that ended as failed or killed."""


class Severity(StrEnum):
    """How loud an alert is."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


_SEVERITIES = {
    RuleKind.NOT_FINITE: Severity.ERROR,
    RuleKind.FAILED: Severity.ERROR,
    RuleKind.FINISHED: Severity.INFORMATION,
}
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}

HOW_TO = (
    "Write a rule such as: loss is nan · val_acc < 0.5 · loss > 3 · val_acc drops 5% · "
    "loss plateau 500 · stalled 10m · finished · failed"
)

DEFAULT_RULES = ("* is nan", "failed", "stalled 10m")
"""In force until a person writes rules of their own."""


class RuleError(ValueError):
    """A text that is no rule."""

    def __init__(self, text: str) -> None:
        super().__init__(f"'{text}' is no alert rule. {HOW_TO}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    kind: RuleKind
    metric: str = ""
    """Name of the metric, with `*` for any text; empty for rules about the run."""
    context: tuple[tuple[str, str], ...] = ()
    """Members that the metric's context must have, as text."""
    amount: float = 0.0
    """The limit, the percentage, the steps or the seconds."""

    @property
    def severity(self) -> Severity:
        """How loud the rule is."""
        return _SEVERITIES.get(self.kind, Severity.WARNING)

    def __str__(self) -> str:
        subject = self.metric
        if self.context:
            members = ", ".join(f"{key}={value}" for key, value in self.context)
            subject += f"[{members}]"
        match self.kind:
            case RuleKind.FINISHED | RuleKind.FAILED:
                return self.kind.value
            case RuleKind.STALLED:
                return f"stalled {_span(self.amount)}"
            case RuleKind.NOT_FINITE:
                return f"{subject} is nan"
            case RuleKind.DROPS:
                return f"{subject} drops {short_number(self.amount)}%"
            case RuleKind.PLATEAU:
                return f"{subject} plateau {short_number(self.amount)}"
            case _:
                return f"{subject} {self.kind.value} {short_number(self.amount)}"


_NUMBER = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)"
_SUBJECT = r"(?P<metric>[^\s\[\]<>]+)(?:\s*\[(?P<context>[^\]]*)\])?"
_RUN_RULE = re.compile(
    r"(finished|failed|stalled)(?:\s+(\d+(?:\.\d+)?)\s*([smhd]))?", re.IGNORECASE
)
_METRIC_RULE = re.compile(
    rf"{_SUBJECT}\s*(?:"
    rf"(?P<nan>is\s+(?:nan|inf|not\s+finite))"
    rf"|(?P<sign>[<>])\s*(?P<limit>{_NUMBER})"
    rf"|drops\s+(?P<percent>{_NUMBER})\s*%(?:\s+below\s+(?:its\s+)?best)?"
    rf"|plateau\s+(?P<steps>{_NUMBER})(?:\s+steps)?"
    rf")",
    re.IGNORECASE,
)


def parse_rule(text: str) -> Rule:
    """The rule that a text means.

    Raises:
        RuleError: If it means none; the message shows how rules look.
    """
    text = " ".join(text.split())
    if found := _RUN_RULE.fullmatch(text):
        return _run_rule(text, found)
    found = _METRIC_RULE.fullmatch(text)
    if found is None:
        raise RuleError(text)
    metric, context = found["metric"], _context(text, found["context"] or "")
    if found["nan"]:
        return Rule(RuleKind.NOT_FINITE, metric, context)
    if found["sign"]:
        kind = RuleKind.ABOVE if found["sign"] == ">" else RuleKind.BELOW
        return Rule(kind, metric, context, float(found["limit"]))
    if found["percent"]:
        return Rule(RuleKind.DROPS, metric, context, abs(float(found["percent"])))
    return Rule(RuleKind.PLATEAU, metric, context, abs(float(found["steps"])))


def _run_rule(text: str, found: re.Match[str]) -> Rule:
    kind = RuleKind(found[1].lower())
    has_span = found[2] is not None
    if has_span != (kind is RuleKind.STALLED):
        raise RuleError(text)
    amount = float(found[2]) * _UNITS_S[found[3].lower()] if has_span else 0.0
    return Rule(kind, amount=amount)


def _context(text: str, members: str) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for member in filter(None, (part.strip() for part in members.split(","))):
        key, equals, value = member.partition("=")
        if not equals or not key.strip():
            raise RuleError(text)
        pairs.append((key.strip(), value.strip()))
    return tuple(pairs)


def _span(seconds: float) -> str:
    for unit in ("d", "h", "m"):
        if seconds >= _UNITS_S[unit] and seconds % _UNITS_S[unit] == 0:
            return f"{seconds / _UNITS_S[unit]:.0f}{unit}"
    return f"{short_number(seconds)}s"
