"""Metrics: charts of metrics over many runs, found by a query.

The query names metrics and runs; plain words match names of metrics and runs. Points are read
only for charts in sight.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar
from urllib.parse import quote

from msgspec import Struct
from textual import getters, on
from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget

from app.commands import Scope, bindings
from app.formatting import plural
from app.messages import CompareRuns, OpenRun, ShowMetrics
from app.panels.explorer import MetricExplorer
from app.querying.plain_words import metric_query
from app.screens.point_notes import PointNotes
from app.screens.query_actions import QueryActions
from app.sources import Feature, MetricHit, Source
from app.traces.build import Curve
from app.traces.options import options_from_json
from app.traces.target import Target
from app.widgets.chart_pointer import View
from app.widgets.query_bar import QueryBar
from store.errors import QueryError, StoreError
from store.models import Note

MAX_RUNS = 500
"""Runs that are read at most; the newest ones."""
MAX_RUNS_AT_START = 8
FOLLOW_S = 1.0
"""Shortest time between two updates of the charts."""
RELOAD_EVERY = 20
"""So many updates of ends of curves come before everything is read again."""
NO_MATCH = "No metric matches. Change the query with /"
SYSTEM = "system"
"""This query shows measurements of the machine."""
STATE = "metrics"
"""Under which name the view is kept."""


class MetricsFound(Struct, frozen=True):
    """The answer to a query."""

    hits: Sequence[MetricHit]
    notes: Sequence[Note]


class MetricsScreen(QueryActions, PointNotes):
    """The explorer of metrics."""

    PLACE = "metrics"
    SCOPES = (Scope.METRICS, Scope.CHART, Scope.QUERY)
    CSS_PATH = "metrics.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings()

    query_bar = getters.query_one("#query", QueryBar)
    explorer = getters.query_one("#explorer", MetricExplorer)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.query_text = ""
        self.run_hashes: tuple[str, ...] = ()
        """Only these runs, if any are named."""
        self._changed: frozenset[str] = frozenset()
        self._is_reload_wanted = False
        self._follow_timer: Timer | None = None
        self._updates = 0
        self._target: Target | None = None
        """The point that another screen asked for."""
        self._wanted: ShowMetrics | None = None
        """How another screen asked for the charts to be drawn."""
        self._wants_system: bool | None = None
        """Whether another screen asked for the machine."""

    def compose_body(self) -> Iterable[Widget]:
        """Query bar over the charts."""
        hint = 'a word, or a query such as  metric.name == "loss" and run.hparams.lr > 0.001'
        yield QueryBar(placeholder=hint, of_metrics=True, id="query")
        kept = self.dashboard.view_state.extra_value(STATE, {})
        options = options_from_json(dict(kept or {}).get("options"))
        yield MetricExplorer(
            options,
            id="explorer",
            empty_text=NO_MATCH,
            utc_offset_s=-time.timezone if not time.daylight else -time.altzone,
        )

    def on_mount(self) -> None:
        """Restore the query and read what it finds."""
        super().on_mount()
        kept = dict(self.dashboard.view_state.extra_value(STATE, {}) or {})
        if not self.run_hashes and not self.query_text:
            self.query_text = str(kept.get("query", ""))
        self.query_bar.set_text(self.query_text)
        self.query_bar.set_history(self.dashboard.view_state.query_history)
        self.explorer.grid.set_empty_text("…")
        self.refresh_data()

    def show_request(self, request: ShowMetrics) -> None:
        """Show what another screen asked for."""
        query = request.query
        if request.metric and not query:
            query = f"metric.name == {json.dumps(request.metric, ensure_ascii=False)}"
        if query.strip() == SYSTEM:
            query = ""
            self._wants_system = True
        self.query_text, self.run_hashes = query, request.run_hashes
        if request.metric:
            self._wants_system = request.metric.startswith("__system__")
        self._wanted = request if request.options is not None else None
        self._target = None
        if request.step is not None:
            self._target = Target(
                request.step,
                next(iter(request.run_hashes), ""),
                request.metric,
                request.context,
                request.is_onset,
            )
        if self.is_mounted:
            self.query_bar.set_text(query)
            self.refresh_data()

    # Reading

    def refresh_data(self) -> None:
        """Ask the query again."""
        self.load_metrics(self.query_text)

    def load_metrics(self, text: str) -> None:
        """Find metrics; the old charts stay until the answer is there."""
        query = full_query(text, self.run_hashes)
        # An answer to an earlier question must not use up where this one wants to go.
        found = partial(self._found, text, self._target)
        self.load("metrics", partial(self._find, query), found, self._not_found)

    def _find(self, query: str) -> MetricsFound:
        limit = MAX_RUNS if query else MAX_RUNS_AT_START
        hits = self.source.find_metrics(query, limit=limit)
        has_notes = Feature.ALL_NOTES in self.source.features
        return MetricsFound(hits, self.source.find_notes() if has_notes else ())

    def _found(self, text: str, target: Target | None, found: MetricsFound) -> None:
        self.query_text = text
        self.query_bar.show_problem(None)
        curves = [Curve(hit.record, metric) for hit in found.hits for metric in hit.metrics]
        if self._wants_system is not None:
            self.explorer.change_options(is_system=self._wants_system)
            self._wants_system = None
        if self._wanted is not None and self._wanted.options is not None:
            self.explorer.options = self._wanted.options
            self.explorer.grid.show_view(View(self._wanted.x_range))
            self._wanted = None
        runs = plural(len(found.hits), "run")
        why = NO_MATCH if text.strip() else "No metrics have been logged yet."
        self.explorer.grid.set_empty_text(why)
        self.explorer.show_curves(curves, found.notes)
        names = {curve.metric.name for curve in self.explorer.curves}
        self.query_bar.show_count(f"{plural(len(names), 'metric')} of {runs}")
        if target is not None:
            self.explorer.aim(target)
        if self._target is target:
            self._target = None
        self._keep_state()

    def _not_found(self, error: StoreError) -> None:
        if isinstance(error, QueryError):
            self.query_bar.show_problem(error)
        else:
            self.load_failed(error)
            self.explorer.grid.set_empty_text(f"{error}\n\nf5 tries again")

    def follow(self, run_hashes: frozenset[str] | None) -> None:
        """Read new points of runs that changed, now and then everything."""
        known = {curve.record.run.hash for curve in self.explorer.curves}
        if run_hashes is None or not run_hashes <= known:
            self._is_reload_wanted = True
        else:
            self._changed |= run_hashes
        if self._follow_timer is None:
            self._follow_timer = self.set_timer(FOLLOW_S, self._catch_up)

    def _catch_up(self) -> None:
        changed, self._changed, self._follow_timer = self._changed, frozenset(), None
        self._updates += 1
        if self._is_reload_wanted or self._updates % RELOAD_EVERY == 0:
            self._is_reload_wanted = False
            self.explorer.forget_points(changed or None)
            self.refresh_data()
        elif changed:
            self.explorer.read_tails(changed)

    def _keep_state(self) -> None:
        options = self.explorer.options.as_json()
        self.dashboard.set_extra(STATE, {"query": self.query_text, "options": options})

    # Query bar

    def set_query(self, text: str) -> None:
        """Show the metrics that match a query."""
        self.run_hashes = ()
        self.query_bar.set_text(text)
        self.load_metrics(text)
        self._leave_query()

    def focus_query(self) -> bool:
        """Put the cursor into the query."""
        self.query_bar.input.focus()
        return True

    @on(QueryBar.Changed)
    @on(QueryBar.Submitted)
    def _query_changed(self, message: QueryBar.Changed | QueryBar.Submitted) -> None:
        self._target = None
        self.run_hashes = ()
        self.load_metrics(message.text)
        if isinstance(message, QueryBar.Submitted):
            self._leave_query()

    @on(QueryBar.Left)
    def _leave_query(self) -> None:
        self.set_focus(None)
        self.explorer.focus_chart()

    def step_back(self) -> bool:
        """Leave the crosshair or the large chart."""
        return self.explorer.step_back()

    # What the explorer asks for

    @on(MetricExplorer.OptionsChanged)
    def _options_changed(self) -> None:
        self._keep_state()

    @on(MetricExplorer.RunAsked)
    def _open_run(self, message: MetricExplorer.RunAsked) -> None:
        siblings = dict.fromkeys(curve.record.run.hash for curve in self.explorer.curves)
        self.post_message(OpenRun(message.run_hash, tuple(siblings), "metrics"))

    @on(MetricExplorer.CompareAsked)
    def _compare(self, message: MetricExplorer.CompareAsked) -> None:
        self.post_message(CompareRuns(message.run_hashes))

    @on(MetricExplorer.LinkAsked)
    def _copy_link(self) -> None:
        address = self.source.address
        if not self.source.is_remote:
            address = f"http://{self.dashboard.view_state.serve_address}"
        query = quote(full_query(self.query_text, self.run_hashes))
        self.app.copy_to_clipboard(f"{address}/api/v1/rest/runs/search/metric?q={query}")
        self.notify("Address copied", timeout=2)


def full_query(text: str, run_hashes: Sequence[str] = ()) -> str:
    """The query that is asked: words become a query, named runs a condition."""
    query = metric_query(text)
    if not run_hashes:
        return query
    listed = f"run.hash in {json.dumps(list(run_hashes))}"
    return f"({query}) and {listed}" if query else listed
