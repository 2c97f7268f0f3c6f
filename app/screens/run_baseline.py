"""The baseline of the runs table, and what compares or plots its runs. Mixed into the screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.formatting import shorten
from app.messages import CompareRuns
from app.screens.run_actions import RunActions
from app.widgets.columns import column_from_id
from store.errors import StoreError
from store.models import RunRecord

BASELINE = "baseline"
"""Name under which the view state keeps the hash of the run."""


class RunBaseline(RunActions):
    """Compares runs with one of them."""

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def choose_columns(self, records: Sequence[RunRecord]) -> None: ...  # noqa: D102

    @property
    def baseline(self) -> str:
        """Hash of the run that cells are compared with; empty if there is none."""
        return str(self.dashboard.view_state.extra_value(BASELINE, ""))

    def restore_baseline(self) -> None:
        """Read the run that was the baseline the last time."""
        if self.baseline:
            work = partial(self.source.get_record, self.baseline)
            self.load("baseline", work, self._show_baseline, self._forget_baseline)

    def follow(self, run_hashes: frozenset[str] | None) -> None:
        """Read the baseline again if it changed, and everything else that did."""
        if self.baseline and (run_hashes is None or self.baseline in run_hashes):
            self.restore_baseline()
        super().follow(run_hashes)

    def _show_baseline(self, record: RunRecord | None) -> None:
        wanted = record if record is not None and record.run.hash == self.baseline else None
        self.table.show_look(replace(self.table.look, baseline=wanted))

    def _forget_baseline(self, _: StoreError) -> None:
        """The run is gone, or cannot be read now."""
        self._show_baseline(None)

    def action_baseline(self) -> None:
        """Show in all cells how far they are from the run under the cursor, or no longer."""
        here = self.table.cursor_hash
        if here is None:
            self.notify("There is no run under the cursor.", timeout=2)
            return
        if here == self.baseline:
            self.dashboard.set_extra(BASELINE, "")
            self._show_baseline(None)
            self.notify("No baseline.", timeout=2)
            return
        self.dashboard.set_extra(BASELINE, here)
        record = self.table.page.record(here)
        name = shorten(record.run.name, 40) if record is not None else here[:8]
        self.notify(f"Cells show the difference to {name}.", timeout=3, markup=False)
        self.restore_baseline()

    def action_compare(self) -> None:
        """Show the marked runs side by side; a single one against the baseline."""
        targets = self.table.targets()
        if len(targets) == 1 and self.baseline and targets != [self.baseline]:
            targets = [self.baseline, *targets]
        if len(targets) < 2:
            words = "Mark two or more runs with space first, or make one the baseline with b."
            self.notify(words, timeout=3)
            return
        self.post_message(CompareRuns(tuple(targets), baseline=self.baseline))

    def action_plot(self, tab: str) -> None:
        """Plot all runs of the query."""
        marked = tuple(self.table.marked)
        self.post_message(CompareRuns(marked, tab, self.baseline))

    def add_column(self, column_id: str) -> None:
        """Show one more column, if it is not there yet."""
        ids = [column.id for column in self.table.run_columns]
        column = column_from_id(column_id)
        if column is None or column_id in ids:
            self.notify("The runs table has this column already.", timeout=2)
            return
        self.dashboard.update_state(columns=(*ids, column_id))
        self.choose_columns(self.table.page.known(self.table.page.hashes[:200]))
        self.notify(f"{column.title} is the last column of Runs.", timeout=3, markup=False)
