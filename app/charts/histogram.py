"""Histograms and bars, drawn by plotext in our colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.charts import plotext_backend
from app.charts.palette import DARK, ChartTheme
from app.charts.picture import Ink, Picture, Sheet, Size, fit_text, message_picture
from app.charts.scale import ScaleKind, fitted
from app.charts.ticks import ticks_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SMALLEST = Size(12, 5)


def draw_weights(
    weights: NDArray[np.float64],
    limits: tuple[float, float],
    size: Size,
    title: str = "",
    theme: ChartTheme = DARK,
) -> Picture:
    """Bins of one width from the lower to the upper limit."""
    if size.width < SMALLEST.width or size.height < SMALLEST.height or not len(weights):
        return message_picture("no room" if len(weights) else "empty", size, Ink(theme.muted))
    low, high = limits if limits[1] > limits[0] else (limits[0] - 0.5, limits[0] + 0.5)
    width = (high - low) / len(weights)
    centres = low + width * (np.arange(len(weights)) + 0.5)
    scale = fitted(ScaleKind.LINEAR, low, high)
    drawn = plotext_backend.bars_at(
        centres.tolist(),
        np.nan_to_num(weights).tolist(),
        ticks_of(scale, max(2, size.width // 12)),
        Size(size.width, size.height - 1),
        theme,
    )
    return _titled(drawn, title, size, theme)


def draw_histogram(
    values: ArrayLike, size: Size, *, bins: int = 0, title: str = "", theme: ChartTheme = DARK
) -> Picture:
    """How often values occur; what is not finite is counted in the title.

    Args:
        values: Any numbers.
        size: Of the picture.
        bins: How many bins; 0 fits them to the width.
        title: In the first line.
        theme: The colours.
    """
    numbers = np.asarray(values, dtype=np.float64)
    finite = numbers[np.isfinite(numbers)]
    if not len(finite):
        return message_picture("no finite values", size, Ink(theme.muted))
    left_out = len(numbers) - len(finite)
    count = bins or max(4, min(40, (size.width - 8) // 2))
    scale = fitted(ScaleKind.LINEAR, float(finite.min()), float(finite.max()))
    weights, _ = np.histogram(finite, bins=count, range=(scale.low, scale.high))
    named = f"{title} · {left_out:,} not finite" if left_out else title
    limits = (scale.low, scale.high)
    return draw_weights(weights.astype(np.float64), limits, size, named, theme)


def draw_bars(
    labels: Sequence[str],
    values: Sequence[float],
    size: Size,
    title: str = "",
    theme: ChartTheme = DARK,
) -> Picture:
    """A bar for each label; values that are not finite have none."""
    if size.width < SMALLEST.width or size.height < SMALLEST.height or not labels:
        return message_picture("no room" if labels else "empty", size, Ink(theme.muted))
    room = max(3, (size.width - 8) // len(labels) - 1)
    drawn = plotext_backend.bars(
        plotext_backend.short_labels(labels, room),
        np.nan_to_num(np.asarray(values, dtype=np.float64), posinf=0, neginf=0).tolist(),
        Size(size.width, size.height - 1),
        theme,
    )
    return _titled(drawn, title, size, theme)


def _titled(drawn: Picture, title: str, size: Size, theme: ChartTheme) -> Picture:
    sheet = Sheet(size)
    sheet.write(1, 0, fit_text(title, size.width - 1), Ink(theme.text, is_bold=True))
    sheet.paste(drawn, 0, 1)
    return sheet.finish()
