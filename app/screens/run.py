"""Run: everything about one run, in tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static, Tab, Tabs

from app.changes.runs import (
    archive_change,
    describe_change,
    note_change,
    rename_change,
    tag_change,
)
from app.commands import Scope, bindings
from app.dialogs.note_editor import NoteEditor
from app.dialogs.tag_picker import TagAnswer, TagPicker
from app.dialogs.text_input import TextDialog
from app.formatting import ago, duration, one_line, plural, shorten
from app.messages import CompareRuns
from app.panels.explorer import MetricExplorer
from app.panels.run_tabs.artifacts import ArtifactsTab
from app.panels.run_tabs.base import RunTab
from app.panels.run_tabs.logs import LogsTab
from app.panels.run_tabs.media import MediaTab
from app.panels.run_tabs.metrics import MetricsTab, SystemTab
from app.panels.run_tabs.notes import NotesTab
from app.panels.run_tabs.overview import OverviewTab
from app.panels.run_tabs.timeline import TimelineTab
from app.panels.styles import MUTED
from app.screens.point_reads import PointReads
from app.screens.tabbed import TabbedScreen
from app.sources import Feature, Source
from app.traces.build import Curve
from app.traces.reading import trace_ref
from app.widgets.run_cells import STATUS_MARKS
from store.errors import StoreError
from store.models import RunRecord, Tag

TABS: dict[str, tuple[str, Callable[[Source], RunTab]]] = {
    "overview": ("Overview", OverviewTab),
    "metrics": ("Metrics", MetricsTab),
    "media": ("Media", MediaTab),
    "logs": ("Logs", LogsTab),
    "system": ("System", SystemTab),
    "artifacts": ("Artifacts", ArtifactsTab),
    "notes": ("Notes", NotesTab),
    "timeline": ("Timeline", TimelineTab),
}
"""Name, title and class of every tab, in order."""


class RunScreen(TabbedScreen, PointReads):
    """One run."""

    PLACE = "runs"
    SCOPES = (Scope.RUN,)
    CSS_PATH = "run.tcss"
    NEEDS: ClassVar[Mapping[str, Feature]] = dict.fromkeys(
        (
            *("tag", "note", "archive", "rename", "describe"),
            *("in_tab('edit')", "in_tab('edit_outside')", "in_tab('delete')"),
        ),
        Feature.WRITE,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.RUN)

    def __init__(
        self, source: Source, run_hash: str, siblings: tuple[str, ...] = (), *, tab: str = ""
    ) -> None:
        super().__init__(source)
        self.run_hash = run_hash
        self.neighbours = siblings
        self.record: RunRecord | None = None
        self._first_tab = tab if tab in TABS else next(iter(TABS))

    def compose_body(self) -> Iterable[Widget]:
        """Title, tabs, and one tab in sight."""
        yield Static(id="run-title", markup=False)
        yield Tabs(
            *(Tab(title, id=name) for name, (title, _) in TABS.items()),
            active=self._first_tab,
            id="run-tabs",
        )
        with ContentSwitcher(initial=f"{self._first_tab}-tab", id="run-switcher"):
            for _, make in TABS.values():
                yield make(self.source)
        yield Static(id="run-failed", classes="empty list-empty", markup=False)

    def on_mount(self) -> None:
        """Read the run."""
        super().on_mount()
        self.refresh_data()

    def crumb(self) -> str:
        """The name of the run."""
        run = self.record.run if self.record is not None else None
        return shorten(one_line(run.name), 40) if run is not None else self.run_hash[:8]

    def scopes(self) -> tuple[Scope, ...]:
        """Those of the run and of the tab in sight."""
        tab = self.tab
        return (*(tab.SCOPES if isinstance(tab, RunTab) else ()), *self.SCOPES)

    # Reading

    def refresh_data(self) -> None:
        """Read the run again."""
        work = partial(self.source.get_record, self.run_hash)
        self.load("run", work, self._show_record, self._failed)

    def _failed(self, error: StoreError) -> None:
        is_here = self.record is not None and self.record.run.hash == self.run_hash
        self.list_failed(error, is_empty=not is_here)
        if not is_here:
            # The run that was shown before must not be taken for this one.
            self.record = None
            self.header.crumb = self.crumb()
            self.query_one("#run-title", Static).update("")

    def follow(self, run_hashes: frozenset[str] | None) -> None:
        """Read the run again if it is one of those that changed."""
        if run_hashes is None or self.run_hash in run_hashes:
            self.refresh_data()

    def _show_record(self, record: RunRecord) -> None:
        is_first = self.record is None
        self.record = record
        self.remove_class("-empty")
        self.header.crumb = self.crumb()
        self.query_one("#run-title", Static).update(self._title(record))
        for tab in self.query(RunTab):
            tab.set_run(record, is_shown=tab is self.tab)
        if is_first:
            self.focus_tab()

    def _title(self, record: RunRecord) -> Content:
        run, now = record.run, self.dashboard.clock()
        mark, tone = STATUS_MARKS[run.status]
        parts = [
            Content.styled(f" {mark} ", f"${tone}" if tone != "muted" else MUTED),
            Content.styled(one_line(run.name) or run.hash[:8], "bold"),
        ]
        facts = [run.experiment or "", *(f"#{tag.name}" for tag in run.tags)]
        facts += [duration(run.duration_s(now)), f"{ago(run.created_at, now)} ago"]
        if run.is_archived:
            facts.append("archived")
        if self.run_hash in self.neighbours:
            at = self.neighbours.index(self.run_hash) + 1
            facts.append(f"{at} of {plural(len(self.neighbours), 'run')}")
        text = "  " + " · ".join(fact for fact in facts if fact)
        return Content.assemble(*parts, Content.styled(text, MUTED))

    # Other runs of the list

    def action_next_run(self) -> None:
        """The run below in the list one came from."""
        self._move_run(1)

    def action_previous_run(self) -> None:
        """The run above in the list one came from."""
        self._move_run(-1)

    def _move_run(self, count: int) -> None:
        if self.run_hash not in self.neighbours or len(self.neighbours) < 2:
            self.notify("There is no other run in the list.", timeout=2)
            return
        at = self.neighbours.index(self.run_hash) + count
        self.run_hash = self.neighbours[at % len(self.neighbours)]
        self.refresh_data()

    # Changes

    def _may_write(self) -> bool:
        return self.record is not None and self.may_write()

    def action_rename(self) -> None:
        """Give the run another name."""
        if self._may_write() and self.record is not None:
            dialog = TextDialog("Name of the run", value=self.record.run.name)
            self.app.push_screen(dialog, self._rename)

    def _rename(self, name: str | None) -> None:
        if name:
            self.dashboard.make_change(rename_change(self.source, self.run_hash, name))

    def action_describe(self) -> None:
        """Write the description."""
        if self._may_write() and self.record is not None:
            editor = NoteEditor("Description", self.record.run.description)
            self.app.push_screen(editor, self._describe)

    def _describe(self, text: str | None) -> None:
        if text is not None:
            self.dashboard.make_change(describe_change(self.source, self.run_hash, text))

    def action_note(self) -> None:
        """Write a note on the run."""
        if self._may_write():
            self.app.push_screen(NoteEditor(f"Note on {self.crumb()}"), self._note)

    def _note(self, text: str | None) -> None:
        if text:
            change = note_change(self.source, text, run_hash=self.run_hash)
            self.dashboard.make_change(change)

    def action_tag(self) -> None:
        """Add or take away tags."""
        if self._may_write():
            self.load("tags", self.source.find_tags, self._pick_tags, opens=True)

    def _pick_tags(self, known: list[Tag]) -> None:
        if self.record is not None:
            counts = {tag.name: 1 for tag in self.record.run.tags}
            picker = TagPicker(counts, [tag.name for tag in known], 1)
            self.app.push_screen(picker, self._tag)

    def _tag(self, answer: TagAnswer | None) -> None:
        if answer is not None and (answer.added or answer.removed):
            change = tag_change(self.source, [self.run_hash], answer.added, answer.removed)
            self.dashboard.make_change(change)

    def action_archive(self) -> None:
        """Archive the run, or bring it back."""
        if self._may_write() and self.record is not None:
            is_archived = not self.record.run.is_archived
            change = archive_change(self.source, [self.run_hash], is_archived)
            self.dashboard.make_change(change)

    # Asked for by the tabs

    @on(MetricExplorer.NoteAsked)
    def _ask_point_note(self, message: MetricExplorer.NoteAsked) -> None:
        if self._may_write():
            title = f"Note on {message.curve.metric.name} at step {message.step}"
            done = partial(self._write_point_note, message.curve, message.step)
            self.app.push_screen(TextDialog(title), done)

    def _write_point_note(self, curve: Curve, step: int, text: str | None) -> None:
        if text:
            ref = trace_ref(curve)
            write = partial(
                self.source.create_note, text, run_hash=self.run_hash, trace=ref, step=step
            )
            self.load("note", write, lambda _: self.refresh_data())

    @on(MetricExplorer.CompareAsked)
    def _compare(self) -> None:
        self.post_message(CompareRuns((self.run_hash,)))

    @on(RunTab.StepAsked)
    def _point_at_step(self, message: RunTab.StepAsked) -> None:
        self.action_show_tab("metrics")
        self.query_one("#metrics-tab", MetricsTab).explorer.point_at(float(message.step))

    @on(MetricsTab.LogAsked)
    def _show_log(self, message: MetricsTab.LogAsked) -> None:
        self.action_show_tab("logs")
        self.query_one(LogsTab).show_step(message.step)

    @on(NotesTab.Changed)
    def _notes_changed(self) -> None:
        self.refresh_data()

    def action_copy_hash(self) -> None:
        """Copy the hash of the run."""
        self.app.copy_to_clipboard(self.run_hash)
        self.notify("Hash copied", timeout=2)
