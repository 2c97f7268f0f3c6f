"""Bodies of this API. Unknown members are ignored."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from server.matih.fields import (
    Description,
    EndStatus,
    Key,
    MetricValue,
    Moment,
    Name,
    Step,
    TagText,
)
from server.schemas.common import Schema
from store.models import RunStatus

MAX_METRICS = 1000
MAX_PARAMS = 100
MAX_TAGS = 100


class ExperimentIn(Schema):
    """A new experiment."""

    name: Name
    description: Description | None = ""
    artifact_location: str | None = None
    tags: dict[str, TagText] | None = Field(default_factory=dict)


class ExperimentUpdateIn(Schema):
    """Changes to an experiment; what is absent stays."""

    name: Name | None = None
    description: Description | None = None
    artifact_location: str | None = None
    tags: dict[str, TagText | None] | None = Field(
        default=None, description="Merged by key; null removes a key"
    )


class ExperimentOut(Schema):
    """An experiment."""

    id: str
    name: str
    description: str
    artifact_location: str | None
    lifecycle_stage: Literal["active", "deleted"]
    created_at: str = Field(description="UTC, ISO 8601 without a zone")
    last_updated: str
    tags: dict[str, str]
    run_count: int


class ExperimentListOut(Schema):
    """A page of experiments, newest first."""

    experiments: list[ExperimentOut]
    total: int
    limit: int
    offset: int


class RunIn(Schema):
    """A new run."""

    experiment_id: Annotated[str, StringConstraints(min_length=1)]
    name: Name | None = None
    description: Description | None = ""
    tags: dict[str, TagText] | None = Field(default_factory=dict)
    start_time: Moment | None = Field(default=None, description="Milliseconds since the epoch")


class RunOut(Schema):
    """A run. Metrics are the last values, null where they are not finite."""

    id: str
    run_id: str
    experiment_id: str | None
    name: str
    description: str
    status: RunStatus
    start_time: str
    end_time: str | None
    duration_ms: int | None
    artifact_uri: str
    params: dict[str, str]
    metrics: dict[str, float | None]
    tags: dict[str, str]
    lifecycle_stage: Literal["active", "deleted"]
    created_at: str
    last_updated: str


class HistoryPoint(Schema):
    """One point of a metric."""

    value: float | None
    step: int
    timestamp: int | None = Field(description="Milliseconds since the epoch")


class RunWithHistoryOut(RunOut):
    """A run with every point of its metrics."""

    metric_history: dict[str, list[HistoryPoint]]


class RunListOut(Schema):
    """A page of runs."""

    runs: list[RunOut]
    total: int
    limit: int
    offset: int


class MetricsIn(Schema):
    """Metrics of one step."""

    metrics: dict[Key, MetricValue] = Field(min_length=1)
    step: Step | None = None
    timestamp: Moment | None = Field(default=None, description="Milliseconds since the epoch")


class ParamsIn(Schema):
    """Params of a run."""

    params: dict[Key, Any]


class MetricEntry(Schema):
    """One point of one metric."""

    key: Key
    value: MetricValue
    step: Step | None = None
    timestamp: Moment | None = None


class ParamEntry(Schema):
    """One param."""

    key: Key
    value: Any


class TagEntry(Schema):
    """One tag."""

    key: Key
    value: TagText


class BatchIn(Schema):
    """Metrics, params and tags; all are stored, or none."""

    metrics: list[MetricEntry] = Field(default_factory=list, max_length=MAX_METRICS)
    params: list[ParamEntry] = Field(default_factory=list, max_length=MAX_PARAMS)
    tags: list[TagEntry] = Field(default_factory=list, max_length=MAX_TAGS)


class LoggedOut(Schema):
    """How much was logged."""

    message: str
    run_id: str
    count: int


class BatchCounts(Schema):
    """How much of each was logged."""

    metrics: int
    params: int
    tags: int


class BatchOut(Schema):
    """How much was logged, in the three spellings that clients look for."""

    message: str = "Batch logged"
    run_id: str
    metrics_logged: int
    params_logged: int
    tags_logged: int
    metrics: int
    params: int
    tags: int
    logged: BatchCounts


class EndIn(Schema):
    """How a run ended."""

    status: EndStatus | None = None
    end_time: Moment | None = Field(default=None, description="Milliseconds since the epoch")


class ArtifactLoggedOut(Schema):
    """A file was stored."""

    message: str = "Artifact logged"
    run_id: str
    artifact: str
    size: int


class CompareIn(Schema):
    """Runs to compare."""

    run_ids: list[str]
    metrics: list[str] | None = None
    directions: dict[str, Literal["min", "max"]] = Field(default_factory=dict)
    maximize: list[str] = Field(default_factory=list)
    minimize: list[str] = Field(default_factory=list)
    aggregate: Literal["last", "best", "min", "max"] = "last"


class ComparedRunOut(Schema):
    """A run in a comparison."""

    run_id: str
    name: str
    status: RunStatus
    params: dict[str, str]
    metrics: dict[str, float | None]


class MetricComparisonOut(Schema):
    """One metric in a comparison."""

    best_run_id: str | None
    best_value: float | None
    all_values: dict[str, float | None]
    direction: Literal["min", "max"]
    direction_source: Literal["request", "tag", "heuristic", "default"]
    delta: float | None = Field(description="Between best and worst")
    tied_run_ids: list[str]


class ComparisonOut(Schema):
    """All metrics in a comparison."""

    best_run: str | None = Field(description="The run that is best at most metrics")
    metric_comparison: dict[str, MetricComparisonOut]


class CompareOut(Schema):
    """A comparison; runs in the order asked for."""

    runs: list[ComparedRunOut]
    comparison: ComparisonOut
