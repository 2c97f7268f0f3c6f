"""Values of the store as the trees that travel: shared by JSON and binary answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from store.models import MetricSummary, Run, TagRef

SYSTEM_PARAMS = "__system_params"
_HOUR_S = 3600


def run_props(run: Run) -> dict[str, Any]:
    """Properties of a run; every member is always there, as the web UI reads unguarded."""
    return {
        "name": run.name,
        "description": run.description,
        "experiment": {
            "id": run.experiment_id,
            "name": run.experiment,
            "description": run.experiment_description if run.experiment_id else None,
        },
        "tags": [_tag(tag) for tag in run.tags],
        "creation_time": float(run.created_at),
        "end_time": None if run.finished_at is None else float(run.finished_at),
        "archived": run.is_archived,
        "active": run.is_active,
        "status": run.status.value,
        "updated_at": float(run.updated_at),
        "notes": run.note_count,
    }


def _tag(tag: TagRef) -> dict[str, Any]:
    return {
        "id": tag.id,
        "name": tag.name,
        "color": tag.color,
        "description": tag.description,
    }


def run_params(params: Mapping[str, Any], *, skip_system: bool) -> dict[str, Any]:
    """Params to show: the machine's own may be left out."""
    if skip_system and SYSTEM_PARAMS in params:
        return {key: value for key, value in params.items() if key != SYSTEM_PARAMS}
    return dict(params)


def metric_summary(metric: MetricSummary) -> dict[str, Any]:
    """Everything that is known about a metric without its points."""
    return {
        "name": metric.name,
        "context": metric.context.as_dict(),
        "dtype": metric.dtype,
        "count": metric.count,
        "non_finite_count": metric.non_finite_count,
        "first": metric.first,
        "first_step": metric.first_step,
        "last": metric.last,
        "last_step": metric.last_step,
        "min": metric.min,
        "min_step": metric.min_step,
        "max": metric.max,
        "max_step": metric.max_step,
        "mean": metric.mean,
        "first_time": metric.first_time,
        "last_time": metric.last_time,
    }


def activity_map(
    creation_times: Iterable[float], timezone_offset_min: int, unit: Literal["day", "hour"]
) -> dict[str, int]:
    """How many runs were created in each local day or hour that had any."""
    size_s = _HOUR_S if unit == "hour" else 24 * _HOUR_S
    counts: dict[int, int] = {}
    for time_s in creation_times:
        start = int((time_s - timezone_offset_min * 60) // size_s)
        counts[start] = counts.get(start, 0) + 1
    return {
        datetime.fromtimestamp(start * size_s, UTC).strftime("%Y-%m-%dT%H:%M:%S"): count
        for start, count in sorted(counts.items())
    }
