"""`PlotView`: shows a plot that is drawn in a thread.

A drawing is a function from a size and colours to a `Plot`. It runs in a worker whenever the
drawing, the size or the theme changes; painting only cuts finished strips. While a drawing is
under way the old picture stays. Subclasses lay cells over the picture with `lay_over`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from app.charts.palette import ChartTheme
from app.charts.picture import Ink, Picture, Size
from app.charts.plain import to_plain, to_plain_text
from app.charts.plot import Plot
from app.widgets.chart_colors import app_theme
from app.widgets.chart_overlay import Overlay, OverlayCell

Drawing = Callable[[Size, ChartTheme], Plot]

MANY_COLUMNS = 12
"""With more changed columns than this everything is painted."""


class PlotView(Widget):
    """A plot, drawn off the event loop."""

    DEFAULT_CSS = """
    PlotView { width: 1fr; height: 1fr; }
    """

    @dataclass
    class Drawn(Message, bubble=False):
        """A drawing is ready."""

        number: int
        """Which request it answers."""
        plot: Plot
        strips: list[Strip]

    def __init__(
        self,
        drawing: Drawing | None = None,
        *,
        id: str | None = None,  # noqa: A002 -- Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.plot: Plot | None = None
        """What is on screen now."""
        self._drawing = drawing
        self._strips: list[Strip] = []
        self._overlay = Overlay()
        self._wanted = 0
        self._is_drawing = False

    def show_drawing(self, drawing: Drawing | None) -> None:
        """Show another drawing; None shows nothing."""
        self._drawing = drawing
        self.redraw()

    def redraw(self) -> None:
        """Draw again what is shown."""
        self._wanted += 1
        if not self.is_attached or not self.size.width or not self.size.height:
            return
        if self._drawing is None:
            self.plot, self._strips = None, []
            self.refresh()
            return
        if not self._is_drawing:
            self._is_drawing = True
            self._start()

    def _start(self) -> None:
        drawing, number = self._drawing, self._wanted
        assert drawing is not None
        size = Size(self.size.width, self.size.height)
        theme = app_theme(self.app)
        ground = self.background_colors[1].hex6

        is_plain = wants_plain(self.app)

        def work() -> None:
            plot = drawing(size, theme)
            picture = to_plain(plot.picture) if is_plain else plot.picture
            self.post_message(self.Drawn(number, plot, to_strips(picture, ground)))

        self.run_worker(work, thread=True, group="draw", description="draw a chart")

    def on_plot_view_drawn(self, message: Drawn) -> None:
        """Show the finished picture, and go on if it is already out of date."""
        self._is_drawing = False
        self.plot, self._strips = message.plot, message.strips
        self.plot_drawn()
        self.refresh()
        if message.number != self._wanted:
            self.redraw()

    def plot_drawn(self) -> None:
        """Called when a new picture is about to be painted."""

    def lay_over(self, overlay: Overlay) -> None:
        """Lay other cells over the picture; only columns that change are painted."""
        columns = self._overlay.columns() | overlay.columns()
        self._overlay = overlay
        if len(columns) > MANY_COLUMNS:
            self.refresh()
        elif columns:
            self.refresh(*(Region(column, 0, 1, self.size.height) for column in columns))

    def render_line(self, y: int) -> Strip:
        """A finished strip with its overlay; nothing is drawn here."""
        width = self.size.width
        if y >= len(self._strips):
            return Strip.blank(width, self.rich_style)
        strip = self._strips[y]
        if cells := self._overlay.rows.get(y):
            ground = self.background_colors[1].hex6
            strip = _laid_over(strip, cells, ground, is_plain=wants_plain(self.app))
        return strip.adjust_cell_length(width, self.rich_style)

    def on_mount(self) -> None:
        """Follow the theme."""
        self.watch(self.app, "theme", self.redraw, init=False)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.redraw()


def wants_plain(app: App[object]) -> bool:
    """Whether the settings ask for plain characters."""
    config = getattr(app, "config", None)
    return bool(getattr(config, "ascii_only", False))


def to_strips(picture: Picture, ground: str | None) -> list[Strip]:
    """The rows of a picture as Textual wants them."""
    width = picture.size.width
    return [
        Strip(
            [Segment(text, rich_style(ink, ground)) for text, ink in picture.spans(row)], width
        )
        for row in range(picture.size.height)
    ]


@lru_cache(maxsize=4096)
def rich_style(ink: Ink, ground: str | None = None) -> Style:
    """An ink as Rich wants it, on a ground if it has none of its own."""
    return Style(
        color=ink.color,
        bgcolor=ink.background or ground,
        bold=ink.is_bold,
        dim=ink.is_dim,
        underline=ink.is_underlined,
    )


def _laid_over(
    strip: Strip, cells: Sequence[OverlayCell], ground: str, *, is_plain: bool
) -> Strip:
    parts, place = [], 0
    for cell in cells:
        parts.append(strip.crop(place, cell.column))
        place = cell.column + 1
        text = cell.text or strip.crop(cell.column, place).text or " "
        text = to_plain_text(text) if is_plain else text
        parts.append(Strip([Segment(text, rich_style(cell.ink, ground))], 1))
    parts.append(strip.crop(place))
    return Strip.join(parts)
