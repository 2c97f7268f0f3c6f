"""What the mouse does in a table: choose, open, sort by a title, drag a border, mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import events
from textual.message import Message
from textual.widget import Widget

from app.widgets.grid_layout import ColumnLayout

if TYPE_CHECKING:
    from app.widgets.grid import GridView

GUTTER = 2
"""Screen cells at the left of a row on which a click marks."""
LEAST_WIDTH = 3


class GridMouse(Widget):
    """Mixed into `GridView`."""

    @dataclass
    class RowSelected(Message):
        """A row is to be opened."""

        grid: GridView
        row: int

        @property
        def control(self) -> GridView:
            """The grid, for handlers that name one."""
            return self.grid

    @dataclass
    class HeaderClicked(Message):
        """The title of a column was clicked."""

        grid: GridView
        column_id: str
        adds: bool = False
        """With shift or ctrl: the column is meant in addition."""

    @dataclass
    class GutterClicked(Message):
        """The left edge of a row was clicked."""

        grid: GridView
        row: int
        extends: bool
        """With shift: all rows from the cursor on are meant."""

    @dataclass
    class ColumnResized(Message):
        """The border of a column was dragged."""

        grid: GridView
        column_id: str
        width: int

    if TYPE_CHECKING:
        # Given by the grid.
        layout_of_columns: ColumnLayout
        row_count: int
        cursor_row: int
        cursor_column: int

    _dragged: tuple[int, int] | None = None
    """The column whose border is being dragged, and how much wider it is than the mouse is
    far."""

    def _as_grid(self) -> GridView:
        from app.widgets.grid import GridView

        assert isinstance(self, GridView)
        return self

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of a border between two titles."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y != 0 or event.button != 1:
            return
        at = self.layout_of_columns.border_at(offset.x, int(self.scroll_offset.x))
        if at is not None:
            self._dragged = at, self.layout_of_columns.columns[at].width - event.screen_x
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the border."""
        if self._dragged is None:
            return
        at, more = self._dragged
        grid, columns = self._as_grid(), list(self.layout_of_columns.columns)
        width = max(LEAST_WIDTH, event.screen_x + more)
        if width != columns[at].width:
            columns[at] = replace(columns[at], width=width)
            grid.set_columns(columns, grid.frozen_count)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the border go."""
        if self._dragged is None:
            return
        event.stop()
        column = self.layout_of_columns.columns[self._dragged[0]]
        self._dragged = None
        self.release_mouse()
        self.post_message(self.ColumnResized(self._as_grid(), column.id, column.width))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there; twice opens the row; titles and the left edge tell."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        scroll_x = int(self.scroll_offset.x)
        column = self.layout_of_columns.at(offset.x, scroll_x)
        if offset.y == 0:
            is_border = self.layout_of_columns.border_at(offset.x, scroll_x) is not None
            if column is not None and not is_border:
                self._title_clicked(column, adds=event.shift or event.ctrl)
            return
        row = offset.y - 1 + int(self.scroll_offset.y)
        if row >= self.row_count:
            return
        if offset.x < GUTTER:
            self.post_message(self.GutterClicked(self._as_grid(), row, event.shift))
            return
        if column is not None:
            self.cursor_column = column
        self.cursor_row = row
        if event.chain == 2:
            self.post_message(self.RowSelected(self._as_grid(), row))

    def _title_clicked(self, column: int, *, adds: bool) -> None:
        self.cursor_column = column
        column_id = self.layout_of_columns.columns[column].id
        self.post_message(self.HeaderClicked(self._as_grid(), column_id, adds))
