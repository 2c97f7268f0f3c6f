"""What drawings of params and metrics have in common: fields, axes, choosing a metric."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.widgets import Static

from app.charts.axes import Axis
from app.dialogs.command_menu import Choice, CommandMenu
from app.panels.compare_tabs.base import CompareTab
from app.traces.run_fields import WHICH, RunField, axis_for, metric_fields
from app.widgets.plot_view import PlotView


class PlotTab(CompareTab):
    """A drawing of params and metrics of all runs of the query."""

    IS_ABOUT_QUERY = True
    DEFAULT_CSS = """
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

    def axis(self, field: RunField, *, is_log: bool | None = None) -> Axis:
        """The axis of a field over the runs."""
        compared = self.compared
        return axis_for(field, compared.records, compared.is_lower_better, is_log=is_log)

    def ask_field(
        self, title: str, fields: Sequence[RunField], done: Callable[[RunField], None]
    ) -> None:
        """Let a person choose one of some fields."""

        def chosen(answer: str | None) -> None:
            if answer is not None:
                done(fields[int(answer)])

        choices = [
            Choice(str(at), each.label, group=_group(each)) for at, each in enumerate(fields)
        ]
        self.app.push_screen(CommandMenu(title, choices), chosen)


def target_fields(tab: CompareTab) -> list[RunField]:
    """Every metric in every context, with each value of it that can stand for a run."""
    best = metric_fields(tab.compared.records)
    return [replace(field, which=which) for which in WHICH for field in best]


def _group(field: RunField) -> str:
    if not field.is_metric:
        return "params" if field.column.id.startswith("params.") else "runs"
    return f"{field.which} value of a metric"
