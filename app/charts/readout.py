"""The list beside charts: every trace with its value at the crosshair, sorted by value.

It is the legend too. With more traces than rows the ends of the list stay and the middle is
counted. Two marks add what lies between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from app.charts.palette import DARK, ChartTheme
from app.charts.picture import Ink, Picture, Sheet, Size, fit_text, text_width
from app.charts.reading import Reading
from app.charts.sparkline import value_text

HEAD_ROWS = 2
SHORTEST_NAME = 10
"""Columns that a name keeps before anything but the value is written."""
_SWATCH, _PINNED = "●", "◆"


class ReadoutContent(Struct, frozen=True):
    """Everything the list says."""

    title: str = ""
    place: str = ""
    """Where the crosshair is, in words."""
    readings: tuple[Reading, ...] = ()
    """In the order of the list."""
    raw: Mapping[str, float] = field(default_factory=dict)
    """Values before smoothing by key of the trace; the smoothed one follows in brackets."""
    changes: Mapping[str, float] = field(default_factory=dict)
    """Difference of the values at two marks by key of the trace."""
    slopes: Mapping[str, float] = field(default_factory=dict)
    """That difference for one unit of the x axis."""
    behind: Mapping[str, float] = field(default_factory=dict)
    """How far each value is from the best one, by key of the trace."""
    markers: Mapping[str, str] = field(default_factory=dict)
    """Signs that stand for the traces where there are no colours, by key."""
    highlighted: str = ""
    pinned: frozenset[str] = frozenset()
    hidden_count: int = 0


class Readout(Struct, frozen=True, eq=False):
    """The picture, and which trace each row is about."""

    picture: Picture
    keys: tuple[str, ...]
    """For each row the key of its trace, or nothing."""


class _RowLook(Struct, frozen=True):
    is_highlighted: bool
    swatch: str
    theme: ChartTheme


def draw_readout(content: ReadoutContent, size: Size, theme: ChartTheme = DARK) -> Readout:
    """The list in exactly this size."""
    sheet = Sheet(size)
    width = size.width
    sheet.write(0, 0, fit_text(content.title, width), Ink(theme.text, is_bold=True))
    sheet.write(0, 1, fit_text(content.place, width), Ink(theme.muted))
    keys = [""] * size.height
    rows = _rows(content.readings, size.height - HEAD_ROWS - bool(content.hidden_count))
    shown = [row for row in rows if not isinstance(row, str)]
    texts = dict(zip((each.key for each in shown), _texts(shown, content, width), strict=True))
    change_width = _widths(list(texts.values()))[1]
    for at, row in enumerate(rows, start=HEAD_ROWS):
        if at >= size.height:
            break
        if isinstance(row, str):
            sheet.write(2, at, row, Ink(theme.muted))
            continue
        keys[at] = row.key
        key = row.key
        swatch = _PINNED if key in content.pinned else _SWATCH
        if not theme.has_color:
            swatch = content.markers.get(key, swatch)
        look = _RowLook(key == content.highlighted, swatch, theme)
        _write_row(sheet, at, row, (*texts[key], change_width), look)
    if content.hidden_count:
        text = f"{content.hidden_count} hidden · u shows them"
        sheet.write(0, size.height - 1, fit_text(text, width), Ink(theme.muted))
    return Readout(sheet.finish(), tuple(keys))


def _rows(readings: Sequence[Reading], room: int) -> list[Reading | str]:
    if len(readings) <= room or room < 3:
        return list(readings[: max(0, room)])
    top = (room - 1 + 1) // 2
    bottom = room - 1 - top
    left_out = len(readings) - top - bottom
    share = f"{left_out / len(readings):.0%} of {len(readings):,}"
    return [
        *readings[:top],
        f"… {left_out:,} more · {share}",
        *readings[len(readings) - bottom :],
    ]


def _fit_label(label: str, width: int) -> str:
    """The label cut to a width; what tells curves of a run apart stands at its end and stays."""
    head, dot, tail = label.rpartition(" · ")
    room = width - text_width(tail) - 3
    if text_width(label) <= width or not dot or room < 4:
        return fit_text(label, width)
    return f"{fit_text(head, room)} · {tail}"


def _write_row(
    sheet: Sheet,
    row: int,
    reading: Reading,
    texts: tuple[str, str, int],
    look: _RowLook,
) -> None:
    width, theme = sheet.size.width, look.theme
    is_highlighted = look.is_highlighted
    background = theme.grid if is_highlighted else None
    if is_highlighted:
        sheet.write(0, row, " " * width, Ink(theme.text, background))
    value, change, change_width = texts
    sheet.write(width - text_width(change), row, change, Ink(theme.muted, background))
    width -= change_width + bool(change_width)
    name = _fit_label(reading.label, max(0, width - text_width(value) - 3))
    sheet.write(0, row, look.swatch, Ink(reading.color, background))
    sheet.write(2, row, name, Ink(theme.text, background, is_bold=is_highlighted))
    ink = Ink(theme.text, background, is_bold=True)
    sheet.write(width - text_width(value), row, value, ink)


def _texts(
    readings: Sequence[Reading], content: ReadoutContent, width: int
) -> list[tuple[str, str]]:
    """For each row the value, and what stands behind it, alike in all rows.

    What matters least goes when there is no room beside the names: smoothed values first,
    then differences.
    """
    room = width - SHORTEST_NAME - 3
    rows = []
    for reading in readings:
        smoothed = value_text(reading.y)
        raw = content.raw.get(reading.key)
        value = smoothed if raw is None else value_text(raw)
        full = value if raw is None else f"{value} ({smoothed})"
        change, with_slope = _change_texts(reading.key, content)
        rows.append(((value, full), ("", change, with_slope)))
    for value_at, change_at in ((1, 2), (0, 2), (0, 1), (1, 0)):
        texts = [(values[value_at], changes[change_at]) for values, changes in rows]
        if sum(_widths(texts)) + 1 <= room:
            return texts
    return [(fit_text(values[0], max(8, room)), "") for values, _ in rows]


def _widths(texts: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Columns that the values and what is behind them need."""
    values, changes = zip(*texts, strict=True) if texts else ((), ())
    return max(map(text_width, values), default=0), max(map(text_width, changes), default=0)


def _change_texts(key: str, content: ReadoutContent) -> tuple[str, str]:
    """What follows the value: the change between two marks, or the distance to the best.

    Twice: without the slope and with it.
    """
    if key in content.changes:
        text = f"Δ{_signed(content.changes[key])}"
        slope = content.slopes.get(key)
        return text, text if slope is None else f"{text} {_signed(slope)}/x"
    text = f"Δ{_signed(content.behind[key])}" if content.behind.get(key) else ""
    return text, text


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{value_text(value)}"
