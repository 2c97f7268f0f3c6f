"""Deleting runs, and the trash. Mixed into the runs screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import getters

from app.changes.runs import point_count, restore_change, trash_change
from app.formatting import count, plural, shorten_middle
from app.screens.base import DashboardScreen
from app.sources import Feature
from app.widgets.run_table import RunTable
from store.models import RunRecord

if TYPE_CHECKING:
    from app.dialogs.trash import TrashAnswer
    from store.models import TrashedRun

MAX_NAMES = 6


class RunDeletion(DashboardScreen):
    """What takes runs away, and what brings them back."""

    table = getters.query_one("#table", RunTable)

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def load_runs(self, query: str | None = None) -> None: ...  # noqa: D102
        def targets(self) -> list[str]: ...  # noqa: D102

    def action_delete(self) -> None:
        """Delete the runs with everything they hold, after asking."""
        targets = self.targets()
        if targets and self.may_write():
            work = partial(self.source.get_records, targets, params=False)
            self.load("delete", work, partial(self._ask_delete, targets), opens=True)

    def _ask_delete(self, targets: list[str], records: list[RunRecord]) -> None:
        names = [shorten_middle(each.run.name, 60) for each in records[:MAX_NAMES]]
        if len(records) > MAX_NAMES:
            names.append(f"… and {count(len(records) - MAX_NAMES)} more")
        metrics = sum(len(each.metrics) for each in records)
        has_trash = Feature.TRASH in self.source.features
        after = (
            "They go to the trash: z takes it back, B shows what is there. "
            "What a script still logs to them is dropped."
            if has_trash
            else "This cannot be taken back. a archives instead."
        )
        text = (
            f"Delete {plural(len(records), 'run')} with {plural(metrics, 'metric')} and "
            f"{plural(point_count(records), 'point')}, and all their notes, logs and files?\n\n"
            + "\n".join(f"  {name}" for name in names)
            + f"\n\n{after}"
        )

        def confirmed(is_sure: bool | None) -> None:
            if not is_sure:
                return
            left = [each for each in self.table.marked if each not in set(targets)]
            self.table.set_marks(left)
            if has_trash:
                self.dashboard.make_change(trash_change(self.source, targets))
            else:
                work = partial(self.source.delete_runs, targets)
                self.load("delete", work, self._deleted)

        self._confirm("Delete", text, confirmed)

    def _deleted(self, run_count: int) -> None:
        self.notify(f"Deleted {plural(run_count, 'run')} for good.", timeout=4)
        self.load_runs()

    def action_trash(self) -> None:
        """Show what was deleted."""
        if Feature.TRASH in self.source.features:
            self.load("trash", self.source.find_trash, self._show_trash, opens=True)
        else:
            self.notify("This server keeps no trash.", severity="warning", timeout=3)

    def _show_trash(self, runs: list[TrashedRun]) -> None:
        from app.dialogs.trash import TrashDialog

        dialog = TrashDialog(runs, now_s=self.dashboard.clock())
        self.app.push_screen(dialog, self._trash_answered)

    def _trash_answered(self, answer: TrashAnswer | None) -> None:
        if answer is None or not self.may_write():
            return
        hashes = [each.record.run.hash for each in answer.runs]
        if answer.restores:
            self.dashboard.make_change(restore_change(self.source, hashes))
            return
        from app.dialogs.trash import contents_of

        def confirmed(is_sure: bool | None) -> None:
            if is_sure:
                work = partial(self.source.delete_trash, hashes)
                self.load("delete", work, lambda _: self._deleted(len(hashes)))

        text = (
            f"Delete {contents_of(answer.runs)} for good? Nothing brings them back after this."
        )
        self._confirm("Delete for good", text, confirmed)

    def _confirm(self, verb: str, text: str, done: Callable[[bool | None], None]) -> None:
        # Local: most starts delete nothing.
        from app.dialogs.confirm import ConfirmDialog

        self.app.push_screen(ConfirmDialog(verb, text, verb=verb), done)
