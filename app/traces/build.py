"""Charts from loaded metrics: facets, colours, strokes, smoothing, aggregation.

Pure and safe in a thread. Colours are dealt out over the groups in their order, so the same
runs have the same colours in every chart of a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from app.charts.band import Aggregate, aggregate
from app.charts.canvas import Stroke
from app.charts.groups import ValueGroup, draw_boxes, draw_group_bars, histogram_traces
from app.charts.line import LineOptions
from app.charts.palette import ChartTheme
from app.charts.picture import Size
from app.charts.plot import Labels, Plot
from app.charts.scale import ScaleKind
from app.charts.smooth import smooth
from app.charts.traces import Trace
from app.formatting import MISSING
from app.traces.automatic import resolved
from app.traces.axis import place, x_kind, x_title
from app.traces.grouping import field_value, group_of, group_title, in_order
from app.traces.options import ChartKind, ExploreOptions
from app.traces.run_values import value_groups
from store.models import MetricSummary, RunRecord, Series
from store.queries.directions import Direction, guess_direction

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_RAW_CURVES = 5
"""With more smoothed curves in a chart, raw ones behind them would only hide them."""
DENSE_FROM = 400
"""Curves with fewer points, such as one value an epoch, are smoothed less."""

Y_COLUMNS = 6
"""What most numbers of y axes need, so that charts over one another begin at one column."""

_STROKES = tuple(Stroke)


class Curve(Struct, frozen=True, eq=False):
    """A metric of a run, without its points."""

    record: RunRecord
    metric: MetricSummary

    @property
    def key(self) -> str:
        """Tells the curve apart from every other."""
        return f"{self.record.run.hash}/{self.metric.name}/{self.metric.context.text}"


class Points(Struct, frozen=True, eq=False):
    """What was read of some curves, by their key."""

    series: Mapping[str, Series] = field(default_factory=dict)
    x_series: Mapping[str, Series] = field(default_factory=dict)
    """The metric on the x axis for each curve, if it is one."""


class Facet(Struct, frozen=True, eq=False):
    """The curves of one chart."""

    name: str
    curves: tuple[Curve, ...]


class ChartData(Struct, frozen=True, eq=False):
    """One chart of an explorer, ready to be drawn."""

    name: str
    traces: tuple[Trace, ...]
    options: LineOptions
    curves: Mapping[str, Curve] = field(default_factory=dict)
    """Curves by the key of the trace; none for aggregated traces."""
    groups: tuple[ValueGroup, ...] = ()
    """One value of each run, by group, where not curves but these are drawn."""
    drawing: Callable[[Size, ChartTheme], Plot] | None = None
    """How to draw the groups; None for curves."""
    has_medians: bool = False
    """Whether groups stand for their medians, not their means."""
    is_lower_better: bool = False


class Plan:
    """Which charts there are and what their curves look like; points come later."""

    def __init__(
        self,
        curves: Sequence[Curve],
        options: ExploreOptions,
        theme: ChartTheme,
        *,
        utc_offset_s: float = 0.0,
        directions: Mapping[str, str] | None = None,
    ) -> None:
        self.directions = directions or {}
        """`min` or `max` by the name of a metric, where it was told."""
        self.curves = tuple(curves)
        self.options = options
        """As they were asked for; `shown` has no automatic parts."""
        self.shown = resolved(options, curves)
        self._utc_offset_s = utc_offset_s
        self._looks = _Looks(curves, self.shown, theme)
        self.facets = _facets(curves, self.shown)

    def chart(self, facet: Facet, points: Points) -> ChartData:
        """One chart with the points that are there; curves without points are left out."""
        options = self.shown
        if options.kind is not ChartKind.LINES:
            return self._value_chart(facet)
        line_options = LineOptions(
            labels=Labels(facet.name, x_title(options), y_columns=Y_COLUMNS),
            x_kind=x_kind(options),
            y_kind=ScaleKind.LOG if options.is_log_y else ScaleKind.LINEAR,
            without_outliers=options.without_outliers,
            utc_offset_s=self._utc_offset_s,
        )
        known = [curve for curve in facet.curves if curve.key in points.series]
        looks = _FacetLooks(facet.curves, options, self._looks)
        traces = _facet_traces(known, points, options, looks)
        curves = {curve.key: curve for curve in known}
        is_lower = self._is_lower_better(facet)
        return ChartData(facet.name, traces, line_options, curves, is_lower_better=is_lower)

    def _is_lower_better(self, facet: Facet) -> bool:
        name = facet.curves[0].metric.name if facet.curves else ""
        told = self.directions.get(name)
        return told == "min" if told else guess_direction(name) is Direction.MIN

    def _value_chart(self, facet: Facet) -> ChartData:
        """One value of each run as bars, boxes or a histogram."""
        options, is_lower = self.shown, self._is_lower_better(facet)
        shown = [curve for curve in facet.curves if curve.key not in options.hidden]
        order = {group: at for at, group in enumerate(self._looks.groups())}
        shown.sort(key=lambda curve: order[self._looks.group(curve)])
        looks = _FacetLooks(facet.curves, options, self._looks)

        is_single = options.kind is not ChartKind.BARS and "run" in options.color_by

        def group(curve: Curve) -> tuple[str, str, str]:
            if is_single:
                return "all", "all runs", self._looks.first_color
            values = self._looks.group(curve)
            return "|".join(values), looks.color_label(curve), looks.color(curve)

        groups = value_groups(
            shown,
            options.value,
            group,
            is_lower_better=is_lower,
            best_first="run" in options.color_by,
        )
        title = f"{facet.name} · {options.value} of each run"
        line_options = LineOptions(
            labels=Labels(f"{facet.name} · runs by {options.value}", options.value),
            x_kind=ScaleKind.LINEAR,
        )
        curves = {curve.key: curve for curve in shown}
        if options.kind is ChartKind.HISTOGRAM:
            traces = histogram_traces(groups)
            return ChartData(facet.name, traces, line_options, curves, groups)
        draw = draw_group_bars if options.kind is ChartKind.BARS else draw_boxes

        def drawing(size: Size, theme: ChartTheme) -> Plot:
            return draw(groups, size, title, theme, is_log=options.is_log_y)

        return ChartData(
            facet.name,
            (),
            line_options,
            curves,
            groups,
            drawing,
            options.kind is ChartKind.BOXES,
            is_lower,
        )


def _facets(curves: Sequence[Curve], options: ExploreOptions) -> tuple[Facet, ...]:
    members: dict[tuple[str, ...], list[Curve]] = {}
    for curve in curves:
        group = group_of(curve.record, curve.metric, options.facet_by)
        members.setdefault(group, []).append(curve)
    names = {curve.record.run.hash: curve.record.run.name for curve in curves}
    groups = in_order(members)
    titles = [group_title(options.facet_by, group, names, is_short=True) for group in groups]
    if len(set(titles)) < len(titles):
        titles = [group_title(options.facet_by, group, names) for group in groups]
    return tuple(
        Facet(title or "all metrics", tuple(members[group]))
        for title, group in zip(titles, groups, strict=True)
    )


class _Looks:
    """Colours of all curves of a screen."""

    def __init__(
        self, curves: Sequence[Curve], options: ExploreOptions, theme: ChartTheme
    ) -> None:
        self._fields = options.color_by
        self._theme = theme
        self._numbers = _numbered(curves, options.color_by)

    @property
    def first_color(self) -> str:
        """The colour of what is not told apart."""
        return self._theme.color(0)

    def groups(self) -> Iterable[tuple[str, ...]]:
        """All groups, in the order of their colours."""
        return self._numbers

    def group(self, curve: Curve) -> tuple[str, ...]:
        """The group that the curve belongs to."""
        return group_of(curve.record, curve.metric, self._fields)

    def color(self, curve: Curve) -> str:
        """The colour of the group that the curve belongs to."""
        return self._theme.color(self._numbers[self.group(curve)])

    def round_of(self, curve: Curve) -> int:
        """How often the colours were used up before this curve; without colours, its number."""
        number = self._numbers[self.group(curve)]
        return number // len(self._theme.series) if self._theme.has_color else number


class _FacetLooks:
    """Strokes and names of the curves of one chart: only what differs there is told apart."""

    def __init__(self, curves: Sequence[Curve], options: ExploreOptions, looks: _Looks) -> None:
        self._options = options
        self._looks = looks
        self._strokes = _numbered(curves, options.stroke_by)
        self._telling = tuple(
            name
            for name in ("metric", "context")
            if len({field_value(curve.record, curve.metric, name) for curve in curves}) > 1
        )

    def color(self, curve: Curve) -> str:
        return self._looks.color(curve)

    def stroke(self, curve: Curve) -> Stroke:
        group = group_of(curve.record, curve.metric, self._options.stroke_by)
        number = self._strokes[group] + self._looks.round_of(curve)
        return _STROKES[number % len(_STROKES)]

    def label(self, curve: Curve) -> str:
        parts = [curve.record.run.name or curve.record.run.hash[:8]]
        for name in self._telling:
            value = field_value(curve.record, curve.metric, name)
            if name == "context":
                # The keys are the same for all curves; only the values tell them apart.
                value = curve.metric.context.words
            if value not in (MISSING, ""):
                parts.append(value)
        return " · ".join(parts)

    def group(self, curve: Curve) -> tuple[tuple[str, ...], ...]:
        options = self._options
        return tuple(
            group_of(curve.record, curve.metric, fields)
            for fields in (options.color_by, options.stroke_by)
        )

    def color_label(self, curve: Curve) -> str:
        """The group that decides the colour, in words."""
        fields = self._options.color_by
        names = {curve.record.run.hash: curve.record.run.name}
        values = group_of(curve.record, curve.metric, fields)
        return group_title(fields, values, names, is_short=True) or "all"

    def group_label(self, curve: Curve) -> str:
        fields = [*self._options.color_by]
        fields += [name for name in self._options.stroke_by if len(self._strokes) > 1]
        values = group_of(curve.record, curve.metric, fields)
        names = {curve.record.run.hash: curve.record.run.name}
        return group_title(fields, values, names, is_short=True) or "all"


def _numbered(curves: Iterable[Curve], fields: Sequence[str]) -> dict[tuple[str, ...], int]:
    """A number for each group: runs in the order of the list, other values in their own."""
    groups = [group_of(curve.record, curve.metric, fields) for curve in curves]
    ordered = list(dict.fromkeys(groups)) if "run" in fields else in_order(groups)
    return {group: number for number, group in enumerate(ordered)}


def _facet_traces(
    curves: Sequence[Curve], points: Points, options: ExploreOptions, looks: _FacetLooks
) -> tuple[Trace, ...]:
    shown = [curve for curve in curves if curve.key not in options.hidden]
    if options.aggregate is not Aggregate.OFF:
        return _aggregated(shown, points, options, looks)
    traces: list[Trace] = []
    for curve in shown:
        raw = _trace(curve, points, options, looks)
        if options.smoothing:
            if len(shown) <= MAX_RAW_CURVES:
                traces.append(replace(raw, key=f"{raw.key}|raw", is_faint=True))
            smoothed = smooth(raw.y, _strength(curve, options))
            raw = replace(raw, y=smoothed, raw_y=raw.y)
        traces.append(replace(raw, is_focused=raw.key in options.pinned))
    return tuple(traces)


def _aggregated(
    curves: Sequence[Curve], points: Points, options: ExploreOptions, looks: _FacetLooks
) -> tuple[Trace, ...]:
    groups: dict[tuple[tuple[str, ...], ...], list[Curve]] = {}
    for curve in curves:
        groups.setdefault(looks.group(curve), []).append(curve)
    traces = []
    for group, members in groups.items():
        key = "group:" + "/".join("|".join(values) for values in group)
        if key in options.hidden:
            continue
        parts = [
            replace(trace, y=smooth(trace.y, _strength(curve, options)))
            for curve in members
            for trace in [_trace(curve, points, options, looks)]
        ]
        label = looks.group_label(members[0])
        trace = aggregate(parts, options.aggregate, label, key)
        traces.append(replace(trace, is_focused=key in options.pinned))
    return tuple(traces)


def _strength(curve: Curve, options: ExploreOptions) -> float:
    """A strength that averages over about the same share of sparse and of dense curves."""
    count = max(1, curve.metric.count)
    return float(options.smoothing ** max(1.0, DENSE_FROM / count))


def _trace(curve: Curve, points: Points, options: ExploreOptions, looks: _FacetLooks) -> Trace:
    series, x_series = points.series[curve.key], points.x_series.get(curve.key)
    placed = place(series, options, curve.record.run.created_at, x_series)
    y = _normalised(placed.y) if options.is_normalised else placed.y
    return Trace(
        key=curve.key,
        label=looks.label(curve),
        x=placed.x,
        y=y,
        color=looks.color(curve),
        stroke=looks.stroke(curve),
        is_path=placed.is_path,
    )


def _normalised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divided by the first finite value; unchanged if that is 0 or there is none."""
    finite = values[np.isfinite(values)]
    if not len(finite) or finite[0] == 0:
        return values
    with np.errstate(over="ignore"):
        divided: NDArray[np.float64] = values / finite[0]
    return divided
