"""Runs as JSON."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from server.schemas.common import IdStatusOut, Schema

RunHashes = Annotated[
    list[str],
    # matyan's Python client posts an empty object for an empty list.
    BeforeValidator(lambda value: [] if value == {} else value),
]


class ExperimentRef(Schema):
    """The experiment of a run; all members are null when it has none."""

    id: str | None = None
    name: str | None = None
    description: str | None = None


class TagRefOut(Schema):
    """A tag as it hangs on a run."""

    id: str
    name: str
    color: str | None = None
    description: str | None = None


class RunProps(Schema):
    """Properties of a run. Times are seconds since the epoch, UTC."""

    name: str
    description: str
    experiment: ExperimentRef
    tags: list[TagRefOut]
    creation_time: float
    end_time: float | None = Field(description="Null while the run is running")
    archived: bool
    active: bool
    status: str = Field(description="running, finished, failed or killed")
    updated_at: float
    notes: int = Field(description="Number of notes")


class TraceOverview(Schema):
    """A sequence of a run."""

    context: dict[str, Any]
    name: str
    last_value: float | str = Field(description='"NaN", "inf" or "-inf" where it is no number')


class ArtifactOut(Schema):
    """A file of a run."""

    name: str
    path: str
    uri: str


class RunInfoOut(Schema):
    """Everything small about a run."""

    params: dict[str, Any]
    traces: dict[str, list[TraceOverview]]
    props: RunProps
    artifacts: list[ArtifactOut]


class RunUpdateIn(Schema):
    """What to change; null and what is left out stay as they are."""

    name: str | None = None
    description: str | None = None
    archived: bool | None = None
    experiment: str | None = Field(
        default=None, description="Name of the experiment; created if unknown, empty for none"
    )
    active: bool | None = None


class RunTagIn(Schema):
    """The tag to attach; created if there is none of this name."""

    tag_name: str


class RunTagOut(IdStatusOut):
    """The tag hangs on the run."""

    tag_id: str


class RunTagRemovedOut(IdStatusOut):
    """The tag does not hang on the run any more."""

    removed: bool = True


class TraceIn(Schema):
    """A sequence of a run by name and context."""

    name: str
    context: dict[str, Any] = Field(default_factory=dict)


class MetricPointsOut(Schema):
    """Points of a metric as columns; null where a value is no finite number."""

    name: str
    context: dict[str, Any]
    iters: list[int]
    values: list[float | None]


class AlignTraceIn(Schema):
    """One trace to align."""

    name: str
    context: dict[str, Any]
    slice: Annotated[list[int], Field(min_length=3, max_length=3)]


class AlignRunIn(Schema):
    """The traces of one run to align."""

    run_id: str
    traces: list[AlignTraceIn]


class AlignIn(Schema):
    """Traces, and the metric that is to be their x axis."""

    align_by: str
    runs: list[AlignRunIn]
