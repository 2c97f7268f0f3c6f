"""`LogView`: many lines with their own colours; only lines in sight are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from app.commands import Scope, bindings
from app.traces.log_text import LogRow

LEVEL_TONES = {10: "secondary", 20: "foreground", 30: "warning", 40: "error", 50: "error"}


class LogView(ScrollView, can_focus=True):
    """Lines of a log with a cursor."""

    DEFAULT_CSS = """
    LogView { width: 1fr; height: 1fr; background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.TABLE)

    cursor_row: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class Moved(Message):
        """The cursor is on another line, or the end is followed or not."""

    @dataclass
    class Opened(Message):
        """A line was clicked twice."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.rows: tuple[LogRow, ...] = ()
        self.needle = ""
        self.is_following = True
        self.keeps_cursor = False
        """Whether the line under the cursor is lit without the focus too."""

    def show_rows(self, rows: Sequence[LogRow], needle: str = "") -> None:
        """Show other lines; following it stays at the end, else on its line."""
        here = self.current
        self.rows, self.needle = tuple(rows), needle
        width = max((len(row.text) for row in rows), default=0)
        self.virtual_size = Size(width + 8, len(rows))
        if self.is_following:
            self.cursor_row = max(0, len(rows) - 1)
        else:
            places = (at for at, row in enumerate(self.rows) if row == here)
            self.cursor_row = next(places, min(self.cursor_row, max(0, len(rows) - 1)))
        self.refresh()
        if self.is_following:
            # How far one can scroll is known after the next layout only.
            self.call_after_refresh(self._keep_in_sight)

    def on_resize(self) -> None:
        """The line under the cursor stays in sight."""
        self.call_after_refresh(self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        """Go to the end while following, else to the cursor if it is out of sight."""
        top, height = self.scroll_offset.y, max(1, self.scrollable_content_region.height)
        if self.is_following:
            self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)
        elif not top <= self.cursor_row < top + height:
            middle = max(0, self.cursor_row - height // 2)
            self.scroll_to(y=middle, animate=False, immediate=True)

    @property
    def current(self) -> LogRow | None:
        """The line under the cursor."""
        return self.rows[self.cursor_row] if self.cursor_row < len(self.rows) else None

    def watch_cursor_row(self, old: int, new: int) -> None:
        """Keep the cursor in sight."""
        top, height = self.scroll_offset.y, max(1, self.scrollable_content_region.height)
        if new < top:
            self.scroll_to(y=new, animate=False, immediate=True)
        elif new >= top + height:
            self.scroll_to(y=new - height + 1, animate=False, immediate=True)
        if old != new:
            self.refresh()
            self.post_message(self.Moved())

    def go_to(self, row: int) -> None:
        """Put the cursor on a line, in the middle if it was out of sight."""
        height = max(1, self.scrollable_content_region.height)
        if not self.scroll_offset.y <= row < self.scroll_offset.y + height:
            self.scroll_to(y=max(0, row - height // 2), animate=False, immediate=True)
        self._move(row - self.cursor_row)
        self.call_after_refresh(self._keep_in_sight)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there; twice opens the line."""
        offset = event.get_content_offset(self)
        if offset is not None and self.rows:
            self._move(offset.y + self.scroll_offset.y - self.cursor_row)
            if event.chain == 2:
                self.post_message(self.Opened())

    def on_mouse_scroll_up(self) -> None:
        """Looking back stops following."""
        self.is_following = False
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        base = Style(bgcolor=self.background_colors[1].hex6)
        if at >= len(self.rows):
            return Strip.blank(width, base)
        row = self.rows[at]
        line = self._strip(row).crop(self.scroll_offset.x, self.scroll_offset.x + width)
        if at == self.cursor_row and (self.has_focus or self.keeps_cursor):
            base = Style(bgcolor=self._color("block-cursor-blurred-background"))
        return line.extend_cell_length(width).apply_style(base)

    def _strip(self, row: LogRow) -> Strip:
        text = Text.from_ansi(row.text)
        if row.level:
            text.stylize_before(self._color(LEVEL_TONES.get(row.level, "foreground")))
        if self.needle:
            style = Style(color=self._color("background"), bgcolor=self._color("accent"))
            text.highlight_words([self.needle], style, case_sensitive=False)
        number = Segment(f"{row.number:>6}  ", Style(color=self._color("border")))
        return Strip([number, *text.render(self.app.console)])

    def _color(self, name: str) -> str:
        value = self.app.theme_variables.get(name, "#808080")
        return value.split(" ")[0] if value.startswith("#") else "#808080"

    # Keys

    def action_cursor_up(self) -> None:
        """One line up."""
        self._move(-1)

    def action_cursor_down(self) -> None:
        """One line down."""
        self._move(1)

    def action_page_up(self) -> None:
        """One page up."""
        self._move(-self.scrollable_content_region.height)

    def action_page_down(self) -> None:
        """One page down."""
        self._move(self.scrollable_content_region.height)

    def action_first_row(self) -> None:
        """To the first line."""
        self._move(-len(self.rows))

    def action_last_row(self) -> None:
        """To the last line, and stay there."""
        self._move(len(self.rows))
        self.is_following = True

    def action_cursor_left(self) -> None:
        """Show what is further left."""
        self.scroll_relative(x=-8, animate=False)

    def action_cursor_right(self) -> None:
        """Show what is further right."""
        self.scroll_relative(x=8, animate=False)

    def _move(self, count: int) -> None:
        last = max(0, len(self.rows) - 1)
        self.cursor_row = min(max(0, self.cursor_row + count), last)
        self.is_following = self.cursor_row == last
        self.post_message(self.Moved())
