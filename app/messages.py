"""Requests that cross screens. The application answers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from store.models import Context

if TYPE_CHECKING:
    from app.traces.options import ExploreOptions


@dataclass
class OpenRun(Message):
    """Show one run."""

    run_hash: str
    siblings: tuple[str, ...] = ()
    """Hashes of the list it came from, for going to the next and previous one."""
    tab: str = ""
    """Tab to open, if not the first."""


@dataclass
class ShowRuns(Message):
    """Show the runs that match a query."""

    query: str


@dataclass
class ShowMetrics(Message):
    """Show the metric explorer."""

    query: str = ""
    run_hashes: tuple[str, ...] = ()
    """Only these runs, if any are named."""
    metric: str = ""
    """Only this metric, if no query is given."""
    context: Context | None = None
    """The context of the curve that `step` is on; any when left out."""
    step: int | None = None
    """Where to put the crosshair, on the curve of the first run named."""
    is_onset: bool = False
    """Whether the crosshair rather goes where that curve first was not a number."""
    options: ExploreOptions | None = None
    """How to draw; as it was drawn last when left out."""
    x_range: tuple[float, float] | None = None
    """The part of the x axis to show."""


@dataclass
class CompareRuns(Message):
    """Show runs side by side."""

    run_hashes: tuple[str, ...]
    """Empty keeps what is compared."""
    tab: str = ""
    """Tab to open; the present one if left out."""
    baseline: str = ""
    """Hash of the run that differences are taken to; the first if left out."""


@dataclass
class AddColumn(Message):
    """Show one more column in the runs table."""

    column_id: str


@dataclass
class WriteNote(Message):
    """Ask for a new note on a run or an experiment."""

    run_hash: str | None = None
    experiment_id: str | None = None
    subject: str = ""
    """Name of what it is on."""


@dataclass
class SourceChanged(Message):
    """Something in the source changed."""

    version: int
    """The newest version known."""
    run_hashes: frozenset[str] | None
    """Changed runs; None if everything may have changed."""


@dataclass
class ConnectionChanged(Message):
    """The source stopped answering, or answers again."""

    problem: str = ""
    """Empty when all is well."""
    retry_s: float = 0.0
    """Seconds until it is tried again; 0 while it is."""
    sentence: str = ""
    """What became of the source, when it answers again."""
