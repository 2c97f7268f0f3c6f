"""`ChartSurface`: a line chart that one can point into, zoom and move with the mouse.

Keys are added by `chart_view`. Moving the pointer shows the values,
the wheel zooms at the pointer (ctrl only up and down, shift only sideways), dragging marks a
part to zoom into, dragging with the right button moves, a double click shows everything.

The chart tells others where it points (`Pointed`) and what it shows (`Zoomed`); what it is
told by `point_at` and `follow_view` it does not tell again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace
from textual import events
from textual.message import Message

from app.charts.line import LineOptions, draw_lines
from app.charts.palette import ChartTheme
from app.charts.picture import Area, Ink, Size, fit_text, message_picture
from app.charts.plot import Plot
from app.charts.traces import Trace
from app.widgets.chart_colors import app_theme
from app.widgets.chart_overlay import Annotation, OverlayState, make_overlay
from app.widgets.chart_pointer import (
    ZOOM,
    Drag,
    View,
    boxed,
    dragged,
    shares_of,
    zoomed,
)
from app.widgets.plot_view import Drawing, PlotView

MAX_HISTORY = 50
RIGHT_BUTTON = 3


class ChartContent(Struct, frozen=True, eq=False):
    """Everything a chart shows."""

    name: str = ""
    """Tells the chart apart from others on the screen."""
    traces: tuple[Trace, ...] = ()
    options: LineOptions = field(default_factory=LineOptions)
    annotations: tuple[Annotation, ...] = ()
    is_waiting: bool = False
    """Whether points are still to come."""
    is_lower_better: bool = False
    """Which end of a list of values comes first."""
    drawing: Drawing | None = None
    """What is drawn instead of the traces, if they are not curves."""


class ChartSurface(PlotView, can_focus=True):
    """A line chart with crosshair, zoom and marks."""

    DEFAULT_CSS = """
    ChartSurface { background: $background; border-left: blank; }
    ChartSurface:focus { border-left: outer $primary; }
    """

    @dataclass
    class Pointed(Message):
        """The crosshair moved."""

        chart: ChartSurface
        x: float | None
        """None when the crosshair is gone."""

        def can_replace(self, message: Message) -> bool:
            """Only the newest place counts."""
            return isinstance(message, ChartSurface.Pointed) and message.chart is self.chart

    @dataclass
    class Zoomed(Message):
        """Another part of the chart is shown."""

        chart: ChartSurface
        view: View

    @dataclass
    class Opened(Message):
        """The chart wants to fill the screen, or to be small again."""

        chart: ChartSurface

    def __init__(
        self,
        content: ChartContent | None = None,
        *,
        id: str | None = None,  # noqa: A002 -- Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.content = content or ChartContent()
        self.view = View()
        self.pointer_x: float | None = None
        """Where the crosshair is; None when there is none."""
        self.marks: tuple[float, ...] = ()
        """Up to two places to measure between."""
        self.highlighted = ""
        """Key of the trace in focus; empty for none."""
        self.is_inspecting = False
        """Whether the arrows move the crosshair."""
        self._history: list[View] = []
        self._before_preview: View | None = None
        self._drag: Drag | None = None
        self._drag_plot: Plot | None = None

    # What is shown

    def on_mount(self) -> None:
        """Draw what was given at the start."""
        super().on_mount()
        self._draw()

    @property
    def has_curves(self) -> bool:
        """Whether there are axes to move along, and not bars or boxes."""
        return self.content.drawing is None

    def show_content(self, content: ChartContent) -> None:
        """Show other traces or options; zoom and crosshair stay."""
        had_curves, self.content = self.has_curves, content
        if self.has_curves is not had_curves and self.is_attached:
            # Keys of curves turn grey in the footer, or are possible again.
            self.screen.refresh_bindings()
        if self.highlighted not in {trace.key for trace in content.traces}:
            self.highlighted = ""
        self._draw()

    def change_view(self, view: View) -> None:
        """Show another part, remember the old one and tell others."""
        before, self._before_preview = self._before_preview or self.view, None
        if view != before:
            self._history = [*self._history[-MAX_HISTORY:], before]
            self.follow_view(view)
            self.post_message(self.Zoomed(self, view))

    def preview_view(self, view: View) -> None:
        """Show another part for the moment, in all charts; `change_view` ends it."""
        if self._before_preview is None:
            self._before_preview = self.view
        self.follow_view(view)
        self.post_message(self.Zoomed(self, view))

    def previous_view(self) -> bool:
        """Show what was visible before; whether there was anything before."""
        if not self._history:
            return False
        self.follow_view(self._history.pop())
        self.post_message(self.Zoomed(self, self.view))
        return True

    def follow_view(self, view: View) -> None:
        """Show another part."""
        if view != self.view:
            self.view = view
            self._draw()

    def highlight(self, key: str) -> None:
        """Bring one trace to the front; "" gives all the same weight."""
        if key != self.highlighted:
            self.highlighted = key
            self._draw()

    def point_at(self, x: float | None) -> None:
        """Move the crosshair."""
        if x != self.pointer_x:
            self.pointer_x = x
            self.update_overlay()

    def point(self, x: float | None) -> None:
        """Move the crosshair and tell others."""
        self.point_at(x)
        self.post_message(self.Pointed(self, x))

    def update_overlay(self) -> None:
        """Lay crosshair, marks, annotations and box over the picture again."""
        is_boxing = self._drag is not None and not self._drag.is_panning
        state = OverlayState(
            self.pointer_x,
            self.marks,
            self.content.annotations,
            self._drag.box() if self._drag is not None and is_boxing else None,
        )
        theme = app_theme(self.app)
        self.lay_over(make_overlay(self.plot, self.content.traces, state, theme))

    def plot_drawn(self) -> None:
        """Lay the crosshair over the new picture."""
        self.update_overlay()

    def _draw(self) -> None:
        options = replace(self.content.options, x_range=self.view.x, y_range=self.view.y)
        traces = self.content.traces
        if self.highlighted:
            traces = tuple(
                replace(trace, is_focused=trace.key == self.highlighted) for trace in traces
            )
        if self.content.drawing is not None:
            self.show_drawing(self.content.drawing)
        elif self.content.is_waiting and not traces:
            self.show_drawing(partial(_draw_waiting, self.content.name))
        else:
            self.show_drawing(partial(_draw_lines, traces, options))

    # Mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the crosshair, the box or the picture."""
        plot = self.plot
        if plot is None:
            return
        if self._drag is not None and self._drag_plot is not None:
            self._drag = replace(self._drag, end=(event.x, event.y))
            if self._drag.is_panning:
                self.follow_view(dragged(self._drag_plot, self._drag))
            else:
                self.update_overlay()
        elif plot.area.contains(event.x, event.y):
            self.point(plot.x_at(event.x))

    def on_leave(self) -> None:
        """Take the crosshair away, unless the keys hold it."""
        if not self.is_inspecting and self._drag is None and not self.is_mouse_over:
            self.point(None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a box or a move."""
        plot = self.plot
        if plot is None or not self.has_curves or not plot.area.contains(event.x, event.y):
            return
        place = (event.x, event.y)
        self._drag = Drag(place, place, event.button == RIGHT_BUTTON, self.view)
        self._drag_plot = plot
        self.capture_mouse()

    def on_mouse_up(self) -> None:
        """Zoom into the box, or keep what was moved to."""
        drag, plot = self._drag, self._drag_plot
        self._drag = self._drag_plot = None
        self.release_mouse()
        if drag is None or plot is None:
            return
        if drag.is_panning:
            moved, self.view = self.view, drag.view
            self.change_view(moved)
        elif (view := boxed(plot, drag)) is not None:
            self.change_view(view)
        self.update_overlay()

    def on_click(self, event: events.Click) -> None:
        """Show everything after a double click."""
        if event.chain == 2 and self.has_curves:
            self.change_view(View())

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in at the pointer."""
        self._wheel(event, ZOOM)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out at the pointer."""
        self._wheel(event, 1 / ZOOM)

    def _wheel(self, event: events.MouseEvent, factor: float) -> None:
        plot = self.plot
        if plot is None or not self.has_curves or not plot.area.contains(event.x, event.y):
            return
        event.stop()
        axes = "y" if event.ctrl else "x" if event.shift else "xy"
        place = shares_of(plot, event.x, event.y)
        self.change_view(zoomed(plot, self.view, factor, place, axes))


def _draw_waiting(name: str, size: Size, theme: ChartTheme) -> Plot:
    text = fit_text(f"{name} …", size.width)
    return Plot(message_picture(text, size, Ink(theme.muted)), Area(0, 0, 0, 0))


def _draw_lines(
    traces: Sequence[Trace], options: LineOptions, size: Size, theme: ChartTheme
) -> Plot:
    return draw_lines(traces, size, options, theme)
