"""Bodies of our own routes, which the dashboard uses when it is attached to a server."""

from typing import Annotated, Any

from pydantic import Field

from server.schemas.common import Schema
from server.schemas.runs import TraceIn


class RunIndexOut(Schema):
    """All runs that match, in order."""

    version: int = Field(description="Version of the store before the search; see `changes`")
    total: int
    hashes: list[str]


class RecordsIn(Schema):
    """Which runs to read, and how much of them."""

    hashes: list[str]
    params: bool = True
    metrics: bool = True


class ColumnIn(Schema):
    """A column of numbers, as in the parameter `sort`."""

    field: str = Field(
        description="`metrics.<name>` with `.last`, `.min`, `.max` or `.mean`, "
        "`params.<path>`, or `duration`"
    )
    order: str = Field(default="asc", description="`desc` where more is better")
    context: dict[str, Any] | None = None


class BestIn(Schema):
    """Of which columns the best value is wanted, over all runs that match."""

    q: str = ""
    columns: list[ColumnIn]
    timezone_offset: int = Field(default=0, ge=-2880, le=2880)


class BestOut(Schema):
    """The best value of each column; null where no run has a finite one."""

    values: list[float | None]


class GroupsIn(BestIn):
    """How to group all runs that match."""

    sort: list[ColumnIn] = Field(default_factory=list)
    fields: list[str] = Field(
        description="`experiment`, `status`, `run` for the name, `tags`, `params.<path>`"
    )


class FiguresOut(Schema):
    """What the finite values of a column come to in a group."""

    count: int
    mean: float
    deviation: float = Field(description="Standard deviation of the sample")
    min: float
    max: float


class GroupOut(Schema):
    """Runs with the same values."""

    key: list[Any] = Field(description="A value for each field; null where a run has none")
    hashes: list[str]
    figures: list[FiguresOut | None]


class GroupsOut(Schema):
    """All groups, in the order in which their first runs come."""

    groups: list[GroupOut]


class TraceRefIn(TraceIn):
    """A metric of a run."""

    run_id: str


class PointsIn(Schema):
    """Which points to read."""

    traces: list[TraceRefIn]
    density: int = Field(
        default=0, ge=0, description="About so many points, extremes kept; 0 for all"
    )
    first_step: int | None = None
    last_step: int | None = Field(default=None, description="Inclusive")


class ChangesOut(Schema):
    """What changed in the store."""

    version: int
    runs: list[str] | None = Field(
        description="Runs that changed since the version asked about; null for any of them"
    )


class SettingIn(Schema):
    """A value to keep."""

    value: Any = Field(description="Any JSON; null removes it")


class SettingOut(SettingIn):
    """A value that is kept."""

    name: str


class AnyNoteIn(Schema):
    """A note to write."""

    content: str
    run_hash: str | None = None
    experiment_id: str | None = None
    metric: str | None = Field(default=None, description="With a run: the metric it is on")
    context: dict[str, Any] | None = None
    step: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = None


class AnyNoteOut(Schema):
    """A note on whatever it is on."""

    id: str
    content: str
    created_at: float
    updated_at: float
    run_hash: str | None
    experiment_id: str | None
    metric: str | None
    context: dict[str, Any] | None
    step: int | None


class PathStatistics(Schema):
    """Recent requests of one path."""

    method: str
    path: str
    count: int = Field(description="Since the server started")
    median_ms: float
    p95_ms: float


class RecentError(Schema):
    """A request that failed lately."""

    time: float
    method: str
    path: str
    status: int


class ServerStatisticsOut(Schema):
    """How busy the server is."""

    version: str
    started_at: float
    active_requests: int
    request_count: int
    requests_per_s: float = Field(description="Over the last minute")
    error_count: int = Field(description="Answers with a status of 500 or more")
    median_ms: float
    p95_ms: float
    paths: list[PathStatistics]
    errors: list[RecentError]


class IngestStatisticsOut(Schema):
    """What training scripts send."""

    clients: int = Field(description="Sockets open now")
    frames: int
    errors: int
    messages: dict[str, int]


class StoreStatisticsOut(Schema):
    """How large the store is."""

    points: int
    runs: int
    size_bytes: int
    segments: int
    unsealed_points: int
    ingested_points: int = Field(description="Taken in since the store was opened")


class StatisticsOut(Schema):
    """Figures for the dashboard's page about the server."""

    server: ServerStatisticsOut
    ingest: IngestStatisticsOut
    store: StoreStatisticsOut


class ValueCountOut(Schema):
    """A value, and how many runs have it."""

    value: Any
    run_count: int


class ParamWordsOut(Schema):
    """A param: where it is and what it holds."""

    keys: list[str] = Field(description="The path, from the top")
    types: list[str] = Field(description="Of its values, the most frequent first")
    run_count: int
    values: list[ValueCountOut] = Field(description="The most frequent ones first")
    value_count: int = Field(description="How many there are, whether listed or not")
    low: float | None
    high: float | None


class MetricWordsOut(Schema):
    """A metric: its name, its contexts, and between what its last values lie."""

    name: str
    contexts: list[dict[str, Any]]
    run_count: int
    low: float | None
    high: float | None


class VocabularyOut(Schema):
    """Everything that a query can name."""

    run_count: int
    params: list[ParamWordsOut]
    metrics: list[MetricWordsOut]
    experiments: list[ValueCountOut]
    tags: list[ValueCountOut]
    statuses: list[ValueCountOut]
    names: list[ValueCountOut]


TimeoutS = Annotated[float, Field(ge=0, le=60)]
