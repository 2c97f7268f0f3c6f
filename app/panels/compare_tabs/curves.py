"""Curves of compared runs, and what each has more or less than the reference."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from app.charts.band import Aggregate
from app.charts.line import LineOptions, draw_lines
from app.charts.palette import ChartTheme
from app.charts.picture import Size
from app.charts.plot import Plot
from app.commands import Scope
from app.formatting import metric_title, number
from app.panels.compare_tabs.base import CompareTab, Table, is_many, run_name
from app.panels.explorer import MetricExplorer
from app.sources import Source
from app.traces.build import ChartData, Curve
from app.traces.difference import difference_options, differences, has_differences
from app.widgets.chart_surface import ChartSurface
from app.widgets.chart_view import ChartView
from app.widgets.plot_view import PlotView

LEAST_HEIGHT = 24
"""Rows of the tab below which the charts need all of them."""


class ComparedExplorer(MetricExplorer):
    """An explorer that tells when the chart in focus or its values change."""

    class ValuesShown(Message):
        """The list of values was filled again."""

    def show_values(self) -> None:
        """Fill the list beside the charts, and tell."""
        super().show_values()
        self.post_message(self.ValuesShown())


class CurvesTab(CompareTab):
    """The curves of all runs, a chart for each metric, above the differences."""

    DEFAULT_CSS = """
    CurvesTab #differences { height: 9; margin: 0 1; display: none; }
    CurvesTab.-differences #differences { display: block; }
    """

    SCOPES = (Scope.METRICS, Scope.CHART)

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="charts-tab")
        self._drawn: tuple[object, ...] = ()
        self._is_grouped = False
        """Whether curves were made means because there are many runs; a person may undo it."""

    def compose(self) -> ComposeResult:
        """The explorer and the strip below."""
        empty = "These runs logged no metrics."
        yield ComparedExplorer(id="compare-explorer", empty_text=empty)
        yield PlotView(id="differences")

    @property
    def explorer(self) -> MetricExplorer:
        """The charts."""
        return self.query_one(MetricExplorer)

    def show(self) -> None:
        """Show the curves of all metrics; of many runs as means with a band."""
        records = self.compared.records
        curves = [Curve(record, metric) for record in records for metric in record.metrics]
        if is_many(records) and self.explorer.options.aggregate is Aggregate.OFF:
            if not self._is_grouped:
                groups = {"aggregate": Aggregate.MEAN_STD, "color_by": ("experiment",)}
                self.explorer.change_options(**groups)
            self._is_grouped = True
        elif self._is_grouped and not is_many(records):
            self._is_grouped = False
            self.explorer.change_options(aggregate=Aggregate.OFF, color_by=("run",))
        self.explorer.forget_points()
        self.explorer.show_curves(curves)

    def start(self) -> ChartView | None:
        """The first chart."""
        return self.explorer.grid.current

    def step_back(self) -> bool:
        """Leave the crosshair or the large chart."""
        return self.explorer.step_back()

    def table(self) -> Table:
        """What is known of every curve."""
        rows = []
        for record in self.compared.records:
            for metric in record.metrics:
                if not metric.is_system:
                    title = metric_title(metric.name, metric.context)
                    values = (metric.first, metric.last, metric.min, metric.max)
                    texts = [*(number(each) for each in values), str(metric.last_step)]
                    rows.append([title, run_name(record), *texts])
        return ["metric", "run", "first", "last", "min", "max", "last step"], sorted(rows)

    @on(ComparedExplorer.ValuesShown)
    @on(ChartSurface.Zoomed)
    def _show_differences(self) -> None:
        """Draw the strip for the chart in focus, unless it is there already."""
        chart = self.explorer.grid.current
        data = self.explorer.charts.get(chart.content.name) if chart is not None else None
        records = self.compared.records
        has_room = self.size.height >= LEAST_HEIGHT
        if chart is None or data is None or len(records) < 2 or not has_room:
            self._drawn = ()
            self.remove_class("-differences")
            return
        run = records[self.compared.reference].run
        wanted = (data, run.hash, chart.view.x)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        self.set_class(has_differences(data, run.hash), "-differences")
        name = run.name or run.hash[:8]
        options = difference_options(data, name, chart.view.x)
        drawing = partial(_draw_differences, data, run.hash, options)
        self.query_one("#differences", PlotView).show_drawing(drawing)


def _draw_differences(
    data: ChartData,
    reference_hash: str,
    options: LineOptions,
    size: Size,
    theme: ChartTheme,
) -> Plot:
    return draw_lines(differences(data, reference_hash), size, options, theme)
