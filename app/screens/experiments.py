"""Experiments: which there are, how busy they are, and the best run of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import ClassVar

from textual import getters, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Label, Static

from app.changes.experiments import archive_experiment, describe_experiment, rename_experiment
from app.commands import Scope, bindings
from app.dialogs.confirm import ConfirmDialog
from app.dialogs.note_editor import NoteEditor
from app.dialogs.text_input import TextDialog
from app.formatting import local_time, plural, shorten
from app.messages import ShowRuns, WriteNote
from app.screens.base import DashboardScreen
from app.screens.experiment_reading import (
    ExperimentDetail,
    ExperimentInfo,
    ExperimentList,
    read_detail,
    read_experiments,
)
from app.screens.experiment_text import detail_text, head_text, table_columns, table_row
from app.sources import Feature, Source
from app.widgets.activity_map import ActivityMap
from app.widgets.columns import as_literal
from app.widgets.grid import GridView
from app.widgets.run_cells import CellLook
from app.widgets.simple_grid import SimpleGrid
from app.widgets.word_bar import WordBar
from store.errors import StoreError
from store.models import Experiment, SequenceKey

DETAIL_DELAY_S = 0.08
DETAIL_WIDTHS = (46, 76)
"""Of the pane at the side, in a usual and in a roomy window."""
ROOMY_COLUMNS = 170
"""From this width on the details have more room."""


class ExperimentsScreen(DashboardScreen):
    """A table of experiments, with details of the one under the cursor."""

    PLACE = "experiments"
    SCOPES = (Scope.EXPERIMENTS, Scope.TABLE)
    CSS_PATH = "experiments.tcss"
    NEEDS: ClassVar[Mapping[str, Feature]] = dict.fromkeys(
        ("create", "rename", "describe", "note", "archive", "delete"), Feature.WRITE
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.EXPERIMENTS)

    grid = getters.query_one("#experiments", SimpleGrid)
    words = getters.query_one(WordBar)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.known: dict[str, ExperimentInfo] = {}
        self.metric: SequenceKey | None = None
        """By which best runs are chosen."""
        self._metrics: tuple[SequenceKey, ...] = ()
        self.shows_archived = False
        self._has_list = False
        self._detail: ExperimentDetail | None = None
        self._detail_timer: Timer | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The line to find experiments, the table, and details beside it."""
        yield WordBar(placeholder="words of a name or a description")
        with Horizontal(id="body"):
            yield SimpleGrid(id="experiments")
            with VerticalScroll(id="detail", can_focus=False):
                with Vertical(id="detail-text-box"):
                    yield Static(id="detail-text")
                yield ActivityMap(id="detail-activity")
                yield Static(id="detail-best")
        yield Label(id="empty", classes="empty list-empty", markup=False)

    def on_mount(self) -> None:
        """Read what there is."""
        super().on_mount()
        self._lay_columns()
        self.grid.focus()
        self.refresh_data()

    def on_resize(self) -> None:
        """The table and its details share the window."""
        super().on_resize()
        self.set_class(self.size.width >= ROOMY_COLUMNS, "-roomy")
        self._lay_columns()
        self._show_rows()
        self._show_detail_text()

    def _lay_columns(self) -> None:
        beside = 0 if self.has_class("-narrow") else DETAIL_WIDTHS[self.has_class("-roomy")]
        columns = table_columns(self.size.width - beside, self.metric)
        if list(self.grid.columns) != columns:
            self.grid.set_columns(columns, 1)

    # Reading

    def refresh_data(self) -> None:
        """Read all experiments again."""
        work = partial(read_experiments, self.source, self._directions(), self.metric)
        self.load("experiments", work, self._show, self._failed)

    def _directions(self) -> dict[str, str]:
        flipped = dict(self.dashboard.view_state.metric_directions)
        return {**self.dashboard.config.metric_directions, **flipped}

    def _failed(self, error: StoreError) -> None:
        self.list_failed(error, is_empty=not self.known)

    def _show(self, found: ExperimentList) -> None:
        self._has_list = True
        self.known = {info.experiment.id: info for info in found.infos}
        self.metric, self._metrics = found.metric, found.metrics
        self._lay_columns()
        self._show_rows()
        self._load_detail()

    def _show_rows(self) -> None:
        shown = [
            info
            for info in self.known.values()
            if self.shows_archived or not info.experiment.is_archived
        ]
        total = len(shown)
        shown = [
            info
            for info in shown
            if self.words.fits((info.experiment.name, info.experiment.description))
        ]
        shown.sort(key=lambda info: -max(info.activity.creation_times, default=0.0))
        now_s = self.dashboard.clock()
        today = local_time(now_s).date()
        columns = self.grid.columns
        self.grid.show_rows([table_row(info, columns, now_s, today) for info in shown])
        self.words.show_count(len(shown), total, "experiment")
        if self._has_list:
            self.set_class(not total, "-empty")
            self.query_one("#empty", Label).update(self._empty_text())

    def _empty_text(self) -> str:
        if self.known:
            return "All experiments are archived.\n\nA lists them."
        return "There are no experiments yet.\n\nN creates one."

    # Finding

    def focus_query(self) -> bool:
        """Find experiments by words."""
        self.words.enter()
        return True

    @on(WordBar.Changed)
    def _words_changed(self) -> None:
        self._show_rows()
        self._load_detail()

    @on(WordBar.Left)
    def _words_left(self) -> None:
        self.grid.focus()

    def step_back(self) -> bool:
        """Leave the words, or take them away."""
        return self.words.step_back()

    @on(GridView.RowHighlighted)
    def _highlighted(self) -> None:
        if self._detail_timer is None:
            self._detail_timer = self.set_timer(DETAIL_DELAY_S, self._load_detail)

    def _load_detail(self) -> None:
        self._detail_timer = None
        info = self.info
        if info is None:
            return
        self.query_one("#detail-text", Static).update(head_text(info))
        self.query_one(ActivityMap).show_days(
            info.activity.creation_times, self.dashboard.clock()
        )
        work = partial(read_detail, self.source, info, self.metric, self._directions())
        self.load("detail", work, self._show_detail)

    def _show_detail(self, detail: ExperimentDetail) -> None:
        self._detail = detail
        self._show_detail_text()

    def _show_detail_text(self) -> None:
        detail, info = self._detail, self.info
        if detail is None or info is None or info.experiment.id != detail.experiment_id:
            return
        config = self.dashboard.config
        look = CellLook(
            now_s=self.dashboard.clock(),
            digits=config.number_digits,
            stale_after_s=config.stale_after_s,
            ascii_only=config.ascii_only,
        )
        # Less the padding, the border, and the bar that may come to scroll it.
        pane = DETAIL_WIDTHS[self.has_class("-roomy")] - 1
        width = (self.size.width if self.has_class("-narrow") else pane) - 3
        box = self.query_one("#detail-best", Static)
        box.update(detail_text(detail, look, max(30, width)))

    def action_next_metric(self) -> None:
        """Choose the best runs by another metric."""
        if not self._metrics:
            self.notify("No metric was logged yet.", timeout=2)
            return
        at = self._metrics.index(self.metric) if self.metric in self._metrics else -1
        self.metric = self._metrics[(at + 1) % len(self._metrics)]
        self.refresh_data()

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
        if not self.may_write():
            return

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
        if info is None or not self.may_write():
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
        if info is None or not self.may_write():
            return

        def described(text: str | None) -> None:
            if text is not None:
                change = describe_experiment(self.source, info.experiment, text)
                self.dashboard.make_change(change)

        title = f"Description of {shorten(info.experiment.name, 40)}"
        self.app.push_screen(NoteEditor(title, info.experiment.description), described)

    def action_note(self) -> None:
        """Write a note on it."""
        if self.info is not None and self.may_write():
            experiment = self.info.experiment
            self.post_message(WriteNote(experiment_id=experiment.id, subject=experiment.name))

    def action_archive(self) -> None:
        """Archive it, or bring it back."""
        if self.info is not None and self.may_write():
            self.dashboard.make_change(archive_experiment(self.source, self.info.experiment))

    def action_delete(self) -> None:
        """Delete it after asking."""
        info = self.info
        if info is None or not self.may_write():
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
        which = "listed" if self.shows_archived else "hidden"
        self.notify(f"Archived experiments are {which}.", timeout=2)
        self._show_rows()
        self._load_detail()

    def action_copy(self) -> None:
        """Copy the cell under the cursor."""
        cell = self.grid.cursor_cell
        if cell is not None:
            self.app.copy_to_clipboard(cell.text.strip())
            self.notify(f"Copied {shorten(cell.text.strip(), 60)}", timeout=2, markup=False)
