"""How Home looks: rows of running and recent runs, figures of the store, pins, alerts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import set_cell_size
from textual.content import Content

from app.formatting import (
    ago,
    count,
    duration,
    metric_title,
    number,
    one_line,
    shorten,
    shorten_middle,
    size,
)
from app.screens.home_reading import SPARK, HomeData, leading_summary
from app.widgets.cells import Cell, plain
from app.widgets.grid import GridColumn
from app.widgets.progress import progress_cell, progress_of
from app.widgets.run_cells import CellLook, is_stale, status_mark
from app.widgets.simple_grid import GridRow
from store.models import RunRecord, SequenceKey
from store.models.alerts import AlertSheet, Severity

MUTED = "$foreground 60%"
_MARKS = {Severity.ERROR: "✖", Severity.WARNING: "!", Severity.INFORMATION: "·"}
_TONES = {
    Severity.ERROR: "$error",
    Severity.WARNING: "$warning",
    Severity.INFORMATION: "$success",
}
_RUNNING = (
    (0, GridColumn("progress", "progress", 16)),
    (0, GridColumn("left", "left", 7, is_right=True)),
    (110, GridColumn("rate", "steps/s", 8, is_right=True)),
    (0, GridColumn("metric", "last value", 22)),
    (98, GridColumn("curve", "", SPARK)),
    (84, GridColumn("duration", "time", 8, is_right=True)),
    (0, GridColumn("heard", "heard", 6, is_right=True)),
)
_RECENT = (
    (86, GridColumn("experiment", "experiment", 16)),
    (0, GridColumn("metric", "last value", 22)),
    (60, GridColumn("curve", "", SPARK)),
    (96, GridColumn("duration", "time", 8, is_right=True)),
    (0, GridColumn("started", "started", 7, is_right=True)),
)
"""From which width of the table on a column is shown."""


def columns_for(room: int, *, is_running: bool) -> list[GridColumn]:
    """Columns that fit, the name taking what is left."""
    offered = _RUNNING if is_running else _RECENT
    shown = [column for least, column in offered if room >= least]
    rest = sum(column.width + 1 for column in shown)
    return [GridColumn("name", "run", min(60, max(14, room - rest - 1))), *shown]


def running_row(
    record: RunRecord,
    columns: Sequence[GridColumn],
    look: CellLook,
    curve: str,
    pinned: Sequence[SequenceKey],
) -> GridRow:
    """A running run: how far it is, how fast, and when it was last heard of."""
    run = record.run
    stale = is_stale(run, look.now_s, look.stale_after_s)
    passed = run.duration_s(look.now_s)
    share = progress_of(record)
    left = passed * (1 - share) / share if share and not stale else None
    cells = {
        "name": _name(record, look, columns[0].width),
        "progress": progress_cell(share),
        "left": plain("" if left is None else _short(left), "muted", is_right=True),
        "rate": plain(_rate(record, passed), "muted", is_right=True),
        "metric": _metric(record, look, pinned),
        "curve": plain(curve, "spark"),
        "duration": plain(duration(passed), is_right=True),
        "heard": plain(
            ago(run.updated_at, look.now_s), "warning" if stale else "muted", is_right=True
        ),
    }
    return GridRow(run.hash, tuple(cells[column.id] for column in columns))


def recent_row(
    record: RunRecord,
    columns: Sequence[GridColumn],
    look: CellLook,
    curve: str,
    pinned: Sequence[SequenceKey],
) -> GridRow:
    """A run and what it came to."""
    run = record.run
    cells = {
        "name": _name(record, look, columns[0].width),
        "experiment": plain(one_line(run.experiment or ""), "muted"),
        "metric": _metric(record, look, pinned),
        "curve": plain(curve, "spark"),
        "duration": plain(duration(run.duration_s(look.now_s)), "muted", is_right=True),
        "started": plain(ago(run.created_at, look.now_s), "muted", is_right=True),
    }
    return GridRow(run.hash, tuple(cells[column.id] for column in columns))


def _name(record: RunRecord, look: CellLook, width: int) -> Cell:
    mark, tone = status_mark(record.run, look)
    name = shorten_middle(one_line(record.run.name), width - 3)
    return Cell(((f" {mark}", tone), (" ", ""), (name, "")))


def _metric(record: RunRecord, look: CellLook, pinned: Sequence[SequenceKey]) -> Cell:
    summary = leading_summary(record, pinned)
    if summary is None:
        return plain("")
    value = number(summary.last, look.digits)
    title = shorten_middle(metric_title(summary.name, summary.context), 21 - len(value))
    return Cell(((f"{title} ", "muted"), (value, "")))


def _rate(record: RunRecord, passed_s: float) -> str:
    steps = [m.last_step - m.first_step for m in record.metrics if m.count and not m.is_system]
    if not steps or passed_s <= 0 or max(steps) <= 0:
        return ""
    return number(max(steps) / passed_s, 3)


def _short(seconds: float) -> str:
    return duration(seconds).split(" ")[0] if seconds >= 86400 else duration(seconds)


def pins_text(data: HomeData, digits: int, width: int) -> Content:
    """The best runs of pinned metrics."""
    if not data.pins:
        return Content.styled(
            "None yet. P in the runs table pins the metric under the cursor.", MUTED
        )
    parts: list[Content] = []
    room = max(12, width - 14)
    for pin in data.pins:
        parts.append(Content.styled(metric_title(pin.key.name, pin.key.context) + "\n", "bold"))
        for place, (name, value) in enumerate(pin.best):
            look = "bold $success" if place == 0 else ""
            shown = set_cell_size(shorten_middle(one_line(name), room), room)
            parts.append(Content.styled(f"  {shown} {number(value, digits):>10}\n", look))
    return Content("").join(parts)


def health_text(data: HomeData, width: int) -> Content:
    """Counts and sizes, in as many columns as there is room for."""
    facts = _facts(data)
    across = max(1, min(len(facts), (width + 2) // 22))
    rows = -(-len(facts) // across) if facts else 0
    room = width // across - 2 if across > 1 else width
    parts: list[Content] = []
    for row in range(rows):
        for name, value in facts[row::rows]:
            gap = max(1, room - len(name) - len(value))
            parts.append(Content.assemble((name, MUTED), " " * gap + value + "  "))
        if row < rows - 1:
            parts.append(Content("\n"))
    return Content("").join(parts)


def _facts(data: HomeData) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    if data.activity is not None:
        facts += [
            ("runs", count(data.activity.run_count)),
            ("running", count(data.activity.active_run_count)),
            ("archived", count(data.activity.archived_run_count)),
            ("experiments", count(data.activity.experiment_count)),
        ]
    if data.statistics is not None:
        facts += [
            ("points", count(data.statistics.point_count)),
            ("unsealed", count(data.statistics.unsealed_point_count)),
            ("segments", count(data.statistics.segment_count)),
            ("on disk", size(data.statistics.size_bytes)),
        ]
    return facts


def alerts_text(sheet: AlertSheet, now_s: float, width: int) -> Content:
    """What nobody has seen yet, newest first."""
    if not sheet.open_alerts:
        watched = len(sheet.rules) + len(sheet.fixed_rules)
        return Content.styled(f"All is well. {watched} rules watch; f4 shows them.", MUTED)
    parts = []
    for alert in sheet.open_alerts:
        severity = alert.finding.severity
        when = f"{ago(alert.time, now_s):>4}"
        text = shorten(one_line(alert.headline), max(10, width - 7))
        parts.append(
            Content.assemble(
                (f"{_MARKS[severity]} ", _TONES[severity]), (when + " ", MUTED), text + "\n"
            )
        )
    return Content("").join(parts)


def stale_count(records: Sequence[RunRecord], look: CellLook) -> int:
    """Running runs of which nothing was heard for long."""
    return sum(is_stale(each.run, look.now_s, look.stale_after_s) for each in records)


def rows_of(
    records: Sequence[RunRecord],
    columns: Sequence[GridColumn],
    look: CellLook,
    data: HomeData,
    *,
    is_running: bool,
) -> list[GridRow]:
    """Rows of one of the two tables."""
    make = running_row if is_running else recent_row
    curves: Mapping[str, str] = data.curves
    return [
        make(each, columns, look, curves.get(each.run.hash, ""), data.pinned)
        for each in records
    ]
