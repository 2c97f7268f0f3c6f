"""Draws what panels show: content and a size in, a picture out. Pure, for threads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from msgspec.structs import replace

from app.boards.contents import (
    ActivityContent,
    ChartContent,
    Content,
    CounterContent,
    EmptyContent,
    MediaPanelContent,
    NoteContent,
    PanelLook,
    ParallelContent,
    ScatterContent,
    TableContent,
)
from app.boards.digits import HEIGHT, large
from app.boards.drawing_parts import draw_activity, draw_texts, wrapped
from app.charts.line import draw_lines
from app.charts.palette import ChartTheme
from app.charts.parallel import ParallelOptions, draw_parallel
from app.charts.picture import (
    Area,
    Ink,
    Picture,
    Sheet,
    Size,
    fit_text,
    message_picture,
    text_width,
)
from app.charts.plot import Plot
from app.charts.scatter import ScatterOptions, draw_scatter
from app.charts.traces import Trace
from app.traces.build import ChartData, Plan
from app.traces.media import draw_media
from app.widgets.cells import Cell
from store.models import SequenceKind

TILE_WIDTH, TILE_HEIGHT = 40, 9
"""Smallest charts when a panel shows several."""
LEGEND_FROM_HEIGHT = 8


def draw_content(content: Content, size: Size, theme: ChartTheme, look: PanelLook) -> Picture:
    """A panel without its frame."""
    match content:
        case ChartContent():
            return _draw_chart(content, size, theme)
        case ScatterContent(x=x, y=y, color=color, title=title, better=better):
            options = ScatterOptions(title, color.shares(), better)
            return draw_scatter(x, y, size, options, theme).picture
        case ParallelContent(axes=axes):
            return draw_parallel(axes, size, ParallelOptions(), theme)
        case CounterContent(value=value, words=words):
            return _draw_counter(value, words, size, theme)
        case ActivityContent(times_s=times_s):
            return draw_activity(times_s, look.now_s, size, theme)
        case MediaPanelContent():
            return _draw_media(content, size, theme)
        case TableContent():
            return _draw_table(content, size, theme)
        case NoteContent(text=text):
            return wrapped(text, size, Ink(theme.text))
        case EmptyContent(why=why):
            return message_picture(why, size, Ink(theme.muted))


def _draw_chart(content: ChartContent, size: Size, theme: ChartTheme) -> Picture:
    plan = Plan(content.curves, content.options, theme, directions=content.directions)
    charts = [plan.chart(facet, content.points) for facet in plan.facets]
    if len(charts) == 1:
        # The panel has a title of its own.
        options = charts[0].options
        untitled = replace(options, labels=replace(options.labels, title=""))
        charts = [replace(charts[0], options=untitled)]
    sheet = Sheet(size)
    legend = _legend_traces(charts)
    has_legend = size.height >= LEGEND_FROM_HEIGHT and len(legend) > 1
    room = Size(size.width, size.height - has_legend)
    for area, chart in zip(_tiles(len(charts), room), charts, strict=False):
        room_here = Size(area.width, area.height)
        draw = chart.drawing or partial(_draw_lines, chart)
        sheet.paste(draw(room_here, theme).picture, area.x, area.y)
    if has_legend:
        _write_legend(sheet, legend, size.height - 1, theme)
    return sheet.finish()


def _draw_lines(chart: ChartData, size: Size, theme: ChartTheme) -> Plot:
    return draw_lines(chart.traces, size, chart.options, theme)


def _tiles(count: int, size: Size) -> list[Area]:
    """Places of some charts of one size; those without room are left out."""
    columns = max(1, min(count, size.width // TILE_WIDTH))
    rows = max(1, min(-(-count // columns), size.height // TILE_HEIGHT or 1))
    if rows * columns > count:
        columns = -(-count // rows)
    width, height = size.width // columns, size.height // rows
    return [
        Area(at % columns * width, at // columns * height, width, height)
        for at in range(min(count, rows * columns))
    ]


def _legend_traces(charts: Sequence[ChartData]) -> list[Trace]:
    named: dict[tuple[str, str], Trace] = {}
    for chart in charts:
        for trace in chart.traces:
            if not trace.is_faint:
                named.setdefault((trace.label, trace.color), trace)
    return list(named.values())


def _write_legend(sheet: Sheet, traces: Sequence[Trace], row: int, theme: ChartTheme) -> None:
    width, x = sheet.size.width, 1
    for at, trace in enumerate(traces):
        label = fit_text(trace.label, 24)
        rest = len(traces) - at
        more = f"+{rest} more"
        needed = text_width(label) + 4
        if x + needed + (len(more) if rest > 1 else 0) > width:
            sheet.write(x, row, more, Ink(theme.muted))
            return
        sheet.write(x, row, "●", Ink(trace.color))
        sheet.write(x + 2, row, label, Ink(theme.muted))
        x += needed


def _draw_counter(value: str, words: str, size: Size, theme: ChartTheme) -> Picture:
    sheet = Sheet(size)
    lines = large(value)
    if lines is None or size.height < HEIGHT or text_width(lines[0]) > size.width:
        lines_shown: tuple[str, ...] = (value,)
    else:
        lines_shown = lines
    top = max(0, (size.height - len(lines_shown) - 1) // 2)
    for row, line in enumerate(lines_shown):
        left = max(0, (size.width - text_width(lines_shown[-1])) // 2)
        sheet.write(
            left, top + row, fit_text(line, size.width), Ink(theme.accent, is_bold=True)
        )
    shown = fit_text(words, size.width)
    below = top + len(lines_shown)
    sheet.write((size.width - text_width(shown)) // 2, below, shown, Ink(theme.muted))
    return sheet.finish()


def _draw_media(content: MediaPanelContent, size: Size, theme: ChartTheme) -> Picture:
    sheet = Sheet(size)
    for area, part in zip(_shares(len(content.parts), size), content.parts, strict=True):
        caption = fit_text(f"{part.run_name} · {part.media.title}", area.width)
        sheet.write(area.x, area.y, caption, Ink(theme.muted))
        room = Size(area.width, area.height - 1)
        if part.media.kind is SequenceKind.TEXTS:
            steps = [part.media.steps[at] for at in part.media.shown]
            picture = draw_texts(steps, room, theme)
        else:
            picture = draw_media(part.media, room, theme).picture
        sheet.paste(picture, area.x, area.y + 1)
    return sheet.finish()


def _shares(count: int, size: Size) -> list[Area]:
    edges = [round(at * size.width / count) for at in range(count + 1)]
    return [
        Area(left, 0, max(1, right - left - (right < size.width)), size.height)
        for left, right in pairwise(edges)
    ]


def _draw_table(content: TableContent, size: Size, theme: ChartTheme) -> Picture:
    sheet = Sheet(size)
    _write_row(sheet, 0, [Cell(((c.title, "head"),), c.is_right) for c in content.columns],
               content, theme)  # fmt: skip
    for number, (_, cells) in enumerate(content.rows[: size.height - 1]):
        _write_row(sheet, number + 1, cells, content, theme)
    return sheet.finish()


def _write_row(
    sheet: Sheet, row: int, cells: Sequence[Cell], content: TableContent, theme: ChartTheme
) -> None:
    x = 0
    for cell, column in zip(cells, content.columns, strict=True):
        width = min(column.width, sheet.size.width - x)
        if width <= 0:
            return
        at = x + max(0, width - text_width(cell.text)) if cell.is_right else x
        for text, tone in cell.pieces:
            shown = fit_text(text, x + width - at)
            sheet.write(at, row, shown, _ink(tone, theme))
            at += text_width(shown)
        x += column.width + 1


def _ink(tone: str, theme: ChartTheme) -> Ink:
    if tone.startswith("chip:"):
        return Ink(tone.removeprefix("chip:"))
    colors = {
        "muted": theme.muted,
        "primary": theme.color(0),
        "accent": theme.accent,
        "success": theme.good,
        "best": theme.good,
        "warning": theme.accent,
        "error": theme.bad,
        "spark": theme.color(0),
    }
    return Ink(colors.get(tone, theme.text), is_bold=tone == "head")
