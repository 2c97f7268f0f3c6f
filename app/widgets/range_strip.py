"""`RangeStrip`: where the view of a zoomed chart lies in the whole.

It can be dragged: the middle moves the view, an edge makes it longer or shorter, a click
beside it brings it there. With the focus the arrows move it, with shift its right edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from app.charts.line import LineOptions
from app.charts.range_strip import draw_range_strip, window_columns
from app.charts.traces import Trace
from app.widgets.plot_view import PlotView

STEP = 0.05
"""Share of the view that a key moves."""
SHORTEST = 0.002
"""Share of the whole axis that a dragged view keeps."""

Range = tuple[float, float]


class _Grip(Struct, frozen=True):
    part: str
    """`low`, `high` or `all`."""
    share: float
    """Where the drag began, as a share of the whole axis."""
    low: float
    high: float
    """The view then, in shares."""


class RangeStrip(PlotView, can_focus=True):
    """Two rows under the charts."""

    DEFAULT_CSS = """
    RangeStrip { height: 2; width: 1fr; display: none; background: $background; }
    RangeStrip { margin: 0 1; }
    RangeStrip.-on { display: block; }
    RangeStrip:focus { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "shift_view(-1)", "move", show=False),
        Binding("right,l", "shift_view(1)", "move", show=False),
        Binding("shift+left,H", "stretch(-1)", "shorter", show=False),
        Binding("shift+right,L", "stretch(1)", "longer", show=False),
        Binding("home", "to_end(0)", "start", show=False),
        Binding("end", "to_end(1)", "end", show=False),
    ]

    @dataclass
    class Moved(Message):
        """Another part shall be in view."""

        view: Range
        is_final: bool
        """False while the drag goes on."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.view: Range | None = None
        self._shown: tuple[object, ...] = ()
        self._grip: _Grip | None = None

    def show(self, traces: Sequence[Trace], options: LineOptions, view: Range | None) -> None:
        """Show the place of a view; None hides the strip."""
        key = (tuple(traces), options, view)
        if key == self._shown:
            return
        self._shown, self.view = key, view
        is_on = view is not None and any(len(trace.x) for trace in traces)
        self.set_class(is_on, "-on")
        if is_on and view is not None:
            self.show_drawing(partial(draw_range_strip, tuple(traces), options, view))

    # Mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the view, of one of its edges, or bring it to the pointer."""
        shares = self._shares()
        if shares is None or self.plot is None or self.view is None:
            return
        low, high = shares
        first, last = window_columns(self.plot.x_scale, self.view, self.size.width)
        share = event.x / max(1, self.size.width - 1)
        part = "all"
        if last - first > 2 and abs(event.x - first) <= 1:
            part = "low"
        elif last - first > 2 and abs(event.x - last) <= 1:
            part = "high"
        elif not first <= event.x <= last:
            middle = share - (low + high) / 2
            low, high = low + middle, high + middle
            self._tell(low, high, is_final=False)
        self._grip = _Grip(part, share, low, high)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move what was taken hold of."""
        if self._grip is not None:
            self._tell(*self._dragged(event.x), is_final=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        if self._grip is not None:
            self._tell(*self._dragged(event.x), is_final=True)
            self._grip = None
            self.release_mouse()

    def _dragged(self, x: int) -> Range:
        grip = self._grip
        assert grip is not None
        by = x / max(1, self.size.width - 1) - grip.share
        if grip.part == "low":
            return min(grip.low + by, grip.high - SHORTEST), grip.high
        if grip.part == "high":
            return grip.low, max(grip.high + by, grip.low + SHORTEST)
        return grip.low + by, grip.high + by

    # Keys

    def action_shift_view(self, count: int) -> None:
        """Move the view."""
        if shares := self._shares():
            by = (shares[1] - shares[0]) * STEP * 2 * count
            self._tell(shares[0] + by, shares[1] + by, is_final=True)

    def action_stretch(self, count: int) -> None:
        """Move the right edge of the view."""
        if shares := self._shares():
            by = (shares[1] - shares[0]) * STEP * 2 * count
            self._tell(shares[0], max(shares[1] + by, shares[0] + SHORTEST), is_final=True)

    def action_to_end(self, end: int) -> None:
        """Bring the view to the start or the end of the axis."""
        if shares := self._shares():
            length = shares[1] - shares[0]
            low = 1.0 - length if end else 0.0
            self._tell(low, low + length, is_final=True)

    def _shares(self) -> Range | None:
        """The view in shares of the whole axis."""
        if self.plot is None or self.view is None:
            return None
        low, high = (float(self.plot.x_scale.shares(edge)) for edge in self.view)
        return low, high

    def _tell(self, low: float, high: float, *, is_final: bool) -> None:
        length = high - low
        if low < 0 and self._grip is None:
            low, high = 0.0, length
        if high > 1 and self._grip is None:
            low, high = 1.0 - length, 1.0
        assert self.plot is not None
        scale = self.plot.x_scale
        self.post_message(self.Moved((scale.value(low), scale.value(high)), is_final))
