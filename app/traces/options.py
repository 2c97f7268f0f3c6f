"""How an explorer shows metrics. Every value survives JSON, so it can be kept and shared."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, fields, replace

from app.charts.band import Aggregate


class XAxis(StrEnum):
    """What the x axis counts."""

    STEP = "step"
    EPOCH = "epoch"
    RELATIVE = "relative time"
    ABSOLUTE = "time"
    METRIC = "metric"
    """The value that another metric of the run had at the same step."""


AUTO = ("auto",)
"""Grouping that suits what is shown: see `app.traces.automatic`."""


class ChartKind(StrEnum):
    """What is drawn of each group."""

    LINES = "lines"
    """Values over the x axis."""
    BARS = "bars"
    """One value of each run, as bars: the mean of each group with its range."""
    BOXES = "boxes"
    """The same values as box plots."""
    HISTOGRAM = "histogram"
    """How often values of this size occur."""


class RunValue(StrEnum):
    """The one value of a curve that bars, boxes and histograms show."""

    LAST = "last"
    BEST = "best"
    """The smallest or the largest, whichever is better for the metric."""
    MIN = "min"
    MAX = "max"
    MEAN = "mean"


class ExploreOptions(Struct, frozen=True):
    """Everything a person can set about charts of metrics."""

    is_system: bool = False
    """Show measurements of the machine in place of the metrics that were logged."""
    kind: ChartKind = ChartKind.LINES
    value: RunValue = RunValue.LAST
    x_axis: XAxis = XAxis.STEP
    x_metric: str = ""
    """Name of the metric on the x axis, if it is one."""
    is_log_x: bool = False
    is_log_y: bool = False
    smoothing: float = 0.9
    """Strength of the moving average, 0 to below 1; sparse curves get less of it."""
    without_outliers: bool = False
    is_normalised: bool = False
    """Divide every trace by its first value."""
    aggregate: Aggregate = Aggregate.OFF
    color_by: tuple[str, ...] = ("run",)
    """Fields whose values share a colour: `run`, `experiment`, `tags`, `params.lr`...

    Several fields make a group for each combination; `AUTO` chooses strokes and charts.
    """
    stroke_by: tuple[str, ...] = ("context",)
    facet_by: tuple[str, ...] = ("metric",)
    """Fields whose values share a chart."""
    hidden: tuple[str, ...] = ()
    """Keys of traces that are not drawn."""
    pinned: tuple[str, ...] = ()
    """Keys of traces that are drawn on top."""

    def as_json(self) -> dict[str, Any]:
        """The options as plain values."""
        return asdict(self)


EXPLORER_DEFAULTS = ExploreOptions(without_outliers=True, stroke_by=AUTO, facet_by=AUTO)
"""What the Metrics screen starts with."""


def options_from_json(
    values: Any, defaults: ExploreOptions = EXPLORER_DEFAULTS
) -> ExploreOptions:
    """Options that were kept; whatever cannot be understood has its default."""
    if not isinstance(values, Mapping):
        return defaults
    usable: dict[str, Any] = {}
    for each in fields(ExploreOptions):
        value, default = values.get(each.name), getattr(defaults, each.name)
        if isinstance(default, StrEnum):
            kind = type(default)
            if value in {member.value for member in kind}:
                usable[each.name] = kind(value)
        elif isinstance(default, tuple):
            if isinstance(value, list | tuple):
                usable[each.name] = tuple(str(part) for part in value)
        elif isinstance(default, bool) or not isinstance(default, float):
            if isinstance(value, type(default)):
                usable[each.name] = value
        elif isinstance(value, int | float) and 0 <= value < 1:
            usable[each.name] = float(value)
    return replace(defaults, **usable)
