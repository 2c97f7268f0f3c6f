"""How much each param matters for a metric, over the compared runs or a whole query."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from app.charts.sparkline import sparkline
from app.charts.importance import FEW_RUNS, Importance, rank_params
from app.dialogs.command_menu import Choice, CommandMenu
from app.formatting import MISSING, plural
from app.loading import Loads
from app.panels.compare_tabs.base import Compared, CompareTab
from app.panels.compare_tabs.charts import main_metric, param_leaves, target_column
from app.widgets.cells import Cell, plain
from app.widgets.grid import GridColumn
from app.widgets.simple_grid import GridRow, SimpleGrid

BAR = 24


class ImportanceTab(CompareTab, Loads):
    """A bar for each param."""

    DEFAULT_CSS = """
    ImportanceTab .summary { height: 1; padding: 0 1; color: $text-muted; }
    ImportanceTab.-few .summary { color: $warning; }
    """

    @dataclass
    class ScatterAsked(Message):
        """A param shall be shown against the metric."""

        param: str
        metric: str

    def __init__(self) -> None:
        super().__init__(id="importance-tab")
        self._target = ""

    def compose(self) -> ComposeResult:
        """Summary and table."""
        yield Static("", classes="summary", markup=False)
        yield SimpleGrid(id="importance-grid")

    def on_mount(self) -> None:
        """Columns of the table."""
        self.grid.set_columns(
            [
                GridColumn("param", "param", 28),
                GridColumn("bar", "importance", BAR),
                GridColumn("spread", "± std", 8, is_right=True),
                GridColumn("rho", "rank corr.", 10, is_right=True),
                GridColumn("eta", "explained", 10, is_right=True),
                GridColumn("runs", "runs", 6, is_right=True),
                GridColumn("curve", "mean of the metric over it", 28),
            ],
            1,
        )

    @property
    def grid(self) -> SimpleGrid:
        """The table."""
        return self.query_one(SimpleGrid)

    def start(self) -> SimpleGrid:
        """The table."""
        return self.grid

    def show(self, compared: Compared) -> None:
        """Rank the params in a thread."""
        names = compared.metric_names()
        self._target = self._target if self._target in names else main_metric(names)
        if not self._target:
            self.query_one(".summary", Static).update("These runs have no metric.")
            return
        work = partial(
            rank_params, param_leaves(compared), target_column(compared, self._target)
        )
        self.load("importance", work, self._show_ranking)

    def _show_ranking(self, found: list[Importance]) -> None:
        runs = len(self.compared.records)
        self.set_class(runs < FEW_RUNS, "-few")
        warning = " · too few to say much" if runs < FEW_RUNS else ""
        text = f"best {self._target} over {plural(runs, 'run')}{warning} · m chooses another"
        self.query_one(".summary", Static).update(text)
        most = max((each.importance for each in found), default=0.0)
        self.grid.show_rows([_row(each, most) for each in found])

    @on(SimpleGrid.RowSelected)
    def action_open(self) -> None:
        """Show the param under the cursor against the metric."""
        if param := self.grid.cursor_key:
            self.post_message(self.ScatterAsked(param, self._target))

    def action_choose(self) -> None:
        """Choose the metric."""
        choices = [Choice(name, name) for name in self.compared.metric_names()]
        self.app.push_screen(CommandMenu("Metric", choices), self._chosen)

    def _chosen(self, name: str | None) -> None:
        if name is not None:
            self._target = name
            self.show(self.compared)


def _row(each: Importance, most: float) -> GridRow:
    length = round(each.importance / most * (BAR - 6)) if most > 0 else 0
    bar = Cell((("█" * length, "primary"), (f" {each.importance:.2f}", "")))
    cells = (
        plain(each.param),
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


def _signed(value: float) -> str:
    return MISSING if math.isnan(value) else f"{value:+.2f}"


def _share(value: float) -> str:
    return MISSING if math.isnan(value) else f"{value * 100:.0f}%"


def _sortable(value: float) -> float:
    return float("-inf") if math.isnan(value) else value
