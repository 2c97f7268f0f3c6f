"""Tables of numbers as colours: distributions over steps, confusion matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.charts.palette import DARK, ChartTheme, sequential
from app.charts.picture import (
    Ink,
    Picture,
    Sheet,
    Size,
    fit_text,
    message_picture,
    text_width,
)
from app.charts.plot import Labels, Plot, ground
from app.charts.scale import Scale, ScaleKind, fitted
from app.charts.sparkline import value_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = 32


class Histogram(Struct, frozen=True, eq=False):
    """Weights of bins of one width at one step."""

    step: int
    weights: NDArray[np.float64]
    low: float
    high: float


def draw_heat(
    values: NDArray[np.float64],
    scales: tuple[Scale, Scale],
    size: Size,
    labels: Labels,
    theme: ChartTheme = DARK,
) -> Plot:
    """A table of shares (0 to 1; NaN blank) filling a frame; row 0 is at the top.

    Columns and rows are stretched or thinned (keeping the largest) to what there is room for.
    """
    made = ground(size, scales, labels, theme, has_grid=False)
    area = made.area
    if not area.width or not area.height or not values.size:
        return made.finish()
    table = _fitted(values, area.height * 2, area.width)
    for row in range(area.height):
        upper, lower = table[row * 2], table[row * 2 + 1]
        for column in range(area.width):
            cell = _cell(upper[column], lower[column])
            if cell is not None:
                made.sheet.chars[area.y + row, area.x + column] = ord(cell[0])
                made.sheet.inks[area.y + row, area.x + column] = made.sheet.ink(cell[1])
    return made.finish()


def draw_distributions(
    histograms: Sequence[Histogram],
    size: Size,
    title: str = "",
    theme: ChartTheme = DARK,
) -> Plot:
    """Histograms over steps: the x axis is the step, the y axis the value, colour the share."""
    low = min((each.low for each in histograms), default=0.0)
    high = max((each.high for each in histograms), default=1.0)
    y_scale = fitted(ScaleKind.LINEAR, low, high)
    bins = max((len(each.weights) for each in histograms), default=1)
    table = np.zeros((max(bins, 2) * 2, len(histograms)))
    centres = y_scale.values(1.0 - (np.arange(table.shape[0]) + 0.5) / table.shape[0])
    for column, each in enumerate(histograms):
        table[:, column] = _shares_at(centres, each)
    peak = table.max(initial=0.0)
    shares = np.sqrt(table / peak) if peak > 0 else table
    shares[table == 0] = np.nan
    first, last = (histograms[0].step, histograms[-1].step) if histograms else (0, 1)
    x_scale = fitted(ScaleKind.STEPS, first, last)
    return draw_heat(shares, (x_scale, y_scale), size, Labels(title, "step"), theme)


def draw_matrix(
    values: NDArray[np.float64],
    names: tuple[Sequence[str], Sequence[str]],
    size: Size,
    title: str = "",
    theme: ChartTheme = DARK,
) -> Picture:
    """A matrix with a number in every cell, as a confusion matrix is shown."""
    rows, columns = values.shape if values.ndim == 2 else (0, 0)
    left = min(14, max((text_width(name) for name in names[0]), default=0)) + 1
    width = (size.width - left) // max(1, columns)
    if not rows or width < 3 or size.height < rows + 2:
        return message_picture("no room for the matrix", size, Ink(theme.muted))
    sheet = Sheet(size)
    sheet.write(left, 0, fit_text(title, size.width - left), Ink(theme.text, is_bold=True))
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if len(finite) else (0.0, 1.0)
    width, height = min(width, 12), min(3, (size.height - 2) // rows)
    for column, name in enumerate(names[1][:columns]):
        sheet.write(left + column * width, 1, fit_text(name, width - 1), Ink(theme.muted))
    for row in range(rows):
        top = 2 + row * height
        name = fit_text(names[0][row] if row < len(names[0]) else "", left - 1)
        sheet.write(0, top + height // 2, name, Ink(theme.muted))
        for column in range(columns):
            value = float(values[row, column])
            share = (value - low) / (high - low) if high > low else 0.5
            ink = Ink("#ffffff" if share < 0.55 else "#10131a", sequential(share))
            text = fit_text(value_text(value), width - 1)
            for line in range(height):
                shown = text.center(width - 1) if line == height // 2 else " " * (width - 1)
                sheet.write(left + column * width, top + line, shown, ink)
    return sheet.finish()


def _shares_at(centres: NDArray[np.float64], histogram: Histogram) -> NDArray[np.float64]:
    weights, low, high = histogram.weights, histogram.low, histogram.high
    total = weights.sum()
    if high <= low or not len(weights) or total <= 0:
        return np.zeros(len(centres))
    at = np.floor((centres - low) / (high - low) * len(weights)).astype(np.int64)
    is_inside = (at >= 0) & (at < len(weights))
    return np.where(is_inside, weights[np.clip(at, 0, len(weights) - 1)] / total, 0.0)


def _fitted(values: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
    """The table with this many rows and columns; thinned, the largest of a stretch stays."""
    known = np.where(np.isnan(values), -np.inf, values)
    for axis, wanted in ((0, rows), (1, columns)):
        count = known.shape[axis]
        if count > wanted:
            starts = np.linspace(0, count, wanted, endpoint=False).astype(np.int64)
            known = np.maximum.reduceat(known, starts, axis=axis)
        else:
            at = np.minimum(np.arange(wanted) * count // wanted, count - 1)
            known = known.take(at, axis=axis)
    return np.where(np.isinf(known), np.nan, known)


def _cell(upper: float, lower: float) -> tuple[str, Ink] | None:
    """Half block and ink of two shares, one above the other; None if both are blank."""
    if np.isnan(lower):
        return None if np.isnan(upper) else ("▀", Ink(_level(upper)))
    if np.isnan(upper):
        return "▄", Ink(_level(lower))
    return "▀", Ink(_level(upper), _level(lower))


def _level(share: float) -> str:
    return sequential(round(share * LEVELS) / LEVELS)
