"""Everything that plotext draws for us, and the only module that calls it.

Plotext keeps one figure in module state, so a lock lets one thread draw at a time, and every
drawing starts from a clean figure. Written for plotext 5.3; version 6 has another interface.

What comes back is a `Picture` in our own colours: plotext's colours are read back from its
escape codes only where a chart of its own kind needs them.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import plotext
from msgspec import Struct

from app.charts.even_ticks import even_ticks
from app.charts.palette import ChartTheme, hex_color, rgb
from app.charts.picture import Area, Ink, Picture, Sheet, Size, fit_text
from app.charts.scale import ScaleKind, fitted
from app.charts.ticks import Ticks

_LOCK = threading.RLock()
_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
_CORNERS = "┌┐└"


class Frame(Struct, frozen=True, eq=False):
    """A frame with labels and the area inside it."""

    picture: Picture
    area: Area


@contextmanager
def figure(size: Size) -> Iterator[None]:
    """Plotext's figure, clean, without colours of its own and of exactly this size."""
    with _LOCK:
        plotext.clear_figure()
        plotext.limitsize(False, False)
        plotext.theme("clear")
        plotext.plotsize(size.width, size.height)
        yield


def build(theme: ChartTheme, size: Size) -> Picture:
    """The current figure as a picture: frame and labels in the colours of the theme."""
    return _read(plotext.build(), size, theme)


@lru_cache(maxsize=128)
def frame(
    size: Size,
    limits: tuple[tuple[float, float], tuple[float, float]],
    ticks: tuple[Ticks, Ticks],
    x_label: str,
    theme: ChartTheme,
) -> Frame:
    """An empty frame with ticks and labels; the area inside is blank.

    Limits and positions are in the units that are linear on the axis (logarithms for a log
    axis). Frames are cached, because a live chart mostly keeps its limits.
    """
    with figure(size):
        _set_axes(limits, ticks, x_label)
        plotext.scatter([limits[0][0]], [limits[1][0]], marker=" ")
        picture = build(theme, size)
    return Frame(picture, find_area(picture))


def bars(
    labels: Sequence[str], values: Sequence[float], size: Size, theme: ChartTheme
) -> Picture:
    """Upright bars, one for each label, which must be unique."""
    with figure(size):
        plotext.bar(list(labels), list(values), color=rgb(theme.color(0)), width=0.7)
        _set_round_ticks([0.0, *values], size)
        return build(theme, size)


def bars_at(
    places: Sequence[float],
    heights: Sequence[float],
    ticks: Ticks,
    size: Size,
    theme: ChartTheme,
) -> Picture:
    """Upright bars side by side at places of one distance."""
    with figure(size):
        plotext.bar(list(places), list(heights), color=rgb(theme.color(0)), width=1)
        plotext.xticks(list(ticks.positions), list(ticks.labels))
        _set_round_ticks([0.0, *heights], size)
        return build(theme, size)


def _set_round_ticks(values: Sequence[float], size: Size) -> None:
    """Ticks of the y axis at round values instead of plotext's own."""
    scale = fitted(ScaleKind.LINEAR, min(values, default=0.0), max(values, default=1.0))
    ticks = even_ticks(scale, max(2, size.height // 4), size.height - 3)
    plotext.yticks(list(ticks.positions), list(ticks.labels))


def _set_axes(
    limits: tuple[tuple[float, float], tuple[float, float]],
    ticks: tuple[Ticks, Ticks],
    x_label: str,
) -> None:
    plotext.xlim(*limits[0])
    plotext.ylim(*limits[1])
    plotext.xticks(list(ticks[0].positions), list(ticks[0].labels))
    plotext.yticks(list(ticks[1].positions), list(ticks[1].labels))
    if x_label:
        plotext.xlabel(x_label)


def find_area(picture: Picture) -> Area:
    """The inside of the frame that plotext drew; empty when there was no room for one."""
    height = picture.size.height
    rows = [picture.line(row) for row in range(height)]
    top = next((row for row, line in enumerate(rows) if _CORNERS[0] in line), None)
    if top is None or _CORNERS[1] not in rows[top]:
        return Area(0, 0, 0, 0)
    left, right = rows[top].index(_CORNERS[0]), rows[top].rindex(_CORNERS[1])
    bottom = next(
        (row for row in range(top + 1, height) if rows[row][left : left + 1] == _CORNERS[2]),
        height,
    )
    return Area(left + 1, top + 1, right - left - 1, bottom - top - 1)


def _read(text: str, size: Size, theme: ChartTheme) -> Picture:
    sheet = Sheet(size)
    line_ink, label_ink = Ink(theme.frame), Ink(theme.muted)
    for row, line in enumerate(text.split("\n")[: size.height]):
        column, color = 0, None
        for part, codes in _parts(line):
            for run, is_line in _runs(part):
                plain = line_ink if is_line else label_ink
                sheet.write(column, row, run, Ink(color) if color else plain)
                column += len(run)
            color = _color(codes, color)
    return sheet.finish()


def _parts(line: str) -> Iterator[tuple[str, str]]:
    """Pieces of text, each with the escape code that follows it."""
    start = 0
    for match in _ESCAPE.finditer(line):
        yield line[start : match.start()], match.group(1)
        start = match.end()
    yield line[start:], ""


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """The text split into lines of a frame and everything else."""
    for match in re.finditer(r"[┌┐└┘─│┤├┬┴┼]+|[^┌┐└┘─│┤├┬┴┼]+", text):
        yield match.group(), match.group()[0] in "┌┐└┘─│┤├┬┴┼"


def _color(codes: str, current: str | None) -> str | None:
    match codes.split(";"):
        case ["38", "2", red, green, blue]:
            return hex_color(int(red), int(green), int(blue))
        case ["0"]:
            return None
        case _:
            return current


def short_labels(labels: Sequence[str], width: int) -> list[str]:
    """Labels cut to a width and made unique, as plotext needs them."""
    seen: dict[str, int] = {}
    short: list[str] = []
    for label in labels:
        text = fit_text(label, width)
        count = seen.get(text, 0)
        seen[text] = count + 1
        short.append(text if not count else fit_text(f"{count + 1} {label}", width))
    return short
