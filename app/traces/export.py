"""Writes a chart, or the data behind it, to a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from msgspec.structs import replace

from app.charts.export import (
    LIGHT_GROUND,
    Columns,
    to_ansi,
    to_columns,
    to_csv,
    to_json,
    to_png,
    to_svg,
)
from app.charts.line import draw_lines
from app.charts.palette import DARK, ChartTheme
from app.charts.picture import Picture, Size
from app.charts.plot import Plot
from app.traces.build import ChartData
from store.errors import StoreError
from store.tables import write_parquet

FORMATS = {
    "png": ("PNG", "a picture"),
    "svg": ("SVG", "a picture that stays sharp"),
    "csv": ("CSV", "the points of every trace"),
    "json": ("JSON", "the points of every trace"),
    "parquet": ("Parquet", "the points of every trace, small and typed"),
    "txt": ("Text", "characters without colour"),
    "ansi": ("ANSI", "characters with colour codes"),
}
"""Suffix of the file, title and help."""

DATA_FORMATS = ("csv", "json", "parquet")
LINK = "link"
"""Stands among the formats for the address of the query."""

PICTURE_SIZE = Size(140, 40)


class ExportFailedError(StoreError):
    """A file cannot be written."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"cannot write {path}: {why}")


def export_chart(
    data: ChartData, plot: Plot | None, suffix: str, path: Path, theme: ChartTheme = DARK
) -> str:
    """Write the chart as it is zoomed, and say where it went.

    Raises:
        ExportFailedError: If the file cannot be written.
    """
    options = data.options
    if plot is not None and plot.area.width:
        x, y = plot.x_scale, plot.y_scale
        options = replace(options, x_range=(x.low, x.high), y_range=(y.low, y.high))
    if suffix in DATA_FORMATS:
        return _write_data(_columns(data), suffix, path)
    if data.drawing is not None:
        drawn = data.drawing(PICTURE_SIZE, theme)
    else:
        options = replace(options, has_end_labels=not data.groups)
        drawn = draw_lines(data.traces, PICTURE_SIZE, options, theme)
    return _write(path, _as_picture(drawn.picture, suffix, theme))


def _columns(data: ChartData) -> Columns:
    """The points of the curves, or the values of the groups."""
    if not data.groups:
        return to_columns(data.traces, data.options.labels.x or "x")
    names = [group.label for group in data.groups for _ in group.values]
    return {"group": names, "value": np.concatenate([each.values for each in data.groups])}


def _write_data(columns: Columns, suffix: str, path: Path) -> str:
    if suffix == "csv":
        return _write(path, to_csv(columns).encode())
    if suffix == "json":
        return _write(path, to_json(columns).encode())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportFailedError(path, error.strerror or str(error)) from error
    write_parquet(path, columns)
    return f"Written to {path}"


def write_text(path: Path, text: str) -> str:
    """Write a text, and say where it went.

    Raises:
        ExportFailedError: If the file cannot be written.
    """
    return _write(path, text.encode())


def write_bytes(path: Path, content: bytes) -> str:
    """Write a file, and say where it went.

    Raises:
        ExportFailedError: If the file cannot be written.
    """
    return _write(path, content)


def _write(path: Path, content: bytes) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise ExportFailedError(path, error.strerror or str(error)) from error
    return f"Written to {path}"


def _as_picture(picture: Picture, suffix: str, theme: ChartTheme) -> bytes:
    ground, text = theme.background or LIGHT_GROUND, theme.text or "#000000"
    match suffix:
        case "png":
            return to_png(picture, ground, text)
        case "svg":
            return to_svg(picture, ground, text).encode()
        case "ansi":
            return (to_ansi(picture) + "\n").encode()
        case _:
            return (picture.text() + "\n").encode()
