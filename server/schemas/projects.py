"""The project as a whole."""

from typing import Any

from pydantic import Field

from server.schemas.common import Schema


class ProjectOut(Schema):
    """Name of the project and what its web UI may do."""

    name: str
    path: str
    description: str
    telemetry_enabled: int
    warn_index: bool
    warn_runs: bool


class ExperimentActivityOut(Schema):
    """How busy an experiment is."""

    num_runs: int
    num_archived_runs: int
    num_active_runs: int
    activity_map: dict[str, int] = Field(
        description="Number of runs created, by local time without zone"
    )


class ActivityOut(ExperimentActivityOut):
    """How busy the project is."""

    num_experiments: int


class ParamsOut(Schema):
    """Params and sequence names of all runs; kinds that were not asked for are absent."""

    params: dict[str, Any] | None = None
    metric: dict[str, list[dict[str, Any]]] | None = None
    images: dict[str, list[dict[str, Any]]] | None = None
    texts: dict[str, list[dict[str, Any]]] | None = None
    figures: dict[str, list[dict[str, Any]]] | None = None
    distributions: dict[str, list[dict[str, Any]]] | None = None
    audios: dict[str, list[dict[str, Any]]] | None = None


class PinnedSequence(Schema):
    """A sequence that is shown first."""

    name: str
    context: dict[str, Any] = Field(default_factory=dict)


class PinnedSequences(Schema):
    """All pinned sequences, in order."""

    sequences: list[PinnedSequence]
