"""`ChartGrid`: small multiples; a page of charts with one crosshair.

The arrows go from chart to chart, page keys to further charts, `enter` lets one chart fill
the grid. All charts point at the same x; they zoom together along x while `is_synchronised`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Grid
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from app.widgets.chart_pointer import View
from app.widgets.chart_surface import ChartContent, ChartSurface
from app.widgets.chart_view import ChartView

TILE_WIDTH, TILE_HEIGHT = 38, 11
"""Charts are not made smaller than this for the sake of more of them."""
DENSITIES = (1.0, 1.6, 2.6, 0.0)
"""How much larger than the smallest a chart shall be; 0 is one chart on a page."""


PLEASANT_RATIO = 3.4
"""Columns to rows of a chart that is easy to read; a cell is about twice as high as wide."""
HOLE_COST = 0.25
"""How much a place without a chart counts against an arrangement."""

Chart = TypeVar("Chart")


def balanced(total: int, size: tuple[int, int], most: tuple[int, int]) -> tuple[int, int]:
    """Columns and rows that show the most charts, in the shape that is easiest to read.

    Args:
        total: How many charts there are.
        size: Columns and rows of the screen for all of them.
        most: How many columns and rows of charts there is room for.
    """
    shown = min(total, most[0] * most[1])

    def cost(columns: int) -> float:
        rows = math.ceil(shown / columns)
        ratio = (max(1, size[0]) / columns) / (max(1, size[1]) / rows)
        holes = columns * rows - shown
        return abs(math.log(ratio / PLEASANT_RATIO)) + HOLE_COST * holes

    fitting = [
        each for each in range(1, min(most[0], shown) + 1) if math.ceil(shown / each) <= most[1]
    ]
    columns = min(fitting, key=cost)
    return columns, math.ceil(shown / columns)


class ChartGrid(Grid):
    """Charts in rows and columns."""

    DEFAULT_CSS = """
    ChartGrid { width: 1fr; height: 1fr; grid-gutter: 0 1; }
    ChartGrid > .empty { width: 1fr; height: 1fr; column-span: 9; }
    """

    contents: reactive[tuple[ChartContent, ...]] = reactive((), init=False)
    """All charts, of this and other pages."""
    page = reactive(0, init=False)
    density = reactive(0, init=False)
    """Index into `DENSITIES`."""
    single: reactive[str] = reactive("", init=False)
    """Name of the chart that fills the grid; empty for none."""

    @dataclass
    class Arranged(Message):
        """Other charts are in sight."""

        page: int
        page_count: int

    def __init__(self, *, id: str | None = None, empty_text: str = "") -> None:  # noqa: A002
        super().__init__(id=id)
        self.is_synchronised = True
        self.chart_class: type[ChartView] = ChartView
        """What charts are made of."""
        self._empty_text = empty_text
        self._slot_count = 0
        self.view = View()
        """The part of the x axis that all charts show."""

    def compose(self) -> ComposeResult:
        """Only the words for an empty grid; charts come when there is something to show."""
        yield Static(self._empty_text, classes="empty")

    def set_empty_text(self, text: str) -> None:
        """What to say when there is no chart."""
        self._empty_text = text
        for empty in self.query(".empty").results(Static):
            empty.update(text)

    @property
    def charts(self) -> list[ChartView]:
        """The charts in sight."""
        return [chart for chart in self.query(ChartView) if chart.display]

    @property
    def current(self) -> ChartView | None:
        """The focused chart, else the first one."""
        charts = self.charts
        focused = [chart for chart in charts if chart.has_focus]
        return focused[0] if focused else charts[0] if charts else None

    def chart_named(self, name: str) -> ChartView | None:
        """The chart of that name, if it is in sight."""
        return next((chart for chart in self.charts if chart.content.name == name), None)

    def reveal(self, name: str) -> None:
        """Bring the chart of that name into sight."""
        names = [content.name for content in self.contents]
        if name not in names:
            return
        if self.single:
            self.single = name
        else:
            self.page = names.index(name) // self.per_page(len(names))

    @property
    def page_count(self) -> int:
        """How many pages there are; at least one."""
        return max(1, math.ceil(len(self.contents) / self.per_page(len(self.contents))))

    # Arranging

    def watch_contents(self) -> None:
        """Show other charts."""
        self._arrange()

    def watch_page(self) -> None:
        """Show another page."""
        self._arrange()

    def watch_density(self) -> None:
        """Show more or fewer charts."""
        self.page = 0
        self._arrange()

    def watch_single(self) -> None:
        """Show one chart, or all again."""
        self._arrange()

    def on_resize(self) -> None:
        """Show as many charts as there is room for."""
        self._arrange()

    def turn_page(self, count: int) -> None:
        """Go some pages on, and round at the ends."""
        self.page = (self.page + count) % self.page_count

    def per_page(self, total: int, size: Size | None = None) -> int:
        """How many charts a page holds when there are `total`."""
        columns, rows = self._shape(total, size)
        return columns * rows

    def _shape(self, total: int, size: Size | None = None) -> tuple[int, int]:
        """Columns and rows."""
        total = 1 if self.single else total
        factor = DENSITIES[self.density]
        size = size if size is not None else self.size
        if not factor or total <= 1:
            return 1, 1
        most_columns = max(1, int(size.width / (TILE_WIDTH * math.sqrt(factor))))
        most_rows = max(1, int(size.height / (TILE_HEIGHT * math.sqrt(factor))))
        columns, rows = balanced(total, (size.width, size.height), (most_columns, most_rows))
        return columns, rows

    def visible_part(
        self, charts: Sequence[Chart], names: Sequence[str], size: Size | None = None
    ) -> Sequence[Chart]:
        """Those of some charts that would be in sight.

        A thread gives the size that the grid had: asking for it may lay the screen out.
        """
        if self.single in names:
            return [charts[names.index(self.single)]]
        count = self.per_page(len(charts), size)
        page = min(self.page, max(0, math.ceil(len(charts) / count) - 1))
        return charts[page * count : (page + 1) * count]

    def _visible(self) -> Sequence[ChartContent]:
        return self.visible_part(self.contents, [content.name for content in self.contents])

    def _arrange(self) -> None:
        if not self.is_attached or not self.size.width:
            return
        if self.page >= self.page_count:
            self.set_reactive(ChartGrid.page, self.page_count - 1)
        visible = self._visible()
        columns, rows = self._shape(len(self.contents))
        self.styles.grid_size_columns = columns
        self.styles.grid_size_rows = rows
        self.query_one(".empty").display = not visible
        charts = list(self.query(ChartView))
        while len(charts) < len(visible):
            chart = self.chart_class()
            chart.view = self.view
            self.mount(chart)
            charts.append(chart)
        for number, chart in enumerate(charts):
            chart.display = number < len(visible)
            if number < len(visible):
                chart.show_content(visible[number])
        self.post_message(self.Arranged(self.page, self.page_count))

    # Moving between charts

    @on(ChartView.FocusMoved)
    def _move_focus(self, message: ChartView.FocusMoved) -> None:
        self.move_focus(message.across, message.down)

    def move_focus(self, across: int, down: int) -> None:
        """Focus the chart beside, above or below; turn the page at the ends."""
        charts, current = self.charts, self.current
        if current is None:
            return
        if not current.has_focus:
            current.focus()
            return
        columns, _ = self._shape(len(self.contents))
        at = charts.index(current) + across + down * columns
        if 0 <= at < len(charts):
            charts[at].focus()
        elif self.page_count > 1:
            self.turn_page(1 if at >= len(charts) else -1)
            self.call_after_refresh(self._focus_end, first=at >= len(charts))

    def _focus_end(self, *, first: bool) -> None:
        if charts := self.charts:
            charts[0 if first else -1].focus()

    @on(ChartSurface.Pointed)
    def _share_pointer(self, message: ChartSurface.Pointed) -> None:
        for chart in self.charts:
            if chart is not message.chart:
                chart.point_at(message.x)

    @on(ChartSurface.Zoomed)
    def _share_zoom(self, message: ChartSurface.Zoomed) -> None:
        if not self.is_synchronised:
            return
        self.view = View(message.view.x)
        for chart in self.query(ChartView):
            if chart is not message.chart:
                chart.follow_view(
                    View(message.view.x, chart.view.y if message.view.x else None)
                )

    def show_view(self, view: View) -> None:
        """Show a part of the x axis in all charts."""
        self.view = view
        for chart in self.query(ChartView):
            chart.follow_view(View(view.x, chart.view.y))

    def forget_view(self) -> None:
        """Let charts that are made later show everything."""
        self.view = View()

    @on(ChartSurface.Opened)
    def _open(self, message: ChartSurface.Opened) -> None:
        name = message.chart.content.name
        self.single = "" if self.single else name
        self.call_after_refresh(self._focus_named, name)

    def _focus_named(self, name: str) -> None:
        for chart in self.charts:
            if chart.content.name == name:
                chart.focus()

    def close_single(self) -> bool:
        """Show all charts again; whether one filled the grid."""
        was_single, self.single = self.single, ""
        return bool(was_single)
