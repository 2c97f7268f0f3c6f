"""Points of two fields, with the Pareto front of those that nothing else beats in both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.charts.axes import Axis
from app.charts.canvas import Canvas
from app.charts.envelope import path_dots
from app.charts.palette import DARK, ChartTheme, sequential
from app.charts.picture import Area, Ink, Size, fit_text, message_picture
from app.charts.plot import SMALLEST, Ground, Labels, Plot, ground
from app.charts.scale import Scale
from app.charts.ticks import Ticks

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = 16


class ScatterOptions(Struct, frozen=True, eq=False):
    """What to show of the points."""

    title: str = ""
    colors: NDArray[np.float64] | None = None
    """Share of 0 to 1 for each point, for its colour."""
    lower_is_better: tuple[bool, bool] | None = None
    """For x and y; with both the Pareto front is drawn."""
    current: int = -1
    """Index of the point under the cursor."""


def draw_scatter(
    x: Axis,
    y: Axis,
    size: Size,
    options: ScatterOptions | None = None,
    theme: ChartTheme = DARK,
) -> Plot:
    """A scatter of exactly this size; items that lack a value on either axis are left out."""
    options = options or ScatterOptions()
    is_known = np.isfinite(x.shares()) & np.isfinite(y.shares())
    if size.width < SMALLEST.width or size.height < SMALLEST.height or not is_known.any():
        text = "no room" if is_known.any() else "no run has both values"
        return Plot(message_picture(text, size, Ink(theme.muted)), Area(0, 0, 0, 0))
    scales = _with_margin(x.scale), _with_margin(y.scale)
    left_out = int((~is_known).sum())
    note = f"{left_out} without a value" if left_out else ""
    ticks = _category_ticks(x, size.width - 10), _category_ticks(y, size.height * 6)
    made = ground(size, scales, Labels(options.title, x.name, note), theme, ticks=ticks)
    xs, ys = x.values[is_known], y.values[is_known]
    if options.lower_is_better is not None:
        _draw_front(made, xs, ys, options.lower_is_better, theme)
    colors = None if options.colors is None else options.colors[is_known]
    _draw_points(made, xs, ys, colors, theme)
    if 0 <= options.current < len(x.values) and is_known[options.current]:
        _mark(made, float(x.values[options.current]), float(y.values[options.current]), theme)
    return made.finish(note)


def pareto_front(
    x: NDArray[np.float64], y: NDArray[np.float64], lower_is_better: tuple[bool, bool]
) -> NDArray[np.int64]:
    """Indices of the points that no other beats in both, ordered by x."""
    first = x if lower_is_better[0] else -x
    second = y if lower_is_better[1] else -y
    order = np.lexsort((second, first))
    best, front = np.inf, []
    for index in order.tolist():
        if second[index] < best:
            best = float(second[index])
            front.append(index)
    return np.array(front, dtype=np.int64)


def _with_margin(scale: Scale) -> Scale:
    return scale.part(-0.04, 1.04)


def _draw_points(
    made: Ground,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    colors: NDArray[np.float64] | None,
    theme: ChartTheme,
) -> None:
    plot = made.finish()
    for number in range(len(x)):
        column, row = plot.column_of(float(x[number])), plot.row_of(float(y[number]))
        if column is None or row is None:
            continue
        color = theme.color(0)
        if colors is not None and np.isfinite(colors[number]):
            color = sequential(0.2 + 0.8 * round(float(colors[number]) * LEVELS) / LEVELS)
        made.sheet.write(column, row, "●", Ink(color))


def _draw_front(
    made: Ground,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    lower_is_better: tuple[bool, bool],
    theme: ChartTheme,
) -> None:
    front = pareto_front(x, y, lower_is_better)
    canvas = Canvas(Size(made.area.width, made.area.height))
    dots = (canvas.dots_across, canvas.dots_down)
    # The front is a staircase: what lies behind a step is beaten by its corner.
    xs, ys = np.repeat(x[front], 2)[1:], np.repeat(y[front], 2)[:-1]
    columns, rows = path_dots(xs, ys, (made.x_scale, made.y_scale), dots)
    canvas.light_points(columns, rows, 0)
    canvas.paint(made.sheet, made.area, [Ink(theme.good)])


def _mark(made: Ground, x: float, y: float, theme: ChartTheme) -> None:
    plot = made.finish()
    column, row = plot.column_of(x), plot.row_of(y)
    if column is not None and row is not None:
        made.sheet.write(column, row, "◉", Ink(theme.accent, is_bold=True))


def _category_ticks(axis: Axis, room: int) -> Ticks | None:
    """Names in place of the numbers of categories; None for an axis of numbers."""
    if not axis.categories:
        return None
    width = max(3, room // len(axis.categories) - 2)
    stride = max(1, -(-len(axis.categories) * 3 // max(1, room)))
    numbers = range(0, len(axis.categories), stride)
    names = tuple(fit_text(axis.categories[at], width) for at in numbers)
    return Ticks(tuple(float(at) for at in numbers), names)
