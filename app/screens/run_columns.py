"""What can be done with the columns of the runs table. Mixed into the runs screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import getters, on

from app.pins import toggle_pin
from app.screens.base import DashboardScreen
from app.sources import Feature
from app.widgets.column_choice import default_columns
from app.widgets.columns import (
    FIXED,
    ColumnKind,
    RunColumn,
    column_from_id,
    fitted_width,
    lower_is_better,
)
from app.widgets.grid import GridView
from app.widgets.run_cells import CellLook
from app.widgets.run_groups import GROUP_VALUES
from app.widgets.run_page import CHUNK
from app.widgets.run_table import RunTable
from store.models import RunRecord, SequenceKey, Vocabulary

METRIC_VALUES = ("last", "min", "max", "mean", "best")
if TYPE_CHECKING:
    from app.dialogs.column_picker import ColumnAnswer

PARAM_LIMITS = ((180, 5), (150, 4), (130, 3))
"""Width of the table, and how many params are shown at first."""
COMPACT_BELOW = 100
"""In a narrower table metrics come right after the names."""
PREVIEW_WIDTH = 45
NARROW_NAME = 24
WIDTH_STEPS = (8, 12, 16, 24, 36, 60)


class RunColumnActions(DashboardScreen):
    """Choosing, ordering, sorting and grouping by columns."""

    table = getters.query_one("#table", RunTable)

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def sort_by_shown_values(self) -> None: ...  # noqa: D102
        def load_groups(self) -> None: ...  # noqa: D102
        def show_counts(self) -> None: ...  # noqa: D102

    # Choosing

    def restore_look(self) -> None:
        """How cells look, as it was kept."""
        state, config = self.dashboard.view_state, self.dashboard.config
        self.table.look = CellLook(
            now_s=self.dashboard.clock(),
            digits=config.number_digits,
            metric_value=state.metric_value,
            group_value=state.group_value if state.group_value in GROUP_VALUES else "mean",
            absolute_times=state.absolute_times,
            directions={**config.metric_directions, **dict(state.metric_directions)},
            stale_after_s=config.stale_after_s,
            is_dark=self.app.current_theme.dark,
            ascii_only=config.ascii_only,
            baseline=self.table.look.baseline,
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
            ids = self._usual_columns(records)
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
        if shown < set(self._usual_columns(records)):
            here = self.table.run_column
            self.choose_columns(records)
            ids = [each.id for each in self.table.run_columns]
            self.table.cursor_column = ids.index(here.id) if here is not None else 0

    def _usual_columns(self, records: Sequence[RunRecord]) -> tuple[str, ...]:
        """Few params in a narrow table, so that a metric can be seen beside them."""
        room = self.size.width - PREVIEW_WIDTH * self.has_class("-preview")
        limit = next((count for least, count in PARAM_LIMITS if room >= least), 2)
        return default_columns(records, param_limit=limit, is_compact=room < COMPACT_BELOW)

    def _width(self, column: RunColumn, records: Sequence[RunRecord]) -> int:
        if column.id == "started" and self.table.look.absolute_times:
            return 16
        width = fitted_width(column, records)
        return min(width, NARROW_NAME) if self.size.width < COMPACT_BELOW else width

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
        self.load("columns", self.source.vocabulary, self._pick_columns, opens=True)

    def _pick_columns(self, vocabulary: Vocabulary) -> None:
        # Local: the table is what one waits for at the start.
        from app.dialogs.column_offers import column_offers
        from app.dialogs.column_picker import ColumnPicker

        shown = self.table.run_columns
        offers = column_offers(vocabulary, {each.id: each.width for each in shown})
        dialog = ColumnPicker(
            offers, [each.id for each in shown], self.dashboard.view_state.pinned_columns
        )
        self.app.push_screen(dialog, self._columns_picked)

    def _columns_picked(self, answer: ColumnAnswer | None) -> None:
        if answer is None:
            return
        widths = dict(self.dashboard.view_state.column_widths) | dict(answer.widths)
        self.dashboard.update_state(
            columns=answer.shown,
            pinned_columns=answer.pinned,
            column_widths=tuple(widths.items()),
        )
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
            self.notify("The name is always in sight. Pin another column.", timeout=2)
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
        self._set_width(column.id, width)

    def _set_width(self, column_id: str, width: int) -> None:
        widths = dict(self.dashboard.view_state.column_widths) | {column_id: width}
        self.dashboard.update_state(column_widths=tuple(widths.items()))
        self._show_columns(
            [
                replace(c, width=width) if c.id == column_id else c
                for c in self.table.run_columns
            ]
        )

    @on(GridView.ColumnResized)
    def _column_resized(self, message: GridView.ColumnResized) -> None:
        # Before the name of a run stand its mark and state.
        is_first = message.column_id == self.table.run_columns[0].id
        self._set_width(message.column_id, max(3, message.width - 3 * is_first))

    # Looks

    def action_cycle_value(self) -> None:
        """Show another value in metric columns."""
        look = self.table.look
        at = METRIC_VALUES.index(look.metric_value)
        which = METRIC_VALUES[(at + 1) % len(METRIC_VALUES)]
        self.table.show_look(replace(look, metric_value=which))
        self.table.forget_best()
        self.dashboard.update_state(metric_value=which)
        self.sort_by_shown_values()
        if self.table.is_grouped:
            self.load_groups()
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
            replace(look, directions={**look.directions, column.key: direction})
        )
        self.table.forget_best()
        flipped = dict(self.dashboard.view_state.metric_directions) | {column.key: direction}
        self.dashboard.update_state(metric_directions=tuple(flipped.items()))
        word = "Less" if direction == "min" else "More"
        self.notify(f"{word} {column.key} is better.", timeout=3)

    def action_cycle_group_value(self) -> None:
        """Show another value of groups."""
        look = self.table.look
        at = GROUP_VALUES.index(look.group_value)
        which = GROUP_VALUES[(at + 1) % len(GROUP_VALUES)]
        self.table.show_look(replace(look, group_value=which))
        self.dashboard.update_state(group_value=which)
        self.notify(f"Headings show the {which} of their runs.", timeout=2)

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
