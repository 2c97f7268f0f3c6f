"""Charts of compared runs: parallel coordinates, scatter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from textual.app import ComposeResult
from textual.widgets import Static

from app.charts.axes import Axis, axis_of
from app.charts.palette import ChartTheme
from app.charts.parallel import ParallelOptions, draw_parallel
from app.charts.picture import Area, Size
from app.charts.plot import Plot
from app.charts.scatter import ScatterOptions, draw_scatter
from app.dialogs.command_menu import Choice, CommandMenu
from app.panels.compare_tabs.base import Compared, CompareTab
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
        yield PlotView()

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
    """Parallel coordinates of params that differ and a metric."""

    def __init__(self) -> None:
        super().__init__(id="parallel-tab")
        self._target = ""

    def show(self, compared: Compared) -> None:
        """Draw the axes."""
        names = compared.metric_names()
        self._target = self._target if self._target in names else main_metric(names)
        fields = [field for field in self.fields() if field.startswith("params.")]
        if self._target:
            fields = [*fields[: MAX_AXES - 1], f"metrics.{self._target}"]
        axes = [self.axis(field) for field in fields[:MAX_AXES]]
        self.query_one(PlotView).show_drawing(partial(_draw_parallel, axes))
        self.say(f"colour: {self._target or 'nothing'} · m chooses another metric")

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

    def __init__(self) -> None:
        super().__init__(id="scatter-tab")
        self._x = self._y = ""

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
        options = ScatterOptions(f"{y.name} by {x.name}", y.shares(), better)
        self.query_one(PlotView).show_drawing(partial(_draw_scatter, x, y, options))
        front = " · green: runs that no other beats in both" if better else ""
        self.say(f"m chooses the fields{front}")

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


def _draw_parallel(axes: Sequence[Axis], size: Size, theme: ChartTheme) -> Plot:
    return Plot(draw_parallel(axes, size, ParallelOptions(), theme), Area(0, 0, 0, 0))


def _draw_scatter(
    x: Axis, y: Axis, options: ScatterOptions, size: Size, theme: ChartTheme
) -> Plot:
    return draw_scatter(x, y, size, options, theme)
