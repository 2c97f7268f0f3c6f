"""`PanelExplorer`: the charts of a panel; an explorer that keeps out of the way until entered.

Until a person goes in, the panel has the focus and the wheel scrolls the board. Inside, every
key of charts and of the explorer works; what is changed there lasts until the panel is left
behind, the settings of the panel stay as they are.
"""

from __future__ import annotations

from msgspec.structs import replace
from textual import events, on
from textual.actions import SkipAction
from textual.message import Message
from textual.widget import Widget

from app.boards.contents import ChartContent
from app.charts.sparkline import value_text
from app.panels.explorer import MetricExplorer
from app.traces.build import ChartData, Facet
from app.traces.options import ExploreOptions
from app.traces.values import readout_content
from app.widgets.chart_grid import ChartGrid
from app.widgets.chart_surface import ChartContent as ChartShown, ChartSurface
from app.widgets.chart_view import ChartView

READINGS = 2
"""Values under the crosshair that the frame of a panel names."""
LIST_FROM_WIDTH, LIST_FROM_HEIGHT = 60, 14
"""With less room the values under the crosshair stand in the frame of the panel alone."""

LARGE_WIDTH, LARGE_HEIGHT = 100, 25
"""With so much room the names of all curves are listed at any time."""


class PanelChart(ChartView, can_focus=False):
    """A chart that takes the focus and the wheel only when its panel was entered."""

    def action_open_chart(self) -> None:
        """Open the panel."""
        self.post_message(PanelExplorer.OpenWanted())

    def action_leave_inspect(self) -> None:
        """Put the crosshair away, and leave the panel as well."""
        self.leave_inspection()
        raise SkipAction

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """While the board is changed its panels are dragged, not what they show."""
        if self._explorer.is_locked:
            event.prevent_default()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Leave the wheel to the board."""
        self._leave_wheel(event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Leave the wheel to the board."""
        self._leave_wheel(event)

    def _leave_wheel(self, event: events.MouseEvent) -> None:
        if not self._explorer.is_entered:
            event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        """A double click shows everything again, or opens the panel if it does already."""
        if event.chain == 2 and self.view.x is None and self.view.y is None:
            event.prevent_default()
        elif event.chain == 2:
            event.stop()

    @property
    def _explorer(self) -> PanelExplorer:
        return next(each for each in self.ancestors if isinstance(each, PanelExplorer))


class PanelExplorer(MetricExplorer):
    """The charts of one panel."""

    DEFAULT_CSS = """
    PanelExplorer > #explorer-summary { display: none; }
    PanelExplorer #readout { display: none; min-width: 26; }
    PanelExplorer.-listing #readout { display: block; }
    PanelExplorer ChartView { border-left: none; }
    PanelExplorer.-entered ChartView { border-left: blank; }
    PanelExplorer.-entered ChartView:focus { border-left: outer $primary; }
    """

    class OpenWanted(Message):
        """What the panel shows is to be opened."""

    def __init__(self, options: ExploreOptions, utc_offset_s: float = 0.0) -> None:
        super().__init__(options, utc_offset_s=utc_offset_s)
        self.is_entered = False
        self.is_locked = False
        """Whether the board is being changed, so that the mouse moves panels."""
        self._panel_options = options
        """As the panel has them; a person inside may have changed them for the moment."""

    def on_mount(self) -> None:
        """Charts of panels are a kind of their own."""
        self.grid.chart_class = PanelChart
        super().on_mount()

    def show(self, content: ChartContent) -> None:
        """Show what was read, with points that are there already."""
        self._requested = {curve.key for curve in content.curves}
        self._points = content.points
        if content.options != self._panel_options:
            self._panel_options = self.options = content.options
        self.show_curves(content.curves, content.notes)

    def focus_chart(self) -> None:
        """The panel keeps the focus until it is entered."""

    def enter(self) -> bool:
        """Go into the first chart, with the crosshair; whether there is one."""
        chart = self.grid.current
        if chart is None:
            return False
        self._set_entered(is_entered=True)
        chart.focus()
        if chart.content.drawing is None:
            chart.action_inspect()
        return True

    def leave(self) -> bool:
        """Come out again; whether one was inside."""
        was_inside = self.is_entered
        if was_inside:
            self.step_back()
            self._set_entered(is_entered=False)
        return was_inside

    def _set_entered(self, *, is_entered: bool) -> None:
        self.is_entered = is_entered
        self.set_class(is_entered, "-entered")
        self._let_focus()
        self._show_listing()

    @on(ChartGrid.Arranged)
    def _let_focus(self) -> None:
        for chart in self.grid.charts:
            chart.can_focus = self.is_entered

    def on_resize(self, event: events.Resize) -> None:
        """The list of values needs room."""
        super().on_resize(event)
        self._show_listing()

    def _show_listing(self) -> None:
        width, height = self.size
        has_room = width >= LIST_FROM_WIDTH and height >= LIST_FROM_HEIGHT
        is_large = width >= LARGE_WIDTH and height >= LARGE_HEIGHT
        self.set_class(has_room and (self.is_entered or is_large), "-listing")

    def reading_of(self, chart: ChartSurface) -> str:
        """The values under the crosshair in a line; nothing without one."""
        data = self.charts.get(chart.content.name)
        if chart.pointer_x is None or data is None:
            return ""
        found = readout_content(
            data,
            self._points.series,
            chart.pointer_x,
            is_lower_better=data.is_lower_better,
        )
        chosen = [each for each in found.readings if each.key == chart.highlighted]
        shown = (chosen or list(found.readings))[:READINGS]
        values = [f"{each.label} {value_text(each.y)}" for each in shown]
        rest = len(found.readings) - len(shown)
        more = [f"{rest} more"] if rest and not chosen else []
        return " · ".join([found.place, *values, *more])

    def _content(self, facet: Facet, chart: ChartData | None) -> ChartShown:
        shown = super()._content(facet, chart)
        if self._plan is None or len(self._plan.facets) > 1:
            return shown
        # The panel has a title of its own.
        labels = replace(shown.options.labels, title="")
        return replace(shown, options=replace(shown.options, labels=labels))


def explorer_of(widget: Widget) -> PanelExplorer | None:
    """The charts inside of a panel, if it has some."""
    return next(iter(widget.query(PanelExplorer)), None)
