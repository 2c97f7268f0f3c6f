"""`GridView`: a table that draws only what is visible, with a cursor and frozen columns.

A subclass says how many rows there are and gives the cells of one row; the grid asks only for
rows that it draws and keeps the lines it has drawn. The first screen line is the header.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from app.commands import Scope, bindings
from app.widgets.cells import Cell, Tones, line_segments, plain
from app.widgets.grid_layout import GAP, ColumnLayout, GridColumn
from app.widgets.grid_mouse import GridMouse

__all__ = ["GridColumn", "GridView"]


class GridView(GridMouse, ScrollView, can_focus=True):
    """Rows and columns with a cursor."""

    DEFAULT_CSS = """
    GridView { background: $background; scrollbar-size-horizontal: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.TABLE)

    cursor_row: reactive[int] = reactive(0, repaint=False)
    cursor_column: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class RowHighlighted(Message):
        """The cursor is on another row."""

        grid: GridView
        row: int
        """-1 if there is none."""

        @property
        def control(self) -> GridView:
            """The grid, for handlers that name one."""
            return self.grid

    @dataclass
    class ViewMoved(Message, bubble=False):
        """Other rows are visible now."""

        grid: GridView

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.layout_of_columns = ColumnLayout()
        self.row_count = 0
        self._lines: LRUCache[Hashable, tuple[Strip, Strip]] = LRUCache(512)
        self._painted: LRUCache[Hashable, Strip] = LRUCache(512)
        self._blank: Strip | None = None
        self._layout_version = 0
        self._tones: Tones | None = None

    # For subclasses

    def row_key(self, row: int) -> Hashable:
        """What a drawn line is kept under: it changes whenever the line would look different."""
        raise KeyError(row)

    def row_cells(self, row: int, columns: range) -> Sequence[Cell]:
        """Cells of a row in some columns, by their positions."""
        raise KeyError((row, columns))

    def row_style(self, row: int) -> Style | None:  # noqa: ARG002
        """A style laid over a whole row."""
        return None

    def title_cell(self, column: GridColumn) -> Cell:
        """The title of a column, with whatever marks it carries."""
        return plain(column.title, is_right=column.is_right)

    # Layout

    def set_columns(self, columns: Sequence[GridColumn], frozen_count: int = 0) -> None:
        """Show other columns."""
        self.layout_of_columns = ColumnLayout(columns, frozen_count)
        self.cursor_column = min(self.cursor_column, max(0, len(columns) - 1))
        self.relayout()

    @property
    def columns(self) -> tuple[GridColumn, ...]:
        """All columns in order."""
        return self.layout_of_columns.columns

    @property
    def frozen_count(self) -> int:
        """Columns at the left that do not scroll."""
        return self.layout_of_columns.frozen_count

    def set_row_count(self, row_count: int) -> None:
        """Show another number of rows."""
        self.row_count = row_count
        self._resize_virtual()
        self.cursor_row = min(max(0, self.cursor_row), max(0, row_count - 1))
        self.refresh()

    def relayout(self) -> None:
        """Forget all drawn lines."""
        self._layout_version += 1
        self._lines.clear()
        self._painted.clear()
        self._resize_virtual()
        self.refresh()

    def _resize_virtual(self) -> None:
        self.virtual_size = Size(self.layout_of_columns.width, self.row_count + 1)

    @property
    def page_rows(self) -> int:
        """Rows that fit under the header."""
        return max(1, self.scrollable_content_region.height - 1)

    @property
    def visible_rows(self) -> range:
        """Rows that are in sight."""
        first = min(self.scroll_offset.y, max(0, self.row_count - 1))
        return range(first, min(self.row_count, first + self.page_rows))

    @property
    def visible_columns(self) -> list[GridColumn]:
        """Columns that are at least partly in sight."""
        columns = self.columns
        frozen = list(columns[: self.frozen_count])
        return [*frozen, *(columns[at] for at in self._columns_in_sight())]

    def _columns_in_sight(self) -> range:
        return self.layout_of_columns.in_sight(self.scroll_offset.x, self.size.width)

    @property
    def column(self) -> GridColumn | None:
        """The column under the cursor."""
        return self.columns[self.cursor_column] if self.columns else None

    # Drawing

    @property
    def tones(self) -> Tones:
        """Styles of the theme in force."""
        if self._tones is None:
            variables = self.app.theme_variables
            self._tones = Tones(variables, is_dark=self.app.current_theme.dark)
        return self._tones

    def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)

    def _theme_changed(self, _: object) -> None:
        self._tones = self._blank = None
        self.relayout()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the screen.

        What looks the same is the same object, so scrolling styles, cuts and writes only the
        lines that are new.
        """
        if self.styles.gutter or self.opacity != 1.0:
            return super().render_lines(crop)
        width, background = self.size.width, self.background_colors[1]
        filters = self.get_line_filters()
        lines = []
        for y in crop.line_range:
            line = self.render_line(y)
            for each in filters:
                line = line.apply_filter(each, background)
            is_whole = crop.x == 0 and crop.right >= width
            lines.append(line if is_whole else line.crop(crop.x, crop.right))
        return lines

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the header or a row."""
        width = self.scrollable_content_region.width
        if y == 0:
            return self._header_line(width)
        row = y - 1 + self.scroll_offset.y
        if row >= self.row_count:
            return self._blank_line(width)
        if row == self.cursor_row:
            return self._cursor_line(row, width)
        over = self.row_style(row)
        key = (self.row_key(row), self._layout_version, self.scroll_offset.x, width, over)
        painted = self._painted.get(key)
        if painted is None:
            painted = self._painted[key] = self._line(row, width, over)
        return painted

    def _blank_line(self, width: int) -> Strip:
        if self._blank is None or self._blank.cell_length != width:
            self._blank = Strip.blank(width, self.tones.base)
        return self._blank

    def _line(self, row: int, width: int, over: Style | None) -> Strip:
        if over is None:
            strips = self._row_strips(row, is_painted=True)
            return self._joined(*strips, width, self.tones.base)
        strips = self._row_strips(row, is_painted=False)
        return self._joined(*strips, width).apply_style(self.tones.base + over)

    def _cursor_line(self, row: int, width: int) -> Strip:
        style, over = self.tones.base, self.row_style(row)
        if over is not None:
            style += over
        line = self._joined(*self._row_strips(row, is_painted=False), width)
        if not self.has_focus:
            return Strip(Segment.apply_style(line, style, self.tones.cursor_blurred), width)
        line = self._mark_column(line, width)
        return Strip(Segment.apply_style(line, style, self.tones.cursor), width)

    def _mark_column(self, line: Strip, width: int) -> Strip:
        return _styled(line, *self._cursor_span(width), self.tones.cursor_cell)

    def _cursor_span(self, width: int) -> tuple[int, int]:
        if not self.columns:
            return 0, 0
        start, stop = self.layout_of_columns.span(self.cursor_column, self.scroll_offset.x)
        return max(0, start), min(width, stop)

    def _row_strips(self, row: int, *, is_painted: bool) -> tuple[Strip, Strip]:
        shown = self._columns_in_sight()
        key = (self.row_key(row), self._layout_version, shown.start, shown.stop, is_painted)
        known = self._lines.get(key)
        if known is None:
            frozen = range(self.frozen_count)
            known = self._lines[key] = (
                self._strip(self.row_cells(row, frozen), frozen, is_painted=is_painted),
                self._strip(self.row_cells(row, shown), shown, is_painted=is_painted),
            )
        return known

    def _strip(
        self, cells: Sequence[Cell], columns: range, *, is_painted: bool = False
    ) -> Strip:
        widths = [self.columns[at].width for at in columns]
        drawn = line_segments(
            zip(cells, widths, strict=True), " " * GAP, self.tones, is_painted=is_painted
        )
        return Strip(drawn, sum(widths) + GAP * len(widths))

    def _joined(
        self, frozen: Strip, rest: Strip, width: int, ground: Style | None = None
    ) -> Strip:
        shown = self._columns_in_sight()
        layout = self.layout_of_columns
        first = layout.start(shown.start) - layout.frozen_width if shown else 0
        left = max(0, self.scroll_offset.x - first)
        room = max(0, width - frozen.cell_length)
        line = Strip.join([frozen, rest.crop(left, left + room)])
        return line.adjust_cell_length(width, ground)

    def _header_line(self, width: int) -> Strip:
        shown, frozen = self._columns_in_sight(), range(self.frozen_count)
        left, right = (
            self._strip([self.title_cell(self.columns[at]) for at in part], part)
            for part in (frozen, shown)
        )
        line = self._joined(left, right, width).apply_style(self.tones.header)
        if self.has_focus:
            line = _styled(line, *self._cursor_span(width), self.tones.header_cursor)
        if shown and shown.stop < len(self.columns):
            more = Strip([Segment(">", self.tones.header)], 1)
            line = Strip.join([line.crop(0, width - 1), more])
        return line

    # Moving

    def validate_cursor_row(self, row: int) -> int:
        """Keep the cursor on a row that exists."""
        return min(max(0, row), max(0, self.row_count - 1))

    def watch_cursor_row(self, old: int, new: int) -> None:
        """Repaint the two lines and bring the new one into sight."""
        self.refresh_row(old)
        self.refresh_row(new)
        self._scroll_into_sight()
        self.post_message(self.RowHighlighted(self, new if self.row_count else -1))

    def watch_cursor_column(self) -> None:
        """Repaint header and line, and bring the column into sight."""
        self.refresh_row(-1 + self.scroll_offset.y)
        self.refresh_row(self.cursor_row)
        self._scroll_into_sight()

    def refresh_row(self, row: int) -> None:
        """Repaint one row if it is in sight."""
        y = row + 1 - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _x_with_cursor(self) -> int:
        """How far to scroll across for the cursor column to be in sight."""
        x = self.scroll_offset.x
        if not self.columns:
            return x
        width = self.scrollable_content_region.width
        return self.layout_of_columns.scroll_to(self.cursor_column, x, width)

    def keep_cursor_column(self) -> None:
        """Bring the cursor column into sight after something took room away from the table."""
        if (x := self._x_with_cursor()) != self.scroll_offset.x:
            self.scroll_to(x=x, animate=False, force=True, immediate=True)

    def _scroll_into_sight(self) -> None:
        y = self.scroll_offset.y
        if self.cursor_row < y:
            y = self.cursor_row
        elif self.cursor_row >= y + self.page_rows:
            y = self.cursor_row - self.page_rows + 1
        x = self._x_with_cursor()
        if (x, y) != self.scroll_offset:
            self.scroll_to(x, y, animate=False, force=True, immediate=True)

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """The lines are cut elsewhere."""
        super().watch_scroll_x(old_value, new_value)
        self.post_message(self.ViewMoved(self))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other rows are in sight."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.ViewMoved(self))

    def action_cursor_up(self) -> None:
        """One row up."""
        self.cursor_row -= 1

    def action_cursor_down(self) -> None:
        """One row down."""
        self.cursor_row += 1

    def action_cursor_left(self) -> None:
        """One column left."""
        self.cursor_column = max(0, self.cursor_column - 1)

    def action_cursor_right(self) -> None:
        """One column right."""
        self.cursor_column = min(max(0, len(self.columns) - 1), self.cursor_column + 1)

    def action_page_up(self) -> None:
        """One page up."""
        self.cursor_row -= self.page_rows - 1 or 1

    def action_page_down(self) -> None:
        """One page down."""
        self.cursor_row += self.page_rows - 1 or 1

    def action_first_row(self) -> None:
        """To the first row."""
        self.cursor_row = 0

    def action_last_row(self) -> None:
        """To the last row."""
        self.cursor_row = self.row_count - 1

    def action_first_column(self) -> None:
        """To the first column."""
        self.cursor_column = 0

    def action_last_column(self) -> None:
        """To the last column."""
        self.cursor_column = max(0, len(self.columns) - 1)

    def on_focus(self) -> None:
        """The cursor looks different with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor looks different without the focus."""
        self.refresh()


def _styled(line: Strip, start: int, stop: int, style: Style) -> Strip:
    """A line with a style laid over a part of it."""
    if start >= stop:
        return line
    part = Strip(Segment.apply_style(line.crop(start, stop), None, style), stop - start)
    return Strip.join([line.crop(0, start), part, line.crop(stop)])
