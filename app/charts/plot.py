"""`Plot`: a picture with axes that one can point at, and the frame all such charts share.

The frame comes from plotext with ticks of ours; what is inside is drawn by the caller on the
sheet of a `Ground`.
"""

from __future__ import annotations

import math

from msgspec import Struct, field
from msgspec.structs import replace

from app.charts.even_ticks import even_ticks
from app.charts.palette import ChartTheme
from app.charts.picture import Area, Ink, Picture, Sheet, Size, fit_text, text_width
from app.charts.plotext_backend import Frame, frame
from app.charts.scale import Scale
from app.charts.ticks import Ticks, ticks_of

SMALLEST = Size(18, 5)
"""Below this there is no room for a frame."""


class Plot(Struct, frozen=True, eq=False):
    """A chart with a plot area whose cells stand for values."""

    picture: Picture
    area: Area
    """Inside of the frame; empty when there was no room for one."""
    x_scale: Scale = field(default_factory=Scale)
    y_scale: Scale = field(default_factory=Scale)
    summary: str = ""
    """What could not be drawn, in words."""

    def x_at(self, column: float) -> float:
        """The x value in the middle of a column of the picture."""
        share = (column - self.area.x) / max(1, self.area.width - 1)
        return self.x_scale.value(share)

    def y_at(self, row: float) -> float:
        """The y value in the middle of a row of the picture."""
        share = 1.0 - (row - self.area.y) / max(1, self.area.height - 1)
        return self.y_scale.value(share)

    def column_of(self, x: float) -> int | None:
        """The column of an x value; None outside the area."""
        return self._place(self.x_scale, x, self.area.width, self.area.x)

    def row_of(self, y: float) -> int | None:
        """The row of a y value; None outside the area."""
        place = self._place(self.y_scale, y, self.area.height, 0)
        return None if place is None else self.area.y + self.area.height - 1 - place

    @staticmethod
    def _place(scale: Scale, value: float, cells: int, start: int) -> int | None:
        share = float(scale.shares(value))
        if math.isnan(share) or not cells:
            return None
        cell = math.floor(share * (cells - 1) + 0.5)
        return start + cell if 0 <= cell < cells else None


class Labels(Struct, frozen=True):
    """The words around a plot."""

    title: str = ""
    x: str = ""
    note: str = ""
    """Shown at the right of the title."""
    y_columns: int = 0
    """Columns that the numbers of the y axis take at least: charts over one another line up."""


class Ground(Struct, eq=False):
    """A sheet with a frame, ready to be drawn into."""

    sheet: Sheet
    area: Area
    x_scale: Scale
    y_scale: Scale

    def finish(self, summary: str = "") -> Plot:
        """The plot."""
        return Plot(self.sheet.finish(), self.area, self.x_scale, self.y_scale, summary)


def ground(
    size: Size,
    scales: tuple[Scale, Scale],
    labels: Labels,
    theme: ChartTheme,
    *,
    has_grid: bool = True,
    ticks: tuple[Ticks | None, Ticks | None] = (None, None),
) -> Ground:
    """A titled frame of the size; `size` must not be too small.

    Args:
        size: Of the whole.
        scales: Of x and y.
        labels: Title and name of the x axis.
        theme: Colours.
        has_grid: Whether lines cross the area at the ticks of the y axis.
        ticks: For x and y in place of those at round values.
    """
    x_scale, y_scale = scales
    top = 1 if labels.title or labels.note else 0
    inner = Size(size.width, size.height - top)
    x_name = labels.x if inner.height >= 10 else ""
    y_ticks = ticks[1] or even_ticks(
        y_scale, max(2, min(10, round(inner.height * 0.4))), inner.height - _around(x_name)
    )
    y_ticks = _widened(y_ticks, labels.y_columns)
    gutter = max((text_width(label) for label in y_ticks.labels), default=0) + 2
    room = max(1, inner.width - gutter)
    x_ticks = ticks[0] or _spaced(x_scale, room)
    shown = frame(
        inner,
        (_limits(x_scale), _limits(y_scale)),
        (_inner(x_ticks, x_scale), _inner(y_ticks, y_scale)),
        x_name,
        theme,
    )
    sheet = Sheet(size)
    sheet.paste(shown.picture, 0, top)
    area = _moved(shown, top)
    if top:
        _write_title(sheet, labels, theme, area)
    made = Ground(sheet, area, x_scale, y_scale)
    if has_grid and area.height >= 6:
        _draw_grid(made, theme)
    return made


def _around(x_name: str) -> int:
    """Rows of a frame that are not inside of it: its lines, numbers, and a name."""
    return 4 if x_name else 3


def _spaced(scale: Scale, width: int) -> Ticks:
    """Ticks whose labels keep clear of each other."""
    count = max(2, min(12, width // 10))
    while True:
        ticks = ticks_of(scale, count)
        needed = sum(text_width(label) + 2 for label in ticks.labels)
        if needed <= width or count <= 1:
            return ticks
        count -= 1


def _widened(ticks: Ticks, columns: int) -> Ticks:
    labels = (" " * (columns - text_width(label)) + label for label in ticks.labels)
    return replace(ticks, labels=tuple(labels))


def _limits(scale: Scale) -> tuple[float, float]:
    if scale.is_log:
        return math.log10(scale.low), math.log10(scale.high)
    return scale.low, scale.high


def _inner(ticks: Ticks, scale: Scale) -> Ticks:
    if not scale.is_log:
        return ticks
    return replace(ticks, positions=tuple(math.log10(at) for at in ticks.positions))


def _moved(shown: Frame, rows: int) -> Area:
    return shown.area._replace(y=shown.area.y + rows)


def _write_title(sheet: Sheet, labels: Labels, theme: ChartTheme, area: Area) -> None:
    left = area.x - 1 if area.width else 0
    room = sheet.size.width - left
    note = fit_text(labels.note, room // 2)
    title = fit_text(labels.title, room - (text_width(note) + 2 if note else 0))
    sheet.write(left, 0, title, Ink(theme.text, is_bold=True))
    if note:
        sheet.write(sheet.size.width - text_width(note), 0, note, Ink(theme.bad))


def _draw_grid(made: Ground, theme: ChartTheme) -> None:
    """Lines at the ticks that the frame has on its left side."""
    area, ink = made.area, Ink(theme.grid)
    for row in range(area.y + 1, area.bottom - 1):
        if made.sheet.chars[row, area.x - 1] == ord("┤"):
            made.sheet.write(area.x, row, "┈" * area.width, ink)
