"""The order of the runs table, its groups, and filtering by a cell. Mixed into the runs screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from textual import getters, on

from app.screens.base import DashboardScreen
from app.sources import SortKey
from app.widgets.columns import (
    ColumnKind,
    RunColumn,
    lower_is_better,
    metric_number,
)
from app.widgets.grid import GridView
from app.widgets.run_cells import CellLook
from app.widgets.run_table import RunTable
from store.models import Context

_GROUP_FIELDS = {"experiment": "experiment", "tags": "tags", "status": "status", "name": "run"}


def as_state(key: SortKey) -> tuple[str, bool, str]:
    """A sort key as the view state keeps it."""
    return key.field, key.descending, key.context.text if key.context is not None else ""


def from_state(values: Sequence[Any]) -> SortKey:
    """A sort key that was kept; older states know no context."""
    field, descending, *rest = values
    return SortKey(str(field), bool(descending), Context(rest[0]) if rest and rest[0] else None)


def group_field(column: RunColumn) -> str:
    """What the source groups by for a column; empty if it cannot."""
    if column.kind is ColumnKind.PARAM:
        return f"params.{column.key}"
    return _GROUP_FIELDS.get(column.id, "")


def value_key(column: RunColumn, look: CellLook, *, descending: bool) -> SortKey | None:
    """The numbers that a column shows, as a sort key."""
    is_lower = lower_is_better(column.key, look.directions)
    number = metric_number(look.metric_value, is_lower_better=is_lower)
    return column.sort_key(descending=descending, number=number)


class RunOrder(DashboardScreen):
    """Sorting, grouping, and conditions made from cells."""

    table = getters.query_one("#table", RunTable)

    query_text: str

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def load_runs(self, query: str | None = None) -> None: ...  # noqa: D102
        def load_groups(self) -> None: ...  # noqa: D102
        def set_query(self, text: str) -> None: ...  # noqa: D102

    @on(GridView.HeaderClicked)
    def _header_clicked(self, message: GridView.HeaderClicked) -> None:
        self._sort(keeps_others=message.adds)

    def action_sort(self) -> None:
        """Sort by this column alone: one way, the other way, off."""
        self._sort(keeps_others=False)

    def action_sort_more(self) -> None:
        """Add this column to the sort keys: one way, the other way, off."""
        self._sort(keeps_others=True)

    def _sort(self, *, keeps_others: bool) -> None:
        column = self.table.run_column
        first = column is not None and self._descends_first(column)
        key = (
            value_key(column, self.table.look, descending=first) if column is not None else None
        )
        if column is None or key is None:
            title = column.title if column is not None else "nothing"
            self.notify(f"Runs cannot be sorted by {title}.", severity="warning", timeout=3)
            return
        old = next((each for each in self.table.sort_keys if column.is_sorted_by(each)), None)
        keys = tuple(each for each in self.table.sort_keys if keeps_others and each != old)
        if old is None:
            keys = (*keys, key)
        elif old.descending == first:
            keys = (*keys, replace(key, descending=not first))
        self._order_by(keys)

    def _order_by(self, keys: tuple[SortKey, ...]) -> None:
        self.table.sort_keys = keys
        self.table.relayout()
        self.dashboard.update_state(sort=tuple(as_state(each) for each in keys))
        self.load_runs()

    def sort_by_shown_values(self) -> None:
        """Let sorted metric columns follow the value that they show now."""
        keys = []
        for key in self.table.sort_keys:
            column = next((c for c in self.table.run_columns if c.is_sorted_by(key)), None)
            changed = (
                value_key(column, self.table.look, descending=key.descending)
                if column
                else None
            )
            keys.append(changed or key)
        if tuple(keys) != self.table.sort_keys:
            self._order_by(tuple(keys))

    def _descends_first(self, column: RunColumn) -> bool:
        if column.kind is ColumnKind.METRIC:
            return not lower_is_better(column.key, self.table.look.directions)
        return column.id in ("started", "duration")

    def action_group(self) -> None:
        """Group by this column as well, or no longer."""
        column = self.table.run_column
        if column is None:
            return
        group_by = self.dashboard.view_state.group_by
        if column.id in group_by:
            group_by = tuple(each for each in group_by if each != column.id)
        elif group_field(column):
            group_by = (*group_by, column.id)
        elif group_by:
            group_by = ()
        else:
            self.notify(
                "Put the cursor on a param, the name, the experiment or the tags first.",
                timeout=3,
            )
            return
        self.dashboard.update_state(group_by=group_by)
        self.load_groups()

    def action_fold_all(self) -> None:
        """Fold all groups, or open them."""
        if self.table.is_grouped:
            self.table.fold_all()
        else:
            self.notify("There are no groups: g groups by a column.", timeout=3)
