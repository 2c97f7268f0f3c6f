"""Groups of runs as rows of the runs table: headings, and the runs below them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from app import formatting
from app.formatting import MISSING, number
from app.widgets.cells import EMPTY, Cell, plain
from app.widgets.columns import ColumnKind, RunColumn, lower_is_better
from app.widgets.run_cells import CellLook
from store.models import Figures, GroupedRuns

GROUP_VALUES = ("mean", "min", "max")
"""What headings show of the values of their runs."""
FOLDED_FROM = 200
"""With so many runs and more, groups are folded at first."""


class RunGroup(Struct, frozen=True):
    """Runs with the same values in the columns one groups by."""

    key: tuple[str, ...]
    hashes: Sequence[str] = ()
    figures: Mapping[str, Figures] = field(default_factory=dict)
    """By column id, for columns with numbers."""

    @property
    def title(self) -> str:
        """The values for people."""
        return " · ".join(value or MISSING for value in self.key)


class RunRow(Struct, frozen=True):
    """One row of a grouped table: a run, or the heading of a group."""

    run_hash: str = ""
    group: int = -1
    """Position of the group whose heading this is."""


def shown_groups(found: Sequence[GroupedRuns], columns: Sequence[RunColumn]) -> list[RunGroup]:
    """Groups as the table shows them.

    Args:
        found: What the source gave.
        columns: The columns that figures were asked for.
    """
    return [
        RunGroup(
            tuple("" if part is None else formatting.param(part) for part in each.key),
            each.hashes,
            {
                column.id: figures
                for column, figures in zip(columns, each.figures, strict=True)
                if figures is not None
            },
        )
        for each in found
    ]


def rows_of(groups: Sequence[RunGroup], closed: frozenset[tuple[str, ...]]) -> list[RunRow]:
    """Headings with the runs of the groups that are open."""
    rows: list[RunRow] = []
    for at, group in enumerate(groups):
        rows.append(RunRow(group=at))
        if group.key not in closed:
            rows.extend(RunRow(run_hash=each) for each in group.hashes)
    return rows


def best_groups(
    groups: Sequence[RunGroup], columns: Sequence[RunColumn], look: CellLook
) -> dict[str, float]:
    """The best shown value of each metric column among groups; only where there are two."""
    best: dict[str, float] = {}
    for column in columns:
        if column.kind is ColumnKind.METRIC:
            known = [group.figures[column.id] for group in groups if column.id in group.figures]
            values = [float(getattr(each, look.group_value)) for each in known]
            if len(values) > 1:
                is_lower = lower_is_better(column.key, look.directions)
                best[column.id] = min(values) if is_lower else max(values)
    return best


def heading_cell(
    column: RunColumn, group: RunGroup, look: CellLook, best: Mapping[str, float]
) -> Cell:
    """What a heading shows in a column."""
    figures = group.figures.get(column.id)
    if figures is None:
        return EMPTY
    if column.kind is ColumnKind.PARAM:
        if figures.min == figures.max:
            return plain(formatting.short_number(figures.min, look.digits), "muted")
        ends = (formatting.short_number(each, 3) for each in (figures.min, figures.max))
        return plain("…".join(ends), "muted")
    if column.kind is ColumnKind.FIXED:
        return plain(formatting.duration(figures.mean), "accent", is_right=True)
    value = float(getattr(figures, look.group_value))
    tone = "best" if best.get(column.id) == value else "accent"
    text = number(value, look.digits)
    if look.group_value != "mean" or figures.count == 1:
        return plain(text, tone)
    return Cell(((text, tone), (f" ±{number(figures.deviation, 2)}", "muted")))


def title_cell(group: RunGroup, *, is_closed: bool) -> Cell:
    """The first cell of a heading: its values, and how many runs there are."""
    arrow = "▸" if is_closed else "▾"
    return Cell(
        (
            (f" {arrow} ", "primary"),
            (group.title, "strong"),
            (f"  {formatting.count(len(group.hashes))}", "muted"),
        )
    )
