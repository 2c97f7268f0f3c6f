"""Experiments, tags, notes, apps, dashboards and reports. Times are seconds, UTC."""

from typing import Any

from pydantic import Field

from server.schemas.common import Schema


class ExperimentOut(Schema):
    """A named group of runs."""

    id: str
    name: str
    description: str
    run_count: int
    archived: bool
    creation_time: float


class ExperimentIn(Schema):
    """A new experiment."""

    name: str


class ExperimentUpdateIn(Schema):
    """What to change; null, and an empty name, stay as they are."""

    name: str | None = None
    description: str | None = None
    archived: bool | None = None


class ExperimentRunOut(Schema):
    """A run in the list of an experiment."""

    run_id: str
    name: str
    creation_time: float
    end_time: float | None
    archived: bool


class ExperimentRunsOut(Schema):
    """Runs of an experiment, newest first."""

    id: str
    runs: list[ExperimentRunOut]


class TagOut(Schema):
    """A coloured label."""

    id: str
    name: str
    color: str | None
    description: str | None
    run_count: int
    archived: bool


class TagIn(Schema):
    """A new tag."""

    name: str
    color: str | None = None
    description: str | None = None


class TagUpdateIn(Schema):
    """What to change; null, and an empty name, stay as they are."""

    name: str | None = None
    color: str | None = None
    description: str | None = None
    archived: bool | None = None


class TagRunOut(Schema):
    """A run in the list of a tag."""

    run_id: str
    name: str
    experiment: str | None
    creation_time: float
    end_time: float | None


class TagRunsOut(Schema):
    """Runs that carry a tag."""

    id: str
    runs: list[TagRunOut]


class NoteIn(Schema):
    """Text of a note; white space around it goes."""

    content: str


class NoteCreatedOut(Schema):
    """A note that was just written."""

    id: str
    created_at: float


class NoteOut(Schema):
    """A note."""

    id: str
    content: str
    updated_at: float


class RunNoteOut(NoteOut):
    """A note in the list of a run."""

    created_at: float
    run_hash: str


class ExperimentNoteOut(NoteOut):
    """A note in the list of an experiment."""

    created_at: float
    experiment_id: str


class AppOut(Schema):
    """Saved state of an explorer page."""

    id: str
    type: str
    updated_at: float
    created_at: float
    state: dict[str, Any] = Field(description="Kept as it was sent")


class AppIn(Schema):
    """State of an explorer page to save."""

    type: str
    state: dict[str, Any]


class AppUpdateIn(Schema):
    """What to change; the state is replaced as a whole."""

    type: str | None = None
    state: dict[str, Any] | None = None


class DashboardOut(Schema):
    """A bookmark that points at an app."""

    id: str
    name: str
    description: str
    app_id: str | None
    app_type: str | None
    updated_at: float
    created_at: float


class DashboardIn(Schema):
    """A new bookmark."""

    name: str
    description: str | None = None
    app_id: str | None = None


class DashboardUpdateIn(Schema):
    """What to change."""

    name: str | None = None
    description: str | None = None


class ReportOut(Schema):
    """A written page with live charts."""

    id: str
    name: str
    code: str
    description: str
    updated_at: float
    created_at: float


class ReportIn(Schema):
    """A new report."""

    name: str
    code: str | None = None
    description: str | None = None


class ReportUpdateIn(Schema):
    """What to change."""

    name: str | None = None
    code: str | None = None
    description: str | None = None
