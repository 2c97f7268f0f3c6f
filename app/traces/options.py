"""How an explorer shows metrics. Every value survives JSON, so it can be kept and shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from app.charts.band import Aggregate


class XAxis(StrEnum):
    """What the x axis counts."""

    STEP = "step"
    EPOCH = "epoch"
    RELATIVE = "relative time"
    ABSOLUTE = "time"
    METRIC = "metric"
    """The value that another metric of the run had at the same step."""


@dataclass(frozen=True, slots=True)
class ExploreOptions:
    """Everything a person can set about charts of metrics."""

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
    """Fields whose values share a colour: `run`, `experiment`, `tags`, `params.lr`..."""
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


def options_from_json(values: Any) -> ExploreOptions:
    """Options that were kept; whatever cannot be understood has its default."""
    if not isinstance(values, Mapping):
        return ExploreOptions()
    defaults = ExploreOptions()
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
    return ExploreOptions(**usable)
