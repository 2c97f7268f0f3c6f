"""What can be done with runs in the table: marking, tags, archive, notes, export, deletion.

Every act is on the marked runs, or else on the one under the cursor. Mixed into the runs
screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import getters, on

from app.changes.runs import (
    archive_change,
    move_change,
    note_change,
    rename_change,
    tag_change,
)
from app.dialogs.text_input import TextDialog
from app.formatting import plural, shorten
from app.messages import CompareRuns, ShowMetrics
from app.screens.base import DashboardScreen
from app.widgets.columns import RunColumn
from app.widgets.grid import GridView
from app.widgets.run_table import RunTable
from store.models import Experiment, RunRecord, Tag

if TYPE_CHECKING:
    from app.dialogs.export import ExportAnswer
    from app.dialogs.tag_picker import TagAnswer

# Text areas, pickers and export are imported when first asked for: the table is what one
# waits for at the start.


class RunActions(DashboardScreen):
    """Acts on runs."""

    table = getters.query_one("#table", RunTable)

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def load_runs(self, query: str | None = None) -> None: ...  # noqa: D102

    def targets(self) -> list[str]:
        """The marked runs, or else the one under the cursor."""
        targets = self.table.targets()
        if not targets:
            self.notify("There is no run here.", timeout=2)
        return targets

    def _run_here(self) -> tuple[str | None, RunRecord | None]:
        """The run under the cursor; says so if there is none."""
        here = self.table.cursor_hash
        if here is None:
            self.notify("There is no run under the cursor.", timeout=2)
        return here, self.table.page.record(here) if here else None

    # Marks

    def action_mark(self) -> None:
        """Mark or unmark the run or group under the cursor, and go on."""
        group = self.table.cursor_group
        if group is not None:
            self.table.toggle_marks(group.hashes)
        elif self.table.cursor_hash is not None:
            self.table.toggle_marks([self.table.cursor_hash])
        self.table.action_cursor_down()

    def action_mark_up(self) -> None:
        """Mark the run and go up."""
        self._mark_and_move(-1)

    def action_mark_down(self) -> None:
        """Mark the run and go down."""
        self._mark_and_move(1)

    @on(GridView.GutterClicked)
    def _gutter_clicked(self, message: GridView.GutterClicked) -> None:
        """Mark or unmark the run; with shift all from the cursor to there."""
        if message.extends:
            first, last = sorted((self.table.cursor_row, message.row))
            chosen = self.table.hashes_between(first, last)
            self.table.set_marks([*self.table.marked, *chosen])
        else:
            self.table.toggle_marks(self.table.hashes_between(message.row, message.row))
        self.table.cursor_row = message.row

    def _mark_and_move(self, step: int) -> None:
        here = self.table.cursor_hash
        if here is not None and here not in self.table.marked:
            self.table.set_marks([*self.table.marked, here])
        self.table.cursor_row += step

    def action_mark_all(self) -> None:
        """Mark every listed run."""
        self.table.set_marks(self.table.page.hashes)

    def action_mark_none(self) -> None:
        """Take all marks away."""
        self.table.set_marks(())

    # Views of the runs

    def action_compare(self) -> None:
        """Show the marked runs side by side."""
        targets = self.targets()
        if len(targets) == 1:
            self.notify("Mark two or more runs with space first.", timeout=3)
        elif targets:
            self.post_message(CompareRuns(tuple(targets)))

    def action_metrics(self) -> None:
        """Show the metrics of the runs as charts."""
        targets = self.targets()
        if targets:
            self.post_message(ShowMetrics(run_hashes=tuple(targets)))

    def action_preview(self) -> None:
        """Show or hide the preview."""
        shows = not self.has_class("-preview")
        self.set_class(shows, "-preview")
        self.dashboard.update_state(preview="on" if shows else "off")
        if shows and self.has_class("-narrow"):
            self.notify("The preview needs a window of 120 columns.", timeout=3)
        self.table.post_message(RunTable.RowHighlighted(self.table, self.table.cursor_row))

    def action_toggle_archived(self) -> None:
        """List archived runs too, or not."""
        shows = not self.dashboard.view_state.shows_archived
        self.dashboard.update_state(shows_archived=shows)
        self.notify(
            "Archived runs are listed." if shows else "Archived runs are hidden.", timeout=2
        )
        self.load_runs()

    # Changes that can be taken back

    def action_archive(self) -> None:
        """Archive the runs, or bring them back if all of them are archived."""
        targets = self.targets()
        if targets and self.may_write():
            known = self.table.page.known(targets)
            is_archived = not (known and all(each.run.is_archived for each in known))
            self.dashboard.make_change(archive_change(self.source, targets, is_archived))

    def action_rename(self) -> None:
        """Give the run under the cursor another name."""
        here, record = self._run_here()
        if here is None or record is None or not self.may_write():
            return
        old = record.run.name

        def renamed(name: str | None) -> None:
            if name is not None and name != old:
                self.dashboard.make_change(rename_change(self.source, here, name))

        self.app.push_screen(TextDialog("Rename the run", value=old), renamed)

    def action_move(self) -> None:
        """Move the runs to another experiment."""
        targets = self.targets()
        if targets and self.may_write():
            self.load(
                "experiments",
                self.source.find_experiments,
                partial(self._ask_move, targets),
                opens=True,
            )

    def _ask_move(self, targets: list[str], experiments: list[Experiment]) -> None:
        def moved(name: str | None) -> None:
            if name is not None:
                self.dashboard.make_change(move_change(self.source, targets, name))

        names = [each.name for each in experiments]
        hint = "known: " + shorten(", ".join(names), 300) if names else ""
        dialog = TextDialog(
            f"Move {plural(len(targets), 'run')} to an experiment",
            placeholder="name, also a new one; empty takes them out",
            suggestions=names,
            hint=hint,
            is_required=False,
        )
        self.app.push_screen(dialog, moved)

    def action_tag(self) -> None:
        """Add or take away tags."""
        targets = self.targets()
        if targets and self.may_write():
            self.load(
                "tags",
                partial(self._read_tags, targets),
                partial(self._ask_tags, targets),
                opens=True,
            )

    def _read_tags(self, targets: list[str]) -> tuple[list[Tag], list[RunRecord]]:
        records = self.source.get_records(targets, params=False, metrics=False)
        return self.source.find_tags(), records

    def _ask_tags(self, targets: list[str], read: tuple[list[Tag], list[RunRecord]]) -> None:
        from app.dialogs.tag_picker import TagPicker

        known, records = read
        counts = Counter(tag.name for record in records for tag in record.run.tags)

        def picked(answer: TagAnswer | None) -> None:
            if answer is not None:
                change = tag_change(self.source, targets, answer.added, answer.removed)
                self.dashboard.make_change(change)

        dialog = TagPicker(counts, [each.name for each in known], len(targets))
        self.app.push_screen(dialog, picked)

    def action_note(self) -> None:
        """Write a note on the run under the cursor."""
        from app.dialogs.note_editor import NoteEditor

        here, record = self._run_here()
        if here is None or record is None or not self.may_write():
            return

        def written(text: str | None) -> None:
            if text:
                self.dashboard.make_change(note_change(self.source, text, run_hash=here))

        self.app.push_screen(NoteEditor(f"Note on {shorten(record.run.name, 40)}"), written)

    # Changes that cannot

    def action_finish(self) -> None:
        """Mark the runs as finished."""
        from app.dialogs.confirm import ConfirmDialog

        targets = self.targets()
        if not targets or not self.may_write():
            return

        def confirmed(is_sure: bool | None) -> None:
            if is_sure:
                work = partial(self.source.finish_runs, targets)
                self.load("finish", work, lambda _: self.notify("Finished.", timeout=2))

        text = (
            f"Mark {plural(len(targets), 'run')} as finished? "
            "A script that still logs to one of them is not stopped."
        )
        self.app.push_screen(ConfirmDialog("Finish", text, verb="Finish"), confirmed)

    # Out of the dashboard

    def action_export(self) -> None:
        """Write the marked or all listed runs to a file."""
        from app.dialogs.export import ExportDialog

        hashes = list(self.table.marked) or list(self.table.page.hashes)
        if not hashes:
            self.notify("There is nothing to export.", timeout=2)
            return

        def chosen(answer: ExportAnswer | None) -> None:
            if answer is not None:
                work = partial(self._export, hashes, self.table.run_columns, answer)
                self.load("export", work, self._exported)

        self.app.push_screen(ExportDialog(plural(len(hashes), "run"), "runs"), chosen)

    def _export(
        self, hashes: Sequence[str], columns: Sequence[RunColumn], answer: ExportAnswer
    ) -> str:
        from app.export_runs import export_text, write_export

        text = export_text(self.source.get_records(hashes), columns, answer.file_format)
        try:
            return f"Wrote {write_export(Path(answer.path), text)}"
        except OSError as error:
            return f"Could not write {answer.path}: {error.strerror}"

    def _exported(self, outcome: str) -> None:
        is_bad = outcome.startswith("Could not")
        self.notify(outcome, severity="error" if is_bad else "information", markup=False)
