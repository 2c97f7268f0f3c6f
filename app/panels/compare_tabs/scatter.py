"""Two fields of runs against each other, a third one as colour."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

import numpy as np
from msgspec import Struct
from textual.binding import BindingType

from app.charts.axes import Axis
from app.charts.palette import ChartTheme
from app.charts.picture import Size
from app.charts.plot import Plot
from app.charts.scatter import ScatterOptions, draw_scatter
from app.commands import Scope, bindings
from app.dialogs.command_menu import Choice, CommandMenu
from app.formatting import plural
from app.messages import OpenRun
from app.panels.compare_tabs.base import Table, run_name
from app.panels.compare_tabs.plots import PlotTab, value_text
from app.traces.run_fields import RunField, main_metric
from app.widgets.plot_view import PlotView

ROLES = {"x": "x axis", "y": "y axis", "color": "colour"}


class Chosen(Struct):
    """Fields of a scatter."""

    x: RunField | None = None
    y: RunField | None = None
    color: RunField | None = None
    """None takes the one of the y axis."""


class ScatterTab(PlotTab):
    """Points of runs, with the Pareto front of two metrics."""

    SCOPES = (Scope.SCATTER,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SCATTER)

    def __init__(self, source: Any) -> None:
        super().__init__(source, id="scatter-tab")
        self.chosen = Chosen()
        self._current = -1

    def set_fields(self, x: RunField, y: RunField) -> None:
        """Show these fields, now or when the tab is looked at."""
        self.chosen = Chosen(x, y, self.chosen.color)
        self._is_shown = False

    def choices(self) -> list[RunField]:
        """Everything that can be an axis: what differs, and every value of every metric."""
        return list(dict.fromkeys([*self.fields(), *self.targets()]))

    def show(self) -> None:
        """Draw the points."""
        fields, chosen = self.choices(), self.chosen
        if not fields:
            self.say("There is nothing that differs between these runs.")
            self.query_one(PlotView).show_drawing(None)
            return
        if chosen.x not in fields:
            chosen.x = fields[0]
        if chosen.y not in fields:
            chosen.y = main_metric(self.targets()) or fields[-1]
        if chosen.color not in fields:
            chosen.color = None
        assert chosen.x is not None
        assert chosen.y is not None
        x, y = self.axis(chosen.x), self.axis(chosen.y)
        is_lower = self.compared.is_lower_better
        better = chosen.x.is_lower_better(is_lower), chosen.y.is_lower_better(is_lower)
        has_front = None not in better and chosen.x != chosen.y
        shares = self.axis(chosen.color or chosen.y).shares()
        self._current = min(self._current, len(self.compared.records) - 1)
        options = ScatterOptions(
            f"{y.name} by {x.name}",
            shares,
            (bool(better[0]), bool(better[1])) if has_front else None,
            self._current,
        )
        self.query_one(PlotView).show_drawing(partial(_draw, x, y, options))
        self.say(self._words(has_front=has_front))

    def _words(self, *, has_front: bool) -> str:
        color = self.chosen.color
        words = [plural(len(self.compared.records), "run"), "arrows choose a run, m the fields"]
        if 0 <= self._current < len(self.compared.records):
            here = self.compared.records[self._current]
            shown = [field for field in (self.chosen.x, self.chosen.y, color) if field]
            facts = ", ".join(
                f"{f.label} {value_text(self.values(f)[self._current])}" for f in shown
            )
            words = [f"{run_name(here)}: {facts}", "enter opens it"]
        if color is not None:
            words.append(f"colour {color.label}, bright is high")
        if has_front:
            words.append("green: no other run is better in both")
        return " · ".join(words)

    def action_point(self, direction: str, count: int) -> None:
        """Go to the next run along an axis."""
        if self.chosen.x is None or self.chosen.y is None:
            return
        x, y = self.axis(self.chosen.x).shares(), self.axis(self.chosen.y).shares()
        along, across = (x, y) if direction == "x" else (y, x)
        order = [n for n in np.lexsort((across, along)).tolist() if np.isfinite(x[n] + y[n])]
        if order:
            here = order.index(self._current) + count if self._current in order else 0
            self._current = order[min(max(0, here), len(order) - 1)]
            self.show()

    def action_open(self) -> None:
        """Open the run under the cursor."""
        if 0 <= self._current < len(self.compared.records):
            hashes = self.compared.hashes()
            self.post_message(OpenRun(hashes[self._current], hashes))
        else:
            self.app.notify("Choose a run with the arrows first.", timeout=2)

    def action_choose(self) -> None:
        """Choose a field for one of the axes, or for the colour."""
        fields = self.choices()
        choices = [
            Choice(f"{role}:{at}", field.label, field.kind, group=title)
            for role, title in ROLES.items()
            for at, field in enumerate(fields)
        ]

        def chosen(answer: str | None) -> None:
            if answer is not None:
                role, _, at = answer.partition(":")
                setattr(self.chosen, role, fields[int(at)])
                self.show()

        self.app.push_screen(CommandMenu("Scatter", choices), chosen)

    def action_swap(self) -> None:
        """Swap the two axes."""
        self.chosen = Chosen(self.chosen.y, self.chosen.x, self.chosen.color)
        self.show()

    def table(self) -> Table:
        """The fields of all runs."""
        shown = [f for f in (self.chosen.x, self.chosen.y, self.chosen.color) if f is not None]
        columns = [self.values(field) for field in shown]
        rows = [
            [run_name(record), *(value_text(column[at]) for column in columns)]
            for at, record in enumerate(self.compared.records)
        ]
        return ["run", *(field.label for field in shown)], rows


def _draw(x: Axis, y: Axis, options: ScatterOptions, size: Size, theme: ChartTheme) -> Plot:
    return draw_scatter(x, y, size, options, theme)
