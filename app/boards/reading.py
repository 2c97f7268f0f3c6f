"""Reads what a panel shows from a source. Blocks: only for thread workers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from app.boards.board import Panel
from app.boards.contents import (
    ActivityContent,
    ChartContent,
    Content,
    CounterContent,
    EmptyContent,
    NoteContent,
    PanelLook,
    ParallelContent,
    ScatterContent,
)
from app.boards.kinds import PanelKind
from app.boards.metric_names import (
    METRICS,
    PARAMS,
    MetricName,
    field_title,
    field_values,
    full_field,
    is_lower_better,
    split_names,
)
from app.boards.reading_importance import read_importance
from app.boards.reading_media import read_media
from app.boards.reading_tables import read_leaderboard, read_runs
from app.charts.axes import axis_of
from app.charts.band import Aggregate
from app.formatting import count, number
from app.querying.plain_words import as_query
from app.sources import Feature, SortKey, Source
from app.traces.build import Curve, Points
from app.traces.options import ChartKind, ExploreOptions, RunValue, XAxis
from app.traces.reading import PointsRequest, read_points
from app.widgets.column_choice import differing_params
from store.models import RunRecord

MAX_CURVES = 200
MAX_AXES = 7
MAX_ACTIVITY = 20_000

Reader = Callable[[Source, Panel, PanelLook], Content]


def read_panel(source: Source, panel: Panel, look: PanelLook) -> Content:
    """What a panel shows now.

    Raises:
        QueryError: If its query cannot be understood.
    """
    return _READERS[panel.kind](source, panel, look)


def _read_chart(source: Source, panel: Panel, look: PanelLook) -> Content:
    names = split_names(panel.setting("metric"))
    hits = source.find_metrics(chart_query(panel), limit=int(panel.setting("limit")) or 20)
    curves = [
        Curve(hit.record, metric)
        for hit in hits
        for metric in hit.metrics
        if names or "__system__" in panel.query or not metric.is_system
    ]
    if not curves:
        return EmptyContent("no metric matches")
    options = chart_options(panel)
    shown = tuple(curves[:MAX_CURVES])
    points = Points()
    if options.kind is ChartKind.LINES:
        points = read_points(source, PointsRequest(shown, options))
    notes = source.find_notes() if Feature.ALL_NOTES in source.features else ()
    return ChartContent(shown, points, options, look.directions, tuple(notes))


def chart_query(panel: Panel) -> str:
    """The query that finds the metrics of a chart."""
    names = split_names(panel.setting("metric"))
    conditions = [f"({MetricName.parse(name).condition()})" for name in names]
    return _joined(" or ".join(conditions), as_query(panel.query))


def runs_query(panel: Panel) -> str:
    """The query that finds the runs of a panel."""
    state = panel.setting("count") if panel.kind is PanelKind.COUNTER else ""
    return _joined(as_query(panel.query), _STATUS_QUERIES.get(state, ""))


def _joined(*parts: str) -> str:
    given = [part for part in parts if part]
    return given[0] if len(given) == 1 else " and ".join(f"({part})" for part in given)


def chart_options(panel: Panel) -> ExploreOptions:
    """The settings of a chart as explorers have them."""
    x_metric = MetricName.parse(panel.setting("x_metric")).name
    x_axis = XAxis(panel.setting("x_axis"))
    return ExploreOptions(
        kind=ChartKind(panel.setting("type")),
        value=RunValue(panel.setting("value")),
        # A metric that was never named cannot be an axis.
        x_axis=XAxis.STEP if x_axis is XAxis.METRIC and not x_metric else x_axis,
        x_metric=x_metric,
        is_log_x=panel.setting("log_x"),
        is_log_y=panel.setting("log_y"),
        is_normalised=panel.setting("normalise"),
        smoothing=min(0.99, panel.setting("smoothing")),
        without_outliers=panel.setting("no_outliers"),
        aggregate=Aggregate(panel.setting("aggregate")),
        color_by=panel.texts("group") or ("run",),
        facet_by=panel.texts("split") or ("metric",),
    )


def _read_records(source: Source, panel: Panel) -> list[RunRecord]:
    found = source.find_runs(as_query(panel.query), limit=int(panel.setting("limit")) or 500)
    return source.get_records(found.hashes)


def _read_scatter(source: Source, panel: Panel, look: PanelLook) -> Content:
    if not panel.setting("x") or not panel.setting("y"):
        return EmptyContent("choose what stands on the axes")
    records = _read_records(source, panel)
    if not records:
        return EmptyContent("no run matches")
    x, y = (full_field(panel.setting(name), records) for name in ("x", "y"))
    color = full_field(panel.setting("color"), records) if panel.setting("color") else y
    axes = [
        axis_of(field_title(field), field_values(records, field, look.directions))
        for field in (x, y, color)
    ]
    better = None
    if x.startswith(METRICS) and y.startswith(METRICS):
        metrics = [MetricName.parse(field.removeprefix(METRICS)) for field in (x, y)]
        lower = [is_lower_better(each, "", look.directions) for each in metrics]
        better = lower[0], lower[1]
    return ScatterContent(
        axes[0], axes[1], axes[2], "", better, tuple(each.run.hash for each in records)
    )


def _read_parallel(source: Source, panel: Panel, look: PanelLook) -> Content:
    records = _read_records(source, panel)
    if not records:
        return EmptyContent("no run matches")
    names = split_names(panel.setting("fields"))
    fields = [full_field(each, records) for each in names]
    fields = fields or [
        each for each in differing_params(records, MAX_AXES) if each.startswith(PARAMS)
    ]
    metric = panel.setting("metric")
    fields = fields[: MAX_AXES - bool(metric)]
    if metric:
        fields.append(metric if metric.startswith(METRICS) else METRICS + metric)
    axes = tuple(
        axis_of(field_title(field), field_values(records, field, look.directions))
        for field in fields
    )
    if len(axes) < 2:
        return EmptyContent("two axes are needed: choose params and a metric")
    return ParallelContent(axes, tuple(each.run.hash for each in records))


_STATUS_QUERIES = {
    "runs": "",
    "running": "run.active",
    "finished": 'run.status == "finished"',
    "failed": 'run.status == "failed"',
}


def _read_counter(source: Source, panel: Panel, look: PanelLook) -> Content:
    what = panel.setting("count")
    if what == "metric":
        return _read_metric_counter(source, panel, look)
    if what == "experiments":
        found = [each for each in source.find_experiments() if not each.is_archived]
        return CounterContent(count(len(found)), what)
    return CounterContent(count(source.find_runs(runs_query(panel), limit=1).total), what)


def _read_metric_counter(source: Source, panel: Panel, look: PanelLook) -> Content:
    if not panel.setting("metric"):
        return EmptyContent("choose a metric")
    metric = MetricName.parse(panel.setting("metric"))
    which = panel.setting("which")
    lower = is_lower_better(metric, panel.setting("direction"), look.directions)
    aspect = ("min" if lower else "max") if which == "best" else which
    sort = SortKey(f"{METRICS}{metric.name}.{aspect}", not lower, metric.context)
    found = source.find_runs(as_query(panel.query), [sort], limit=1)
    for record in source.get_records(found.hashes, params=False):
        value = metric.value(record, which, is_lower_better=lower)
        if not math.isnan(value):
            text = number(value, look.digits)
            return CounterContent(text, record.run.name or record.run.hash, record.run.hash)
    return EmptyContent("no run has this metric")


def _read_activity(source: Source, panel: Panel, look: PanelLook) -> Content:  # noqa: ARG001
    query = as_query(panel.query)
    if not query:
        return ActivityContent(source.activity().creation_times)
    found = source.find_runs(query, limit=MAX_ACTIVITY)
    records = source.get_records(found.hashes, params=False, metrics=False)
    return ActivityContent(tuple(each.run.created_at for each in records))


def _read_note(source: Source, panel: Panel, look: PanelLook) -> Content:  # noqa: ARG001
    text = panel.setting("text")
    return NoteContent(text) if text.strip() else EmptyContent("an empty note")


_READERS: Mapping[PanelKind, Reader] = {
    PanelKind.CHART: _read_chart,
    PanelKind.RUNS: read_runs,
    PanelKind.LEADERBOARD: read_leaderboard,
    PanelKind.SCATTER: _read_scatter,
    PanelKind.PARALLEL: _read_parallel,
    PanelKind.IMPORTANCE: read_importance,
    PanelKind.COUNTER: _read_counter,
    PanelKind.ACTIVITY: _read_activity,
    PanelKind.MEDIA: read_media,
    PanelKind.NOTE: _read_note,
}
