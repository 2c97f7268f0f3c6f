"""What drawings of params and metrics have in common: fields, axes, choosing a metric."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.widgets import Static

from app.charts.axes import Axis, axis_of
from app.dialogs.command_menu import Choice, CommandMenu
from app.formatting import MISSING, number, param
from app.panels.compare_tabs.base import Compared, CompareTab
from app.sources import Source
from app.traces.run_fields import WHICH, RunField, metric_fields, values_of
from app.widgets.plot_view import PlotView


class PlotTab(CompareTab):
    """A drawing of params and metrics of all runs of the query."""

    IS_ABOUT_QUERY = True
    DEFAULT_CSS = """
    PlotTab PlotView { margin: 0 1; }
    """

    def __init__(self, source: Source, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(source, id=id)
        self._fields: list[RunField] | None = None
        self._targets: list[RunField] | None = None
        self._values: dict[RunField, list[Any]] = {}
        self._axes: dict[tuple[RunField, bool | None], Axis] = {}

    def compose(self) -> ComposeResult:
        """Summary and picture."""
        yield Static("", classes="summary", markup=False)
        view = PlotView()
        view.can_focus = True
        yield view

    def start(self) -> PlotView:
        """The picture."""
        return self.query_one(PlotView)

    def set_compared(self, compared: Compared, *, is_shown: bool) -> None:
        """Show other runs; what was worked out of the old ones is forgotten."""
        self._fields, self._targets = None, None
        self._values.clear()
        self._axes.clear()
        super().set_compared(compared, is_shown=is_shown)

    def say(self, text: str) -> None:
        """Show a line above the picture."""
        self.query_one(".summary", Static).update(text)

    # What follows is asked for with every key: it is worked out once.

    def fields(self) -> list[RunField]:
        """Params that differ, metrics in each context, facts."""
        if self._fields is None:
            self._fields = self.compared.fields()
        return self._fields

    def targets(self) -> list[RunField]:
        """Every metric in every context, with each value of it that can stand for a run."""
        if self._targets is None:
            best = metric_fields(self.compared.records)
            self._targets = [replace(field, which=which) for which in WHICH for field in best]
        return self._targets

    def values(self, field: RunField) -> list[Any]:
        """The value of each run; None where it has none."""
        if field not in self._values:
            compared = self.compared
            found = values_of(field, compared.records, compared.is_lower_better)
            self._values[field] = found
        return self._values[field]

    def axis(self, field: RunField, *, is_log: bool | None = None) -> Axis:
        """The axis of a field over the runs."""
        if (field, is_log) not in self._axes:
            axis = axis_of(field.label, self.values(field), is_log=is_log)
            self._axes[field, is_log] = axis
        return self._axes[field, is_log]

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


def value_text(value: Any) -> str:
    """A value of a field for people."""
    if value is None:
        return MISSING
    return number(value) if isinstance(value, float) else param(value, 6)


def _group(field: RunField) -> str:
    if not field.is_metric:
        return "params" if field.column.id.startswith("params.") else "runs"
    return f"{field.which} value of a metric"
