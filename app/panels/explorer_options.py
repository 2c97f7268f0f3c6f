"""`ExplorerOptions`: keys that change how metrics are drawn: kind, axes, groups, smoothing."""

from __future__ import annotations

from app.charts.band import Aggregate
from app.charts.smooth import STRENGTHS
from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.group_picker import Grouping, GroupPicker
from app.dialogs.smoothing import SmoothingDialog
from app.traces.automatic import resolved
from app.traces.fields import counted_fields
from app.traces.options import AUTO, ChartKind, ExploreOptions, RunValue, XAxis
from app.widgets.explorer_surface import ExplorerSurface

_LOGS = ((False, False), (False, True), (True, False), (True, True))
"""Log x and log y, in the order of the key."""
_KINDS = {
    ChartKind.LINES: "curves",
    ChartKind.BARS: "bars",
    ChartKind.BOXES: "box plots",
    ChartKind.HISTOGRAM: "histogram",
}
_NAMES = {**_KINDS, ChartKind.HISTOGRAM: "counts of runs"}
"""For "these are ..."."""


_OF_CURVES = frozenset(
    {
        *("smooth", "smoothing", "aggregate", "x_axis", "choose_axis", "outliers", "normalise"),
    }
)
"""Actions that change nothing about one value of each run."""


class ExplorerOptions(ExplorerSurface):
    """Charts whose options answer to keys."""

    def why_not(self, action: str) -> str:
        """Why an action changes nothing of what is drawn; empty if it does."""
        kind = self.options.kind
        if kind is ChartKind.LINES or action.partition("(")[0] not in _OF_CURVES:
            return ""
        return f"it is for curves, and these are {_NAMES[kind]}"

    def _is_refused(self, action: str) -> bool:
        if reason := self.why_not(action):
            self.app.notify(f"Not possible: {reason}. T changes that.", timeout=4)
        return bool(reason)

    def action_kind(self) -> None:
        """Curves, bars, box plots, a histogram."""
        kinds = list(ChartKind)
        self.change_options(kind=kinds[(kinds.index(self.options.kind) + 1) % len(kinds)])
        self._say(f"Chart type: {_KINDS[self.options.kind]}")

    def action_value(self) -> None:
        """The next value of runs for bars, boxes and histograms."""
        values = list(RunValue)
        now = values[(values.index(self.options.value) + 1) % len(values)]
        kind = self.options.kind
        kind = ChartKind.BARS if kind is ChartKind.LINES else kind
        self.change_options(value=now, kind=kind)
        self._say(f"{now.capitalize()} value of each run")

    def action_system(self) -> None:
        """Measurements of the machine, or the metrics again."""
        is_system = not self.options.is_system
        if any(curve.metric.is_system == is_system for curve in self._all_curves):
            self.change_options(is_system=is_system)
        else:
            self._say("Nothing of that kind was logged.")

    def action_aggregate(self) -> None:
        """One trace for each group, in the next way."""
        if self._is_refused("aggregate"):
            return
        kinds = list(Aggregate)
        now = kinds[(kinds.index(self.options.aggregate) + 1) % len(kinds)]
        self.change_options(aggregate=now)
        self._say(f"Aggregate: {now.value}")

    def action_x_axis(self) -> None:
        """What the x axis counts: the next of steps, epochs, times, the metric chosen last."""
        if self._is_refused("x_axis"):
            return
        axes = [each for each in XAxis if each is not XAxis.METRIC or self.options.x_metric]
        now = axes[(axes.index(self.options.x_axis) + 1) % len(axes)]
        self.change_options(x_axis=now)

    def action_choose_axis(self) -> None:
        """Choose what the x axis counts."""
        if self._is_refused("choose_axis"):
            return
        names = sorted(
            {metric.name for curve in self.curves for metric in curve.record.metrics}
        )
        plain = [axis for axis in XAxis if axis is not XAxis.METRIC]
        choices = [Choice(axis.value, axis.value.capitalize(), group="Axis") for axis in plain]
        choices += [Choice(f"metric:{name}", name, group="Another metric") for name in names]
        self.app.push_screen(CommandMenu("X axis", choices), self._set_x_axis)

    def _set_x_axis(self, chosen: str | None) -> None:
        if chosen is None:
            return
        if chosen.startswith("metric:"):
            self.change_options(x_axis=XAxis.METRIC, x_metric=chosen.removeprefix("metric:"))
        else:
            self.change_options(x_axis=XAxis(chosen))

    def action_scale(self) -> None:
        """Logarithmic axes: y, then x, then both, then none."""
        now = _LOGS.index((self.options.is_log_x, self.options.is_log_y))
        is_log_x, is_log_y = _LOGS[(now + 1) % len(_LOGS)]
        self.change_options(is_log_x=is_log_x, is_log_y=is_log_y)

    def action_smooth(self) -> None:
        """The next strength of smoothing."""
        if self._is_refused("smooth"):
            return
        stronger = [each for each in STRENGTHS if each > self.options.smoothing]
        self.change_options(smoothing=stronger[0] if stronger else 0.0)

    def action_smoothing(self) -> None:
        """Choose a strength of smoothing with a slider."""
        if self._is_refused("smoothing"):
            return
        before = self.options.smoothing

        def changed(strength: float) -> None:
            self.change_options(smoothing=strength)

        def done(strength: float | None) -> None:
            changed(before if strength is None else strength)

        self.app.push_screen(SmoothingDialog(before, changed), done)

    def action_outliers(self) -> None:
        """Leave outliers out of the y axis, or not."""
        if self._is_refused("outliers"):
            return
        self.change_options(without_outliers=not self.options.without_outliers)

    def action_normalise(self) -> None:
        """Divide every trace by its first value, or not."""
        if self._is_refused("normalise"):
            return
        self.change_options(is_normalised=not self.options.is_normalised)

    def action_group(self) -> None:
        """Choose what colour, stroke and chart mean; charts follow at once."""
        before = self.options
        everything_automatic = ExploreOptions(facet_by=AUTO, stroke_by=AUTO)
        automatic = resolved(everything_automatic, self.curves)
        dialog = GroupPicker(
            counted_fields(self.curves),
            Grouping(before.color_by, _chosen(before.stroke_by), _chosen(before.facet_by)),
            Grouping(automatic.color_by, automatic.stroke_by, automatic.facet_by),
            self._set_grouping,
        )

        def done(is_kept: bool | None) -> None:
            if not is_kept:
                self.change_options(
                    color_by=before.color_by,
                    stroke_by=before.stroke_by,
                    facet_by=before.facet_by,
                )

        self.app.push_screen(dialog, done)

    def _set_grouping(self, grouping: Grouping) -> None:
        self.change_options(
            color_by=grouping.color or (),
            stroke_by=AUTO if grouping.stroke is None else grouping.stroke,
            facet_by=AUTO if grouping.facet is None else grouping.facet,
        )

    def _say(self, text: str) -> None:
        self.app.notify(text, timeout=2)


def _chosen(fields: tuple[str, ...]) -> tuple[str, ...] | None:
    return None if fields == AUTO else fields
