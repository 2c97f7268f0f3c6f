"""Runs as they cross the store's border."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from store.models.sequence import MetricSummary


class RunStatus(StrEnum):
    """Where a run is in its life."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    KILLED = "killed"


class TagRef(Struct, frozen=True):
    """A tag as it hangs on a run."""

    id: str
    name: str
    color: str | None = None
    description: str | None = None


class Run(Struct, frozen=True):
    """One execution of a training script, without its params and sequences.

    All times are float seconds since the epoch, UTC.
    """

    id: int
    """Number inside the store, ascending by creation; never reused, never on the wire."""
    hash: str
    name: str
    description: str = ""
    experiment_id: str | None = None
    experiment: str | None = None
    """Name of the experiment."""
    experiment_description: str | None = None
    tags: tuple[TagRef, ...] = ()
    """In the order in which they were attached."""
    status: RunStatus = RunStatus.RUNNING
    is_archived: bool = False
    created_at: float = 0.0
    finished_at: float | None = None
    """None while running."""
    updated_at: float = 0.0
    """When anything of the run last changed, points included."""
    note_count: int = 0

    @property
    def is_active(self) -> bool:
        """Whether the run is still running as far as anybody said."""
        return self.status is RunStatus.RUNNING

    def duration_s(self, now: float) -> float:
        """Seconds from creation to the end, or to `now` while running; never negative."""
        end = self.finished_at if self.finished_at is not None else now
        return max(0.0, end - self.created_at)


class RunRecord(Struct, frozen=True):
    """A run with its params and the summaries of its metrics."""

    run: Run
    params: Mapping[str, Any] = field(default_factory=dict)
    """The whole tree, nested; empty when it was not asked for."""
    metrics: tuple[MetricSummary, ...] = ()
    """Ordered by name, then context; empty when not asked for."""


class Artifact(Struct, frozen=True):
    """A file that belongs to a run."""

    path: str
    """Relative, with forward slashes."""
    content_type: str
    size_bytes: int
    digest: str
    """Content address of the bytes."""
    created_at: float

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rsplit("/", 1)[-1]


class LogLine(Struct, frozen=True):
    """One line of a run's terminal."""

    step: int
    text: str


class LogRecord(Struct, frozen=True):
    """One structured log message of a run."""

    number: int
    """Position in the run, from 0."""
    message: str
    level: int
    """As in Python's logging: 10, 20, 30, 40, 50."""
    time: float
    args: Mapping[str, Any] | None = None
    logger_info: Any = None
