"""Compare: the marked runs side by side, in tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static, Tab, Tabs

from app.commands import Scope, bindings
from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.text_input import TextDialog
from app.formatting import count, plural
from app.messages import CompareRuns, OpenRun
from app.panels.compare_tabs.base import Compared, CompareTab
from app.panels.compare_tabs.charts import ParallelTab, ScatterTab
from app.panels.compare_tabs.curves import CurvesTab
from app.panels.compare_tabs.importance import ImportanceTab
from app.panels.compare_tabs.tables import MetricsTab, ParamsTab
from app.panels.explorer import MetricExplorer
from app.screens.point_reads import PointReads
from app.screens.tabbed import TabbedScreen
from app.sources import Source
from app.traces.export import write_text
from app.traces.tables import TABLE_FORMATS, table_text
from app.widgets.columns import lower_is_better
from store.models import RunRecord

MAX_RUNS = 1000
NOTHING = (
    "No runs to compare. Mark some in Runs with space and press c, or press f here for a query."
)

TABS: dict[str, tuple[str, Callable[[], CompareTab]]] = {
    "params": ("Params", ParamsTab),
    "metrics": ("Metrics", MetricsTab),
    "charts": ("Charts", CurvesTab),
    "parallel": ("Parallel", ParallelTab),
    "scatter": ("Scatter", ScatterTab),
    "importance": ("Importance", ImportanceTab),
}
"""Name, title and class of every tab, in order."""


class CompareScreen(TabbedScreen, PointReads):
    """Several runs."""

    PLACE = "compare"
    SCOPES = (
        Scope.COMPARE,
        Scope.PARALLEL,
        Scope.SCATTER,
        Scope.TABLE,
        Scope.METRICS,
        Scope.CHART,
    )
    CSS_PATH = "compare.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.COMPARE)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.run_hashes: tuple[str, ...] = ()
        self.compared = Compared()

    def compose_body(self) -> Iterable[Widget]:
        """Title, tabs, one tab in sight."""
        yield Static("", id="compare-title", markup=False)
        yield Tabs(
            *(Tab(title, id=name) for name, (title, _) in TABS.items()), id="compare-tabs"
        )
        with ContentSwitcher(initial="params-tab", id="compare-switcher"):
            for _, make in TABS.values():
                yield make()
        yield Static(NOTHING, id="compare-empty", classes="empty", markup=False)

    def on_mount(self) -> None:
        """Compare what is marked, unless something was asked for."""
        super().on_mount()
        if not self.run_hashes:
            self.run_hashes = tuple(self.dashboard.view_state.marked)
        self.refresh_data()

    def show_request(self, request: CompareRuns) -> None:
        """Compare the runs that another screen named."""
        self.run_hashes = request.run_hashes
        if self.is_mounted:
            self.refresh_data()

    # Reading

    def refresh_data(self) -> None:
        """Read the runs again."""
        hashes = self.run_hashes[:MAX_RUNS]
        self.load("runs", partial(self.source.get_records, hashes), self._show_records)

    def follow(self, run_hashes: frozenset[str] | None) -> None:
        """Read again if one of the runs changed."""
        if run_hashes is None or run_hashes & set(self.run_hashes):
            self.refresh_data()

    def _show_records(self, records: list[RunRecord]) -> None:
        directions = dict(self.dashboard.view_state.metric_directions)
        reference = min(self.compared.reference, max(0, len(records) - 1))
        lower = partial(_is_lower_better, directions)
        self._compare(Compared(tuple(records), reference, lower))

    def _compare(self, compared: Compared) -> None:
        is_first = not self.compared.records
        self.compared = compared
        self.set_class(not compared.records, "-empty")
        names = compared.names()
        title = f" {plural(len(names), 'run')} side by side"
        if names:
            title += f" · ◇ reference {names[compared.reference]}"
        if len(self.run_hashes) > MAX_RUNS:
            title += f" · the first {count(MAX_RUNS)} of {count(len(self.run_hashes))}"
        self.query_one("#compare-title", Static).update(title)
        for tab in self.query(CompareTab):
            tab.set_compared(compared, is_shown=tab is self.tab)
        if is_first:
            self.focus_tab()

    @property
    def compare_tab(self) -> CompareTab:
        """The tab in sight, with its type."""
        assert isinstance(self.tab, CompareTab)
        return self.tab

    # Acts

    def action_reference(self) -> None:
        """Take differences to the next run."""
        if self.compared.records:
            reference = (self.compared.reference + 1) % len(self.compared.records)
            compared = self.compared
            self._compare(Compared(compared.records, reference, compared.is_lower_better))

    def action_find(self) -> None:
        """Compare all runs of a query."""
        dialog = TextDialog(
            "Compare the runs of a query",
            placeholder='run.experiment == "resnet"',
            is_required=False,
        )
        self.app.push_screen(dialog, self._find)

    def _find(self, query: str | None) -> None:
        if query is not None:
            work = partial(self.source.find_runs, query, limit=MAX_RUNS)
            self.load("query", work, lambda found: self._compare_hashes(tuple(found.hashes)))

    def _compare_hashes(self, run_hashes: tuple[str, ...]) -> None:
        self.run_hashes = run_hashes
        self.refresh_data()

    def action_open_run(self) -> None:
        """Open the reference run."""
        if self.compared.records:
            run = self.compared.records[self.compared.reference].run
            self.post_message(OpenRun(run.hash, self.run_hashes))

    @on(MetricExplorer.RunAsked)
    def _open_asked(self, message: MetricExplorer.RunAsked) -> None:
        self.post_message(OpenRun(message.run_hash, self.run_hashes, "metrics"))

    @on(ImportanceTab.ScatterAsked)
    def _show_scatter(self, message: ImportanceTab.ScatterAsked) -> None:
        scatter = self.query_one(ScatterTab)
        scatter.set_fields(f"params.{message.param}", f"metrics.{message.metric}")
        self.action_show_tab("scatter")

    def action_export(self) -> None:
        """Write the table to a file."""
        if self.compare_tab.table() is None:
            self.notify("This tab has no table.", timeout=2)
            return
        choices = [Choice(name, title, help_) for name, (title, help_) in TABLE_FORMATS.items()]
        self.app.push_screen(CommandMenu("Export the table", choices), self._ask_path)

    def _ask_path(self, suffix: str | None) -> None:
        if suffix is not None:
            value = str(Path.cwd() / f"comparison.{suffix}")
            dialog = TextDialog("Export to", value=value)
            self.app.push_screen(dialog, partial(self._export, suffix))

    def _export(self, suffix: str, path: str | None) -> None:
        table = self.compare_tab.table()
        if path and table is not None:
            text = table_text(*table, suffix)
            work = partial(write_text, Path(path).expanduser(), text)
            self.load("export", work, lambda said: self.notify(said, timeout=4))

    def action_copy(self) -> None:
        """Copy the table as Markdown."""
        table = self.compare_tab.table()
        if table is not None:
            self.app.copy_to_clipboard(table_text(*table, "md"))
            self.notify("Table copied as Markdown", timeout=2)


def _is_lower_better(directions: dict[str, str], name: str) -> bool:
    return lower_is_better(name, directions)
