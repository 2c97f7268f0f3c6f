"""What a client can do to a run: one frozen value for each kind of message.

Every operation creates the run if it does not exist. Times are float seconds since the
epoch, UTC; None means that the client did not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from store.models.context import EMPTY_CONTEXT, Context
from store.models.run import RunStatus
from store.models.sequence import SequenceKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEXT_STEP = -1
"""A step that stands for the last step of the sequence plus one."""


@dataclass(frozen=True, slots=True)
class CreateRun:
    """Create the run, or resume it if it exists."""

    client_time: float | None = None
    force_resume: bool = False
    """Kept for the record: with or without it an existing run is resumed, nothing is reset."""


@dataclass(frozen=True, slots=True)
class LogPoints:
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


@dataclass(frozen=True, slots=True, eq=False)
class LogColumns:
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


@dataclass(frozen=True, slots=True)
class SetParams:
    """Merge a tree into the params of the run, by the rules of `store.queries.params`."""

    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SetProperty:
    """Change properties of the run; None leaves one as it is."""

    name: str | None = None
    description: str | None = None
    is_archived: bool | None = None
    experiment: str | None = None
    """Name of the experiment, created if there is none."""


@dataclass(frozen=True, slots=True)
class AddTag:
    """Hang a tag on the run; the tag is created if there is none of that name."""

    name: str


@dataclass(frozen=True, slots=True)
class RemoveTag:
    """Take a tag off the run."""

    name: str


@dataclass(frozen=True, slots=True)
class LogObjects:
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


@dataclass(frozen=True, slots=True)
class LogLines:
    """Lines of the terminal; a line replaces what was at its step."""

    lines: Sequence[tuple[int, str]]
    """Step and text."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """One structured log message before it has a number."""

    message: str
    level: int
    time: float
    args: Mapping[str, Any] | None = None
    logger_info: Any = None


@dataclass(frozen=True, slots=True)
class LogRecords:
    """Structured log messages; repeated ones are dropped."""

    records: Sequence[NewRecord]


@dataclass(frozen=True, slots=True)
class RegisterBlob:
    """Say what kind of bytes an uploaded path holds."""

    path: str
    content_type: str = "application/octet-stream"
    key: str = ""
    """The location as the client knows it; ours follows from run and path."""


@dataclass(frozen=True, slots=True)
class AttachArtifact:
    """Add a version to a path; the bytes are in the store already."""

    path: str
    digest: str
    size_bytes: int
    content_type: str | None
    """None for what was registered for the path, if anything was."""
    started_at: float
    """When the upload began."""


@dataclass(frozen=True, slots=True)
class FinishRun:
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
