"""How far the cells of the runs table are from those of the baseline run. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.formatting import number
from app.traces.compare import ratio
from app.widgets.cells import Cell
from app.widgets.columns import (
    ColumnKind,
    RunColumn,
    lower_is_better,
    metric_summary,
    metric_value,
    param_value,
)
from store.models import RunRecord

BASELINE_MARK = "◇ "


def against_baseline(
    cell: Cell,
    column: RunColumn,
    record: RunRecord,
    baseline: RunRecord,
    *,
    which: str,
    directions: Mapping[str, str],
) -> Cell:
    """A cell with its difference to the baseline as a dim suffix, where there is room for it.

    Args:
        cell: As it looks without a baseline; the small curve of a metric gives way.
        column: Whose cell it is.
        record: The run of the row.
        baseline: The run that all others are compared with.
        which: The value that metric cells show.
        directions: Metrics and `min` or `max` where a person flipped it.
    """
    is_baseline = record.run.hash == baseline.run.hash
    if column.id == "name" and is_baseline:
        return Cell(((BASELINE_MARK, "accent"), *cell.pieces), cell.is_right)
    if is_baseline or column.kind is ColumnKind.FIXED or not cell.pieces:
        return cell
    (text, tone), *_ = cell.pieces
    text = text.rstrip()
    if column.kind is ColumnKind.METRIC:
        change = _metric_change(column, record, baseline, which, directions)
    else:
        value = param_value(record.params, column.key)
        base = param_value(baseline.params, column.key)
        change = ratio(value, base, column.key)
        if repr(value) != repr(base) and not tone:
            tone = "accent"
    if not change or len(text) + 1 + len(change) > column.width:
        return Cell(((text, tone),), cell.is_right)
    return Cell(((text, tone), (f" {change}", "muted")), cell.is_right)


def _metric_change(
    column: RunColumn,
    record: RunRecord,
    baseline: RunRecord,
    which: str,
    directions: Mapping[str, str],
) -> str:
    is_lower = lower_is_better(column.key, directions)
    values = []
    for each in (record, baseline):
        summary = metric_summary(each, column.key, column.context)
        if summary is None or not summary.count:
            return ""
        values.append(metric_value(summary, which, is_lower_better=is_lower))
    value, base = values
    if not math.isfinite(value - base) or value == base:
        return ""
    return f"{'+' if value > base else '-'}{number(abs(value - base), 3)}"
