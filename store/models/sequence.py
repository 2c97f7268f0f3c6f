"""Sequences, their summaries, and their points as columns."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from store.models.context import EMPTY_CONTEXT, Context

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SequenceKind(StrEnum):
    """What a sequence holds. The value is the word used on the wire."""

    METRIC = "metric"
    IMAGES = "images"
    TEXTS = "texts"
    DISTRIBUTIONS = "distributions"
    AUDIOS = "audios"
    FIGURES = "figures"
    CUSTOM = "custom"
    """Objects of a kind we do not know: kept, never listed."""


class SequenceKey(Struct, frozen=True):
    """A sequence inside a run."""

    name: str
    context: Context = EMPTY_CONTEXT


class SequenceRef(Struct, frozen=True):
    """A sequence that exists, of any kind."""

    id: int
    """Number inside the store."""
    run_id: int
    kind: SequenceKind
    name: str
    context: Context
    dtype: str = "float"


class MetricSummary(Struct, frozen=True):
    """What is known about a metric without reading its points.

    `first` and `last` are the values at the smallest and largest step and may be NaN or
    infinite; `min` and `max` look at finite values only and are NaN when there is none.
    """

    sequence_id: int
    run_id: int
    name: str
    context: Context
    dtype: str
    count: int
    non_finite_count: int
    first: float
    first_step: int
    last: float
    last_step: int
    min: float
    min_step: int
    max: float
    max_step: int
    first_time: float
    """Seconds since the epoch; NaN when unknown."""
    last_time: float
    mean: float = float("nan")
    """Mean of the finite values."""

    @property
    def is_system(self) -> bool:
        """Whether this is a measurement of the machine rather than of the model."""
        return self.name.startswith("__system__")


class Series(Struct, frozen=True, eq=False):
    """Points of one sequence as columns of one length, ascending by step."""

    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    epochs: NDArray[np.float64]
    """NaN where unknown."""
    times: NDArray[np.float64]
    """Seconds since the epoch, NaN where unknown."""

    def __len__(self) -> int:
        return len(self.steps)


class ObjectStep(Struct, frozen=True):
    """The objects that a sequence of images, texts... holds at one step."""

    step: int
    epoch: float | None
    time: float
    items: tuple[dict[str, Any], ...]
    """Members as in the wire contract; images and audios carry `digest` of their bytes
    (None until they were uploaded) and `artifact_path`."""


class ParamsOverview(Struct, frozen=True):
    """Every param and sequence name in the store.

    Used for completion, column pickers and the project page.
    """

    params: dict[str, Any]
    """Deep merge of the params of all runs; values are examples."""
    sequences: dict[SequenceKind, dict[str, list[dict[str, Any]]]]
    """Kind to name to the distinct contexts."""
