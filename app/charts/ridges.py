"""Distributions over steps as ridges: one hill for each step, the newest in front."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.charts.canvas import Canvas
from app.charts.heatmap import Histogram
from app.charts.palette import DARK, ChartTheme, faded, sequential
from app.charts.picture import Area, Ink, Size, message_picture
from app.charts.plot import Labels, Plot, ground
from app.charts.scale import ScaleKind, fitted
from app.charts.ticks import Ticks

MOST_RIDGES = 14
OVERLAP = 2.6
"""How many rows of hills a hill reaches over."""
SMALLEST = Size(24, 8)


def draw_ridges(
    histograms: Sequence[Histogram],
    size: Size,
    title: str = "",
    theme: ChartTheme = DARK,
) -> Plot:
    """Hills over the values, early steps at the back (top), late ones in front (bottom).

    With more steps than there is room for they are thinned evenly, first and last kept.
    """
    if size.width < SMALLEST.width or size.height < SMALLEST.height or not histograms:
        text = "no room" if histograms else "empty"
        return Plot(message_picture(text, size, Ink(theme.muted)), Area(0, 0, 0, 0))
    room = max(2, min(MOST_RIDGES, (size.height - 4) // 2))
    count = min(room, len(histograms))
    at = np.unique(np.linspace(0, len(histograms) - 1, count).round().astype(int))
    chosen = [histograms[index] for index in at.tolist()]
    low, high = min(each.low for each in chosen), max(each.high for each in chosen)
    x_scale = fitted(ScaleKind.LINEAR, low, high)
    y_scale = fitted(ScaleKind.LINEAR, -0.5, len(chosen) - 1 + OVERLAP)
    places = tuple(float(len(chosen) - 1 - number) for number in range(len(chosen)))
    names = tuple(f"{each.step:,}" for each in chosen)
    ticks = Ticks(places[::-1], names[::-1])
    made = ground(
        size, (x_scale, y_scale), Labels(title), theme, has_grid=False, ticks=(None, ticks)
    )
    area = made.area
    if not area.width or not area.height:
        return made.finish()
    canvas = Canvas(Size(area.width, area.height))
    inks: list[Ink] = []
    shares = (np.arange(canvas.dots_across) + 0.5) / canvas.dots_across
    values = x_scale.values(shares)
    peak = max(float(_density(each, values).max(initial=0.0)) for each in chosen) or 1.0
    horizon = np.full(canvas.dots_across, canvas.dots_down + 1)
    hills = []
    # From the front to the back, so that a hill hides what is behind it.
    for number, each in reversed(list(enumerate(chosen))):
        heights = _density(each, values) / peak * OVERLAP
        base = np.full(len(heights), places[number])
        bottoms = _rows(base, y_scale.low, y_scale.high, canvas.dots_down)
        tops = _rows(base + heights, y_scale.low, y_scale.high, canvas.dots_down)
        bottoms = np.minimum(bottoms, horizon - 1)
        horizon = np.minimum(horizon, tops)
        hills.append((number, tops, bottoms))
    for number, tops, bottoms in reversed(hills):
        color = sequential(0.15 + 0.85 * number / max(1, len(chosen) - 1))
        canvas.fill_band(tops, bottoms, len(inks))
        inks.append(Ink(faded(color, 0.45, theme.background)))
        canvas.fill_columns(tops, np.minimum(tops + 1, bottoms), len(inks))
        inks.append(Ink(color))
    canvas.paint(made.sheet, area, inks)
    return made.finish()


def _density(
    histogram: Histogram, values: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The share of the weights at each value, smoothly between the middles of bins."""
    total = float(histogram.weights.sum())
    count = len(histogram.weights)
    if total <= 0 or not count or histogram.high <= histogram.low:
        return np.zeros(len(values))
    width = (histogram.high - histogram.low) / count
    middles = histogram.low + width * (np.arange(count) + 0.5)
    density = histogram.weights / total / width
    found = np.interp(values, middles, density, left=0.0, right=0.0)
    return np.asarray(found, dtype=np.float64)


def _rows(
    places: np.ndarray[tuple[int], np.dtype[np.float64]], low: float, high: float, down: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.floor((1 - (places - low) / (high - low)) * (down - 1) + 0.5).astype(np.int64)
