"""What the tabs of a comparison have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.panels.tab_page import TabPage
from store.models import RunRecord


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What is compared, and how."""

    records: tuple[RunRecord, ...] = ()
    reference: int = 0
    """Index of the run that differences are taken to."""
    is_lower_better: Callable[[str], bool] = field(default=lambda _: False)
    """Tells the direction of a metric by its name."""

    def names(self) -> list[str]:
        """Names of the runs; those without one by their hash."""
        return [record.run.name or record.run.hash[:8] for record in self.records]

    def metric_names(self) -> list[str]:
        """Names of all metrics of the model."""
        metrics = (metric for record in self.records for metric in record.metrics)
        return sorted({metric.name for metric in metrics if not metric.is_system})


class CompareTab(TabPage):
    """One view of the comparison; it draws when it is looked at."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
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
            self.show(self.compared)

    def show(self, compared: Compared) -> None:
        """Show the comparison."""

    def table(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Head and rows of the table in sight, for export; None if there is none."""
        return None
