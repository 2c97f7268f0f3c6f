"""Parallel coordinates: an upright axis for each field, brushes, and the runs inside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from app.charts.axes import Axis
from app.charts.palette import ChartTheme
from app.charts.parallel import ParallelOptions, draw_parallel
from app.charts.picture import Area, Size
from app.charts.plot import Plot
from app.commands import Scope, bindings
from app.dialogs.command_menu import Choice, CommandMenu
from app.formatting import plural
from app.messages import OpenRun
from app.panels.compare_tabs.base import Table, run_name
from app.panels.compare_tabs.plots import PlotTab, value_text
from app.traces.brushes import STEP, Brush, brush_query, brushed
from app.traces.run_fields import RunField, is_number, main_metric
from app.widgets.cells import plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.plot_view import PlotView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.models import RunRecord

FIRST_AXES, LEAST_AXES = 8, 3
"""Axes that are shown before anybody chose, at most and at least."""
AXIS_WIDTH = 16
"""Cells that an axis and its name need."""
VALUE_WIDTH = 14


class ParallelTab(PlotTab):
    """Params and a metric as axes above a table of the runs inside all brushes."""

    SCOPES = (Scope.PARALLEL, Scope.TABLE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PARALLEL)
    DEFAULT_CSS = """
    ParallelTab PlotView { height: 2fr; }
    ParallelTab SimpleGrid { height: 1fr; min-height: 4; }
    """

    @dataclass
    class RunsAsked(Message):
        """The brushed runs shall be listed."""

        query: str

    def __init__(self, source: Any) -> None:
        super().__init__(source, id="parallel-tab")
        self.axes: list[RunField] = []
        """Fields in the order of their axes."""
        self._is_chosen = False
        """Whether a person chose the axes."""
        self._target: RunField | None = None
        self._inverted: set[RunField] = set()
        self._logs: dict[RunField, bool] = {}
        self._brushes: dict[RunField, Brush] = {}
        self._current = 0
        self._rows: tuple[object, list[GridRow]] = (None, [])

    def compose(self) -> ComposeResult:
        """The picture above the table."""
        yield from super().compose()
        yield SimpleGrid(id="parallel-grid")

    @property
    def grid(self) -> SimpleGrid:
        """The runs inside all brushes."""
        return self.query_one(SimpleGrid)

    def show(self) -> None:
        """Draw the axes and list the runs."""
        if self._target not in self.targets():
            self._target = main_metric(self.targets())
        self._choose_axes()
        self._current = min(self._current, max(0, len(self.axes) - 1))
        axes, inside = self._drawn_axes(), self.inside()
        color = self.axes.index(self._target) if self._target in self.axes else -1
        options = ParallelOptions(
            color,
            inside if self._brushes else None,
            self._current,
            {at: (brush.low, brush.high) for at, brush in self._numbered().items()},
            has_counts=True,
        )
        self.query_one(PlotView).show_drawing(partial(_draw, axes, options))
        self.say(self._words(int(inside.sum())))
        self._list_runs(inside)

    def _choose_axes(self) -> None:
        """Take the axes that tell most, unless a person chose some."""
        if self._is_chosen:
            known = {*self.fields(), *self.targets()}
            self.axes = [field for field in self.axes if field in known]
        else:
            room = max(LEAST_AXES, min(FIRST_AXES, self.app.size.width // AXIS_WIDTH))
            params = [field for field in self.fields() if field.kind == "param"][: room - 1]
            wanted = [*params, *([self._target] if self._target else [])]
            if set(wanted) != set(self.axes):
                self.axes = wanted
        self._brushes = {f: brush for f, brush in self._brushes.items() if f in self.axes}

    def _drawn_axes(self) -> list[Axis]:
        return [
            replace(
                self.axis(field, is_log=self._logs.get(field)),
                is_inverted=field in self._inverted,
            )
            for field in self.axes
        ]

    def _numbered(self) -> dict[int, Brush]:
        return {self.axes.index(field): brush for field, brush in self._brushes.items()}

    def _words(self, count: int) -> str:
        total = plural(len(self.compared.records), "run")
        color = self._target.label if self._target is not None else "nothing"
        words = f"{total} · colour {color} · v brushes an axis, a chooses the axes"
        if self._brushes:
            words = f"{count} of {total} · enter finds them in Runs · r clears"
        if brush := self._brushes.get(self._field()):
            words += f" · ↑ ↓ move the {'upper' if brush.is_upper else 'lower'} edge"
        return words

    def _field(self) -> Any:
        return self.axes[self._current] if self.axes else None

    # The table

    def _list_runs(self, inside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        columns = [GridColumn("name", "run", 28)]
        columns += [
            GridColumn(str(at), field.label, max(VALUE_WIDTH, len(field.label)), True)
            for at, field in enumerate(self.axes)
        ]
        self.grid.set_columns(columns, 1)
        rows = self._all_rows()
        self.grid.show_rows([rows[at] for at in np.flatnonzero(inside).tolist()])

    def _all_rows(self) -> list[GridRow]:
        """A row for each run; made again only for other runs or axes."""
        key = (self.compared, tuple(self.axes))
        if self._rows[0] != key:
            values = [self.values(field) for field in self.axes]
            self._rows = (
                key,
                [
                    _row(record, [column[at] for column in values])
                    for at, record in enumerate(self.compared.records)
                ],
            )
        return self._rows[1]

    @on(GridView.RowSelected)
    def _open(self, message: GridView.RowSelected) -> None:
        message.stop()
        if (here := self.grid.cursor_key) is not None:
            self.post_message(OpenRun(here, self.compared.hashes()))

    def table(self) -> Table:
        """The runs inside all brushes."""
        values = [self.values(field) for field in self.axes]
        rows = [
            [
                run_name(self.compared.records[at]),
                *(value_text(column[at]) for column in values),
            ]
            for at in np.flatnonzero(self.inside()).tolist()
        ]
        return ["run", *(field.label for field in self.axes)], rows

    # Axes

    def action_axis(self, count: int) -> None:
        """Go to another axis."""
        self._current = min(max(0, self._current + count), max(0, len(self.axes) - 1))
        self.show()

    def action_move_axis(self, count: int) -> None:
        """Swap the axis with its neighbour."""
        to = self._current + count
        if 0 <= to < len(self.axes):
            axes = self.axes
            axes[self._current], axes[to] = axes[to], axes[self._current]
            self.action_axis(count)

    def action_axes(self) -> None:
        """Add an axis, or take one away."""
        fields = self.fields()
        choices = [
            Choice(str(at), f"{'✓' if field in self.axes else ' '} {field.label}", field.kind)
            for at, field in enumerate(fields)
        ]

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self._toggle_axis(fields[int(answer)])

        self.app.push_screen(CommandMenu("Axes", choices, hint="enter adds or removes"), chosen)

    def _toggle_axis(self, field: RunField) -> None:
        self._is_chosen = True
        if field in self.axes:
            self.axes.remove(field)
        else:
            # Beside the axis under the cursor, where one is looking.
            self.axes.insert(min(len(self.axes), self._current + 1), field)
            self._current = self.axes.index(field)
        self.show()

    def action_invert(self) -> None:
        """Turn the axis upside down, its brush with it."""
        field = self._field()
        if field is None:
            return
        self._inverted ^= {field}
        if brush := self._brushes.get(field):
            self._brushes[field] = Brush(1 - brush.high, 1 - brush.low, brush.is_upper)
        self.show()

    def action_log(self) -> None:
        """A logarithmic axis, or a linear one."""
        field = self._field()
        axis = self._drawn_axes()[self._current] if field is not None else None
        if axis is None or axis.categories or (not axis.scale.is_log and axis.scale.low <= 0):
            self.app.notify("Only an axis of positive numbers can be logarithmic.", timeout=3)
            return
        self._logs[field] = not axis.scale.is_log
        # What was brushed lies elsewhere on the other scale.
        self._brushes.pop(field, None)
        self.show()

    # Brushes

    def action_brush(self) -> None:
        """Move the lower edge of a brush, then the upper one, then take it away."""
        field = self._field()
        brush = self._brushes.pop(field, None)
        if field is not None and brush is None:
            self._brushes[field] = Brush()
        elif brush is not None and not brush.is_upper:
            self._brushes[field] = replace(brush, is_upper=True)
        self.show()

    def action_edge(self, count: int) -> None:
        """Move the edge of the brush: by one category, or by a part of the axis."""
        field = self._field()
        if brush := self._brushes.get(field):
            names = self._drawn_axes()[self._current].categories
            step = 1 / (len(names) - 1) if len(names) > 1 else STEP
            self._brushes[field] = brush.moved(count, step)
            self.show()
        else:
            self.app.notify("v brushes this axis first.", timeout=2)

    def action_clear(self) -> None:
        """Take all brushes away."""
        self._brushes.clear()
        self.show()

    def action_use(self) -> None:
        """Find the brushed runs in Runs."""
        if query := self.query_text():
            self.post_message(self.RunsAsked(query))
        else:
            self.app.notify("Brush an axis first: v, then up and down.", timeout=3)

    def step_back(self) -> bool:
        """Take the brushes away."""
        if not self._brushes:
            return False
        self.action_clear()
        return True

    def inside(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which runs all brushes contain."""
        if not self.axes:
            return np.ones(len(self.compared.records), dtype=bool)
        return brushed(self._drawn_axes(), self._numbered())

    def query_text(self) -> str:
        """The brushes as a query; empty if they leave no run, or there is none."""
        inside, columns = self.inside(), []
        for field in self._brushes:
            values = self.values(field)
            kept = [value for value, is_in in zip(values, inside, strict=True) if is_in]
            columns.append((field.query_name(self.compared.is_lower_better), kept))
        return brush_query(columns)

    def action_choose(self) -> None:
        """Choose the metric that gives the colour."""
        self.ask_field("Metric", self.targets(), self._chosen)

    def _chosen(self, field: RunField) -> None:
        before, self._target = self._target, field
        if self._is_chosen and field not in self.axes:
            at = self.axes.index(before) if before in self.axes else len(self.axes)
            self.axes[at : at + 1] = [field]
        self.show()


def _draw(
    axes: Sequence[Axis], options: ParallelOptions, size: Size, theme: ChartTheme
) -> Plot:
    return Plot(draw_parallel(axes, size, options, theme), Area(0, 0, 0, 0))


def _row(record: RunRecord, values: Sequence[Any]) -> GridRow:
    name = run_name(record)
    cells = (plain(name), *(plain(value_text(value), is_right=True) for value in values))
    return GridRow(record.run.hash, cells, (name, *(_order(value) for value in values)))


def _order(value: Any) -> float | str:
    if value is None:
        return float("-inf")
    return float(value) if is_number(value) else str(value)
