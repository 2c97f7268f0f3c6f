"""What a rule finds in one run.

It looks at the run's state, the summaries of its metrics and, where a rule asks for that, the
last points of one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from statistics import median

from msgspec import Struct

from store.alerts.rules import ABOUT_RUNS, Rule, RuleKind
from store.alerts.words import duration, number
from store.models import MetricSummary, RunRecord, RunStatus, Series
from store.models.alerts import Finding
from store.queries.directions import Direction, guess_direction

DirectionOf = Callable[[str], Direction]
PointsOf = Callable[[RunRecord, MetricSummary, int], Series]
"""Reads about so many of the last points of a metric."""

SYSTEM = "__system__"
PACE_POINTS = 200
"""The usual time between points is that of the last ones."""
LEAST_STALL_S = 10.0
"""However fast a run logs, a shorter silence says nothing."""
DIVERGED_AFTER = 5
"""Points that a metric needs before it can be said to go the wrong way."""


def default_direction(metric: str) -> Direction:
    """Which way a metric is better by its name; smaller when the name says nothing."""
    return guess_direction(metric) or Direction.MIN


class Look(Struct, frozen=True):
    """How a run is looked at."""

    now: float
    """Seconds since the epoch."""
    points_of: PointsOf | None = None
    """Without it, rules that need points find nothing."""
    direction_of: DirectionOf = default_direction
    is_past: bool = False
    """Whether to find what happened at any time, rather than what is true now."""


def check_run(rule: Rule, record: RunRecord, look: Look) -> Iterator[Finding]:
    """All that a rule finds in a run."""
    run = record.run
    if rule.kind in ABOUT_RUNS:
        text = _run_trouble(rule, record, look)
        if text:
            yield Finding(str(rule), rule.severity, run.hash, run.name, text)
        return
    for summary in record.metrics:
        if not _is_meant(rule, summary):
            continue
        trouble = _ever(rule, summary) if look.is_past else None
        if trouble is None:
            trouble = _metric_trouble(rule, summary, look.direction_of(summary.name))
        if trouble is None or not (look.is_past or _has_lasted(rule, record, summary, look)):
            continue
        text, step, value = trouble
        if rule.span_s and not look.is_past:
            text += f" for {duration(rule.span_s)}"
        yield Finding(
            str(rule),
            rule.severity,
            run.hash,
            run.name,
            text,
            summary.name,
            summary.context,
            step,
            value,
        )


def _run_trouble(rule: Rule, record: RunRecord, look: Look) -> str:
    run = record.run
    quiet_s = look.now - run.updated_at
    match rule.kind:
        case RuleKind.FINISHED if run.status is RunStatus.FINISHED:
            return f"finished after {duration(run.duration_s(look.now))}"
        case RuleKind.FAILED if run.status in {RunStatus.FAILED, RunStatus.KILLED}:
            return f"{run.status.value} after {duration(run.duration_s(look.now))}"
        case RuleKind.STALLED if run.is_active and quiet_s >= rule.amount:
            return f"nothing logged for {duration(quiet_s)}"
        case RuleKind.SLOWED if run.is_active and quiet_s >= LEAST_STALL_S:
            usual_s = _usual_pause_s(record, look)
            if usual_s > 0 and quiet_s >= rule.amount * usual_s:
                return f"nothing logged for {duration(quiet_s)}, usually every {usual_s:.2g}s"
    return ""


def _usual_pause_s(record: RunRecord, look: Look) -> float:
    """The median time between the last points of the metric logged most; 0 if unknown."""
    own = [each for each in record.metrics if not each.is_system and each.count > 2]
    if not own or look.points_of is None:
        return 0.0
    busiest = max(own, key=lambda each: each.count)
    times = look.points_of(record, busiest, PACE_POINTS).times.tolist()
    pauses = [later - earlier for earlier, later in pairwise(times)]
    return median(pauses) if pauses else 0.0


def _is_meant(rule: Rule, summary: MetricSummary) -> bool:
    name = summary.name
    if summary.is_system and not rule.metric.startswith(SYSTEM):
        # A star alone means the metrics of the training, not those of the machine.
        name = name.removeprefix(SYSTEM)
        if "*" in rule.metric:
            return False
    if not fnmatchcase(name, rule.metric):
        return False
    members = summary.context.as_dict()
    return all(str(members.get(key)) == value for key, value in rule.context)


def _ever(rule: Rule, summary: MetricSummary) -> tuple[str, int | None, float] | None:
    """What happened at any time, as far as the summary tells."""
    label = f"{summary.name} {summary.context.words}".strip()
    match rule.kind:
        case RuleKind.NOT_FINITE if summary.non_finite_count:
            is_last = not math.isfinite(summary.last)
            times = summary.non_finite_count
            text = f"{label} was not finite {times} time{'s' if times > 1 else ''}"
            return text, summary.last_step if is_last else None, math.nan
        case RuleKind.ABOVE if summary.max > rule.amount:
            return (
                f"{label} was {number(summary.max)}",
                _known(summary.max_step, summary),
                summary.max,
            )
        case RuleKind.BELOW if summary.min < rule.amount:
            return (
                f"{label} was {number(summary.min)}",
                _known(summary.min_step, summary),
                summary.min,
            )
        case _:
            return None


def _metric_trouble(
    rule: Rule, summary: MetricSummary, direction: Direction
) -> tuple[str, int | None, float] | None:
    label = f"{summary.name} {summary.context.words}".strip()
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
        case RuleKind.PLATEAU if (
            math.isfinite(best)
            and _known(best_step, summary) is not None
            and step - best_step >= rule.amount
        ):
            text = f"{label} no better for {step - best_step} steps"
        case RuleKind.DIVERGES if _has_turned(summary, best, is_max=is_max):
            text = (
                f"{label} is {number(last)}, worse than {number(summary.first)} at its start; "
                f"its best was {number(best)} at step {best_step}"
            )
        case _:
            return None
    return text, step, last


def _known(step: int, summary: MetricSummary) -> int | None:
    """The step of a smallest or largest value; servers of other makes do not tell it."""
    return step if step >= summary.first_step else None


def _is_worse(last: float, best: float, share: float, *, is_max: bool) -> bool:
    if not (math.isfinite(last) and math.isfinite(best)):
        return False
    loss = best - last if is_max else last - best
    # A best of zero has no percentage; any step away from it would be infinitely worse.
    return best != 0 and loss >= share * abs(best)


def _has_turned(summary: MetricSummary, best: float, *, is_max: bool) -> bool:
    """Whether a metric got better than it began, and is worse than that now."""
    first, last = summary.first, summary.last
    if summary.count < DIVERGED_AFTER or not math.isfinite(first) or not math.isfinite(best):
        return False
    if not math.isfinite(last):
        return True
    sign = 1 if is_max else -1
    return sign * (best - first) > 0 and sign * (first - last) > 0


def _has_lasted(rule: Rule, record: RunRecord, summary: MetricSummary, look: Look) -> bool:
    """Whether a limit was broken for the whole of the rule's span."""
    if not rule.span_s:
        return True
    length_s = summary.last_time - summary.first_time
    if look.points_of is None or not length_s >= rule.span_s or summary.count < 2:
        return False
    pause_s = length_s / (summary.count - 1)
    points = look.points_of(record, summary, math.ceil(rule.span_s / pause_s) * 2 + 5)
    since = summary.last_time - rule.span_s
    sign = 1 if rule.kind is RuleKind.ABOVE else -1
    lately = [
        sign * (value - rule.amount) > 0
        for time, value in zip(points.times.tolist(), points.values.tolist(), strict=True)
        if time >= since
    ]
    return bool(lately) and all(lately)
