"""Writes a chart, or the data behind it, to a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.charts.export import LIGHT_GROUND, to_ansi, to_csv, to_png, to_svg
from app.charts.line import draw_lines
from app.charts.palette import DARK, ChartTheme
from app.charts.picture import Picture, Size
from app.charts.plot import Plot
from app.traces.build import ChartData
from store.errors import StoreError

FORMATS = {
    "png": ("PNG", "a picture"),
    "svg": ("SVG", "a picture that stays sharp"),
    "csv": ("CSV", "the points of every trace"),
    "txt": ("Text", "characters without colour"),
    "ansi": ("ANSI", "characters with colour codes"),
}
"""Suffix of the file, title and help."""

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
    drawn = draw_lines(data.traces, PICTURE_SIZE, options, theme)
    if suffix == "csv":
        content = to_csv(data.traces, options.labels.x).encode()
    else:
        content = _as_picture(drawn.picture, suffix, theme)
    return _write(path, content)


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
