"""From the wire's trees to the frozen values of `store.models`. Pure.

Foreign servers leave members out; what is missing gets a value that shows as unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from store.models import (
    Activity,
    Context,
    MetricSummary,
    Note,
    ObjectStep,
    Run,
    RunRecord,
    RunStatus,
    SequenceKind,
    Series,
    TagRef,
)

_NAN = math.nan
NO_ID = -1
"""Stands where the wire has no number."""


def run_of(run_hash: str, props: Mapping[str, Any]) -> Run:
    """A run from its properties."""
    experiment = props.get("experiment") or {}
    created_at = _time(props.get("creation_time")) or 0.0
    finished_at = _time(props.get("end_time"))
    is_active = bool(props.get("active", finished_at is None))
    status = props.get("status") or (RunStatus.RUNNING if is_active else RunStatus.FINISHED)
    return Run(
        id=NO_ID,
        hash=run_hash,
        name=str(props.get("name") or run_hash),
        description=str(props.get("description") or ""),
        experiment_id=experiment.get("id"),
        experiment=experiment.get("name"),
        experiment_description=experiment.get("description"),
        tags=tuple(
            TagRef(str(t.get("id")), str(t.get("name")), t.get("color"), t.get("description"))
            for t in props.get("tags") or ()
        ),
        status=RunStatus(status),
        is_archived=bool(props.get("archived")),
        created_at=created_at,
        finished_at=None if is_active else finished_at,
        updated_at=_time(props.get("updated_at")) or finished_at or 0.0,
        note_count=int(props.get("notes") or 0),
    )


def record_of(run_hash: str, tree: Mapping[str, Any]) -> RunRecord:
    """A run with params and metrics, from a record of our own or from a search."""
    if "metrics" in tree:
        metrics = [summary_of(each, each) for each in tree["metrics"]]
    else:
        traces = tree.get("traces") or {}
        listed = traces.get("metric") or [] if isinstance(traces, Mapping) else traces
        metrics = [summary_of(each, each.get("values") or {}) for each in listed]
    metrics.sort(key=lambda each: (each.name, each.context))
    return RunRecord(
        run_of(run_hash, tree.get("props") or {}), tree.get("params") or {}, tuple(metrics)
    )


def summary_of(trace: Mapping[str, Any], values: Mapping[str, Any]) -> MetricSummary:
    """What a server says about a metric."""
    last_step = _int(values.get("last_step"), 0)
    return MetricSummary(
        sequence_id=NO_ID,
        run_id=NO_ID,
        name=str(trace.get("name")),
        context=Context.of(trace.get("context")),
        dtype=str(values.get("dtype") or "float"),
        # A server that does not count logged at least its last step.
        count=_int(values.get("count"), last_step + 1),
        non_finite_count=_int(values.get("non_finite_count"), 0),
        first=number(values.get("first")),
        first_step=_int(values.get("first_step"), 0),
        last=number(values.get("last")),
        last_step=last_step,
        min=number(values.get("min")),
        min_step=_int(values.get("min_step"), NO_ID),
        max=number(values.get("max")),
        max_step=_int(values.get("max_step"), NO_ID),
        first_time=number(values.get("first_time")),
        last_time=number(values.get("last_time")),
        mean=number(values.get("mean")),
    )


def series_of(steps: Any, values: Any, epochs: Any = None, times: Any = None) -> Series:
    """Columns as a series; a column that is missing or of another length is unknown."""
    step_column = _column(steps)
    length = len(step_column)
    return Series(
        step_column.astype(np.int64),
        _column(values),
        *(
            column if len(column) == length else np.full(length, _NAN)
            for column in (_column(epochs), _column(times))
        ),
    )


def empty_series() -> Series:
    """No points."""
    return series_of((), ())


def _column(values: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    if values is None:
        return np.empty(0)
    if isinstance(values, np.ndarray):
        return values.astype(np.float64, copy=False)
    return np.array([number(value) for value in values], dtype=np.float64)


def note_of(tree: Mapping[str, Any]) -> Note:
    """A note."""
    context = tree.get("context")
    return Note(
        id=str(tree.get("id")),
        content=str(tree.get("content") or ""),
        created_at=_time(tree.get("created_at")) or 0.0,
        updated_at=_time(tree.get("updated_at")) or 0.0,
        run_hash=tree.get("run_hash"),
        experiment_id=tree.get("experiment_id"),
        metric=tree.get("metric"),
        context=None if context is None else Context.of(context),
        step=tree.get("step"),
    )


def activity_of(tree: Mapping[str, Any], offset_min: int) -> Activity:
    """Activity; runs of one day or hour all get its middle as their creation time."""
    times: list[float] = []
    for text, amount in (tree.get("activity_map") or {}).items():
        start = datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
        if start.hour == 0:
            start += timedelta(hours=12)
        times += [start.timestamp() + offset_min * 60] * int(amount)
    return Activity(
        run_count=int(tree.get("num_runs") or 0),
        archived_run_count=int(tree.get("num_archived_runs") or 0),
        active_run_count=int(tree.get("num_active_runs") or 0),
        experiment_count=int(tree.get("num_experiments") or 0),
        creation_times=tuple(sorted(times)),
    )


def object_steps_of(kind: SequenceKind, members: Mapping[str, Any]) -> list[ObjectStep]:
    """Steps of a sequence of objects; the address of its bytes stands as their digest."""
    steps = list(members.get("iters") or ())
    values = list(members.get("values") or ())
    epochs = list(members.get("epochs") or ())
    times = list(members.get("timestamps") or ())
    found: list[ObjectStep] = []
    for at, (step, value) in enumerate(zip(steps, values, strict=False)):
        items = value if isinstance(value, list) else [value]
        found.append(
            ObjectStep(
                step=int(step),
                epoch=_time(epochs[at]) if at < len(epochs) else None,
                time=number(times[at]) if at < len(times) else _NAN,
                items=tuple(_item(kind, each) for each in items),
            )
        )
    return found


def _item(kind: SequenceKind, item: Mapping[str, Any]) -> dict[str, Any]:
    if kind in (SequenceKind.IMAGES, SequenceKind.AUDIOS):
        return {**item, "digest": item.get("blob_uri")}
    return dict(item)


def number(value: Any) -> float:
    """A number; NaN where there is none. "NaN", "inf" and "-inf" are numbers."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return _NAN


def _time(value: Any) -> float | None:
    if isinstance(value, str) and "T" in value:
        # Aim writes the times of notes as texts, without a zone and in UTC.
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    time_s = number(value)
    return None if math.isnan(time_s) else time_s


def _int(value: Any, default: int) -> int:
    plain = number(value)
    return int(plain) if math.isfinite(plain) else default


def contexts_of(trees: Iterable[Any]) -> list[dict[str, Any]]:
    """Contexts as plain dicts."""
    return [dict(each) for each in trees if isinstance(each, Mapping)]
