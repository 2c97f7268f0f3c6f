"""What compared runs were started with, and how the value under the cursor differs."""

from __future__ import annotations

from functools import partial
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from app.formatting import flatten, plural
from app.panels.compare_tabs.tables import TableTab
from app.panels.styles import changed_text
from app.sources import Source
from app.traces.compare import param_summary, param_table
from app.traces.environment import environment_of
from app.traces.text_diff import TextPart, text_difference
from app.widgets.grid import GridView


class EnvironmentTab(TableTab):
    """Git, packages, variables and arguments; at first only what differs."""

    DEFAULT_CSS = """
    EnvironmentTab #environment-diff { dock: bottom; height: auto; max-height: 40%; padding: 0 1; }
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="environment-tab")
        self._shows_equal = False

    def compose(self) -> ComposeResult:
        """The table above the difference of one value."""
        yield from super().compose()
        with VerticalScroll(id="environment-diff", can_focus=False):
            yield Static(id="environment-words", markup=False)

    def show(self) -> None:
        """Show the facts."""
        compared = self.compared
        trees = [environment_of(record) for record in compared.records]
        if self.is_summary:
            titles, rows = param_summary(
                trees, compared.reference, shows_equal=self._shows_equal
            )
            self.show_cells(
                titles, rows, self._words(sum(not r.is_branch for r in rows), trees)
            )
            return
        rows = param_table(trees, compared.reference, shows_equal=self._shows_equal)
        self.show_runs(compared, rows, self._words(sum(not r.is_branch for r in rows), trees))

    def _words(self, count: int, trees: list[dict[str, Any]]) -> str:
        bare = sum(set(tree) <= {"run"} for tree in trees)
        missing = f" · git and packages of {plural(bare, 'run')} not recorded" if bare else ""
        if self._shows_equal:
            return f"{plural(count, 'fact')} · u shows only those that differ{missing}"
        verb = "differs" if count == 1 else "differ"
        return f"{plural(count, 'fact')} {verb} · u shows all{missing}"

    def action_toggle_equal(self) -> None:
        """Show what is the same in all runs too, or not."""
        self._shows_equal = not self._shows_equal
        self.show()

    def on_mount(self) -> None:
        """Follow the cursor from run to run."""
        self.watch(self.grid, "cursor_column", self._show_difference, init=False)

    @on(GridView.RowHighlighted)
    def _highlighted(self) -> None:
        self._show_difference()

    def _show_difference(self) -> None:
        """Show the value of the run under the cursor against that of the baseline."""
        row, place = self.row_here(), self.reference_here()
        compared = self.compared
        if row is None or row.is_branch or self.is_summary or len(compared.records) < 2:
            self._show_parts("", [])
            return
        if place is None or place == compared.reference:
            place = 1 if compared.reference == 0 else 0
        before, after = (
            _text(environment_of(compared.records[at]), row.name)
            for at in (compared.reference, place)
        )
        names = compared.names()
        title = f"{row.name}: {names[compared.reference]} → {names[place]}"
        work = partial(text_difference, before, after)
        self.load("difference", work, partial(self._show_parts, title))

    def _show_parts(self, title: str, parts: list[TextPart]) -> None:
        self.query_one("#environment-words", Static).update(changed_text(parts, title))


def _text(tree: dict[str, object], name: str) -> str:
    value = flatten(tree).get(name)
    return "" if value is None else str(value)
