"""How much each param matters for a metric, over all runs of the query."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from app.charts.forest import SHUFFLES
from app.charts.importance import CELLS, FEW_RUNS, Importance, rank_params
from app.charts.sparkline import sparkline
from app.formatting import MISSING, plural
from app.loading import load_is_outdated
from app.panels.compare_tabs.base import Table
from app.panels.compare_tabs.plots import PlotTab
from app.traces.run_fields import RunField, field_of, leaves_of, main_metric
from app.widgets.cells import Cell, plain
from app.widgets.grid import GridColumn
from app.widgets.simple_grid import GridRow, SimpleGrid

BAR = 24
HEAD = ("param", "importance", "± std", "rank corr.", "explained", "runs")


class ImportanceTab(PlotTab):
    """A bar for each param."""

    DEFAULT_CSS = """
    ImportanceTab.-few .summary { color: $warning; }
    """

    @dataclass
    class ScatterAsked(Message):
        """A param shall be shown against the metric."""

        param: RunField
        target: RunField

    @dataclass
    class ColumnAsked(Message):
        """A param shall be a column of the runs table."""

        column_id: str

    def __init__(self, source: Any) -> None:
        super().__init__(source, id="importance-tab")
        self.target: RunField | None = None
        self.ranking: list[Importance] = []

    def compose(self) -> ComposeResult:
        """Summary and table."""
        yield Static("", classes="summary", markup=False)
        yield SimpleGrid(id="importance-grid")

    def on_mount(self) -> None:
        """Columns of the table."""
        widths = (28, BAR, 8, 10, 10, 6)
        columns = [
            GridColumn(title, title, width, at > 1)
            for at, (title, width) in enumerate(zip(HEAD, widths, strict=True))
        ]
        self.grid.set_columns([*columns, GridColumn("curve", "mean over the param", CELLS)], 1)

    @property
    def grid(self) -> SimpleGrid:
        """The table."""
        return self.query_one(SimpleGrid)

    def start(self) -> SimpleGrid:  # type: ignore[override]
        """The table."""
        return self.grid

    def show(self) -> None:
        """Rank the params in a thread."""
        if self.target not in self.targets():
            self.target = main_metric(self.targets())
        if self.target is None:
            self._show_ranking([])
            return
        self.say(f"Ranking params by what they do to {self.target.label} …")
        self.load("importance", partial(self._rank, self.target), self._show_ranking)

    def _rank(self, target: RunField) -> list[Importance]:
        found = self.values(target)
        column = np.array([math.nan if value is None else float(value) for value in found])
        params = leaves_of(self.compared.records)
        return rank_params(params, column, is_cancelled=load_is_outdated)

    def _show_ranking(self, found: list[Importance]) -> None:
        self.ranking = found
        self.grid.show_rows([_row(each, found) for each in found])
        if self.target is None:
            self.say("These runs have no metric.")
            return
        runs = sum(value is not None for value in self.values(self.target))
        self.set_class(runs < FEW_RUNS, "-few")
        words = [f"what decides {self.target.label}", f"n = {plural(runs, 'run')}"]
        if runs < FEW_RUNS:
            words.append("too few to say much")
        elif not found:
            words.append("no param differs")
        else:
            words.append(f"± over {SHUFFLES} shuffles")
        self.say(" · ".join([*words, "m another metric", "enter scatter", "+ as column"]))

    @on(SimpleGrid.RowSelected)
    def action_open(self) -> None:
        """Show the param under the cursor against the metric."""
        if (param := self.grid.cursor_key) and self.target is not None:
            self.post_message(self.ScatterAsked(field_of(f"params.{param}"), self.target))

    def action_add_column(self) -> None:
        """Add the param under the cursor to the runs table."""
        if param := self.grid.cursor_key:
            self.post_message(self.ColumnAsked(f"params.{param}"))

    def action_choose(self) -> None:
        """Choose the metric, and which value of it counts."""
        self.ask_field("Metric", self.targets(), self._chosen)

    def _chosen(self, target: RunField) -> None:
        self.target = target
        self.show()

    def table(self) -> Table:
        """The ranking."""
        rows = [
            [
                each.param,
                f"{each.importance:.4f}",
                f"{each.spread:.4f}",
                _signed(each.correlation),
                _share(each.explained),
                str(each.run_count),
            ]
            for each in self.ranking
        ]
        return list(HEAD), rows


def _row(each: Importance, found: list[Importance]) -> GridRow:
    most = max((other.importance for other in found), default=0.0)
    length = round(max(0.0, each.importance) / most * (BAR - 6)) if most > 0 else 0
    bar = Cell((("█" * length, "primary"), (f" {_plain(each.importance)}", "")))
    cells = (
        plain(each.param.removeprefix("hparams.")),
        bar,
        plain(f"{each.spread:.2f}", "muted", is_right=True),
        plain(_signed(each.correlation), is_right=True),
        plain(_share(each.explained), is_right=True),
        plain(str(each.run_count), "muted", is_right=True),
        plain(sparkline(each.means, len(each.means)), "accent"),
    )
    values = (
        each.param,
        each.importance,
        each.spread,
        _sortable(each.correlation),
        _sortable(each.explained),
        each.run_count,
        each.param,
    )
    return GridRow(each.param, cells, values)


def _plain(value: float) -> str:
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text


def _signed(value: float) -> str:
    return MISSING if math.isnan(value) else f"{value:+.2f}"


def _share(value: float) -> str:
    return MISSING if math.isnan(value) else f"{value * 100:.0f}%"


def _sortable(value: float) -> float:
    return float("-inf") if math.isnan(value) else value
