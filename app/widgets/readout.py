"""`ReadoutPanel`: legend and values of the chart in focus, as a list that can be clicked."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from app.charts.picture import Size
from app.charts.plain import to_plain
from app.charts.readout import ReadoutContent, draw_readout
from app.widgets.chart_colors import app_theme
from app.widgets.plot_view import to_strips, wants_plain


class ReadoutPanel(Widget):
    """The values under the crosshair."""

    DEFAULT_CSS = """
    ReadoutPanel { width: 27%; min-width: 32; max-width: 56; height: 1fr; background: $background; }
    """

    @dataclass
    class TraceChosen(Message):
        """A row was clicked."""

        key: str
        is_double: bool

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._content = ReadoutContent()
        self._strips: list[Strip] = []
        self._keys: tuple[str, ...] = ()

    def show(self, content: ReadoutContent) -> None:
        """Show other values."""
        self._content = content
        self._rebuild()

    def on_resize(self) -> None:
        """Fit the list to the new size."""
        self._rebuild()

    def on_mount(self) -> None:
        """Follow the theme."""
        self.watch(self.app, "theme", self._rebuild, init=False)

    def render_line(self, y: int) -> Strip:
        """A finished row."""
        if y >= len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        return self._strips[y]

    def on_click(self, event: events.Click) -> None:
        """Tell which trace was chosen."""
        if 0 <= event.y < len(self._keys) and self._keys[event.y]:
            self.post_message(self.TraceChosen(self._keys[event.y], event.chain == 2))

    def _rebuild(self) -> None:
        if not self.is_attached or not self.size.width or not self.size.height:
            return
        theme = app_theme(self.app)
        drawn = draw_readout(self._content, Size(self.size.width, self.size.height), theme)
        self._keys = drawn.keys
        picture = to_plain(drawn.picture) if wants_plain(self.app) else drawn.picture
        self._strips = to_strips(picture, self.background_colors[1].hex6)
        self.refresh()
