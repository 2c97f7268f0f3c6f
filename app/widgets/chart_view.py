"""`ChartView`: a chart with keys.

Keys are in the table of commands (scope `chart`). While the crosshair is out the arrows move
it from point to point and through the traces; otherwise they are left to whoever holds the
charts, to go from one to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.message import Message

from app.charts.reading import all_places, next_extreme, read_at
from app.charts.traces import Trace
from app.commands import Scope, bindings
from app.widgets.chart_pointer import ZOOM, View, panned, zoomed
from app.widgets.chart_surface import ChartSurface

PAN = 0.1
"""Share of the view that a key moves."""
PAGE = 0.05
"""Share of the view that a large step of the crosshair takes."""


_OF_CURVES = frozenset(
    {
        *("inspect", "zoom_in", "zoom_out", "zoom_in_y", "zoom_out_y", "pan", "fit", "fit_y"),
        *("zoom_back", "set_limits", "note"),
    }
)
"""Actions that bars and boxes have nothing for."""


class ChartView(ChartSurface):
    """A line chart with crosshair, zoom, marks and keys."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.CHART)

    @dataclass
    class TraceRequest(Message):
        """Something shall be done with a trace, or all of them."""

        chart: ChartView
        what: str
        """`hide`, `isolate`, `pin` or `show`."""
        key: str
        """Key of the trace; empty for all."""

    @dataclass
    class FocusMoved(Message):
        """The arrows shall go to another chart."""

        across: int
        down: int

    @dataclass
    class NoteWanted(Message):
        """A note shall be written at the crosshair."""

        chart: ChartView
        x: float
        key: str
        """Key of the trace."""

    @dataclass
    class LimitsWanted(Message):
        """The limits of the axes shall be typed."""

        chart: ChartView

    @dataclass
    class CopyWanted(Message):
        """The values at the crosshair shall be copied."""

        chart: ChartView

    # What only curves have

    def why_not(self, action: str) -> str:
        """Why an action does nothing to this chart; empty if it does."""
        name = action.partition("(")[0]
        return (
            ""
            if self.has_curves or name not in _OF_CURVES
            else "bars and boxes have no axis to move along"
        )

    def _is_refused(self, action: str) -> bool:
        if reason := self.why_not(action):
            self.app.notify(f"Not possible: {reason}. T changes that.", timeout=4)
        return bool(reason)

    # Crosshair

    def action_inspect(self) -> None:
        """Take the crosshair out, or put it away."""
        if self._is_refused("inspect"):
            return
        if self.is_inspecting:
            self.leave_inspection()
            return
        places = all_places(self.content.traces)
        if not len(places) or self.plot is None:
            return
        self.is_inspecting = True
        if self.pointer_x is None:
            scale = self.plot.x_scale
            self.point(_nearest(places, scale.value(0.5)))

    def inspect_at(self, x: float, key: str = "") -> None:
        """Take the crosshair out at a place, on a trace; shows everything if it is outside."""
        self.is_inspecting = True
        if self.view.x is not None and not self.view.x[0] <= x <= self.view.x[1]:
            self.change_view(View())
        if key in {trace.key for trace in self.content.traces}:
            self.highlight(key)
        self.point(x)

    def leave_inspection(self) -> bool:
        """Put the crosshair away; whether it was out."""
        if not self.is_inspecting and not self.marks:
            return False
        self.is_inspecting = False
        self.marks = ()
        self.highlight("")
        self.point(None)
        return True

    def action_leave_inspect(self) -> None:
        """Put the crosshair away, or let the key go on."""
        if not self.leave_inspection():
            raise SkipAction

    def action_left(self) -> None:
        """One point to the left, or the chart to the left."""
        self._step(-1)

    def action_right(self) -> None:
        """One point to the right, or the chart to the right."""
        self._step(1)

    def action_up(self) -> None:
        """The trace above in the list of values, or the chart above."""
        self._highlight_next(-1)

    def action_down(self) -> None:
        """The trace below in the list of values, or the chart below."""
        self._highlight_next(1)

    def action_far_left(self) -> None:
        """A twentieth of the view to the left."""
        self._leap(-PAGE)

    def action_far_right(self) -> None:
        """A twentieth of the view to the right."""
        self._leap(PAGE)

    def action_first(self) -> None:
        """To the first visible point."""
        self._go_to_end(0.0)

    def action_last(self) -> None:
        """To the last visible point."""
        self._go_to_end(1.0)

    def action_previous_turn(self) -> None:
        """To the turn or note before."""
        self._turn(forward=False)

    def action_next_turn(self) -> None:
        """To the next turn or note."""
        self._turn(forward=True)

    def action_mark(self) -> None:
        """Mark the place of the crosshair; a third mark begins anew."""
        if self.pointer_x is None:
            self.action_inspect()
            return
        self.marks = (*self.marks, self.pointer_x) if len(self.marks) < 2 else (self.pointer_x,)
        if len(self.marks) == 1:
            self.notify("Go to another place and press again for differences.", timeout=3)
        self.update_overlay()
        self.post_message(self.Pointed(self, self.pointer_x))

    def _places(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Where the crosshair stops: the points of the highlighted trace, or of all."""
        highlighted = self._highlighted_trace()
        if highlighted is not None:
            return np.unique(highlighted.x)
        return all_places(self.content.traces)

    def _step(self, count: int) -> None:
        if not self.is_inspecting:
            self.post_message(self.FocusMoved(count, 0))
            return
        places = self._require_inspection()
        assert self.pointer_x is not None
        if count > 0:
            at = int(np.searchsorted(places, self.pointer_x, side="right")) + count - 1
        else:
            at = int(np.searchsorted(places, self.pointer_x, side="left")) + count
        self._show_point(float(places[min(max(at, 0), len(places) - 1)]))

    def _leap(self, share: float) -> None:
        places = self._require_inspection()
        assert self.plot is not None
        assert self.pointer_x is not None
        scale = self.plot.x_scale
        wanted = scale.value(float(scale.shares(self.pointer_x)) + share)
        nearest = _nearest(places, wanted)
        if (nearest - self.pointer_x) * share <= 0:
            self._step(1 if share > 0 else -1)
        else:
            self._show_point(nearest)

    def _go_to_end(self, share: float) -> None:
        places = self._require_inspection()
        assert self.plot is not None
        scale = self.plot.x_scale
        inside = places[(places >= scale.low) & (places <= scale.high)]
        if len(inside):
            self.point(float(inside[0] if share == 0 else inside[-1]))

    def _turn(self, *, forward: bool) -> None:
        self._require_inspection()
        assert self.pointer_x is not None
        found = [note.x for note in self.content.annotations]
        found = [x for x in found if (x > self.pointer_x) == forward and x != self.pointer_x]
        trace = self._highlighted_trace() or next(
            (trace for trace in self.content.traces if not trace.is_faint), None
        )
        turn = next_extreme(trace, self.pointer_x, forward=forward) if trace else None
        if turn is not None:
            found.append(turn)
        if found:
            self._show_point(min(found) if forward else max(found))

    def _highlight_next(self, count: int) -> None:
        if not self.is_inspecting:
            self.post_message(self.FocusMoved(0, count))
            return
        self._require_inspection()
        assert self.pointer_x is not None
        is_lower_better = self.content.is_lower_better
        readings = read_at(self.content.traces, self.pointer_x, is_lower_better=is_lower_better)
        keys = [reading.key for reading in readings]
        if not keys:
            return
        at = keys.index(self.highlighted) + count if self.highlighted in keys else 0
        self.highlight(keys[at % len(keys)])
        self.post_message(self.Pointed(self, self.pointer_x))

    def _require_inspection(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """The places for the crosshair; lets the key go on when it is not out."""
        places = self._places()
        if not self.is_inspecting or self.pointer_x is None or self.plot is None:
            raise SkipAction
        if not len(places):
            raise SkipAction
        return places

    def _show_point(self, x: float) -> None:
        """Point at a place, and move the view along when it lies outside."""
        assert self.plot is not None
        scale = self.plot.x_scale
        if not scale.low <= x <= scale.high:
            share = float(scale.shares(x))
            self.change_view(panned(self.plot, self.view, share - 0.5, 0))
        self.point(x)

    def _highlighted_trace(self) -> Trace | None:
        traces = self.content.traces
        return next((trace for trace in traces if trace.key == self.highlighted), None)

    # Zoom

    def action_zoom_in(self) -> None:
        """Less of the x axis."""
        self._zoom(ZOOM, "x")

    def action_zoom_out(self) -> None:
        """More of the x axis."""
        self._zoom(1 / ZOOM, "x")

    def action_zoom_in_y(self) -> None:
        """Less of the y axis."""
        self._zoom(ZOOM, "y")

    def action_zoom_out_y(self) -> None:
        """More of the y axis."""
        self._zoom(1 / ZOOM, "y")

    def action_pan(self, across: int, up: int) -> None:
        """Move the view."""
        if not self._is_refused("pan") and self.plot is not None:
            self.change_view(panned(self.plot, self.view, across * PAN, up * PAN))

    def action_fit(self) -> None:
        """Show everything."""
        if not self._is_refused("fit"):
            self.change_view(View())

    def action_fit_y(self) -> None:
        """Fit the y axis to what is visible."""
        if not self._is_refused("fit_y"):
            self.change_view(View(self.view.x, None))

    def action_zoom_back(self) -> None:
        """Show what was visible before."""
        if not self._is_refused("zoom_back"):
            self.previous_view()

    def action_set_limits(self) -> None:
        """Ask for limits."""
        if not self._is_refused("set_limits"):
            self.post_message(self.LimitsWanted(self))

    def action_open_chart(self) -> None:
        """Fill the screen, or be small again."""
        self.post_message(self.Opened(self))

    def _zoom(self, factor: float, axes: str) -> None:
        plot = self.plot
        if self._is_refused("zoom_in") or plot is None or not plot.area.width:
            return
        across = 0.5
        if self.pointer_x is not None:
            share = float(plot.x_scale.shares(self.pointer_x))
            across = share if 0 <= share <= 1 else 0.5
        self.change_view(zoomed(plot, self.view, factor, (across, 0.5), axes))

    # Traces

    def action_hide_trace(self) -> None:
        """Hide the highlighted trace."""
        self._ask("hide")

    def action_isolate_trace(self) -> None:
        """Hide all traces but the highlighted one, or show them again."""
        self._ask("isolate")

    def action_pin_trace(self) -> None:
        """Pin the highlighted trace, or let it go."""
        self._ask("pin")

    def action_show_hidden(self) -> None:
        """Show all hidden traces."""
        self.post_message(self.TraceRequest(self, "show", ""))

    def action_note(self) -> None:
        """Write a note at the crosshair."""
        if self._is_refused("note"):
            return
        key = self.nearest_key()
        if self.pointer_x is None or not key:
            self.app.notify("Take the crosshair out first (i).", timeout=3)
            return
        self.post_message(self.NoteWanted(self, self.pointer_x, key))

    def action_copy(self) -> None:
        """Copy the values at the crosshair."""
        self.post_message(self.CopyWanted(self))

    def nearest_key(self) -> str:
        """Key of the highlighted trace, else of the first one with a point nearby."""
        if self.highlighted or self.pointer_x is None:
            return self.highlighted
        readings = read_at(self.content.traces, self.pointer_x)
        return readings[0].key if readings else ""

    def _ask(self, what: str) -> None:
        if not self.highlighted:
            self.app.notify("Choose a trace first: i, then up and down.", timeout=3)
            return
        self.post_message(self.TraceRequest(self, what, self.highlighted))


def _nearest(places: np.ndarray[tuple[int], np.dtype[np.float64]], wanted: float) -> float:
    return float(places[int(np.argmin(np.abs(places - wanted)))])
