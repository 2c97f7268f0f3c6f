"""What the mouse does to the visible part of a chart. Pure: plots and cells in, ranges out."""

from __future__ import annotations

from msgspec import Struct

from app.charts.picture import Area
from app.charts.plot import Plot
from app.charts.scale import Scale

ZOOM = 1.25
"""Factor of one step of the wheel or key."""


class View(Struct, frozen=True):
    """The visible part of a chart; None shows everything."""

    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None


class Drag(Struct, frozen=True):
    """A drag under way, in cells of the picture."""

    start: tuple[int, int]
    end: tuple[int, int]
    is_panning: bool
    view: View
    """What was visible when it began."""

    def box(self) -> Area:
        """The cells between start and end."""
        left, right = sorted((self.start[0], self.end[0]))
        top, bottom = sorted((self.start[1], self.end[1]))
        return Area(left, top, right - left + 1, bottom - top + 1)


def limits(scale: Scale) -> tuple[float, float]:
    """The ends of an axis."""
    return scale.low, scale.high


def zoomed(
    plot: Plot, view: View, factor: float, place: tuple[float, float], axes: str = "xy"
) -> View:
    """The view zoomed about a place, given in shares of the axes."""
    x, y = view.x, view.y
    if "x" in axes:
        x = limits(plot.x_scale.zoomed(factor, place[0]))
    if "y" in axes:
        y = limits(plot.y_scale.zoomed(factor, place[1]))
    return View(x, y)


def panned(plot: Plot, view: View, x_share: float, y_share: float) -> View:
    """The view moved by shares of the axes."""
    x = limits(plot.x_scale.panned(x_share)) if x_share else view.x
    y = limits(plot.y_scale.panned(y_share)) if y_share else view.y
    return View(x, y)


def shares_of(plot: Plot, column: int, row: int) -> tuple[float, float]:
    """A cell as shares of the axes, inside 0 to 1."""
    x = (column - plot.area.x) / max(1, plot.area.width - 1)
    y = 1.0 - (row - plot.area.y) / max(1, plot.area.height - 1)
    return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))


def boxed(plot: Plot, drag: Drag) -> View | None:
    """The view that a box shows; None if it is too small to be meant.

    A box of one row keeps the y axis, a box of one column the x axis.
    """
    box = drag.box()
    if box.width < 2 and box.height < 2:
        return None
    left, top = shares_of(plot, box.x, box.y)
    right, bottom = shares_of(plot, box.right - 1, box.bottom - 1)
    x = limits(plot.x_scale.part(left, right)) if box.width > 1 else drag.view.x
    y = limits(plot.y_scale.part(bottom, top)) if box.height > 1 else drag.view.y
    return View(x, y)


def dragged(plot: Plot, drag: Drag) -> View:
    """The view after moving the picture with the pointer; `plot` is from before the drag."""
    across = (drag.start[0] - drag.end[0]) / max(1, plot.area.width - 1)
    up = (drag.end[1] - drag.start[1]) / max(1, plot.area.height - 1)
    return panned(plot, drag.view, across, up)
