"""Plotly figures as far as a terminal can show them: curves, points, bars, heat maps.

Anything else is named, with what it holds, instead of being guessed at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.charts.heatmap import draw_matrix
from app.charts.histogram import draw_bars, draw_histogram
from app.charts.line import LineOptions, draw_lines
from app.charts.palette import DARK, ChartTheme
from app.charts.picture import Ink, Picture, Sheet, Size, fit_text, message_picture
from app.charts.plot import Labels
from app.charts.scale import ScaleKind
from app.charts.traces import Trace

_MATRICES = {"heatmap", "contour"}
_CURVES = {"scatter", "scattergl"}


def draw_figure(figure: Any, size: Size, theme: ChartTheme = DARK) -> Picture:
    """A figure, given as an object or its JSON text."""
    parsed = _parsed(figure)
    parts = [part for part in _items(parsed, "data") if isinstance(part, Mapping)]
    if not parts:
        return message_picture("an empty figure", size, Ink(theme.muted))
    title = _title(parsed)
    kinds = {str(part.get("type", "scatter")) for part in parts}
    if kinds <= _CURVES:
        return _draw_curves(parts, title, size, theme)
    if kinds == {"bar"}:
        part = parts[0]
        labels = [str(each) for each in _items(part, "x")]
        return draw_bars(labels, _numbers(part, "y").tolist(), size, title, theme)
    if kinds == {"histogram"}:
        return draw_histogram(_numbers(parts[0], "x"), size, title=title, theme=theme)
    if kinds <= _MATRICES and (matrix := _matrix(parts[0])) is not None:
        names = tuple([str(each) for each in _items(parts[0], axis)] for axis in ("y", "x"))
        return draw_matrix(matrix, (names[0], names[1]), size, title, theme)
    return _describe(parts, title, size, theme)


def _draw_curves(
    parts: Sequence[Mapping[str, Any]], title: str, size: Size, theme: ChartTheme
) -> Picture:
    traces = []
    for number, part in enumerate(parts):
        y = _numbers(part, "y")
        x = _numbers(part, "x") if _items(part, "x") else np.arange(float(len(y)))
        if len(x) != len(y) or not np.isfinite(x).all():
            x = np.arange(float(len(y)))
        is_path = bool((np.diff(x) < 0).any())
        name = str(part.get("name") or f"trace {number}")
        traces.append(Trace(str(number), name, x, y, theme.color(number), is_path=is_path))
    options = LineOptions(labels=Labels(title), x_kind=ScaleKind.LINEAR)
    return draw_lines(traces, size, options, theme).picture


def _describe(
    parts: Sequence[Mapping[str, Any]], title: str, size: Size, theme: ChartTheme
) -> Picture:
    sheet = Sheet(size)
    sheet.write(0, 0, fit_text(title or "figure", size.width), Ink(theme.text, is_bold=True))
    for row, part in enumerate(parts[: size.height - 1], start=1):
        lengths = [
            f"{key} {len(value)}" for key, value in part.items() if isinstance(value, list)
        ]
        text = f"{part.get('type', 'scatter')}: {', '.join(lengths) or 'no data'}"
        sheet.write(0, row, fit_text(text, size.width), Ink(theme.muted))
    return sheet.finish()


def _parsed(figure: Any) -> Mapping[str, Any]:
    for _ in range(2):
        if not isinstance(figure, str):
            break
        try:
            figure = json.loads(figure)
        except ValueError:
            return {}
    return figure if isinstance(figure, Mapping) else {}


def _title(figure: Mapping[str, Any]) -> str:
    layout = figure.get("layout")
    title = layout.get("title") if isinstance(layout, Mapping) else None
    if isinstance(title, Mapping):
        title = title.get("text")
    return str(title) if title else ""


def _items(part: Mapping[str, Any], key: str) -> list[Any]:
    value = part.get(key)
    return value if isinstance(value, list) else []


def _numbers(part: Mapping[str, Any], key: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([_number(each) for each in _items(part, key)], dtype=np.float64)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _matrix(
    part: Mapping[str, Any],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]] | None:
    rows = [row for row in _items(part, "z") if isinstance(row, list)]
    if not rows or len({len(row) for row in rows}) != 1:
        return None
    return np.array([[_number(each) for each in row] for row in rows], dtype=np.float64)
