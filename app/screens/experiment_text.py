"""How an experiment looks in the pane at the side, and as a row. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from rich.cells import set_cell_size
from textual.content import Content

from app.formatting import (
    ago,
    count,
    duration,
    metric_title,
    note_line,
    number,
    one_line,
    plural,
    shorten,
    shorten_middle,
)
from app.screens.experiment_reading import SPARK, ExperimentDetail, ExperimentInfo
from app.widgets.activity_map import days_of
from app.widgets.cells import Cell, plain, sparkline
from app.widgets.grid import GridColumn
from app.widgets.run_cells import CellLook, status_mark
from app.widgets.simple_grid import GridRow
from store.models import Activity, SequenceKey

MUTED = "$foreground 60%"


def table_columns(room: int, metric: SequenceKey | None) -> list[GridColumn]:
    """The columns that a table of this width has room for."""
    title = metric_title(metric.name, metric.context) if metric is not None else "best"
    columns = [
        GridColumn("name", " experiment", 20 if room < 90 else 28),
        GridColumn("runs", "runs", 7, is_right=True),
        GridColumn("running", "live", 5, is_right=True),
        GridColumn(
            "best", shorten(f"best {title}", 18), 18 if room > 70 else 12, is_right=True
        ),
        GridColumn("last", "last run", 8, is_right=True),
    ]
    days = 28 if room >= 100 else 14
    if room >= 64:
        columns.append(GridColumn("activity", f"{days} days", days))
    columns.append(GridColumn("best_run", " best run", 28))
    columns.append(GridColumn("description", " description", 40))
    return columns


def table_row(
    info: ExperimentInfo, columns: Sequence[GridColumn], now_s: float, today: date
) -> GridRow:
    """An experiment as a row."""
    experiment, activity, best = info.experiment, info.activity, info.best
    last = max(activity.creation_times, default=0.0)
    running = activity.active_run_count
    name = f" {one_line(experiment.name)}" + (" (archived)" if experiment.is_archived else "")
    days = next((each.width for each in columns if each.id == "activity"), 14)
    values: dict[str, tuple[Cell, float | str]] = {
        "name": (plain(name, "muted" if experiment.is_archived else ""), name.lower()),
        "runs": (plain(count(activity.run_count), is_right=True), activity.run_count),
        "running": (
            plain(f"● {running}" if running else "", "success", is_right=True),
            running,
        ),
        "best": (
            plain(number(best.value) if best else "", "accent", is_right=True),
            best.value if best else float("inf"),
        ),
        "last": (plain(ago(last, now_s), "muted", is_right=True), -last),
        "activity": (
            plain(activity_curve(activity, today, days), "spark"),
            sum(time > now_s - days * 86400 for time in activity.creation_times),
        ),
        "best_run": (
            plain(f" {shorten_middle(one_line(best.name), 27)}" if best else ""),
            best.name.lower() if best else "",
        ),
        "description": (
            plain(f" {one_line(experiment.description)}", "muted"),
            experiment.description.lower(),
        ),
    }
    shown = [values[column.id] for column in columns]
    return GridRow(experiment.id, tuple(c for c, _ in shown), tuple(v for _, v in shown))


def activity_curve(activity: Activity, today: date, days: int) -> str:
    """Runs by day, today at the right; dots for days without any."""
    found: Counter[date] = days_of(activity.creation_times)
    amounts = [found[today - timedelta(days=back)] for back in range(days - 1, -1, -1)]
    if not any(amounts):
        return "·" * days
    drawn = sparkline([float(amount) for amount in amounts], days)
    return "".join(c if amount else "·" for c, amount in zip(drawn, amounts, strict=True))


def head_text(info: ExperimentInfo) -> Content:
    """Name, counts and description."""
    experiment, activity = info.experiment, info.activity
    archived = "  archived" if experiment.is_archived else ""
    return Content.assemble(
        Content.styled(experiment.name, "bold $primary"),
        Content.styled(archived + "\n", "$warning"),
        f"{plural(activity.run_count, 'run')}, {count(activity.active_run_count)} running, ",
        f"{count(activity.archived_run_count)} archived\n",
        Content.styled(experiment.description or "no description: d writes one", "italic"),
    )


def detail_text(detail: ExperimentDetail, look: CellLook, width: int) -> Content:
    """States, best runs with their curves, recent runs, notes."""
    parts: list[Content] = []
    if detail.statuses:
        shares = " · ".join(f"{name} {count(n)}" for name, n in detail.statuses.items())
        parts.append(Content.styled(shares + "\n", MUTED))
    parts += _best(detail, look, width)
    if detail.recent:
        parts.append(_heading("recent"))
        for record in detail.recent:
            mark, tone = status_mark(record.run, look)
            took = duration(record.run.duration_s(look.now_s))
            ends = f"{took:>8} {ago(record.run.created_at, look.now_s):>5}"
            room = max(8, width - 3 - len(ends))
            name = shorten_middle(one_line(record.run.name), room)
            parts.append(
                Content.assemble(
                    (f"{mark} ", MUTED if tone == "muted" else f"${tone}"),
                    set_cell_size(name, room) + " ",
                    (ends + "\n", MUTED),
                )
            )
    if detail.notes:
        parts.append(_heading("notes"))
        for note in detail.notes:
            text = shorten(note_line(note.content), max(10, width - 6))
            parts.append(
                Content.assemble(
                    (f"{ago(note.updated_at, look.now_s):>4} ", MUTED), text + "\n"
                )
            )
    return Content("").join(parts)


def _best(detail: ExperimentDetail, look: CellLook, width: int) -> list[Content]:
    if detail.metric is None or not detail.best:
        return []
    title = metric_title(detail.metric.name, detail.metric.context)
    parts = [_heading(f"best by {title}  (m: another)")]
    room = max(8, width - SPARK - 12)
    for place, each in enumerate(detail.best):
        tone = "bold $success" if place == 0 else ""
        name = shorten_middle(one_line(each.name), room)
        parts.append(
            Content.assemble(
                (set_cell_size(name, room) + " ", tone),
                (detail.curves.get(each.run_hash, "").ljust(SPARK), "$primary 70%"),
                (f" {number(each.value, look.digits):>10}\n", tone),
            )
        )
    return parts


def _heading(text: str) -> Content:
    return Content.styled(f"\n{text}\n", "bold $primary")
