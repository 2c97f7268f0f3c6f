"""Experiments: which there are, how busy they are, and the best run of each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from textual import getters, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Label, Static

from app.commands import Scope, bindings
from app.dialogs.confirm import ConfirmDialog
from app.dialogs.note_editor import NoteEditor
from app.dialogs.text_input import TextDialog
from app.experiment_changes import archive_experiment, describe_experiment, rename_experiment
from app.formatting import ago, count, local_time, number, one_line, plural, shorten
from app.messages import ShowRuns, WriteNote
from app.screens.base import DashboardScreen
from app.sources import Source
from app.widgets.activity_map import ActivityMap, days_of
from app.widgets.cells import plain, sparkline
from app.widgets.columns import (
    as_literal,
    column_from_id,
    common_metrics,
    lower_is_better,
    metric_summary,
    metric_title,
)
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.models import Activity, Experiment, Note, RunRecord

DAYS = 28
BEST_OF = 500
DETAIL_DELAY_S = 0.08


@dataclass(frozen=True, slots=True)
class ExperimentInfo:
    """An experiment with its activity."""

    experiment: Experiment
    activity: Activity


@dataclass(frozen=True, slots=True)
class ExperimentDetail:
    """What the pane at the side shows."""

    experiment_id: str
    metric: str
    best: tuple[tuple[RunRecord, float], ...]
    """Best runs by the metric that most runs have, with their values."""
    notes: tuple[Note, ...]


class ExperimentsScreen(DashboardScreen):
    """A table of experiments, with details of the one under the cursor."""

    PLACE = "experiments"
    SCOPES = (Scope.EXPERIMENTS, Scope.TABLE)
    CSS_PATH = "experiments.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.EXPERIMENTS)

    grid = getters.query_one("#experiments", SimpleGrid)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.known: dict[str, ExperimentInfo] = {}
        self.shows_archived = False
        self._detail_timer: Timer | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The table, and details beside it."""
        with Horizontal(id="body"):
            yield SimpleGrid(id="experiments")
            with VerticalScroll(id="detail", can_focus=False):
                with Vertical(id="detail-text-box"):
                    yield Static(id="detail-text")
                yield ActivityMap(id="detail-activity")
                yield Static(id="detail-best")
        yield Label(
            "There are no experiments yet.\n\nN creates one.", id="empty", classes="empty"
        )

    def on_mount(self) -> None:
        """Columns, and what is in them."""
        super().on_mount()
        self.grid.set_columns(
            [
                GridColumn("name", "experiment", 28),
                GridColumn("runs", "runs", 8, is_right=True),
                GridColumn("running", "running", 8, is_right=True),
                GridColumn("activity", f"{DAYS} days", DAYS),
                GridColumn("last", "last run", 9, is_right=True),
                GridColumn("description", "description", 40),
            ],
            1,
        )
        self.grid.focus()
        self.refresh_data()

    # Reading

    def refresh_data(self) -> None:
        """Read all experiments again."""
        self.load("experiments", self._read, self._show)

    def _read(self) -> list[ExperimentInfo]:
        return [
            ExperimentInfo(each, self.source.activity(each.id))
            for each in self.source.find_experiments()
        ]

    def _show(self, infos: list[ExperimentInfo]) -> None:
        self.known = {info.experiment.id: info for info in infos}
        shown = [i for i in infos if self.shows_archived or not i.experiment.is_archived]
        shown.sort(key=lambda info: -max(info.activity.creation_times, default=0.0))
        now_s = self.dashboard.clock()
        self.grid.show_rows([_row(info, now_s) for info in shown])
        self.set_class(not shown, "-empty")
        self._load_detail()

    @on(GridView.RowHighlighted)
    def _highlighted(self) -> None:
        if self._detail_timer is None:
            self._detail_timer = self.set_timer(DETAIL_DELAY_S, self._load_detail)

    def _load_detail(self) -> None:
        self._detail_timer = None
        info = self.info
        if info is None:
            return
        self._show_head(info)
        if not self.has_class("-narrow"):
            self.load("detail", partial(self._read_detail, info), self._show_detail)

    def _read_detail(self, info: ExperimentInfo) -> ExperimentDetail:
        query = f"run.experiment == {as_literal(info.experiment.name)}"
        hashes = self.source.find_runs(query, limit=BEST_OF).hashes
        records = self.source.get_records(hashes, params=False)
        found = common_metrics(records, 1)
        column = column_from_id(found[0]) if found else None
        best: list[tuple[RunRecord, float]] = []
        if column is not None:
            is_lower = lower_is_better(
                column.key, dict(self.dashboard.view_state.metric_directions)
            )
            for record in records:
                summary = metric_summary(record, column.key, column.context)
                if summary is None:
                    continue
                value = summary.min if is_lower else summary.max
                if math.isfinite(value):
                    best.append((record, value))
            best.sort(key=lambda pair: pair[1] if is_lower else -pair[1])
        title = metric_title(column.key, column.context) if column is not None else ""
        notes = self.source.find_notes(experiment_id=info.experiment.id)
        return ExperimentDetail(info.experiment.id, title, tuple(best[:8]), tuple(notes[:5]))

    def _show_head(self, info: ExperimentInfo) -> None:
        experiment = info.experiment
        archived = "  archived" if experiment.is_archived else ""
        head = Content.assemble(
            Content.styled(experiment.name, "bold $primary"),
            Content.styled(archived + "\n", "$warning"),
            f"{plural(info.activity.run_count, 'run')}, ",
            f"{count(info.activity.active_run_count)} running, ",
            f"{count(info.activity.archived_run_count)} archived\n",
            Content.styled(experiment.description or "no description: d writes one", "italic"),
        )
        self.query_one("#detail-text", Static).update(head)
        self.query_one(ActivityMap).show_days(
            info.activity.creation_times, self.dashboard.clock()
        )

    def _show_detail(self, detail: ExperimentDetail) -> None:
        if self.info is None or self.info.experiment.id != detail.experiment_id:
            return
        parts: list[Content] = []
        if detail.best:
            parts.append(Content.styled(f"\nbest by {detail.metric}\n", "bold $primary"))
            digits = self.dashboard.config.number_digits
            for place, (record, value) in enumerate(detail.best):
                look = "bold $success" if place == 0 else ""
                name = f"{shorten(one_line(record.run.name), 40):<41}"
                parts.append(
                    Content.assemble((name, look), (number(value, digits) + "\n", look))
                )
        if detail.notes:
            parts.append(Content.styled("\nnotes\n", "bold $primary"))
            now_s = self.dashboard.clock()
            parts += [
                Content.assemble(
                    (f"{ago(note.updated_at, now_s):>4} ", "$foreground 60%"),
                    shorten(one_line(note.content), 46) + "\n",
                )
                for note in detail.notes
            ]
        self.query_one("#detail-best", Static).update(Content("").join(parts))

    # The experiment under the cursor

    @property
    def info(self) -> ExperimentInfo | None:
        """The experiment under the cursor."""
        return self.known.get(self.grid.cursor_key or "")

    @on(GridView.RowSelected)
    def _selected(self) -> None:
        self.action_open_runs()

    @on(GridView.HeaderClicked)
    def _header_clicked(self) -> None:
        self.action_sort()

    def action_open_runs(self) -> None:
        """Open its runs."""
        if self.info is not None:
            name = as_literal(self.info.experiment.name)
            self.post_message(ShowRuns(f"run.experiment == {name}"))

    def action_create(self) -> None:
        """Create an experiment."""

        def named(name: str | None) -> None:
            if name:
                self.load("create", partial(self.source.create_experiment, name), created)

        def created(experiment: Experiment) -> None:
            self.notify(f"Created {experiment.name}.", timeout=3, markup=False)
            self.refresh_data()

        self.app.push_screen(TextDialog("New experiment", placeholder="name"), named)

    def action_rename(self) -> None:
        """Give it another name."""
        info = self.info
        if info is None:
            return

        def named(name: str | None) -> None:
            if name and name != info.experiment.name:
                self.dashboard.make_change(
                    rename_experiment(self.source, info.experiment, name)
                )

        self.app.push_screen(
            TextDialog("Rename the experiment", value=info.experiment.name), named
        )

    def action_describe(self) -> None:
        """Write its description."""
        info = self.info
        if info is None:
            return

        def described(text: str | None) -> None:
            if text is not None:
                change = describe_experiment(self.source, info.experiment, text)
                self.dashboard.make_change(change)

        title = f"Description of {shorten(info.experiment.name, 40)}"
        self.app.push_screen(NoteEditor(title, info.experiment.description), described)

    def action_note(self) -> None:
        """Write a note on it."""
        if self.info is not None:
            experiment = self.info.experiment
            self.post_message(WriteNote(experiment_id=experiment.id, subject=experiment.name))

    def action_archive(self) -> None:
        """Archive it, or bring it back."""
        if self.info is not None:
            self.dashboard.make_change(archive_experiment(self.source, self.info.experiment))

    def action_delete(self) -> None:
        """Delete it after asking."""
        info = self.info
        if info is None:
            return

        def confirmed(is_sure: bool | None) -> None:
            if is_sure:
                work = partial(self.source.delete_experiment, info.experiment.id)
                self.load("delete", work, lambda _: self.refresh_data())

        text = (
            f"Delete the experiment {info.experiment.name}? Its "
            f"{plural(info.activity.run_count, 'run')} stay, without an experiment. "
            "This cannot be taken back."
        )
        self.app.push_screen(ConfirmDialog("Delete", text, verb="Delete"), confirmed)

    def action_sort(self) -> None:
        """Sort by the column under the cursor."""
        self.grid.sort_by_cursor()

    def action_toggle_archived(self) -> None:
        """List archived experiments too, or not."""
        self.shows_archived = not self.shows_archived
        self._show(list(self.known.values()))

    def action_copy(self) -> None:
        """Copy the cell under the cursor."""
        cell = self.grid.cursor_cell
        if cell is not None:
            self.app.copy_to_clipboard(cell.text.strip())
            self.notify(f"Copied {shorten(cell.text.strip(), 60)}", timeout=2, markup=False)


def _row(info: ExperimentInfo, now_s: float) -> GridRow:
    experiment, activity = info.experiment, info.activity
    last = max(activity.creation_times, default=0.0)
    tone = "muted" if experiment.is_archived else ""
    running = activity.active_run_count
    return GridRow(
        experiment.id,
        (
            plain(f" {one_line(experiment.name)}", tone),
            plain(count(activity.run_count), is_right=True),
            plain(f"● {running}" if running else "", "success", is_right=True),
            plain(_curve(activity, local_time(now_s).date()), "spark"),
            plain(ago(last, now_s), "muted", is_right=True),
            plain(f" {one_line(experiment.description)}", "muted"),
        ),
        (
            experiment.name.lower(),
            activity.run_count,
            running,
            sum(time > now_s - DAYS * 86400 for time in activity.creation_times),
            -last,
            experiment.description.lower(),
        ),
    )


def _curve(activity: Activity, today: date) -> str:
    days: Counter[date] = days_of(activity.creation_times)
    amounts = [days[today - timedelta(days=back)] for back in range(DAYS - 1, -1, -1)]
    if not any(amounts):
        return "·" * DAYS
    drawn = sparkline([float(amount) for amount in amounts], DAYS)
    return "".join(c if amount else "·" for c, amount in zip(drawn, amounts, strict=True))
