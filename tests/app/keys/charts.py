"""What keys do in charts, in the explorer, in a run and in comparisons."""

from __future__ import annotations

from tests.app.keys.tables import is_at
from tests.app.keys.trying import Try

METRICS = (
    Try("metrics.group", sees="olour"),
    Try("metrics.aggregate", after="A"),
    Try("metrics.x_axis"),
    Try("metrics.choose_axis"),
    Try("metrics.smooth"),
    Try("metrics.smoothing", sees="Smoothing"),
    Try("metrics.kind"),
    Try("metrics.value"),
    Try("metrics.system", after="M"),
    Try("metrics.scale"),
    Try("metrics.outliers"),
    Try("metrics.normalise"),
    Try("metrics.values"),
    Try("metrics.synchronise"),
    Try("metrics.layout"),
    Try("metrics.page_down", ("c", "c")),
    Try("metrics.page_up"),
    Try("metrics.follow"),
    Try("metrics.export"),
    Try("metrics.copy_link"),
    Try("metrics.open_run", after="4"),
    Try("metrics.compare", sees=is_at("compare"), after="4"),
)
CHART = (
    Try("chart.zoom_in"),
    Try("chart.pan_left"),
    Try("chart.pan_right"),
    Try("chart.zoom_in_y"),
    Try("chart.pan_up"),
    Try("chart.pan_down"),
    Try("chart.zoom_out_y"),
    Try("chart.zoom_out"),
    Try("chart.zoom_back"),
    Try("chart.fit_y", ("plus", "plus")),
    Try("chart.fit"),
    Try("chart.set_limits", sees="imits"),
    Try("chart.right"),
    Try("chart.left"),
    Try("chart.down"),
    Try("chart.up"),
    Try("chart.inspect"),
    Try("chart.first"),
    Try("chart.far_right"),
    Try("chart.far_left"),
    Try("chart.last"),
    Try("chart.previous_turn"),
    Try("chart.next_turn", ("home",)),
    Try("chart.mark"),
    Try("chart.pin_trace", ("down",)),
    Try("chart.isolate_trace", after="I"),
    Try("chart.hide_trace", ("down",)),
    Try("chart.show_hidden"),
    Try("chart.note"),
    Try("chart.copy", ("home",), lambda d: d.application.clipboard),
    Try("chart.leave_inspect"),
    Try("chart.open_chart", after="escape"),
)
RUN_OVERVIEW = (
    Try("run.open"),
    Try("run.next_run"),
    Try("run.previous_run"),
    Try("run.tag", sees="Tags"),
    Try("run.note", sees="Note on"),
    Try("run.rename", sees="Name of the run"),
    Try("run.describe", sees="Description"),
    Try("run.archive", sees="archived", after="z"),
    Try("run.copy_hash", sees=lambda d: len(d.application.clipboard) == 32),
    Try("run.copy"),
    Try("run.next_tab"),
    Try("run.previous_tab"),
)
RUN_METRICS = (Try("run.log", after=("less_than_sign", "less_than_sign")),)
RUN_NOTES = (
    Try("run.edit"),
    Try("run.edit_outside", sees="editor could not be run"),
    Try("run.delete", sees="Delete"),
)
MEDIA = (
    Try("media.open", after="escape"),
    Try("media.back_far"),
    Try("media.on_far"),
    Try("media.gallery"),
    Try("media.copy"),
    Try("media.beside", ("g",)),
    Try("media.flip"),
    Try("media.runs"),
    Try("media.link"),
    Try("media.zoom_in"),
    Try("media.pan_left"),
    Try("media.pan_right"),
    Try("media.pan_up"),
    Try("media.pan_down"),
    Try("media.zoom_out"),
    Try("media.fit", ("plus",)),
    Try("media.contrast"),
    Try("media.outside"),
    Try("media.save"),
)
MEDIA_TEXTS = (Try("media.changes"),)
MEDIA_SOUND = (Try("media.play"),)
LOG = (
    Try("log.follow"),
    Try("log.only_matches", ("slash", "9", "enter"), after="ampersand"),
    Try("log.next_match"),
    Try("log.previous_match"),
    Try("log.save"),
    Try("log.level", ("escape",)),
    Try("log.copy", sees=lambda d: d.application.clipboard),
    Try("log.chart", after=("greater_than_sign", "greater_than_sign")),
)
FILES = (
    Try("files.open"),
    Try("files.copy"),
    Try("files.save"),
    Try("files.save_all"),
    Try("files.outside"),
)
COMPARE_PARAMS = (
    Try("compare.next_difference"),
    Try("compare.previous_difference"),
    Try("compare.toggle_equal"),
    Try("compare.baseline"),
    Try("compare.reference"),
    Try("compare.open", ("home",)),
    Try("compare.export"),
    Try("compare.copy"),
    Try("compare.only_marked", after="M"),
    Try("compare.find", sees="Compare the runs of a query"),
    Try("compare.keep_set"),
    Try("compare.open_set"),
    Try("compare.open_run", sees="Overview", after="escape"),
    Try("compare.next_tab"),
    Try("compare.previous_tab"),
    Try("compare.parallel"),
    Try("compare.scatter"),
    Try("compare.importance"),
)
COMPARE_IMPORTANCE = (
    Try("compare.choose"),
    Try("compare.add_column", after="5"),
)
COMPARE_METRICS = (Try("compare.cycle_value"),)
COMPARE_LOGS = (Try("compare.other_run", sees="no third run"),)
PICTURES = (Try("pictures.flip"), Try("pictures.subtract"))
PARALLEL = (
    Try("parallel.right"),
    Try("parallel.left"),
    Try("parallel.move_right"),
    Try("parallel.move_left"),
    Try("parallel.axes", sees="Axes"),
    Try("parallel.invert"),
    Try("parallel.log"),
    Try("parallel.brush"),
    Try("parallel.raise"),
    Try("parallel.lower"),
    Try("parallel.use", sees=is_at("runs"), after="5"),
    Try("parallel.clear"),
)
SCATTER = (
    Try("scatter.right"),
    Try("scatter.left", ("right",)),
    Try("scatter.up"),
    Try("scatter.down"),
    Try("scatter.swap"),
    Try("scatter.open", sees="Overview", after="escape"),
)
