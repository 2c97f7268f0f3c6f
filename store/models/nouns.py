"""Experiments, tags, notes, dashboards, apps and reports as they cross the border.

All times are float seconds since the epoch, UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from store.models.context import Context


class Experiment(Struct, frozen=True):
    """A named group of runs."""

    id: str
    name: str
    description: str = ""
    artifact_location: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    """Key and value pairs, as the MATIH API has them."""
    is_archived: bool = False
    created_at: float = 0.0
    updated_at: float = 0.0
    run_count: int = 0
    """Runs attached and not deleted; archived ones count."""


class Tag(Struct, frozen=True):
    """A coloured label on runs."""

    id: str
    name: str
    color: str | None = None
    description: str | None = None
    is_archived: bool = False
    run_count: int = 0


class Note(Struct, frozen=True):
    """A text by a person on a run, an experiment, or one point of a metric."""

    id: str
    content: str
    created_at: float
    updated_at: float
    run_hash: str | None = None
    experiment_id: str | None = None
    metric: str | None = None
    """Name of the metric when the note is bound to a point."""
    context: Context | None = None
    step: int | None = None


class ExploreApp(Struct, frozen=True):
    """The saved state of one explorer page ("app" on the wire)."""

    id: str
    type: str
    state: Mapping[str, Any]
    created_at: float
    updated_at: float


class SavedDashboard(Struct, frozen=True):
    """A bookmark that points at an explore app."""

    id: str
    name: str
    description: str
    app_id: str | None
    app_type: str | None
    created_at: float
    updated_at: float
    is_archived: bool = False


class Report(Struct, frozen=True):
    """A written page with live charts."""

    id: str
    name: str
    code: str
    description: str
    created_at: float
    updated_at: float


class Activity(Struct, frozen=True):
    """How busy a project or an experiment is."""

    run_count: int
    archived_run_count: int
    active_run_count: int
    experiment_count: int
    creation_times: tuple[float, ...]
    """Creation time of every run, ascending; the reader groups them by its own clock."""
