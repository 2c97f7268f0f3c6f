"""Runs: the table of all runs under a query bar, with a preview beside it.

The table asks for what is in sight and this screen reads it. A change of the source is shown
in place: new runs come in above without moving what one looks at, and where another order
would move rows about, a badge says so until the order is applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from msgspec.structs import replace
from textual import getters, on
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Label

from app.commands import Scope, bindings
from app.formatting import count, plural
from app.messages import OpenRun
from app.querying.listed import listed_query
from app.querying.results import found_text
from app.screens.base import DashboardScreen
from app.screens.query_actions import QueryActions
from app.screens.run_actions import RunActions
from app.screens.run_baseline import RunBaseline
from app.screens.run_columns import RunColumnActions
from app.screens.run_copying import RunCopying
from app.screens.run_deletion import RunDeletion
from app.screens.run_facets import RunFacets
from app.screens.run_live import RunLive, RunsFound
from app.screens.run_order import RunOrder, from_state
from app.sources import Feature, RunIndex, SortKey, Source, TraceRef
from app.widgets.cells import ASCII_BLOCKS, BLOCKS, sparkline
from app.widgets.columns import SPARK_WIDTH, RunColumn
from app.widgets.grid import GridView
from app.widgets.preview import RunPreview
from app.widgets.query_bar import QueryBar
from app.widgets.run_page import CHUNK
from app.widgets.run_table import RunTable
from store.errors import QueryError, StoreError
from store.models import RunRecord

PREVIEW_DELAY_S = 0.12
"""The preview waits until a key is no longer held down."""
PREVIEW_FROM = 170
"""Columns of the window from which on the preview is shown unless a person chose."""
TICK_S = 20.0
READ_ALL_UP_TO = 1000


class RunsScreen(
    RunBaseline,
    RunLive,
    RunColumnActions,
    RunOrder,
    RunFacets,
    RunDeletion,
    RunCopying,
    RunActions,
    QueryActions,
    DashboardScreen,
):
    """The table of all runs."""

    PLACE = "runs"
    SCOPES = (Scope.RUNS, Scope.TABLE, Scope.QUERY)
    CSS_PATH = "runs.tcss"
    NEEDS: ClassVar[Mapping[str, Feature]] = {
        **dict.fromkeys(
            ("tag", "archive", "rename", "move", "note", "finish", "delete"), Feature.WRITE
        ),
        "trash": Feature.TRASH,
    }
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.RUNS)

    table = getters.query_one("#table", RunTable)
    query_bar = getters.query_one("#query", QueryBar)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.query_text = ""
        self.total = 0
        self.took_s = 0.0
        """How long the last search took."""
        self.pending: RunIndex | None = None
        """A new order that waits until it is wanted."""
        self._preview_timer: Timer | None = None
        self.is_ready = False

    def compose_body(self) -> Iterable[Widget]:
        """Query bar, table and preview."""
        hint = "a word, or a query such as  run.hparams.lr > 0.001"
        yield QueryBar(placeholder=hint, id="query")
        with Horizontal(id="body"):
            yield RunTable(id="table")
            with VerticalScroll(id="preview", can_focus=False):
                yield RunPreview(id="preview-text")
        yield Label("", id="empty", classes="empty")

    def on_mount(self) -> None:
        """Restore the view and read the first page."""
        super().on_mount()
        state = self.dashboard.view_state
        self.query_text = state.query
        self.query_bar.set_text(state.query)
        self.query_bar.set_history(state.query_history)
        self.table.sort_keys = tuple(from_state(each) for each in state.sort)
        self.table.marked = dict.fromkeys(state.marked)
        self.restore_look()
        self.restore_baseline()
        self.show_preview_if_wanted()
        self.table.focus()
        self.set_interval(TICK_S, self._tick)
        self.refresh_data()

    def _tick(self) -> None:
        if self.is_current:
            self.table.set_now(self.dashboard.clock())

    # Reading

    def refresh_data(self) -> None:
        """Read the query's answer again, and everything in sight."""
        self.table.page.forget()
        self.load_runs()

    def load_runs(self, query: str | None = None, *, is_typing: bool = False) -> None:
        """Find runs; the old ones stay until the answer is there.

        Args:
            query: Another query; the present one if left out.
            is_typing: Whether the query may be half typed: if it matches nothing, what is
                listed stays.
        """
        text = self.query_text if query is None else query
        self.load(
            "runs",
            partial(self._find, self.full_query(text), self.table.sort_keys),
            partial(self._show_found, text, is_typing),
            self.show_failed,
        )

    def full_query(self, text: str) -> str:
        """The query that is asked, with archived runs if they are wanted."""
        return listed_query(text, shows_archived=self.dashboard.view_state.shows_archived)

    def _find(self, query: str, sort: Sequence[SortKey]) -> RunsFound:
        started = self.dashboard.stopwatch()
        index = self.source.find_runs(query, sort)
        took_s = self.dashboard.stopwatch() - started
        records = self.source.get_records(index.hashes[:CHUNK])
        return RunsFound(index, records, self.source.activity().run_count, took_s)

    def _show_found(self, text: str, is_typing: bool, found: RunsFound) -> None:
        if is_typing and not found.index.total and len(self.table.page):
            self.query_bar.show_problem(None)
            self.query_bar.show_count(
                f"{found_text(0, found.total, found.took_s)}, list unchanged"
            )
            return
        is_other = text != self.query_text
        self.query_text, self.total, self.pending = text, found.total, None
        self.took_s = found.took_s
        self.query_bar.show_problem(None)
        self.table.page.add(found.records)
        self.choose_columns(found.records)
        self.table.show_hashes(found.index.hashes)
        self.table.forget_best(hides=is_other)
        self.is_ready = True
        self.show_counts()
        self.dashboard.update_state(query=text)
        if self.dashboard.view_state.group_by:
            self.load_groups()
        elif len(self.table.page) <= READ_ALL_UP_TO:
            self._load_rest()

    def show_failed(self, error: StoreError) -> None:
        """Show where the query is wrong, or what else went wrong."""
        if not self.is_ready and not isinstance(error, QueryError):
            self.query_one("#empty", Label).update(f"{error}\n\nf5 tries again")
            self.add_class("-empty")
            return
        if isinstance(error, QueryError):
            self.query_bar.show_problem(error)
        else:
            self.load_failed(error)
        self.show_counts()

    def _load_rest(self) -> None:
        missing = self.table.page.missing(self.table.page.hashes)
        if missing:
            self._load_records(missing)

    @on(RunTable.RecordsNeeded)
    def _records_needed(self, message: RunTable.RecordsNeeded) -> None:
        self._load_records(message.run_hashes)

    def _load_records(self, hashes: Sequence[str]) -> None:
        self.load("records", partial(self.source.get_records, hashes), self.add_records)

    def add_records(self, records: list[RunRecord]) -> None:
        """Show records that have been read."""
        self.table.add_records(records)
        if self.table.cursor_hash in {record.run.hash for record in records}:
            self._show_preview()

    @on(RunTable.CurvesNeeded)
    def _curves_needed(self, message: RunTable.CurvesNeeded) -> None:
        if self.source.is_remote and Feature.LIVE not in self.source.features:
            # There it takes a request for each run: too much for the sake of ornaments.
            return
        steps = {
            record.run.hash: record for record in self.table.page.known(message.run_hashes)
        }
        work = partial(self._read_curves, steps, message.columns)
        self.load("curves", work, self.table.add_curves)

    def _read_curves(
        self, records: dict[str, RunRecord], columns: Sequence[RunColumn]
    ) -> dict[tuple[str, str], tuple[int, str]]:
        wanted = [(each, column) for each in records for column in columns]
        traces = [TraceRef(each, column.key, column.context) for each, column in wanted]
        blocks = ASCII_BLOCKS if self.dashboard.config.ascii_only else BLOCKS
        curves = {}
        for (run_hash, column), series in zip(
            wanted, self.source.read_series(traces, density=SPARK_WIDTH * 2), strict=True
        ):
            last = int(series.steps[-1]) if len(series) else 0
            text = sparkline(series.values, SPARK_WIDTH, blocks) if len(series) else ""
            curves[run_hash, column.id] = (max(last, 0), text)
        return curves

    def settings_changed(self) -> None:
        """Draw cells with the new settings."""
        self.restore_look()
        self.table.show_look(self.table.look)

    # The query bar

    def set_query(self, text: str) -> None:
        """Show the runs that match a query."""
        self.query_bar.set_text(text)
        self._remember(text)
        self.load_runs(text)
        self.table.focus()

    def focus_query(self) -> bool:
        """Put the cursor in the query bar."""
        self.query_bar.input.focus()
        return True

    def count_text(self, query: str) -> str:
        """What a query finds, in words; blocks."""
        index = self.source.find_runs(self.full_query(query))
        return found_text(index.total, self.total)

    @on(QueryBar.Changed)
    def _query_changed(self, message: QueryBar.Changed) -> None:
        self.load_runs(message.text, is_typing=True)

    @on(QueryBar.Submitted)
    def _query_submitted(self, message: QueryBar.Submitted) -> None:
        self._remember(message.text)
        self.load_runs(message.text)
        self.table.focus()

    @on(QueryBar.Left)
    def _query_left(self, message: QueryBar.Left) -> None:
        if message.text != self.query_text:
            self.load_runs(message.text)
        self.table.focus()

    def _remember(self, text: str) -> None:
        if not text.strip():
            return
        history = self.dashboard.view_state.query_history
        history = (*(each for each in history if each != text), text)[-50:]
        self.dashboard.update_state(query_history=history)
        self.query_bar.set_history(history)

    # What is around the table

    def show_counts(self) -> None:
        """How many runs are listed and marked, and whether rows wait to be placed."""
        found = len(self.table.page)
        parts = []
        if self.pending is not None:
            fresh = len(set(self.pending.hashes) - set(self.table.page.hashes))
            parts.append(f"{fresh} new · R shows" if fresh else "order changed · R applies")
        if self.table.marked:
            parts.append(f"{count(len(self.table.marked))} marked")
        if self.query_text:
            parts.append(found_text(found, self.total, self.took_s))
        else:
            parts.append(plural(found, "run"))
        self.query_bar.show_count(" · ".join(parts))
        self.set_class(self.is_ready and not found, "-empty")
        self.query_one("#empty", Label).update(self._empty_text())

    def _empty_text(self) -> str:
        if self.query_text:
            return "No run matches this query.\n\n/ changes it, esc leaves it"
        if self.total:
            return "All runs are archived.\n\nA lists them"
        return (
            "There are no runs yet.\n\nLog one from Python with matyan-client or Aim, "
            "or over HTTP: screen 9 shows the address.\nrunfolio demo opens a store to look around in."
        )

    @on(GridView.RowHighlighted)
    def _highlighted(self) -> None:
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(PREVIEW_DELAY_S, self._show_preview)

    def _show_preview(self) -> None:
        self._preview_timer = None
        if not self.has_class("-preview") or self.has_class("-narrow"):
            return
        here = self.table.cursor_hash
        record = self.table.page.record(here) if here else None
        look = replace(self.table.look, now_s=self.dashboard.clock())
        self.query_one(RunPreview).show(record, look, self.table.tones)

    def show_preview_if_wanted(self) -> None:
        """As a person chose, else where there is room for it beside the table."""
        wanted = self.dashboard.view_state.preview
        roomy = self.size.width >= PREVIEW_FROM
        self.set_class(roomy if not wanted else wanted == "on", "-preview")

    def on_resize(self) -> None:
        """The preview needs room."""
        super().on_resize()
        self.show_preview_if_wanted()
        self.call_after_refresh(self._show_preview)

    @on(RunTable.MarksChanged)
    def _marks_changed(self, message: RunTable.MarksChanged) -> None:
        self.dashboard.update_state(marked=message.marked[:1000])
        self.show_counts()

    @on(GridView.RowSelected)
    def _row_selected(self) -> None:
        self.action_open_run()

    def action_open_run(self) -> None:
        """Open the run under the cursor, or open and close a group."""
        if self.table.cursor_group is not None:
            self.table.toggle_group()
        elif self.table.cursor_hash is not None:
            siblings = tuple(self.table.page.hashes[:20_000])
            self.post_message(OpenRun(self.table.cursor_hash, siblings))

    def step_back(self) -> bool:
        """Leave the query bar, then the query."""
        if self.query_bar.input.has_focus:
            self.table.focus()
            return True
        if self.query_text:
            self.set_query("")
            return True
        return False
