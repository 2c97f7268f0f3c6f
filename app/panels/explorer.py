"""`MetricExplorer`: the surface with keys; every key changes the options or asks somebody.

What needs the source (notes, opening and comparing runs) is asked for by messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from app.charts.scale import Scale
from app.commands import Scope, bindings
from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.text_input import TextDialog
from app.formatting import file_stem, plural
from app.loading import Loads
from app.panels.explorer_options import ExplorerOptions
from app.traces.build import Curve
from app.traces.export import DATA_FORMATS, FORMATS, LINK, export_chart
from app.traces.limits import HINT, Range, filled, parse_limits
from app.traces.options import XAxis
from app.traces.values import as_tsv, readout_content
from app.widgets.chart_colors import app_theme
from app.widgets.chart_grid import DENSITIES, ChartGrid
from app.widgets.chart_pointer import View, limits
from app.widgets.chart_view import ChartView


class MetricExplorer(ExplorerOptions, Loads):
    """Charts of metrics that answer to keys."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.METRICS)

    @dataclass
    class NoteAsked(Message):
        """A note shall be written at a point of a curve."""

        curve: Curve
        step: int

    @dataclass
    class RunAsked(Message):
        """The run of a trace shall be opened."""

        run_hash: str

    @dataclass
    class CompareAsked(Message):
        """The runs of the chart in focus shall be compared."""

        run_hashes: tuple[str, ...]

    @dataclass
    class LinkAsked(Message):
        """The query shall be copied as an address."""

    @on(ChartGrid.Arranged)
    def _charts_arranged(self) -> None:
        if self.is_on_screen and self.screen.focused is None:
            self.call_after_refresh(self.focus_chart)

    def focus_chart(self) -> None:
        """Give the focus to the first chart, unless something has it."""
        chart = self.grid.current
        if chart is not None and self.screen.focused is None:
            chart.focus()

    # Looks

    def action_values(self) -> None:
        """Show or hide the list of values."""
        self.toggle_class("-values-off")

    def action_synchronise(self) -> None:
        """Zoom all charts together, or each by itself."""
        self.grid.is_synchronised = not self.grid.is_synchronised
        together = "together" if self.grid.is_synchronised else "each by itself"
        self._say(f"Charts zoom {together}")

    def action_layout(self) -> None:
        """Larger charts, fewer on a page."""
        self.grid.density = (self.grid.density + 1) % len(DENSITIES)
        most = self.grid.per_page(len(self.grid.contents))
        self.notify(f"Up to {plural(most, 'chart')} on a page.", timeout=2)

    def action_page_down(self) -> None:
        """Charts of the next page."""
        self.grid.turn_page(1)

    def action_page_up(self) -> None:
        """Charts of the page before."""
        self.grid.turn_page(-1)

    def action_follow(self) -> None:
        """Move along with running runs, or stand still."""
        if self.is_following and self._is_tail_in_view():
            self.is_following = False
            self._say("Standing still")
        else:
            self.is_following = True
            self.show_tail()
            self._say("Following new points")
        self.show_summary()

    def step_back(self) -> bool:
        """Leave the crosshair or the large chart; whether there was one."""
        chart = self.grid.current
        return bool(chart is not None and chart.leave_inspection()) or self.grid.close_single()

    # Traces

    @on(ChartView.TraceRequest)
    def _change_trace(self, message: ChartView.TraceRequest) -> None:
        options, key = self.options, message.key
        if message.what == "show":
            self.change_options(hidden=())
        elif message.what == "hide":
            self.change_options(hidden=(*options.hidden, key))
        elif message.what == "isolate":
            self._isolate(message)
        elif key in options.pinned:
            self.change_options(pinned=tuple(each for each in options.pinned if each != key))
        else:
            self.change_options(pinned=(*options.pinned, key))

    def _isolate(self, message: ChartView.TraceRequest) -> None:
        """Hide all other traces of the chart; if they are hidden already, show them."""
        if self.options.hidden:
            self.change_options(hidden=())
            return
        data = self.charts.get(message.chart.content.name)
        traces = data.traces if data is not None else ()
        keys = {trace.key for trace in traces if not trace.is_faint} - {message.key}
        self.change_options(hidden=tuple(sorted(keys)))

    @on(ChartView.NoteWanted)
    def _want_note(self, message: ChartView.NoteWanted) -> None:
        data = self.charts.get(message.chart.content.name)
        curve = data.curves.get(message.key) if data is not None else None
        series = self.series_of(message.key)
        if curve is None or series is None or self.options.x_axis is not XAxis.STEP:
            self._say("Notes go to a point of one run, with steps on the x axis.")
            return
        self.post_message(self.NoteAsked(curve, int(message.x)))

    @on(ChartView.CopyWanted)
    def _copy_values(self, message: ChartView.CopyWanted) -> None:
        data = self.charts.get(message.chart.content.name)
        if data is not None:
            content = readout_content(
                data,
                self._points.series,
                message.chart.pointer_x,
                marks=message.chart.marks,
                is_lower_better=data.is_lower_better,
            )
            self.app.copy_to_clipboard(as_tsv(content))
            self._say("Values copied")

    def action_open_run(self) -> None:
        """Open the run of the highlighted trace."""
        chart = self.grid.current
        key = chart.nearest_key() if chart is not None else ""
        data = self.charts.get(chart.content.name) if chart is not None else None
        if data is not None and key in data.curves:
            self.post_message(self.RunAsked(data.curves[key].record.run.hash))
        else:
            self._say("Choose a trace first: i, then up and down.")

    def action_compare(self) -> None:
        """Compare the runs of the chart in focus."""
        chart = self.grid.current
        data = self.charts.get(chart.content.name) if chart is not None else None
        if data is not None:
            hashes = dict.fromkeys(curve.record.run.hash for curve in data.curves.values())
            self.post_message(self.CompareAsked(tuple(hashes)))

    def action_copy_link(self) -> None:
        """Copy the query as an address."""
        self.post_message(self.LinkAsked())

    # Limits

    @on(ChartView.LimitsWanted)
    def _want_limits(self, message: ChartView.LimitsWanted) -> None:
        dialog = TextDialog(
            "Limits", placeholder="x=0:5k y=:2.5", hint=HINT, problem_with=_limits_problem
        )
        self.app.push_screen(dialog, partial(self._set_limits, message.chart))

    def _set_limits(self, chart: ChartView, text: str | None) -> None:
        if text is None or chart.plot is None:
            return
        wanted = parse_limits(text)
        x = _view_range(wanted.get("x"), chart.plot.x_scale, chart.view.x)
        y = _view_range(wanted.get("y"), chart.plot.y_scale, chart.view.y)
        chart.change_view(View(x, y))

    # Export

    def action_export(self) -> None:
        """Choose a format, then a place."""
        if self.grid.current is None:
            return
        choices = [Choice(name, title, help_) for name, (title, help_) in FORMATS.items()]
        choices.append(Choice(LINK, "Link", "the query as an address of the REST API"))
        self.app.push_screen(CommandMenu("Export the chart", choices), self._ask_path)

    def _ask_path(self, suffix: str | None) -> None:
        chart = self.grid.current
        if suffix == LINK:
            self.action_copy_link()
        if suffix is None or suffix == LINK or chart is None:
            return
        value = str(Path.cwd() / f"{file_stem(chart.content.name)}.{suffix}")
        dialog = TextDialog("Export to", value=value)
        self.app.push_screen(dialog, partial(self._export, chart, suffix))

    def _export(self, chart: ChartView, suffix: str, path: str | None) -> None:
        data = self.charts.get(chart.content.name)
        if path is None or data is None:
            return
        theme = app_theme(self.app)
        work = partial(export_chart, data, chart.plot, suffix, Path(path).expanduser(), theme)
        is_thinned = suffix in DATA_FORMATS and any(
            len(series) < curve.metric.count
            for key, curve in data.curves.items()
            if (series := self.series_of(key)) is not None
        )
        more = "; long curves are thinned, zoomed parts are whole" if is_thinned else ""
        self.load("export", work, lambda said: self._say(said + more))


def _limits_problem(text: str) -> str:
    try:
        parse_limits(text)
    except ValueError as error:
        return str(error)
    return ""


def _view_range(
    wanted: Range | None, scale: Scale, now: tuple[float, float] | None
) -> tuple[float, float] | None:
    return now if wanted is None else filled(wanted, limits(scale))
