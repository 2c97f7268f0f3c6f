"""Charts of compared runs: parallel coordinates, scatter."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from app.charts.axes import Axis, axis_of
from app.charts.palette import ChartTheme
from app.charts.parallel import ParallelOptions, draw_parallel
from app.charts.picture import Area, Size
from app.charts.plot import Plot
from app.charts.scatter import ScatterOptions, draw_scatter
from app.commands import Scope, bindings
from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.query_builder import expression
from app.messages import OpenRun, ShowRuns
from app.panels.compare_tabs.base import Compared, CompareTab
from app.traces.brushes import Brush, brush_query, brushed
from app.traces.compare import (
    CompareRow,
    leaves_of,
    metric_values,
    param_table,
    param_values,
)
from app.widgets.plot_view import PlotView

MAX_AXES = 8
RATE_NAMES = ("lr", "learning_rate")
"""What people look at first."""


class PlotTab(CompareTab):
    """A drawing of params and metrics of the runs."""

    DEFAULT_CSS = """
    PlotTab .summary { height: 1; padding: 0 1; color: $text-muted; }
    PlotTab PlotView { margin: 0 1; }
    """

    def compose(self) -> ComposeResult:
        """Summary and picture."""
        yield Static("", classes="summary", markup=False)
        view = PlotView()
        view.can_focus = True
        yield view

    def start(self) -> PlotView:
        """The picture."""
        return self.query_one(PlotView)

    def say(self, text: str) -> None:
        """Show a line above the picture."""
        self.query_one(".summary", Static).update(text)

    def fields(self) -> list[str]:
        """Params that differ, then metrics, as `params.` and `metrics.` names.

        What a person tunes comes first: hyperparameters, numbers before words, seeds last.
        """
        rows = param_table(self.compared.records) if self.compared.records else []
        telling = sorted((row for row in rows if row.differs), key=_interest)
        params = [f"params.{row.name}" for row in telling]
        return [*params, *(f"metrics.{name}" for name in self.compared.metric_names())]

    def axis(self, field: str) -> Axis:
        """The axis of a field over the runs."""
        return axis_of(field.split(".", 1)[1], field_values(self.compared, field))


class ParallelTab(PlotTab):
    """Parallel coordinates of params that differ and a metric; brushes narrow the runs."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PARALLEL)

    def __init__(self) -> None:
        super().__init__(id="parallel-tab")
        self._target = ""
        self._order: list[str] = []
        self._inverted: set[str] = set()
        self._brushes: dict[str, Brush] = {}
        self._current = 0

    def show(self, compared: Compared) -> None:
        """Draw the axes."""
        names = compared.metric_names()
        self._target = self._target if self._target in names else main_metric(names)
        fields = [field for field in self.fields() if field.startswith("params.")]
        if self._target:
            fields = [*fields[: MAX_AXES - 1], f"metrics.{self._target}"]
        fields = fields[:MAX_AXES]
        if set(fields) != set(self._order):
            self._order = fields
            self._brushes = {name: b for name, b in self._brushes.items() if name in fields}
            self._current = min(self._current, max(0, len(fields) - 1))
        axes = self._axes()
        target = f"metrics.{self._target}"
        options = ParallelOptions(
            self._order.index(target) if target in self._order else -1,
            self.inside() if self._brushes else None,
            self._current,
            {number: (b.low, b.high) for number, b in self._numbered().items()},
        )
        self.query_one(PlotView).show_drawing(partial(_draw_parallel, axes, options))
        self.say(self._words(options.chosen))

    def _axes(self) -> list[Axis]:
        axes = [(field, self.axis(field)) for field in self._order]
        return [replace(axis, is_inverted=field in self._inverted) for field, axis in axes]

    def _numbered(self) -> dict[int, Brush]:
        return {self._order.index(name): brush for name, brush in self._brushes.items()}

    def _words(self, chosen: Any) -> str:
        words = f"colour: {self._target or 'nothing'} · m chooses another metric"
        if chosen is not None:
            words = f"{int(chosen.sum())} of {len(chosen)} runs · enter finds them in Runs"
        if brush := self._brushes.get(self._field()):
            words += f" · ↑ ↓ move the {'upper' if brush.is_upper else 'lower'} edge"
        return words

    def _field(self) -> str:
        return self._order[self._current] if self._order else ""

    def action_axis(self, count: int) -> None:
        """Go to another axis."""
        self._current = min(max(0, self._current + count), max(0, len(self._order) - 1))
        self.show(self.compared)

    def action_move_axis(self, count: int) -> None:
        """Swap the axis with its neighbour."""
        to = self._current + count
        if 0 <= to < len(self._order):
            order = self._order
            order[self._current], order[to] = order[to], order[self._current]
            self.action_axis(count)

    def action_invert(self) -> None:
        """Turn the axis upside down, its brush with it."""
        name = self._field()
        self._inverted ^= {name}
        if brush := self._brushes.get(name):
            self._brushes[name] = Brush(1 - brush.high, 1 - brush.low, brush.is_upper)
        self.show(self.compared)

    def action_brush(self) -> None:
        """Move the lower edge of a brush, then the upper one, then take it away."""
        name = self._field()
        brush = self._brushes.pop(name, None)
        if name and brush is None:
            self._brushes[name] = Brush()
        elif brush is not None and not brush.is_upper:
            self._brushes[name] = replace(brush, is_upper=True)
        self.show(self.compared)

    def action_edge(self, count: int) -> None:
        """Move the edge of the brush."""
        if brush := self._brushes.get(self._field()):
            self._brushes[self._field()] = brush.moved(count)
            self.show(self.compared)

    def action_clear(self) -> None:
        """Take all brushes away."""
        self._brushes.clear()
        self.show(self.compared)

    def action_use(self) -> None:
        """Find the brushed runs in Runs."""
        if query := self.query_text():
            self.post_message(ShowRuns(query))
        else:
            self.notify("Brush an axis first: v, then up and down.", timeout=3)

    def inside(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which runs all brushes contain."""
        return brushed(self._axes(), self._numbered())

    def query_text(self) -> str:
        """The brushes as a query; empty if they leave no run, or there is none."""
        inside = self.inside()
        columns = []
        for field in self._brushes:
            values = field_values(self.compared, field)
            kept = [value for value, is_in in zip(values, inside, strict=True) if is_in]
            columns.append((self._named(field), kept))
        return brush_query(columns)

    def _named(self, field: str) -> str:
        kind, _, name = field.partition(".")
        if kind == "params":
            return expression(name)
        which = "min" if self.compared.is_lower_better(name) else "max"
        return f"run.metrics[{json.dumps(name, ensure_ascii=False)}].{which}"

    def action_choose(self) -> None:
        """Choose the metric that gives the colour."""
        choices = [Choice(name, name) for name in self.compared.metric_names()]
        self.app.push_screen(CommandMenu("Metric", choices), self._chosen)

    def _chosen(self, name: str | None) -> None:
        if name is not None:
            self._target = name
            self.show(self.compared)


class ScatterTab(PlotTab):
    """Two fields against each other, with the Pareto front of two metrics."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SCATTER)

    def __init__(self) -> None:
        super().__init__(id="scatter-tab")
        self._x = self._y = ""
        self._current = -1

    def set_fields(self, x: str, y: str) -> None:
        """Show these fields, now or when the tab is looked at."""
        self._x, self._y, self._is_shown = x, y, False

    def show(self, compared: Compared) -> None:
        """Draw the points."""
        fields = self.fields()
        if not fields:
            self.say("There is nothing that differs between these runs.")
            return
        metrics = [f"metrics.{name}" for name in compared.metric_names()]
        self._x = self._x if self._x in fields else fields[0]
        main = f"metrics.{main_metric(compared.metric_names())}" if metrics else fields[-1]
        self._y = self._y if self._y in fields else main
        x, y = self.axis(self._x), self.axis(self._y)
        better = None
        if self._x.startswith("metrics.") and self._y.startswith("metrics."):
            better = compared.is_lower_better(x.name), compared.is_lower_better(y.name)
        self._current = min(self._current, len(compared.records) - 1)
        options = ScatterOptions(f"{y.name} by {x.name}", y.shares(), better, self._current)
        self.query_one(PlotView).show_drawing(partial(_draw_scatter, x, y, options))
        front = " · green: runs that no other beats in both" if better else ""
        words = f"arrows choose a run, m the fields{front}"
        if self._current >= 0:
            words = f"{compared.names()[self._current]} · enter opens it{front}"
        self.say(words)

    def action_point(self, direction: str, count: int) -> None:
        """Go to the next run along an axis."""
        if not self._x:
            return
        x, y = self.axis(self._x).shares(), self.axis(self._y).shares()
        along, across = (x, y) if direction == "x" else (y, x)
        order = [n for n in np.lexsort((across, along)).tolist() if np.isfinite(x[n] + y[n])]
        if order:
            here = order.index(self._current) + count if self._current in order else 0
            self._current = order[min(max(0, here), len(order) - 1)]
            self.show(self.compared)

    def action_open(self) -> None:
        """Open the run under the cursor."""
        if 0 <= self._current < len(self.compared.records):
            hashes = tuple(record.run.hash for record in self.compared.records)
            self.post_message(OpenRun(hashes[self._current], hashes))

    def action_choose(self) -> None:
        """Choose a field for one of the axes."""
        choices = [Choice(f"x:{field}", field, group="x axis") for field in self.fields()]
        choices += [Choice(f"y:{field}", field, group="y axis") for field in self.fields()]
        self.app.push_screen(CommandMenu("Scatter", choices), self._chosen)

    def _chosen(self, answer: str | None) -> None:
        if answer is None:
            return
        axis, _, field = answer.partition(":")
        if axis == "x":
            self._x = field
        else:
            self._y = field
        self.show(self.compared)


def field_values(compared: Compared, field: str) -> list[Any]:
    """Values of `params.<path>` or `metrics.<name>` (its best one) for each run."""
    kind, _, name = field.partition(".")
    if kind == "metrics":
        lower = compared.is_lower_better(name)
        return list(metric_values(compared.records, name, "best", is_lower_better=lower))
    return param_values(compared.records, name)


def target_column(
    compared: Compared, name: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The best value of a metric for each run, NaN where it has none."""
    values = field_values(compared, f"metrics.{name}")
    return np.array([math.nan if value is None else value for value in values])


def param_leaves(compared: Compared) -> list[dict[str, Any]]:
    """Params of each run by dotted name."""
    return leaves_of(compared.records)


def _interest(row: CompareRow) -> tuple[bool, bool, bool, bool]:
    name = row.name.rpartition(".")[2].lower()
    return (
        "seed" in name,
        not row.name.startswith("hparams."),
        name not in RATE_NAMES,
        all(math.isnan(cell.value) for cell in row.cells),
    )


def main_metric(names: Sequence[str]) -> str:
    """The metric that people most likely look at."""
    for wanted in ("acc", "f1", "auc", "loss"):
        for name in names:
            if wanted in name.lower():
                return name
    return names[0] if names else ""


def _draw_parallel(
    axes: Sequence[Axis], options: ParallelOptions, size: Size, theme: ChartTheme
) -> Plot:
    return Plot(draw_parallel(axes, size, options, theme), Area(0, 0, 0, 0))


def _draw_scatter(
    x: Axis, y: Axis, options: ScatterOptions, size: Size, theme: ChartTheme
) -> Plot:
    return draw_scatter(x, y, size, options, theme)
