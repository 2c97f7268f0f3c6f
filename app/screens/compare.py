"""Compare: the marked runs side by side, and plots of all runs of the query, in tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static, Tab, Tabs

from app.commands import Scope, bindings
from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.text_input import TextDialog
from app.formatting import count, plural, shorten
from app.messages import AddColumn, CompareRuns, OpenRun, ShowRuns
from app.panels.compare_tabs.base import Compared, CompareTab
from app.panels.compare_tabs.curves import CurvesTab
from app.panels.compare_tabs.environment import EnvironmentTab
from app.panels.compare_tabs.importance import ImportanceTab
from app.panels.compare_tabs.logs import ComparedLogs
from app.panels.compare_tabs.media import ComparedMedia
from app.panels.compare_tabs.parallel import ParallelTab
from app.panels.compare_tabs.scatter import ScatterTab
from app.panels.compare_tabs.values import ComparedSystem, MetricsTab, ParamsTab
from app.panels.explorer import MetricExplorer
from app.querying.listed import listed_query
from app.querying.plain_words import as_query
from app.screens.compare_export import CompareExport
from app.screens.compare_sets import CompareSets
from app.screens.point_reads import PointReads
from app.sources import Source
from app.widgets.columns import lower_is_better
from store.errors import StoreError
from store.models import RunRecord

MAX_RUNS = 1000
POPULATION_S = 5.0
"""How often plots of the whole query follow running runs: ranking them again takes its time."""
NOTHING = (
    "No runs to compare. Mark some in Runs with space and press c; press f here for a query, "
    "or o for a set that was kept.\n\nIn Runs | plots all runs of the query, W two fields of them, I ranks the params."
)

NOT_READ = Compared()
"""Stands for runs that have not been read yet."""

TABS: dict[str, tuple[str, Callable[[Source], CompareTab]]] = {
    "params": ("Params", ParamsTab),
    "metrics": ("Metrics", MetricsTab),
    "charts": ("Curves", CurvesTab),
    "system": ("System", ComparedSystem),
    "environment": ("Environment", EnvironmentTab),
    "media": ("Media", ComparedMedia),
    "logs": ("Logs", ComparedLogs),
    "parallel": ("Parallel", ParallelTab),
    "scatter": ("Scatter", ScatterTab),
    "importance": ("Importance", ImportanceTab),
}
"""Name, title and class of every tab, in order."""


class CompareScreen(CompareSets, CompareExport, PointReads):
    """Several runs."""

    PLACE = "compare"
    SCOPES = (Scope.COMPARE,)
    CSS_PATH = "compare.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.COMPARE)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.run_hashes: tuple[str, ...] = ()
        self.compared = NOT_READ
        self.population = NOT_READ
        """All runs of the query, for the tabs that are about them."""
        self.population_size = 0
        """How many the query has; more than are shown if there are too many."""
        self.query_text: str | None = None
        """The query of the population; None takes the one in Runs."""
        self._population_query: str | None = None
        """The query that was read last."""
        self._is_population_old = False
        self._population_timer: Timer | None = None
        self._shows_marked = False
        """Whether plots show the compared runs only."""
        self._baseline = ""
        self._problems: dict[str, str] = {}
        """Why what a tab is about could not be read, by the name of the load."""

    def compose_body(self) -> Iterable[Widget]:
        """Title, tabs, one tab in sight."""
        yield Static("", id="compare-title", markup=False)
        yield Tabs(
            *(Tab(title, id=name) for name, (title, _) in TABS.items()), id="compare-tabs"
        )
        with ContentSwitcher(initial="params-tab", id="compare-switcher"):
            for _, make in TABS.values():
                yield make(self.source)
        yield Static(NOTHING, id="compare-empty", classes="empty list-empty", markup=False)

    def on_mount(self) -> None:
        """Compare what is marked, unless something was asked for."""
        super().on_mount()
        if not self.run_hashes:
            self.run_hashes = tuple(self.dashboard.view_state.marked)
        self.refresh_data()

    def scopes(self) -> tuple[Scope, ...]:
        """Those of the comparison and of the tab in sight."""
        return (*self.compare_tab.SCOPES, *self.SCOPES)

    def show_request(self, request: CompareRuns) -> None:
        """Compare the runs that another screen named."""
        # It may come while the screen is being made: it is answered once the tabs are there.
        self.call_later(self._answer, request)

    def _answer(self, request: CompareRuns) -> None:
        if request.run_hashes:
            self.run_hashes = request.run_hashes
            self._baseline = request.baseline
            if self.compared.records:
                self.compared = replace(self.compared, reference=0)
        self.query_text, self._population_query = None, None
        tab = request.tab or ("params" if self.compare_tab.IS_ABOUT_QUERY else "")
        if tab:
            self.action_show_tab(tab)
        self.refresh_data()

    # Reading

    def refresh_data(self) -> None:
        """Read the runs again."""
        self._read_compared()
        self._population_query = None
        self._read_population()

    def _read_compared(self) -> None:
        hashes = self.run_hashes[:MAX_RUNS]
        work = partial(self.source.get_records, hashes)
        self.load("runs", work, self._show_records, partial(self._failed, "runs"))

    def _failed(self, load: str, error: StoreError) -> None:
        if load == "population":
            # The next look at the tab asks again.
            self._population_query = None
        elif not set(self.compared.hashes()) <= set(self.run_hashes):
            # Other runs were asked for: these must not be taken for them.
            self.compared = NOT_READ
        self.load_failed(error)
        self._problems[load] = f"{error}\n\nf5 tries again"
        self._show_title()

    def follow(self, run_hashes: frozenset[str] | None) -> None:
        """Read again if one of the runs changed."""
        if run_hashes is None or run_hashes & set(self.run_hashes):
            self._read_compared()
        if run_hashes is None or run_hashes & set(self.population.hashes()):
            self._is_population_old = True
            if self._population_timer is None:
                self._population_timer = self.set_timer(POPULATION_S, self._renew_population)

    def _renew_population(self) -> None:
        self._population_timer = None
        if self._is_population_old and self.is_current:
            self._is_population_old, self._population_query = False, None
            self._read_population()

    def _show_records(self, records: list[RunRecord]) -> None:
        self._problems.pop("runs", None)
        reference = min(self.compared.reference, max(0, len(records) - 1))
        hashes = [record.run.hash for record in records]
        if self._baseline in hashes:
            reference = hashes.index(self._baseline)
        was_empty = not self.compared.records
        self.compared = Compared(tuple(records), reference, self._is_lower_better)
        self._tell_tabs()
        if was_empty:
            self.focus_tab()

    def _read_population(self) -> None:
        """Read all runs of the query, if the tab in sight is about them."""
        if not self.compare_tab.IS_ABOUT_QUERY or self._shows_marked:
            return
        shows_archived = self.dashboard.view_state.shows_archived
        query = listed_query(self._population_text(), shows_archived=shows_archived)
        if query != self._population_query:
            self._population_query = query
            work = partial(self._find_population, query)
            failed = partial(self._failed, "population")
            self.load("population", work, self._show_population, failed)

    def _population_text(self) -> str:
        """The query of the plots, as it was typed."""
        return self.dashboard.view_state.query if self.query_text is None else self.query_text

    def _find_population(self, query: str) -> tuple[int, list[RunRecord]]:
        found = self.source.find_runs(query, limit=MAX_RUNS)
        return found.total, self.source.get_records(found.hashes[:MAX_RUNS])

    def _show_population(self, found: tuple[int, list[RunRecord]]) -> None:
        self._problems.pop("population", None)
        self.population_size, records = found
        was_empty = not self.population.records
        self.population = Compared(tuple(records), 0, self._is_lower_better)
        self._tell_tabs()
        if was_empty:
            self.focus_tab()

    def _is_lower_better(self, name: str) -> bool:
        flipped = dict(self.dashboard.view_state.metric_directions)
        return lower_is_better(name, {**self.dashboard.config.metric_directions, **flipped})

    def _tell_tabs(self) -> None:
        for tab in self.query(CompareTab):
            tab.set_compared(self._shown_by(tab), is_shown=tab is self.tab)
        self._show_title()

    def _shown_by(self, tab: CompareTab) -> Compared:
        return self.population if self._is_about_query(tab) else self.compared

    def _is_about_query(self, tab: CompareTab) -> bool:
        return tab.IS_ABOUT_QUERY and not self._shows_marked

    def _show_title(self) -> None:
        is_about_query = self._is_about_query(self.compare_tab)
        shown = self._shown_by(self.compare_tab)
        problem = self._problems.get("population" if is_about_query else "runs", "")
        # Only once it is known: each change of the class styles the whole screen again.
        is_empty = not shown.records and (bool(problem) or shown is not NOT_READ)
        if is_empty:
            self.query_one("#compare-empty", Static).update(problem or NOTHING)
        self.set_class(is_empty, "-empty")
        self.query_one("#compare-title", Static).update(self._title(shown, is_about_query))

    def _title(self, shown: Compared, is_about_query: bool) -> str:
        if shown is NOT_READ:
            return ""
        total = plural(len(shown.records), "run")
        if is_about_query:
            text = self._population_text()
            words = [f"all {total}" if not text else f"{total} with {shorten(text, 60)}"]
            if self.population_size > len(shown.records):
                words.append(f"the first of {count(self.population_size)}")
            if self.compared.records:
                words.append(f"M shows the {count(len(self.compared.records))} compared ones")
        else:
            words = [f"{total} side by side"]
            if shown.records:
                words.append(f"◇ baseline {shown.names()[shown.reference]}")
            if len(self.run_hashes) > MAX_RUNS:
                words.append(f"the first {count(MAX_RUNS)} of {count(len(self.run_hashes))}")
        return " " + " · ".join(words)

    def tab_changed(self) -> None:
        """Read what the tab is about, and say so."""
        self._read_population()
        self._show_title()

    # The baseline

    def _take_baseline(self, index: int) -> None:
        self.compared = replace(self.compared, reference=index)
        self._baseline = self.compared.base.run.hash
        self._tell_tabs()

    def action_reference(self) -> None:
        """Compare with the next run."""
        if self.compared.records:
            self._take_baseline((self.compared.reference + 1) % len(self.compared.records))

    def action_baseline(self) -> None:
        """Compare with the run of the column under the cursor, or with one of a list."""
        if not self.compared.records:
            return
        here = self.compare_tab.reference_here()
        if here is not None and here != self.compared.reference:
            self._take_baseline(here)
            return

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self._take_baseline(int(answer))

        choices = [Choice(str(at), name) for at, name in enumerate(self.compared.names())]
        self.app.push_screen(CommandMenu("Compare with", choices), chosen)

    # Other runs

    def action_only_marked(self) -> None:
        """Let plots show the compared runs only, or all of the query."""
        self._shows_marked = not self._shows_marked and bool(self.compared.records)
        words = "the compared runs" if self._shows_marked else "all runs of the query"
        self.notify(f"Plots show {words}.", timeout=2)
        self._read_population()
        self._tell_tabs()

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
            self.query_text = query
            shows_archived = self.dashboard.view_state.shows_archived
            asked = listed_query(query, shows_archived=shows_archived)
            work = partial(self.source.find_runs, asked, limit=MAX_RUNS)
            self.load("query", work, lambda found: self.compare_hashes(tuple(found.hashes)))

    def compare_hashes(self, run_hashes: tuple[str, ...]) -> None:
        """Compare other runs."""
        self.run_hashes = run_hashes
        self.refresh_data()

    def action_open_run(self) -> None:
        """Open the run of the column under the cursor, or else the baseline."""
        if self.compared.records:
            here = self.compare_tab.reference_here()
            at = self.compared.reference if here is None else here
            self.post_message(OpenRun(self.compared.hashes()[at], self.run_hashes))

    # Asked for by the tabs

    @on(MetricExplorer.RunAsked)
    def _open_asked(self, message: MetricExplorer.RunAsked) -> None:
        self.post_message(OpenRun(message.run_hash, self.run_hashes, "metrics"))

    @on(ImportanceTab.ScatterAsked)
    def _show_scatter(self, message: ImportanceTab.ScatterAsked) -> None:
        self.query_one(ScatterTab).set_fields(message.param, message.target)
        self.action_show_tab("scatter")

    @on(ParallelTab.RunsAsked)
    def _show_runs(self, message: ParallelTab.RunsAsked) -> None:
        """List the brushed runs: those of the query that the brushes contain."""
        text = "" if self._shows_marked else as_query(self._population_text())
        query = f"({text}) and {message.query}" if text else message.query
        self.post_message(ShowRuns(query))

    @on(ImportanceTab.ColumnAsked)
    def _add_column(self, message: ImportanceTab.ColumnAsked) -> None:
        self.post_message(AddColumn(message.column_id))
