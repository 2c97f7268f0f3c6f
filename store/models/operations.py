"""What a client can do to a run: one frozen value for each kind of message.

Every operation creates the run if it does not exist. Times are float seconds since the
epoch, UTC; None means that the client did not say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct, field

from store.models.context import EMPTY_CONTEXT, Context
from store.models.run import RunStatus
from store.models.sequence import SequenceKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEXT_STEP = -1
"""A step that stands for the last step of the sequence plus one."""


class CreateRun(Struct, frozen=True):
    """Create the run, or resume it if it exists."""

    client_time: float | None = None
    force_resume: bool = False
    """Kept for the record: with or without it an existing run is resumed, nothing is reset."""


class LogPoints(Struct, frozen=True):
    """Points of one metric as columns of one length."""

    name: str
    context: Context
    steps: Sequence[int] | NDArray[np.int64]
    """`NEXT_STEP` where the client did not say."""
    values: Sequence[float] | NDArray[np.float64]
    epochs: Sequence[float] | NDArray[np.float64] | None = None
    """NaN where unknown; None when no point has one."""
    times: Sequence[float] | NDArray[np.float64] | None = None
    """NaN where unknown; None when no point has one."""
    dtype: str = "float"


class LogColumns(Struct, frozen=True, eq=False):
    """Points of several metrics as columns of one length, one metric after the other.

    The same as several `LogPoints`, for frames with many metrics and few points of each.
    """

    metrics: Sequence[tuple[str, Context, str]]
    """Name, context and dtype."""
    lengths: Sequence[int]
    """The number of points of each metric."""
    steps: NDArray[np.int64]
    """`NEXT_STEP` where the client did not say."""
    values: NDArray[np.float64]
    epochs: NDArray[np.float64]
    """NaN where unknown."""
    times: NDArray[np.float64]
    """NaN where unknown."""


class SetParams(Struct, frozen=True):
    """Merge a tree into the params of the run, by the rules of `store.queries.params`."""

    value: Mapping[str, Any]


class SetProperty(Struct, frozen=True):
    """Change properties of the run; None leaves one as it is."""

    name: str | None = None
    description: str | None = None
    is_archived: bool | None = None
    experiment: str | None = None
    """Name of the experiment, created if there is none."""


class AddTag(Struct, frozen=True):
    """Hang a tag on the run; the tag is created if there is none of that name."""

    name: str


class RemoveTag(Struct, frozen=True):
    """Take a tag off the run."""

    name: str


class LogObjects(Struct, frozen=True):
    """The objects of one step of a sequence; what was at that step is replaced."""

    kind: SequenceKind
    name: str
    context: Context = EMPTY_CONTEXT
    step: int = NEXT_STEP
    epoch: float | None = None
    time: float | None = None
    items: Sequence[Mapping[str, Any]] = ()
    """Members as in the wire contract."""
    dtype: str = ""
    """The type as the client named it."""


class LogLines(Struct, frozen=True):
    """Lines of the terminal; a line replaces what was at its step."""

    lines: Sequence[tuple[int, str]]
    """Step and text."""


class NewRecord(Struct, frozen=True):
    """One structured log message before it has a number."""

    message: str
    level: int
    time: float
    args: Mapping[str, Any] | None = None
    logger_info: Any = None


class LogRecords(Struct, frozen=True):
    """Structured log messages; repeated ones are dropped."""

    records: Sequence[NewRecord]


class RegisterBlob(Struct, frozen=True):
    """Say what kind of bytes an uploaded path holds."""

    path: str
    content_type: str = "application/octet-stream"
    key: str = ""
    """The location as the client knows it; ours follows from run and path."""


class AttachArtifact(Struct, frozen=True):
    """Add a version to a path; the bytes are in the store already."""

    path: str
    digest: str
    size_bytes: int
    content_type: str | None
    """None for what was registered for the path, if anything was."""
    started_at: float
    """When the upload began."""


class FinishRun(Struct, frozen=True):
    """End the run; a run that has ended stays as it is."""

    client_time: float | None = None
    status: RunStatus = field(default=RunStatus.FINISHED)


Operation = (
    CreateRun
    | LogPoints
    | LogColumns
    | SetParams
    | SetProperty
    | AddTag
    | RemoveTag
    | LogObjects
    | LogLines
    | LogRecords
    | RegisterBlob
    | AttachArtifact
    | FinishRun
)

RunCheck: TypeAlias = Callable[[str, Mapping[str, Any]], None]
"""Gets status and params of a run as they are before it is written to; refuses that by raising
a `StoreError`."""
