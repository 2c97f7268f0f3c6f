"""Pictures as files: plain text, ANSI, SVG and PNG; traces as CSV.

Dots, blocks and frames become shapes, so the result looks alike whatever fonts there are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import numpy as np

from app.charts.glyph_shapes import Shape, shapes_of
from app.charts.palette import rgb
from app.charts.picture import Ink, Picture, text_width

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import ImageDraw, ImageFont

    from app.charts.traces import Trace

CELL_WIDTH, CELL_HEIGHT = 10, 20
DARK_GROUND, LIGHT_GROUND = "#15181e", "#ffffff"
_FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf",
    "/System/Library/Fonts/Menlo.ttc",
    "C:/Windows/Fonts/consola.ttf",
)


def to_ansi(picture: Picture) -> str:
    """Lines with 24-bit colour codes, each ending in a reset."""
    lines = []
    for row in range(picture.size.height):
        parts = [_ansi(ink, text) for text, ink in picture.spans(row)]
        lines.append("".join(parts).rstrip())
    return "\n".join(lines)


def to_svg(picture: Picture, ground: str = DARK_GROUND, text: str = "#e4e7ec") -> str:
    """An SVG document with the picture at 10 x 20 units a cell."""
    width, height = picture.size.width * CELL_WIDTH, picture.size.height * CELL_HEIGHT
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="monospace" font-size="16">'
    )
    parts = [
        head,
        f'<rect width="{width}" height="{height}" fill="{ground}"/>',
    ]
    for x, y, char, ink in _inked_cells(picture):
        if ink.background:
            parts.append(
                f'<rect x="{x * CELL_WIDTH}" y="{y * CELL_HEIGHT}" width="{CELL_WIDTH}" '
                f'height="{CELL_HEIGHT}" fill="{ink.background}"/>'
            )
        parts.extend(_svg_cell(x, y, char, ink, ink.color or text))
    return "\n".join([*parts, "</svg>"]) + "\n"


def to_png(picture: Picture, ground: str = DARK_GROUND, text: str = "#e4e7ec") -> bytes:
    """A PNG of the picture at 10 x 20 pixels a cell."""
    # Pillow is only loaded when a picture is really exported.
    from PIL import Image, ImageDraw

    size = (picture.size.width * CELL_WIDTH, picture.size.height * CELL_HEIGHT)
    image = Image.new("RGB", size, rgb(ground))
    draw = ImageDraw.Draw(image)
    font = _font()
    for x, y, char, ink in _inked_cells(picture):
        left, top = x * CELL_WIDTH, y * CELL_HEIGHT
        if ink.background:
            box = (left, top, left + CELL_WIDTH - 1, top + CELL_HEIGHT - 1)
            draw.rectangle(box, fill=rgb(ink.background))
        shapes = shapes_of(char)
        color = rgb(ink.color or text)
        if shapes is None:
            draw.text((left, top + 1), char, fill=color, font=font)
        else:
            for shape in shapes:
                _draw_shape(draw, shape, (left, top), color)
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()


Columns = dict[str, "list[str] | NDArray[np.float64]"]
"""A table by the names of its columns, all of one length."""


def to_columns(traces: Sequence[Trace], x_name: str = "x") -> Columns:
    """The points of the traces: trace, x, value, then smoothed values and bands if any."""
    has_smoothed = any(trace.raw_y is not None for trace in traces)
    shown = [trace for trace in traces if not (trace.is_faint and has_smoothed)]
    names: list[str] = []
    for trace in shown:
        names.extend([trace.label] * len(trace.x))
    parts: dict[str, list[NDArray[np.float64]]] = {
        x_name: [trace.x for trace in shown],
        "value": [trace.y if trace.raw_y is None else trace.raw_y for trace in shown],
    }
    if has_smoothed:
        parts["smoothed"] = [trace.y for trace in shown]
    if any(trace.low is not None for trace in shown):
        nothing = [np.full(len(trace.x), np.nan) for trace in shown]
        parts["low"] = [
            nan if t.low is None else t.low for t, nan in zip(shown, nothing, strict=True)
        ]
        parts["high"] = [
            nan if t.high is None else t.high for t, nan in zip(shown, nothing, strict=True)
        ]
    table: Columns = {"trace": names}
    for name, columns in parts.items():
        table[name] = np.concatenate(columns) if columns else np.empty(0)
    return table


def to_csv(columns: Columns) -> str:
    """A table as CSV; numbers keep every digit."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*(list(column) for column in columns.values()), strict=True):
        writer.writerow([cell if isinstance(cell, str) else f"{cell:.17g}" for cell in row])
    return out.getvalue()


def to_json(columns: Columns) -> str:
    """A table as a JSON list with an object for each row; what is not finite becomes null."""
    rows = []
    for row in zip(*(list(column) for column in columns.values()), strict=True):
        cells = [
            cell if isinstance(cell, str) else float(cell) if np.isfinite(cell) else None
            for cell in row
        ]
        rows.append(dict(zip(columns, cells, strict=True)))
    return json.dumps(rows, ensure_ascii=False, indent=0) + "\n"


def _ansi(ink: Ink, text: str) -> str:
    codes = []
    if ink.is_bold:
        codes.append("1")
    if ink.is_dim:
        codes.append("2")
    if ink.color:
        codes.append("38;2;{};{};{}".format(*rgb(ink.color)))
    if ink.background:
        codes.append("48;2;{};{};{}".format(*rgb(ink.background)))
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if codes else text


def _inked_cells(picture: Picture) -> Iterator[tuple[int, int, str, Ink]]:
    """Every cell that shows something."""
    for row in range(picture.size.height):
        column = 0
        for text, ink in picture.spans(row):
            for char in text:
                if char != " " or ink.background:
                    yield column, row, char, ink
                column += text_width(char)


def _svg_cell(x: int, y: int, char: str, ink: Ink, color: str) -> Iterator[str]:
    left, top = x * CELL_WIDTH, y * CELL_HEIGHT
    shapes = shapes_of(char)
    if shapes is None:
        weight = ' font-weight="bold"' if ink.is_bold else ""
        if char != " ":
            yield f'<text x="{left}" y="{top + 15}" fill="{color}"{weight}>{escape(char)}</text>'
        return
    for kind, numbers in shapes:
        scaled = [
            value * (CELL_HEIGHT if index % 2 else CELL_WIDTH) + (top if index % 2 else left)
            for index, value in enumerate(numbers)
        ]
        if kind == "dot":
            yield f'<circle cx="{scaled[0]:g}" cy="{scaled[1]:g}" r="2.2" fill="{color}"/>'
        elif kind == "box":
            yield (
                f'<rect x="{scaled[0]:g}" y="{scaled[1]:g}" width="{numbers[2] * CELL_WIDTH:g}" '
                f'height="{numbers[3] * CELL_HEIGHT:g}" fill="{color}"/>'
            )
        else:
            ends = 'x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}"'.format(*scaled)
            yield f'<line {ends} stroke="{color}"/>'


def _draw_shape(
    draw: ImageDraw.ImageDraw,
    shape: Shape,
    origin: tuple[int, int],
    color: tuple[int, int, int],
) -> None:
    left, top = origin
    numbers = shape.numbers
    x, y = left + numbers[0] * CELL_WIDTH, top + numbers[1] * CELL_HEIGHT
    if shape.kind == "dot":
        draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=color)
    elif shape.kind == "box":
        right, bottom = x + numbers[2] * CELL_WIDTH - 1, y + numbers[3] * CELL_HEIGHT - 1
        draw.rectangle((x, y, max(x, right), max(y, bottom)), fill=color)
    else:
        end = (left + numbers[2] * CELL_WIDTH, top + numbers[3] * CELL_HEIGHT)
        draw.line((x, y, *end), fill=color)


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont | Any:
    from PIL import ImageFont

    for path in _FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, 16)
    return ImageFont.load_default(size=16)
