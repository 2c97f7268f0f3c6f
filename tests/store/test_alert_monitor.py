"""What the monitor tells, and when it keeps quiet."""

from __future__ import annotations

import json
import math

import numpy as np
from msgspec.structs import replace

from store.alerts.checks import Look, check_run
from store.alerts.monitor import AlertMonitor
from store.alerts.rules import parse_rule
from store.models import Context, MetricSummary, Run, RunRecord, RunStatus, Series
from store.models.alerts import Alert

NAN = math.nan


def summary(name: str = "loss", **changes: object) -> MetricSummary:
    base = MetricSummary(
        sequence_id=1, run_id=1, name=name, context=Context(), dtype="float", count=10,
        non_finite_count=0, first=1.0, first_step=0, last=0.5, last_step=900, min=0.4,
        min_step=300, max=1.0, max_step=0, first_time=0.0, last_time=90.0,
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def record(*metrics: MetricSummary, **changes: object) -> RunRecord:
    run = replace(Run(1, "r1", "first", updated_at=100.0), **changes)  # type: ignore[arg-type]
    return RunRecord(run, {}, metrics)


def told(monitor: AlertMonitor, *records: RunRecord, now: float = 100.0) -> list[str]:
    return [alert.finding.text for alert in monitor.check(records, Look(now, points))]


def points(_: RunRecord, summary: MetricSummary, count: int) -> Series:
    """A point every ten seconds; the last of them the summary's last value, others 50."""
    steps = np.arange(count)
    values = np.full(count, 50.0)
    values[-4:] = summary.last
    times = summary.last_time - 10.0 * (count - 1 - steps)
    return Series(steps, values, steps * 0.0, times)


def monitor_of(*rules: str) -> AlertMonitor:
    return AlertMonitor(parse_rule(rule) for rule in rules)


def test_nan_is_told_once_until_it_was_over() -> None:
    monitor = monitor_of("* is nan")
    diverged = record(summary(last=NAN))
    assert told(monitor, diverged) == ["loss is nan"]
    assert told(monitor, diverged) == []
    assert told(monitor, record(summary())) == []
    assert told(monitor, diverged) == ["loss is nan"]


def test_rules_that_say_the_same_tell_once() -> None:
    monitor = monitor_of("* is nan", "loss is nan", "loss > 0.1", "loss > 0.2")
    diverged = record(summary(last=NAN))
    assert told(monitor, diverged) == ["loss is nan"]
    assert told(monitor, diverged) == []
    above = ["loss is 0.5000, above 0.1000", "loss is 0.5000, above 0.2000"]
    assert told(monitor, record(summary())) == above, "other limits are other words"
    assert told(monitor, diverged) == ["loss is nan"]


def test_a_stricter_rule_is_told_when_it_is_broken_later() -> None:
    monitor = monitor_of("* drops 20%", "loss drops 20%", "loss drops 100%")
    assert told(monitor, record(summary())) == [
        "loss is 0.5000, its best was 0.4000 at step 300"
    ]
    assert told(monitor, record(summary(last=0.9))) == [
        "loss is 0.9000, its best was 0.4000 at step 300"
    ]


def test_a_mute_holds_for_rules_that_say_the_same() -> None:
    monitor = monitor_of("* is nan", "loss is nan")
    diverged = record(summary(last=NAN))
    assert told(monitor, diverged) == ["loss is nan"]
    monitor.mute(monitor.alerts[0].number)
    assert told(monitor, record(summary())) == []
    assert told(monitor, diverged) == []


def test_a_drop_is_measured_against_the_best_in_the_metrics_direction() -> None:
    monitor = monitor_of("* drops 20%")
    found = told(monitor, record(summary("loss"), summary("acc", last=0.95)))
    assert found == ["loss is 0.5000, its best was 0.4000 at step 300"]


def test_a_plateau_counts_the_steps_since_the_best() -> None:
    assert told(monitor_of("loss plateau 600"), record(summary())) == [
        "loss no better for 600 steps"
    ]
    assert told(monitor_of("loss plateau 601"), record(summary())) == []


def test_only_the_context_that_was_named_counts() -> None:
    monitor = monitor_of("loss[subset=val] > 0.1")
    train = summary(context=Context.of({"subset": "train"}))
    val = summary(context=Context.of({"subset": "val"}))
    assert told(monitor, record(train, val)) == ["loss val is 0.5000, above 0.1000"]


def test_a_run_that_logs_nothing_stalls() -> None:
    monitor = monitor_of("stalled 10m")
    assert told(monitor, record(), now=699.0) == []
    assert told(monitor, record(), now=700.0) == ["nothing logged for 10m 00s"]


def test_an_end_is_news_only_of_a_run_that_was_seen_running() -> None:
    failed = record(status=RunStatus.FAILED, created_at=10.0, finished_at=70.0)
    assert told(monitor_of("failed"), failed) == []
    monitor = monitor_of("failed")
    told(monitor, record())
    assert told(monitor, failed) == ["failed after 1m 00s"]


def test_an_old_run_that_diverged_rings_no_bell() -> None:
    old = record(summary(last=NAN), status=RunStatus.FINISHED, finished_at=90.0)
    assert told(monitor_of("* is nan"), old) == []


def test_muting_silences_one_rule_of_one_run() -> None:
    monitor = monitor_of("* is nan")
    told(monitor, record(summary(last=NAN)))
    monitor.mute(monitor.alerts[0].number)
    assert all(alert.is_acknowledged for alert in monitor.alerts)
    told(monitor, record(summary()))
    assert told(monitor, record(summary(last=NAN))) == []
    assert told(monitor, record(summary(last=NAN), hash="r2")) == ["loss is nan"]


def test_metrics_of_the_machine_are_left_out_of_a_star() -> None:
    machine = summary("__system__gpu", last=NAN)
    assert told(monitor_of("* is nan"), record(machine)) == []
    assert told(monitor_of("__system__gpu is nan"), record(machine)) != []
    assert told(monitor_of("gpu is nan"), record(machine)) != []


def test_a_run_stalls_when_it_logs_much_slower_than_usual() -> None:
    monitor = monitor_of("stalled 3x")
    assert told(monitor, record(summary()), now=129.0) == []
    assert told(monitor, record(summary()), now=130.0) == [
        "nothing logged for 30s, usually every 10s"
    ]


def test_a_limit_may_have_to_be_broken_for_a_time() -> None:
    gpu = summary("__system__gpu", last=3.0, first_time=0.0, last_time=90.0)
    assert told(monitor_of("gpu < 10% for 30s"), record(gpu)) == [
        "__system__gpu is 3, below 10 for 30s"
    ]
    assert told(monitor_of("gpu < 10% for 60s"), record(gpu)) == []


def test_a_metric_diverges_when_it_is_worse_than_it_began() -> None:
    monitor = monitor_of("* diverges")
    assert told(monitor, record(summary(first=1.0, min=0.4, last=0.9))) == []
    (text,) = told(monitor, record(summary(first=1.0, min=0.4, last=1.5)))
    assert text.startswith("loss is 1.500, worse than 1 at its start")
    assert told(monitor_of("* diverges"), record(summary(first=1.0, min=1.0, last=1.5))) == []


def test_the_past_tells_what_happened_at_any_time() -> None:
    old = record(summary(max=7.0, max_step=3, last=0.5), status=RunStatus.FINISHED)
    look = Look(200.0, is_past=True)
    (found,) = check_run(parse_rule("loss > 5"), old, look)
    assert (found.text, found.step) == ("loss was 7", 3)
    (found,) = check_run(parse_rule("loss nan"), record(summary(non_finite_count=2)), look)
    assert found.text == "loss was not finite 2 times"


def test_a_restart_neither_forgets_nor_repeats() -> None:
    monitor, broken = monitor_of("* is nan"), record(summary(last=NAN, last_step=9))
    told(monitor, broken)
    again = monitor_of("* is nan")
    again.go_on(json.loads(json.dumps(monitor.state())))
    assert [repr(each) for each in again.alerts] == [repr(each) for each in monitor.alerts]
    assert told(again, broken) == []
    assert again.acknowledge() == 1
    assert again.alerts[0].serial == 2
    assert isinstance(again.alerts[0], Alert)
    again.go_on({"alerts": "nonsense"})
    assert again.serial == 2
