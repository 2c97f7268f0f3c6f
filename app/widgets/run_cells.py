"""How the values of a run look in the cells of the runs table. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from app import formatting
from app.sources import SortKey
from app.theme import tag_color
from app.widgets.baseline import against_baseline
from app.widgets.cells import EMPTY, Cell, plain
from app.widgets.columns import (
    ABSENT,
    SPARK_WIDTH,
    ColumnKind,
    RunColumn,
    lower_is_better,
    metric_summary,
    metric_value,
    param_value,
)
from store.models import Run, RunRecord, RunStatus

STATUS_MARKS = {
    RunStatus.RUNNING: ("●", "success"),
    RunStatus.FINISHED: ("✔", "muted"),
    RunStatus.FAILED: ("✖", "error"),
    RunStatus.KILLED: ("■", "warning"),
}
STALE_MARK = ("◌", "warning")
_PLAIN_MARKS = {"●": "*", "✔": "+", "✖": "x", "■": "k", "◌": "?"}


class CellLook(Struct, frozen=True):
    """What decides how cells look, besides the run."""

    now_s: float = 0.0
    digits: int = 4
    metric_value: str = "last"
    group_value: str = "mean"
    """What headings of groups show: mean, min or max of their runs."""
    absolute_times: bool = False
    directions: Mapping[str, str] = field(default_factory=dict)
    best: Mapping[str, float] = field(default_factory=dict)
    """Best value by column id."""
    stale_after_s: float = 600.0
    is_dark: bool = True
    ascii_only: bool = False
    baseline: RunRecord | None = None
    """The run that cells show their difference to."""


def status_mark(run: Run, look: CellLook) -> tuple[str, str]:
    """A mark for the state of a run, and its tone."""
    mark, tone = STATUS_MARKS[run.status]
    if is_stale(run, look.now_s, look.stale_after_s):
        mark, tone = STALE_MARK
    if run.is_archived:
        tone = "muted"
    return (_PLAIN_MARKS[mark] if look.ascii_only else mark), tone


def is_stale(run: Run, now_s: float, stale_after_s: float) -> bool:
    """Whether a run says that it is running and has logged nothing for long."""
    return run.is_active and run.updated_at > 0 and now_s - run.updated_at > stale_after_s


def run_cell(column: RunColumn, record: RunRecord, look: CellLook, spark: str = "") -> Cell:
    """The cell of a run in a column."""
    cell = _plain_cell(column, record, look, spark)
    if look.baseline is None:
        return cell
    return against_baseline(
        cell,
        column,
        record,
        look.baseline,
        which=look.metric_value,
        directions=look.directions,
    )


def _plain_cell(column: RunColumn, record: RunRecord, look: CellLook, spark: str) -> Cell:
    if column.kind is ColumnKind.PARAM:
        return _param_cell(column, record, look)
    if column.kind is ColumnKind.METRIC:
        return _metric_cell(column, record, look, spark)
    if column.id == "name":
        return _name_cell(record.run, look, column.width)
    if column.id == "experiment":
        name = formatting.one_line(record.run.experiment or "")
        return plain(formatting.shorten_middle(name, column.width), "muted")
    return _FIXED_CELLS[column.id](record.run, look)


def header_cell(
    column: RunColumn, sort_keys: Sequence[SortKey], look: CellLook, *, indent: int = 0
) -> Cell:
    """The title of a column with the sort direction, and the place among several keys."""
    title = " " * indent + column.title
    if column.kind is ColumnKind.METRIC and look.metric_value != "last":
        title = f"{title} {look.metric_value}"
    for at, key in enumerate(sort_keys):
        if column.is_sorted_by(key):
            arrow = " ↓" if key.descending else " ↑"
            place = str(at + 1) if len(sort_keys) > 1 else ""
            # The arrow stays in sight when the title does not fit.
            room = max(1, column.width + indent - len(arrow + place))
            title = formatting.shorten(title, room)
            return Cell(((title, "primary"), (arrow + place, "accent")), column.is_right)
    return plain(title, is_right=column.is_right)


def _param_cell(column: RunColumn, record: RunRecord, look: CellLook) -> Cell:
    value = param_value(record.params, column.key)
    if value is ABSENT:
        return plain(formatting.MISSING, "muted")
    tone = "muted" if value is None else ""
    return plain(formatting.param(value, look.digits), tone)


def _metric_cell(column: RunColumn, record: RunRecord, look: CellLook, spark: str) -> Cell:
    summary = metric_summary(record, column.key, column.context)
    if summary is None or summary.count == 0:
        return plain(formatting.MISSING, "muted")
    is_lower = lower_is_better(column.key, look.directions)
    value = metric_value(summary, look.metric_value, is_lower_better=is_lower)
    best = look.best.get(column.id)
    tone = "best" if best is not None and value == best else ""
    if not math.isfinite(value):
        tone = "error"
    text = formatting.number(value, look.digits)
    if column.width < SPARK_WIDTH + 9:
        return plain(text, tone)
    room = column.width - SPARK_WIDTH - 1
    gap = " " * max(1, room - len(text) + 1)
    return Cell(((text[:room], tone), (gap, ""), (spark, "spark")))


def _name_cell(run: Run, look: CellLook, width: int) -> Cell:
    mark, tone = status_mark(run, look)
    name = formatting.shorten_middle(formatting.one_line(run.name) or run.hash, width)
    return Cell(((mark, tone), (" ", ""), (name, "muted" if run.is_archived else "")))


def _tags_cell(run: Run, look: CellLook) -> Cell:
    pieces: list[tuple[str, str]] = []
    for tag in run.tags:
        color = tag_color(tag.name, tag.color, is_dark=look.is_dark)
        pieces += [(f" {formatting.one_line(tag.name)} ", f"chip:{color}"), (" ", "")]
    return Cell(tuple(pieces)) if pieces else EMPTY


def _started_cell(run: Run, look: CellLook) -> Cell:
    if look.absolute_times:
        return plain(formatting.timestamp(run.created_at), "muted", is_right=True)
    return plain(formatting.ago(run.created_at, look.now_s), "muted", is_right=True)


def _duration_cell(run: Run, look: CellLook) -> Cell:
    tone = "" if run.is_active else "muted"
    return plain(formatting.duration(run.duration_s(look.now_s)), tone, is_right=True)


def _status_cell(run: Run, look: CellLook) -> Cell:
    mark, tone = status_mark(run, look)
    word = "stale" if mark == STALE_MARK[0] else run.status.value
    return plain(word, tone)


_FIXED_CELLS: dict[str, Callable[[Run, CellLook], Cell]] = {
    "tags": _tags_cell,
    "started": _started_cell,
    "duration": _duration_cell,
    "status": _status_cell,
    "hash": lambda run, _: plain(run.hash, "muted"),
    "notes": lambda run, _: plain(str(run.note_count or ""), "accent", is_right=True),
    "description": lambda run, _: plain(formatting.one_line(run.description), "muted"),
}
