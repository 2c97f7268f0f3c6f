"""What a rule finds in one run, from its state and the summaries of its metrics. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from app.alerts.rules import Rule, RuleKind, Severity
from app.formatting import duration, number
from store.models import Context, MetricSummary, RunRecord, RunStatus
from store.models.context import EMPTY_CONTEXT
from store.queries.directions import Direction, guess_direction

DirectionOf = Callable[[str], Direction]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is true of a run now."""

    rule: Rule
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
    def severity(self) -> Severity:
        """How loud it is."""
        return self.rule.severity

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The same for the same trouble, however often it is found."""
        return (str(self.rule), self.run_hash, self.metric, self.context.text)


def default_direction(metric: str) -> Direction:
    """Which way a metric is better by its name; smaller when the name says nothing."""
    return guess_direction(metric) or Direction.MIN


def check_run(
    rule: Rule, record: RunRecord, now: float, direction_of: DirectionOf = default_direction
) -> Iterator[Finding]:
    """All that a rule finds in a run.

    Args:
        rule: The rule.
        record: The run with the summaries of its metrics.
        now: Seconds since the epoch.
        direction_of: Which way a metric is better.
    """
    if rule.kind in {RuleKind.FINISHED, RuleKind.FAILED, RuleKind.STALLED}:
        text = _run_trouble(rule, record, now)
        if text:
            yield Finding(rule, record.run.hash, record.run.name, text)
        return
    for summary in record.metrics:
        if not _is_meant(rule, summary):
            continue
        found = _metric_trouble(rule, summary, direction_of(summary.name))
        if found is not None:
            text, step, value = found
            yield Finding(
                rule,
                record.run.hash,
                record.run.name,
                text,
                summary.name,
                summary.context,
                step,
                value,
            )


def _run_trouble(rule: Rule, record: RunRecord, now: float) -> str:
    run = record.run
    match rule.kind:
        case RuleKind.FINISHED if run.status is RunStatus.FINISHED:
            return f"finished after {duration(run.duration_s(now))}"
        case RuleKind.FAILED if run.status in {RunStatus.FAILED, RunStatus.KILLED}:
            return f"{run.status.value} after {duration(run.duration_s(now))}"
        case RuleKind.STALLED if run.is_active and now - run.updated_at >= rule.amount:
            return f"nothing logged for {duration(now - run.updated_at)}"
        case _:
            return ""


def _is_meant(rule: Rule, summary: MetricSummary) -> bool:
    if summary.is_system and not rule.metric.startswith("__system__"):
        return False
    if not fnmatchcase(summary.name, rule.metric):
        return False
    if not rule.context:
        return True
    members = summary.context.as_dict()
    return all(str(members.get(key)) == value for key, value in rule.context)


def _metric_trouble(
    rule: Rule, summary: MetricSummary, direction: Direction
) -> tuple[str, int, float] | None:
    label = f"{summary.name} {summary.context}".strip()
    last, step = summary.last, summary.last_step
    is_max = direction is Direction.MAX
    best = summary.max if is_max else summary.min
    best_step = summary.max_step if is_max else summary.min_step
    match rule.kind:
        case RuleKind.NOT_FINITE if not math.isfinite(last):
            text = f"{label} is {number(last)}"
        case RuleKind.ABOVE if last > rule.amount:
            text = f"{label} is {number(last)}, above {number(rule.amount)}"
        case RuleKind.BELOW if last < rule.amount:
            text = f"{label} is {number(last)}, below {number(rule.amount)}"
        case RuleKind.DROPS if _is_worse(last, best, rule.amount / 100, is_max=is_max):
            text = f"{label} is {number(last)}, its best was {number(best)} at step {best_step}"
        case RuleKind.PLATEAU if math.isfinite(best) and step - best_step >= rule.amount:
            text = f"{label} no better for {step - best_step} steps"
        case _:
            return None
    return text, step, last


def _is_worse(last: float, best: float, share: float, *, is_max: bool) -> bool:
    if not (math.isfinite(last) and math.isfinite(best)):
        return False
    loss = best - last if is_max else last - best
    # A best of zero has no percentage; any step away from it would be infinitely worse.
    return best != 0 and loss >= share * abs(best)
