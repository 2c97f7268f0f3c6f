"""What tabs have in common: a run, reading when shown, a filter, a step back."""

from __future__ import annotations

from typing import ClassVar

from app.command import Scope
from app.loading import Loads
from app.panels.tab_page import TabPage
from app.sources import Source
from store.models import RunRecord


class RunTab(TabPage, Loads):
    """One tab. It is told about its run and reads when it is looked at."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.TABLE,)
    """Scopes whose commands the menus list while this tab is in sight."""

    def __init__(self, source: Source, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.source = source
        self.record: RunRecord | None = None
        self._is_read = False

    def set_run(self, record: RunRecord, *, is_shown: bool) -> None:
        """Show another run, or another state of the same."""
        self.record = record
        self._is_read = False
        if is_shown:
            self.look()

    def look(self) -> None:
        """The tab came into sight: read what is outdated."""
        if self.record is not None and not self._is_read:
            self._is_read = True
            self.read(self.record)

    def read(self, record: RunRecord) -> None:
        """Read and show everything of the run."""
