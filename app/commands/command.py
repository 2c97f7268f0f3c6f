"""What a command is, and where it applies. All of them: `app.commands.table`."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from textual.binding import Binding


class Scope(StrEnum):
    """Where a command applies: everywhere, on a screen, or in a kind of widget."""

    APP = "app"
    TABLE = "table"
    """Every table that has a cursor."""
    QUERY = "query"
    """The query bar."""
    HOME = "home"
    EXPERIMENTS = "experiments"
    RUNS = "runs"
    RUN = "run"
    MEDIA = "media"
    """The media of a run."""
    LOG = "log"
    """The log of a run."""
    FILES = "files"
    """The artifacts of a run."""
    METRICS = "metrics"
    CHART = "chart"
    COMPARE = "compare"
    PARALLEL = "parallel"
    """Parallel coordinates of compared runs."""
    PICTURES = "pictures"
    """Media of compared runs."""
    SCATTER = "scatter"
    """A scatter of compared runs."""
    NOTES = "notes"
    DASHBOARDS = "dashboards"
    """The list of dashboards."""
    BOARD = "board"
    """An open dashboard."""
    REPORTS = "reports"
    """The list of reports."""
    REPORT = "report"
    """An open report."""
    REPORT_TEXT = "report_text"
    """The text of a report."""
    SERVER = "server"


class Command(Struct, frozen=True):
    """Something that a person can do."""

    scope: Scope
    name: str
    """Unique in its scope; the id is scope and name, as in `runs.archive`."""
    keys: str
    """Keys separated by commas, the first one shown; empty if there is none."""
    title: str
    """Two or three words for footer and menus."""
    help: str
    """A sentence."""
    action: str = ""
    """Textual action; the name unless given."""
    in_footer: bool = False
    is_listed: bool = True
    """Whether menus offer it; movement keys are only explained."""

    @property
    def id(self) -> str:
        """The name for settings and the `:` line."""
        return f"{self.scope}.{self.name}"

    @property
    def first_key(self) -> str:
        """The key to show, or nothing."""
        return self.keys.split(",")[0]

    def as_binding(self) -> Binding:
        """The command as Textual wants it."""
        action = self.action or self.name
        return Binding(self.keys, action, self.title, show=self.in_footer, id=self.id)
