"""`runfolio runs`: the runs that match a query, as a table or as JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from app.formatting import MISSING, ago, duration, flatten, number, param, shorten
from app.output.table import render_table
from app.output.values import describe_run, metric_label
from app.querying.plain_words import as_query
from app.sources.protocol import SortKey
from store.errors import InvalidDataError
from store.models import RunRecord
from store.queries.directions import guess_direction

if TYPE_CHECKING:
    from app.sources import Source

MAX_PARAM_COLUMNS = 4
MAX_METRIC_COLUMNS = 4
CELL_WIDTH = 32
PAGE = 500
FIXED = ("hash", "name", "experiment", "status", "tags", "started", "duration", "description")
SORT_FIELDS = ("date", "duration", "run", "experiment", "hash", "status", "description")
_FIELD_OF_COLUMN = {"name": "run", "started": "date"}
DEFAULT_FIXED = ("hash", "name", "experiment", "status", "started", "duration")


def load_records(
    source: Source, query: str, sort: Sequence[str], limit: int
) -> tuple[int, list[RunRecord]]:
    """How many runs match, and the first of them.

    Raises:
        QueryError: If the query cannot be understood.
    """
    index = source.find_runs(as_query(query), [parse_sort(key) for key in sort], limit=limit)
    hashes = list(index.hashes)
    records: list[RunRecord] = []
    for start in range(0, len(hashes), PAGE):
        records += source.get_records(hashes[start : start + PAGE])
    return max(index.total, len(records)), records


def parse_sort(text: str) -> SortKey:
    """A sort key as people type it: a field or a column, `-` in front for descending.

    Raises:
        InvalidDataError: If there is no such field.
    """
    name = text.removeprefix("-")
    field = _FIELD_OF_COLUMN.get(name, name)
    if field not in SORT_FIELDS and not field.startswith(("params.", "metrics.")):
        known = ", ".join(SORT_FIELDS)
        why = f"cannot sort by {name!r}; there are {known}, params.…, metrics.…"
        raise InvalidDataError("--sort", why)
    return SortKey(field, descending=text.startswith("-"))


def runs_table(
    records: Sequence[RunRecord], columns: Sequence[str], now_s: float, width: int | None
) -> list[str]:
    """The runs as lines of a table.

    Raises:
        InvalidDataError: If a column is unknown.
    """
    makers = [maker for column in columns or default_columns(records) for maker in cells_of(
        column, records, now_s)]  # fmt: skip
    header = [title for title, _, _ in makers]
    rows = [[shorten(cell(record), CELL_WIDTH) for _, cell, _ in makers] for record in records]
    numeric = frozenset(at for at, (_, _, is_number) in enumerate(makers) if is_number)
    return render_table(header, rows, right_aligned=numeric, width=width)


def runs_json(records: Sequence[RunRecord], now_s: float) -> list[dict[str, Any]]:
    """The runs as plain values."""
    return [describe_run(record, now_s) for record in records]


def default_columns(records: Sequence[RunRecord]) -> list[str]:
    """Fixed columns, the params that differ, and the metrics that most runs have."""
    return [*DEFAULT_FIXED, *differing_params(records), *common_metrics(records)]


def differing_params(records: Sequence[RunRecord], limit: int = MAX_PARAM_COLUMNS) -> list[str]:
    """Params whose value is not the same in all runs, the most frequent first."""
    leaves = [flatten(dict(record.params)) for record in records]
    counts: dict[str, int] = {}
    values: dict[str, set[str]] = {}
    for tree in leaves:
        for key, value in tree.items():
            if not key.startswith("__"):
                counts[key] = counts.get(key, 0) + 1
                values.setdefault(key, set()).add(repr(value))
    differing = [key for key in counts if len(values[key]) > 1 or counts[key] < len(records)]
    # What a study varies on purpose is kept under hparams.
    differing.sort(key=lambda key: (not key.startswith("hparams."), -counts[key], key))
    return [f"params.{key}" for key in differing[:limit]]


def common_metrics(records: Sequence[RunRecord], limit: int = MAX_METRIC_COLUMNS) -> list[str]:
    """Metrics that most runs have, not those of the machine."""
    counts: dict[str, int] = {}
    for record in records:
        for metric in record.metrics:
            if not metric.is_system:
                label = metric_label(metric.name, metric.context)
                counts[label] = counts.get(label, 0) + 1
    # Losses and scores before learning rates and norms, validation before training.
    ordered = sorted(
        counts,
        key=lambda label: (
            -counts[label],
            guess_direction(label.split()[0]) is None,
            "train" in label,
            label,
        ),
    )
    return [f"metrics.{label}" for label in ordered[:limit]]


Column = tuple[str, Callable[[RunRecord], str], bool]
"""Title, the text of a cell, and whether it is a number."""


def cells_of(column: str, records: Sequence[RunRecord], now_s: float) -> list[Column]:
    """What a column shows; a metric named without context gives one for each context.

    Raises:
        InvalidDataError: If the column is unknown.
    """
    if column in FIXED:
        return [
            (column, lambda record: fixed_cell(record, column, now_s), column == "duration")
        ]
    if column.startswith("params."):
        key = column.removeprefix("params.")
        return [(key.removeprefix("hparams."), lambda record: param_cell(record, key), True)]
    if column.startswith("metrics."):
        wanted = column.removeprefix("metrics.")
        labels = sorted(
            {
                metric_label(metric.name, metric.context)
                for record in records
                for metric in record.metrics
                if wanted in (metric.name, metric_label(metric.name, metric.context))
            }
        )
        return [(label, metric_cell(label), True) for label in labels or [wanted]]
    known = ", ".join(FIXED)
    raise InvalidDataError(column, f"no such column; there are {known}, params.…, metrics.…")


def fixed_cell(record: RunRecord, column: str, now_s: float) -> str:
    """The text of a property of a run."""
    run = record.run
    match column:
        case "hash":
            return run.hash[:10]
        case "name":
            return run.name
        case "experiment":
            return run.experiment or MISSING
        case "status":
            return run.status.value
        case "tags":
            return " ".join(tag.name for tag in run.tags) or MISSING
        case "started":
            return ago(run.created_at, now_s)
        case "duration":
            return duration(run.duration_s(now_s))
        case _:
            return run.description or MISSING


def param_cell(record: RunRecord, key: str) -> str:
    """The text of a param."""
    leaves = flatten(dict(record.params))
    return param(leaves[key]) if key in leaves else MISSING


def metric_cell(label: str) -> Callable[[RunRecord], str]:
    """Makes the text of a metric: its last value."""

    def cell(record: RunRecord) -> str:
        for metric in record.metrics:
            if metric_label(metric.name, metric.context) == label:
                is_gap = math.isnan(metric.last) and metric.count == 0
                return MISSING if is_gap else number(metric.last)
        return MISSING

    return cell
