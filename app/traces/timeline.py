"""What happened in a run and when, as events in order. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.formatting import count, metric_title, note_line, number, one_line, size
from app.traces.log_text import LEVEL_NAMES
from store.models import Artifact, LogRecord, Note, RunRecord, RunStatus

WORTH_TELLING = 30
"""Level from which log records are events: warnings."""


class Event(Struct, frozen=True):
    """Something that happened."""

    time: float
    kind: str
    text: str
    tone: str = ""
    """Tone of the cell, as tables have it."""


def timeline(
    record: RunRecord,
    notes: Iterable[Note] = (),
    artifacts: Iterable[Artifact] = (),
    logs: Iterable[LogRecord] = (),
) -> list[Event]:
    """Events of a run, oldest first."""
    run = record.run
    events = [Event(run.created_at, "run", "began", "success"), *_metric_events(record)]
    events += [Event(note.created_at, "note", note_line(note.content)) for note in notes]
    events += [
        Event(each.created_at, "file", f"{each.path} ({size(each.size_bytes)})")
        for each in artifacts
    ]
    events += [
        Event(log.time, LEVEL_NAMES.get(log.level, "log").lower(), one_line(log.message), tone)
        for log in logs
        if log.level >= WORTH_TELLING and (tone := "error" if log.level >= 40 else "warning")
    ]
    if run.finished_at is not None:
        tone = "success" if run.status is RunStatus.FINISHED else "error"
        events.append(Event(run.finished_at, "run", str(run.status), tone))
    return sorted(events, key=lambda event: event.time)


def _metric_events(record: RunRecord) -> Sequence[Event]:
    events = []
    for metric in record.metrics:
        if metric.is_system or not math.isfinite(metric.first_time):
            continue
        name = metric_title(metric.name, metric.context)
        events.append(Event(metric.first_time, "metric", f"{name}: first point", "muted"))
        if math.isfinite(metric.last_time) and metric.count > 1:
            text = f"{name}: {number(metric.last)} at step {count(metric.last_step)}"
            events.append(Event(metric.last_time, "metric", text))
        if metric.non_finite_count:
            text = f"{name}: {count(metric.non_finite_count)} values are not finite"
            events.append(Event(metric.last_time, "metric", text, "error"))
    return events
