"""Alert rules as text: `loss is nan`, `val_acc drops 5%`, `stalled 10m`, `gpu < 10% for 5m`.

A rule about a metric begins with its name, which may have `*` in it and may be followed by
a context in brackets: `loss[subset=val] > 3`. Metrics of the machine need no `__system__` in
front. Which way a metric is better decides what "drops", "plateau" and "diverges" mean. The
text that `str` gives back is read as the same rule.
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from store.alerts.words import SECONDS, exact, span
from store.errors import InvalidDataError
from store.models.alerts import Severity


class RuleKind(StrEnum):
    """What a rule watches."""

    NOT_FINITE = "is nan"
    ABOVE = ">"
    BELOW = "<"
    DROPS = "drops"
    """The last value is worse than the best by a percentage of the best."""
    PLATEAU = "plateau"
    """No better value for a number of steps."""
    DIVERGES = "diverges"
    """Worse than at the start, after it had been better."""
    STALLED = "stalled"
    """A running run that logged nothing for a time."""
    SLOWED = "slowed"
    """A running run that logged nothing for a multiple of the usual time between points."""
    FINISHED = "finished"
    FAILED = "failed"
    """A run that ended as failed or killed."""


_SEVERITIES = {
    RuleKind.NOT_FINITE: Severity.ERROR,
    RuleKind.FAILED: Severity.ERROR,
    RuleKind.FINISHED: Severity.INFORMATION,
}
ABOUT_RUNS = frozenset({RuleKind.STALLED, RuleKind.SLOWED, RuleKind.FINISHED, RuleKind.FAILED})
"""Kinds that name no metric."""

HOW_TO = (
    "Write a rule such as: loss is nan · val_acc < 0.5 · gpu < 10% for 5m · loss diverges · "
    "val_acc drops 5% · loss plateau 500 · stalled 10m · stalled 3x · finished · failed"
)

DEFAULT_RULES = ("* is nan", "failed", "stalled 10m")
"""In force until a person writes rules of their own."""


class RuleError(InvalidDataError):
    """A text that is no rule."""

    def __init__(self, text: str) -> None:
        super().__init__("rule", f"'{text}' is no alert rule. {HOW_TO}")

    def __str__(self) -> str:
        return self.why


class Rule(Struct, frozen=True):
    """One rule."""

    kind: RuleKind
    metric: str = ""
    """Name of the metric, with `*` for any text; empty for rules about the run."""
    context: tuple[tuple[str, str], ...] = ()
    """Members that the metric's context must have, as text."""
    amount: float = 0.0
    """The limit, the percentage, the steps, the seconds or the multiple."""
    span_s: float = 0.0
    """How long a limit has to be broken."""

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
                return f"stalled {span(self.amount)}"
            case RuleKind.SLOWED:
                return f"stalled {exact(self.amount)}x"
            case RuleKind.NOT_FINITE | RuleKind.DIVERGES:
                return f"{subject} {self.kind.value}"
            case RuleKind.DROPS:
                return f"{subject} drops {exact(self.amount)}%"
            case RuleKind.PLATEAU:
                return f"{subject} plateau {exact(self.amount)}"
            case _:
                tail = f" for {span(self.span_s)}" if self.span_s else ""
                return f"{subject} {self.kind.value} {exact(self.amount)}{tail}"


_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_UNIT = r"s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?"
_SUBJECT = r"(?P<metric>[^\s\[\]<>]+)(?:\s*\[(?P<context>[^\]]*)\])?"
_RUN_RULE = re.compile(
    r"(?P<end>finished|failed)"
    rf"|(?:(?:steps?\s+)?stalled|no\s+points)(?:\s+for)?\s+(?:"
    rf"(?P<span>\d+(?:\.\d+)?)\s*(?P<unit>{_UNIT})"
    r"|(?P<times>\d+(?:\.\d+)?)\s*x(?:\s+(?:the\s+)?median)?)",
    re.IGNORECASE,
)
_METRIC_RULE = re.compile(
    rf"{_SUBJECT}\s*(?:"
    rf"(?P<nan>\s(?:is\s+)?(?:nan|inf|infinite|not\s+finite))"
    rf"|(?P<sign>[<>])\s*(?P<limit>{_NUMBER})\s*%?"
    rf"(?:\s+for\s+(?P<span>\d+(?:\.\d+)?)\s*(?P<unit>{_UNIT}))?"
    rf"|\sdrop(?:s|ped)\s+(?P<percent>{_NUMBER})\s*%(?:\s+below\s+(?:its\s+)?best)?"
    rf"|\splateau\s+(?P<steps>{_NUMBER})(?:\s+steps)?"
    rf"|(?P<away>\sdiverge[sd])"
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
        return _run_rule(found)
    found = _METRIC_RULE.fullmatch(text)
    if found is None:
        raise RuleError(text)
    metric, context = found["metric"], _context(text, found["context"] or "")
    if found["nan"]:
        return Rule(RuleKind.NOT_FINITE, metric, context)
    if found["away"]:
        return Rule(RuleKind.DIVERGES, metric, context)
    if found["sign"]:
        kind = RuleKind.ABOVE if found["sign"] == ">" else RuleKind.BELOW
        return Rule(kind, metric, context, float(found["limit"]), _seconds(found))
    if found["percent"]:
        return Rule(RuleKind.DROPS, metric, context, abs(float(found["percent"])))
    return Rule(RuleKind.PLATEAU, metric, context, abs(float(found["steps"])))


def _run_rule(found: re.Match[str]) -> Rule:
    if found["end"]:
        return Rule(RuleKind(found["end"].lower()))
    if found["times"]:
        return Rule(RuleKind.SLOWED, amount=float(found["times"]))
    return Rule(RuleKind.STALLED, amount=_seconds(found))


def _seconds(found: re.Match[str]) -> float:
    if not found["span"]:
        return 0.0
    return float(found["span"]) * SECONDS[found["unit"][0].lower()]


def _context(text: str, members: str) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for member in filter(None, (part.strip() for part in members.split(","))):
        key, equals, value = member.partition("=")
        if not equals or not key.strip():
            raise RuleError(text)
        pairs.append((key.strip(), value.strip()))
    return tuple(pairs)
