"""What the tabs of a comparison have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from msgspec import Struct, field

from app.commands.command import Scope
from app.loading import Loads
from app.panels.tab_page import TabPage
from app.sources import Source
from app.traces.run_fields import RunField, fact_fields, metric_fields, param_fields
from store.models import RunRecord

MOST_COLUMNS = 10
"""More runs than this are shown as what they have in common."""
Table = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Head and rows of a table, for export."""


class Compared(Struct, frozen=True, eq=False):
    """What is compared, and how."""

    records: tuple[RunRecord, ...] = ()
    reference: int = 0
    """Index of the run that differences are taken to: the baseline."""
    is_lower_better: Callable[[str], bool] = field(default=lambda _: False)
    """Tells the direction of a metric by its name."""

    @property
    def base(self) -> RunRecord:
        """The run that differences are taken to."""
        return self.records[self.reference]

    def names(self) -> list[str]:
        """Names of the runs; those without one by their hash."""
        return [run_name(record) for record in self.records]

    def hashes(self) -> tuple[str, ...]:
        """Hashes of the runs."""
        return tuple(record.run.hash for record in self.records)

    def fields(self) -> list[RunField]:
        """Params that differ, metrics in each context, facts."""
        records = self.records
        return [*param_fields(records), *metric_fields(records), *fact_fields(records)]


class CompareTab(TabPage, Loads):
    """One view of the comparison; it draws when it is looked at."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.TABLE,)
    """Scopes whose commands the menus list while this tab is in sight."""
    IS_ABOUT_QUERY: ClassVar[bool] = False
    """Whether it shows all runs of the query, and not only those that are marked."""
    DEFAULT_CSS = """
    CompareTab SimpleGrid { height: 1fr; }
    CompareTab .summary { height: 1; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, source: Source, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.source = source
        self.compared = Compared()
        self._is_shown = False

    def set_compared(self, compared: Compared, *, is_shown: bool) -> None:
        """Compare other runs, or the same against another reference."""
        self.compared = compared
        self._is_shown = False
        if is_shown:
            self.look()

    def look(self) -> None:
        """The tab came into sight."""
        if self.compared.records and not self._is_shown:
            self._is_shown = True
            self.show()

    def show(self) -> None:
        """Show the comparison."""

    def table(self) -> Table | None:
        """The table in sight, for export; None if there is none."""
        return None

    def sheet(self) -> Table | None:
        """The same for spreadsheets."""
        return self.table()

    def reference_here(self) -> int | None:
        """Index of the run under the cursor; None if there is none."""
        return None


def is_many(records: Sequence[RunRecord]) -> bool:
    """Whether there are too many runs to show each by itself."""
    return len(records) > MOST_COLUMNS


def run_name(record: RunRecord) -> str:
    """The name of a run; its hash if it has none."""
    return record.run.name or record.run.hash[:8]
