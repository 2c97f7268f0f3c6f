"""What the store's values look like to a program that reads `--json`.

Times are ISO 8601 in UTC. Numbers that JSON does not know are the texts "NaN", "inf" and
"-inf", as in the REST API.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from store.models import Context, MetricSummary, RunRecord


def to_json(value: Any, *, is_compact: bool = False) -> str:
    """JSON that every parser reads, indented for people unless it is long."""
    indent = None if is_compact else 2
    return json.dumps(plain(value), ensure_ascii=False, indent=indent, allow_nan=False)


def plain(value: Any) -> Any:
    """The value with numbers that JSON does not know written out."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def iso_time(time_s: float | None) -> str | None:
    """A time in UTC; None stays None."""
    return None if time_s is None else datetime.fromtimestamp(time_s, tz=UTC).isoformat()


def metric_label(name: str, context: Context) -> str:
    """A metric with its context on one line: `loss subset=val`."""
    return f"{name} {context}" if context else name


def describe_metric(metric: MetricSummary) -> dict[str, Any]:
    """A metric's summary."""
    return {
        "name": metric.name,
        "context": metric.context.as_dict(),
        "count": metric.count,
        "last": metric.last,
        "last_step": metric.last_step,
        "min": metric.min,
        "min_step": metric.min_step,
        "max": metric.max,
        "max_step": metric.max_step,
        "non_finite_count": metric.non_finite_count,
    }


def describe_run(record: RunRecord, now_s: float) -> dict[str, Any]:
    """A run with everything that a list of runs knows about it."""
    run = record.run
    return {
        "hash": run.hash,
        "name": run.name,
        "experiment": run.experiment,
        "status": run.status.value,
        "tags": [tag.name for tag in run.tags],
        "description": run.description,
        "is_archived": run.is_archived,
        "created_at": iso_time(run.created_at),
        "finished_at": iso_time(run.finished_at),
        "duration_s": round(run.duration_s(now_s), 3),
        "params": record.params,
        "metrics": [describe_metric(metric) for metric in record.metrics],
    }
