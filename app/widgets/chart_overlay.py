"""What lies over a finished chart: crosshair, points under it, marks, annotations, the box.

Everything here is a matter of some cells, so moving the crosshair never draws the chart again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct, field

from app.charts.palette import ChartTheme
from app.charts.picture import Area, Ink
from app.charts.plot import Plot
from app.charts.reading import read_at
from app.charts.traces import Trace

_Put = Callable[[int, int, str, Ink], None]


class OverlayCell(Struct, frozen=True):
    """A cell laid over the picture."""

    column: int
    text: str
    """One character; empty keeps the one below and changes only its ink."""
    ink: Ink


class Annotation(Struct, frozen=True):
    """A note at a place of the x axis."""

    x: float
    text: str
    key: str = ""
    """Key of the trace it belongs to; empty for all."""


class Overlay(Struct, frozen=True):
    """Cells by row, in order of their column."""

    rows: dict[int, list[OverlayCell]] = field(default_factory=dict)

    def columns(self) -> set[int]:
        """Columns with any cell."""
        return {cell.column for cells in self.rows.values() for cell in cells}


class OverlayState(Struct, frozen=True):
    """What shall lie over the chart."""

    pointer_x: float | None = None
    marks: tuple[float, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    box: Area | None = None
    """Part marked with the mouse, in cells of the picture."""


def make_overlay(
    plot: Plot | None, traces: Sequence[Trace], state: OverlayState, theme: ChartTheme
) -> Overlay:
    """The cells of an overlay; none without a plot area."""
    if plot is None or not plot.area.height:
        return Overlay()
    grid: dict[int, dict[int, OverlayCell]] = {}

    def put(row: int, column: int, text: str, ink: Ink) -> None:
        grid.setdefault(row, {})[column] = OverlayCell(column, text, ink)

    area = plot.area
    for note in state.annotations:
        column = plot.column_of(note.x)
        if column is not None:
            put(area.bottom, column, "▾", Ink(theme.accent, is_bold=True))
    if state.box is not None:
        box = state.box
        for row in range(max(area.y, box.y), min(area.bottom, box.bottom)):
            for column in range(max(area.x, box.x), min(area.right, box.right)):
                put(row, column, "", Ink(theme.text, theme.frame))
    for mark in state.marks:
        column = plot.column_of(mark)
        if column is not None:
            for row in range(area.y, area.bottom):
                put(row, column, "┆", Ink(theme.good))
    if state.pointer_x is not None:
        _add_crosshair(plot, traces, state.pointer_x, theme, put)
    return Overlay(
        {row: [cells[column] for column in sorted(cells)] for row, cells in grid.items()}
    )


def _add_crosshair(
    plot: Plot, traces: Sequence[Trace], x: float, theme: ChartTheme, put: _Put
) -> None:
    column = plot.column_of(x)
    if column is None:
        return
    for row in range(plot.area.y, plot.area.bottom):
        put(row, column, "│", Ink(theme.accent))
    reach = (plot.x_scale.high - plot.x_scale.low) / plot.area.width
    for reading in reversed(read_at(traces, x, reach=reach)):
        row_of_value, at = plot.row_of(reading.y), plot.column_of(reading.x)
        if row_of_value is not None and at is not None:
            put(row_of_value, at, "●", Ink(reading.color, is_bold=True))
