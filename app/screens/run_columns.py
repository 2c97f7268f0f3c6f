"""What can be done with the columns of the runs table. Mixed into the runs screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import getters, on

from app.dialogs.column_picker import ColumnAnswer, ColumnOffer, ColumnPicker
from app.formatting import flatten, param, shorten
from app.pins import toggle_pin
from app.plain_words import as_query
from app.screens.base import DashboardScreen
from app.sources import Feature, SortKey
from app.widgets.columns import (
    ABSENT,
    FIXED,
    ColumnKind,
    RunColumn,
    as_literal,
    column_from_id,
    default_columns,
    fitted_width,
    lower_is_better,
    metric_column_id,
    metric_number,
    param_value,
)
from app.widgets.grid import GridView
from app.widgets.run_cells import CellLook
from app.widgets.run_page import CHUNK
from app.widgets.run_table import RunTable
from store.models import Context, ParamsOverview, RunRecord, SequenceKey, SequenceKind

GROUPABLE = ("experiment", "tags", "status")
METRIC_VALUES = ("last", "min", "max", "mean", "best")
WIDTH_STEPS = (8, 12, 16, 24, 36, 60)


def as_state(key: SortKey) -> tuple[str, bool, str]:
    """A sort key as the view state keeps it."""
    return key.field, key.descending, key.context.text if key.context is not None else ""


def from_state(values: Sequence[Any]) -> SortKey:
    """A sort key that was kept; older states know no context."""
    field, descending, *rest = values
    return SortKey(str(field), bool(descending), Context(rest[0]) if rest and rest[0] else None)


class RunColumnActions(DashboardScreen):
    """Choosing, ordering, sorting and grouping by columns."""

    table = getters.query_one("#table", RunTable)

    query_text: str

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def load_runs(self, query: str | None = None) -> None: ...  # noqa: D102
        def load_groups(self) -> None: ...  # noqa: D102
        def set_query(self, text: str) -> None: ...  # noqa: D102

    # Choosing

    def restore_look(self) -> None:
        """How cells look, as it was kept."""
        state, config = self.dashboard.view_state, self.dashboard.config
        self.table.look = CellLook(
            now_s=self.dashboard.clock(),
            digits=config.number_digits,
            metric_value=state.metric_value,
            absolute_times=state.absolute_times,
            directions={**config.metric_directions, **dict(state.metric_directions)},
            stale_after_s=config.stale_after_s,
            is_dark=self.app.current_theme.dark,
            ascii_only=config.ascii_only,
        )

    def column(self, column_id: str) -> RunColumn | None:
        """A column by id, shown or not."""
        shown = (each for each in self.table.run_columns if each.id == column_id)
        return next(shown, None) or column_from_id(column_id)

    def choose_columns(self, records: Sequence[RunRecord]) -> None:
        """Show the chosen columns, or those that tell these runs apart."""
        state = self.dashboard.view_state
        ids = state.columns
        if not ids:
            if not records and self.table.run_columns:
                return
            ids = default_columns(records)
        widths = dict(state.column_widths)
        before = {each.id: each.width for each in self.table.run_columns}
        columns = []
        for each in ids:
            column = column_from_id(each)
            if column is not None:
                # A column only grows, so that a new result does not make the table jump.
                fitted = max(self._width(column, records), before.get(each, 0))
                width = widths.get(each) or fitted
                columns.append(replace(column, width=width))
        if columns != list(self.table.run_columns):
            self._show_columns(columns)

    def grow_columns(self) -> None:
        """Show columns for what runs began to log, as long as none goes for it."""
        if self.dashboard.view_state.columns:
            return
        records = self.table.page.known(self.table.page.hashes[:CHUNK])
        shown = {each.id for each in self.table.run_columns}
        if shown < set(default_columns(records)):
            here = self.table.run_column
            self.choose_columns(records)
            ids = [each.id for each in self.table.run_columns]
            self.table.cursor_column = ids.index(here.id) if here is not None else 0

    def _width(self, column: RunColumn, records: Sequence[RunRecord]) -> int:
        if column.id == "started" and self.table.look.absolute_times:
            return 16
        return fitted_width(column, records)

    def _show_columns(self, columns: Sequence[RunColumn]) -> None:
        pinned = {"name", *self.dashboard.view_state.pinned_columns}
        first = [c for c in columns if c.id in pinned]
        rest = [c for c in columns if c.id not in pinned]
        self.table.show_columns([*first, *rest], len(first))

    def _keep_columns(self, columns: Sequence[RunColumn]) -> None:
        self._show_columns(columns)
        self.dashboard.update_state(columns=tuple(each.id for each in self.table.run_columns))

    def action_columns(self) -> None:
        """Choose columns from everything that was ever logged."""
        self.load("columns", self.source.params_overview, self._pick_columns)

    def _pick_columns(self, overview: ParamsOverview) -> None:
        shown = [each.id for each in self.table.run_columns]
        offers = [ColumnOffer(each, title, "run") for each, (title, _) in FIXED.items()]
        for name, contexts in sorted(overview.sequences.get(SequenceKind.METRIC, {}).items()):
            for context in contexts or [{}]:
                column = column_from_id(metric_column_id(name, Context.of(context)))
                if column is not None:
                    offers.append(ColumnOffer(column.id, column.title, "metric"))
        for key, example in sorted(flatten(overview.params).items()):
            if key:
                offers.append(
                    ColumnOffer(f"params.{key}", key, f"param  {shorten(param(example), 30)}")
                )
        dialog = ColumnPicker(offers, shown, self.dashboard.view_state.pinned_columns)
        self.app.push_screen(dialog, self._columns_picked)

    def _columns_picked(self, answer: ColumnAnswer | None) -> None:
        if answer is None:
            return
        self.dashboard.update_state(columns=answer.shown, pinned_columns=answer.pinned)
        self.choose_columns(self.table.page.known(self.table.page.hashes[:200]))

    def action_column_left(self) -> None:
        """Move the column under the cursor to the left."""
        self._move_column(-1)

    def action_column_right(self) -> None:
        """Move the column under the cursor to the right."""
        self._move_column(1)

    def _move_column(self, step: int) -> None:
        columns, at = list(self.table.run_columns), self.table.cursor_column
        lowest = 1 if at >= self.table.frozen_count else 0
        first = self.table.frozen_count if lowest else 0
        last = len(columns) - 1 if lowest else self.table.frozen_count - 1
        to = at + step
        if first <= to <= last:
            columns.insert(to, columns.pop(at))
            self._keep_columns(columns)
            self.table.cursor_column = to

    def action_pin_column(self) -> None:
        """Keep the column in sight, or let it go."""
        column = self.table.run_column
        if column is None or column.id == "name":
            return
        pinned = set(self.dashboard.view_state.pinned_columns) ^ {column.id}
        self.dashboard.update_state(pinned_columns=tuple(sorted(pinned)))
        self._keep_columns(self.table.run_columns)
        ids = [each.id for each in self.table.run_columns]
        self.table.cursor_column = ids.index(column.id)

    def action_hide_column(self) -> None:
        """Take the column out of the table."""
        column = self.table.run_column
        if column is not None and column.id != "name":
            self._keep_columns([c for c in self.table.run_columns if c.id != column.id])

    def action_widen(self) -> None:
        """The next wider width; after the widest the narrowest."""
        column = self.table.run_column
        if column is None:
            return
        width = next((w for w in WIDTH_STEPS if w > column.width), WIDTH_STEPS[0])
        widths = dict(self.dashboard.view_state.column_widths) | {column.id: width}
        self.dashboard.update_state(column_widths=tuple(widths.items()))
        self._show_columns(
            [
                replace(c, width=width) if c.id == column.id else c
                for c in self.table.run_columns
            ]
        )

    # Looks

    def action_cycle_value(self) -> None:
        """Show another value in metric columns."""
        look = self.table.look
        at = METRIC_VALUES.index(look.metric_value)
        which = METRIC_VALUES[(at + 1) % len(METRIC_VALUES)]
        self.table.show_look(replace(look, metric_value=which, best={}))
        self.table.find_best()
        self.dashboard.update_state(metric_value=which)
        self._sort_by_shown_values()
        self.notify(f"Metric columns show the {which} value.", timeout=2)

    def action_flip_direction(self) -> None:
        """Whether less or more of this metric is best."""
        column = self.table.run_column
        if column is None or column.kind is not ColumnKind.METRIC:
            self.notify("Put the cursor on the column of a metric first.", timeout=3)
            return
        look = self.table.look
        direction = "max" if lower_is_better(column.key, look.directions) else "min"
        self.table.show_look(
            replace(look, directions={**look.directions, column.key: direction}, best={})
        )
        flipped = dict(self.dashboard.view_state.metric_directions) | {column.key: direction}
        self.dashboard.update_state(metric_directions=tuple(flipped.items()))
        word = "Less" if direction == "min" else "More"
        self.notify(f"{word} {column.key} is better.", timeout=3)

    def action_pin_metric(self) -> None:
        """Show the best runs of this metric on Home, or no longer."""
        column = self.table.run_column
        if column is None or column.kind is not ColumnKind.METRIC:
            self.notify("Put the cursor on the column of a metric first.", timeout=3)
            return
        if not {Feature.SETTINGS, Feature.WRITE} <= self.source.features:
            self.notify("This source keeps no pinned metrics.", severity="warning", timeout=3)
            return

        def pinned(is_pinned: bool) -> None:
            where = "now stands on Home" if is_pinned else "is taken off Home"
            self.notify(f"{column.title} {where}.", timeout=3, markup=False)

        key = SequenceKey(column.key, column.context)
        self.load("pin", partial(toggle_pin, self.source, key), pinned)

    def action_toggle_times(self) -> None:
        """Show when or how long ago."""
        absolute = not self.table.look.absolute_times
        self.table.show_look(replace(self.table.look, absolute_times=absolute))
        self.dashboard.update_state(absolute_times=absolute)
        columns = [
            replace(c, width=16 if absolute else FIXED["started"][1])
            if c.id == "started"
            else c
            for c in self.table.run_columns
        ]
        self._show_columns(columns)

    # Order and groups

    @on(GridView.HeaderClicked)
    def _header_clicked(self) -> None:
        self.action_sort()

    def action_sort(self) -> None:
        """Sort by this column alone: one way, the other way, off."""
        self._sort(keeps_others=False)

    def action_sort_more(self) -> None:
        """Add this column to the sort keys: one way, the other way, off."""
        self._sort(keeps_others=True)

    def _sort(self, *, keeps_others: bool) -> None:
        column = self.table.run_column
        first = column is not None and self._descends_first(column)
        key = self._sort_key(column, descending=first) if column is not None else None
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

    def _sort_key(self, column: RunColumn, *, descending: bool) -> SortKey | None:
        look = self.table.look
        is_lower = lower_is_better(column.key, look.directions)
        number = metric_number(look.metric_value, is_lower_better=is_lower)
        return column.sort_key(descending=descending, number=number)

    def _order_by(self, keys: tuple[SortKey, ...]) -> None:
        self.table.sort_keys = keys
        self.table.relayout()
        self.dashboard.update_state(sort=tuple(as_state(each) for each in keys))
        self.load_runs()

    def _sort_by_shown_values(self) -> None:
        """Let sorted metric columns follow the value that they show now."""
        keys = []
        for key in self.table.sort_keys:
            column = next((c for c in self.table.run_columns if c.is_sorted_by(key)), None)
            changed = self._sort_key(column, descending=key.descending) if column else None
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
        elif column.kind is ColumnKind.PARAM or column.id in GROUPABLE:
            group_by = (*group_by, column.id)
        elif group_by:
            group_by = ()
        else:
            self.notify(
                "Put the cursor on a param, the experiment or the tags first.", timeout=3
            )
            return
        self.dashboard.update_state(group_by=group_by)
        self.load_groups()

    # Filtering by the cell under the cursor

    def action_only_value(self) -> None:
        """Show only runs with the value under the cursor."""
        self._add_condition("==")

    def action_not_value(self) -> None:
        """Leave runs with the value under the cursor out."""
        self._add_condition("!=")

    def _add_condition(self, operator: str) -> None:
        condition = self._condition(operator)
        if condition is None:
            self.notify("The query language has no name for this cell.", timeout=3)
            return
        query = as_query(self.query_text)
        self.set_query(f"{query} and {condition}" if query else condition)

    def _condition(self, operator: str) -> str | None:
        column, here = self.table.run_column, self.table.cursor_hash
        record = self.table.page.record(here) if here else None
        if column is None or record is None:
            return None
        if column.kind is ColumnKind.PARAM:
            value = param_value(record.params, column.key)
            if value is ABSENT or isinstance(value, dict):
                return None
            path = "".join(f"[{part!r}]" for part in column.key.split("."))
            plain = all(part.isidentifier() for part in column.key.split("."))
            name = f"run.{column.key}" if plain else f"run{path}"
            return f"{name} {operator} {as_literal(value)}"
        if column.id in ("name", "experiment", "hash", "description"):
            value = getattr(record.run, column.id)
            return f"run.{column.id} {operator} {as_literal(value)}"
        if column.id == "status":
            return f"run.active {operator} {record.run.is_active}"
        if column.id == "tags" and record.run.tags:
            negation = "not " if operator == "!=" else ""
            return f"{as_literal(record.run.tags[0].name)} {negation}in run.tags"
        return None
