"""The kinds of panels, and what can be set of each. Dialogs and files are made from this table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from app.charts.band import Aggregate
from app.traces.options import ChartKind, RunValue, XAxis


class PanelKind(StrEnum):
    """What a panel shows."""

    CHART = "chart"
    RUNS = "runs"
    LEADERBOARD = "leaderboard"
    SCATTER = "scatter"
    PARALLEL = "parallel"
    IMPORTANCE = "importance"
    COUNTER = "counter"
    ACTIVITY = "activity"
    MEDIA = "media"
    NOTE = "note"


class Suggest(StrEnum):
    """What can be suggested while a setting is typed."""

    NOTHING = ""
    METRIC = "metric"
    FIELD = "field"
    """A param or a metric with its prefix."""
    GROUP = "group"
    """What runs are grouped by: a param, or what every run has."""
    OBJECT = "object"
    """A sequence of images, texts..."""


class Setting(Struct, frozen=True):
    """One thing that can be set of a kind of panel."""

    name: str
    title: str
    default: str | int | float | bool = ""
    """Also says of which type values are."""
    choices: tuple[str, ...] = ()
    """The only possible values, if there are any."""
    suggest: Suggest = Suggest.NOTHING
    help: str = ""

    def read(self, value: Any) -> str | int | float | bool:
        """A value of the right type; the default in place of anything unusable."""
        if self.choices:
            return value if value in self.choices else self.default
        if isinstance(self.default, bool):
            return value if isinstance(value, bool) else self.default
        if isinstance(self.default, str):
            return _text(value) if value is not None else self.default
        if isinstance(value, bool):
            return self.default
        try:
            number = float(value)
        except (TypeError, ValueError):
            return self.default
        if number - number != 0 or number < 0:
            return self.default
        return int(number) if isinstance(self.default, int) else number


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return str(value)


_WHICH = Setting("which", "value", "best", ("best", "last", "min", "max", "mean"))
_DIRECTION = Setting(
    "direction", "best is", "by its name", ("by its name", "highest", "lowest")
)


class KindInfo(Struct, frozen=True):
    """A kind in words, with its settings and usual size."""

    title: str
    help: str
    settings: tuple[Setting, ...]
    width: int = 6
    """In twelfths of the board."""
    height: int = 4
    """In rows of the board."""
    query_hint: str = "runs: run.hparams.lr > 0.001"


KINDS: Mapping[PanelKind, KindInfo] = {
    PanelKind.CHART: KindInfo(
        "Chart",
        "metrics over runs: curves, bars, boxes or a histogram",
        (
            Setting(
                "metric", "metrics", "", suggest=Suggest.METRIC, help="several with commas"
            ),
            Setting("type", "type", ChartKind.LINES.value, tuple(k.value for k in ChartKind)),
            Setting(
                "group",
                "group by",
                "run",
                suggest=Suggest.GROUP,
                help="run, experiment, params.lr, context",
            ),
            Setting(
                "aggregate", "aggregate", Aggregate.OFF.value, tuple(a.value for a in Aggregate)
            ),
            Setting(
                "split",
                "a chart for each",
                "metric",
                suggest=Suggest.GROUP,
                help="metric, run, context, params.lr",
            ),
            Setting("smoothing", "smoothing", 0.0, help="0 to 0.99"),
            Setting(
                "x_axis",
                "x axis",
                XAxis.STEP.value,
                tuple(x.value for x in XAxis),
            ),
            Setting("x_metric", "x metric", "", suggest=Suggest.METRIC, help="if that is it"),
            Setting("log_x", "logarithmic x", False),
            Setting("log_y", "logarithmic y", False),
            Setting("no_outliers", "clip outliers", False),
            Setting("normalise", "from the first value", False),
            Setting(
                "value",
                "value of bars",
                RunValue.LAST.value,
                tuple(v.value for v in RunValue),
            ),
            Setting("limit", "newest runs", 20),
        ),
        query_hint='runs or metrics: metric.context.subset == "val"',
    ),
    PanelKind.RUNS: KindInfo(
        "Runs",
        "a table of runs",
        (
            Setting(
                "columns",
                "columns",
                "",
                suggest=Suggest.FIELD,
                help="name, params.hparams.lr, metrics.loss... chosen for you if empty",
            ),
            Setting("sort", "sort by", "", suggest=Suggest.FIELD, help="newest first if empty"),
            Setting("descending", "from the largest", False),
            Setting("limit", "rows", 50),
        ),
        width=12,
    ),
    PanelKind.LEADERBOARD: KindInfo(
        "Leaderboard",
        "the best runs by a metric",
        (
            Setting("metric", "metric", "", suggest=Suggest.METRIC),
            _WHICH,
            _DIRECTION,
            Setting("top", "runs", 10),
            Setting("params", "params", "", suggest=Suggest.FIELD, help="those that differ"),
        ),
    ),
    PanelKind.SCATTER: KindInfo(
        "Scatter",
        "two params or metrics against each other",
        (
            Setting("x", "x axis", "", suggest=Suggest.FIELD),
            Setting("y", "y axis", "", suggest=Suggest.FIELD),
            Setting("color", "colour", "", suggest=Suggest.FIELD, help="the y axis if empty"),
            Setting("limit", "newest runs", 500),
        ),
    ),
    PanelKind.PARALLEL: KindInfo(
        "Parallel coordinates",
        "params and a metric, a line for each run",
        (
            Setting("fields", "axes", "", suggest=Suggest.FIELD, help="those that differ"),
            Setting("metric", "metric", "", suggest=Suggest.METRIC, help="the last axis"),
            Setting("limit", "newest runs", 500),
        ),
        width=12,
    ),
    PanelKind.IMPORTANCE: KindInfo(
        "Importance",
        "which params decide a metric",
        (
            Setting("metric", "metric", "", suggest=Suggest.METRIC),
            _DIRECTION,
            Setting("top", "params", 8),
            Setting("limit", "newest runs", 500),
        ),
    ),
    PanelKind.COUNTER: KindInfo(
        "Counter",
        "one large number",
        (
            Setting(
                "count",
                "count",
                "runs",
                ("runs", "running", "finished", "failed", "experiments", "metric"),
            ),
            Setting("metric", "metric", "", suggest=Suggest.METRIC, help="if that is counted"),
            _WHICH,
            _DIRECTION,
        ),
        width=3,
        height=2,
    ),
    PanelKind.ACTIVITY: KindInfo("Activity", "runs by day", (), height=3),
    PanelKind.MEDIA: KindInfo(
        "Media",
        "the latest images, texts or figures",
        (
            Setting(
                "objects",
                "kind",
                "images",
                ("images", "figures", "distributions", "texts", "audios"),
            ),
            Setting("name", "name", "", suggest=Suggest.OBJECT, help="the first one if empty"),
            Setting("runs", "newest runs", 1),
        ),
    ),
    PanelKind.NOTE: KindInfo("Note", "Markdown", (Setting("text", "text", ""),), height=2),
}
"""Everything about each kind, in the order in which menus list them."""
