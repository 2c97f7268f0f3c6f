"""Which traces belong together: values of fields of a run and its metric, as text.

Fields: `run`, `experiment`, `metric`, `context`, `context.<key>`, `tags`, `status`, and
`params.<dotted.key>`. Values are ordered as people count: numbers by size, then text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.formatting import MISSING
from store.models import MetricSummary, RunRecord

PLAIN_FIELDS = ("run", "experiment", "metric", "context", "tags", "status")


def field_value(record: RunRecord, metric: MetricSummary, field: str) -> str:
    """The value of a field as text; a dash where there is none."""
    run = record.run
    match field.split(".", 1):
        case ["run"]:
            return run.hash
        case ["experiment"]:
            return run.experiment or MISSING
        case ["metric"]:
            return metric.name
        case ["context"]:
            return str(metric.context) or MISSING
        case ["context", key]:
            return _text(metric.context.as_dict().get(key))
        case ["tags"]:
            return ", ".join(tag.name for tag in run.tags) or MISSING
        case ["status"]:
            return str(run.status)
        case ["params", path]:
            return _text(param_at(record.params, path))
        case _:
            return MISSING


def group_of(
    record: RunRecord, metric: MetricSummary, fields: Sequence[str]
) -> tuple[str, ...]:
    """The values of several fields."""
    return tuple(field_value(record, metric, field) for field in fields)


def group_title(
    fields: Sequence[str],
    values: Sequence[str],
    run_names: Mapping[str, str],
    *,
    is_short: bool = False,
) -> str:
    """A group in words: names of runs and metrics alone, other fields with their key.

    `is_short` leaves the keys of contexts out: `loss · val`, not `loss · subset=val`.
    """
    parts = []
    for field, value in zip(fields, values, strict=True):
        if field == "run":
            parts.append(run_names.get(value, value))
        elif field == "context" and is_short and value != MISSING:
            parts.extend(part.rpartition("=")[2] for part in value.split(", "))
        elif field == "metric" and is_short:
            parts.append(value.removeprefix("__system__"))
        elif field in {"metric", "experiment", "context"}:
            if value != MISSING:
                parts.append(value)
        else:
            parts.append(f"{field.rsplit('.', 1)[-1]}={value}")
    return " · ".join(parts)


def in_order(groups: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Distinct groups, numbers by size, then text, then measurements of the machine."""
    return sorted(set(groups), key=lambda group: [_order(value) for value in group])


def param_at(params: Mapping[str, Any], path: str) -> Any:
    """The param at a dotted path; None if there is none. Keys may contain dots themselves."""
    if path in params:
        return params[path]
    parts = path.split(".")
    for count in range(1, len(parts)):
        inner = params.get(".".join(parts[:count]))
        if isinstance(inner, Mapping):
            found = param_at(inner, ".".join(parts[count:]))
            if found is not None:
                return found
    return None


def _text(value: Any) -> str:
    if value is None:
        return MISSING
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _order(value: str) -> tuple[int, float, str]:
    if value.startswith("__system__"):
        return 2, 0.0, value
    try:
        return 0, float(value), value
    except ValueError:
        return 1, 0.0, value
