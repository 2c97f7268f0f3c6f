"""Curves in one line of text.

`sparkline` keeps the extremes of every cell: a cell that holds both a low and a high point
shows the one further from the middle. Gaps are blanks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.charts.palette import ChartTheme
from app.charts.picture import Ink, Picture, Sheet, Size, fit_text, text_width

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.charts.traces import Trace

BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: NDArray[np.float64] | Sequence[float], width: int) -> str:
    """Values as blocks of eight heights, at most `width` cells, blank where not finite."""
    numbers = np.asarray(values, dtype=np.float64)
    if not len(numbers) or width <= 0:
        return ""
    finite = numbers[np.isfinite(numbers)]
    if not len(finite):
        return " " * min(width, len(numbers))
    low, high = float(finite.min()), float(finite.max())
    cells = _thinned(numbers, width, (low + high) / 2)
    if high <= low:
        heights = np.full(len(cells), 3.0)
    else:
        heights = np.clip((cells / 2 - low / 2) / (high / 2 - low / 2) * 7.999, 0, 7)
    known = np.isfinite(cells).tolist()
    return "".join(
        BLOCKS[int(height)] if is_known else " "
        for height, is_known in zip(np.nan_to_num(heights).tolist(), known, strict=True)
    )


def value_text(value: float) -> str:
    """A value in at most ten characters: four significant digits, plain where that is short."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+inf" if value > 0 else "-inf"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    if 1e-3 <= abs(value) < 1e6:
        return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}"
    mantissa, _, exponent = f"{value:.3e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def sparkline_list(traces: Sequence[Trace], size: Size, theme: ChartTheme) -> Picture:
    """One line for each trace: name, sparkline, last value; as many as there is room for."""
    sheet = Sheet(size)
    shown = [trace for trace in traces if not trace.is_faint] or list(traces)
    for row, trace in enumerate(shown[: size.height]):
        if row == size.height - 1 and len(shown) > size.height:
            sheet.write(0, row, f"… {len(shown) - row} more", Ink(theme.muted))
            break
        last = value_text(float(trace.y[-1])) if len(trace.y) else "no points"
        name = fit_text(trace.label, max(4, size.width // 3))
        room = size.width - text_width(name) - text_width(last) - 2
        sheet.write(0, row, name, Ink(theme.text))
        sheet.write(text_width(name) + 1, row, sparkline(trace.y, room), Ink(trace.color))
        sheet.write(size.width - text_width(last), row, last, Ink(theme.text))
    return sheet.finish()


def _thinned(values: NDArray[np.float64], width: int, middle: float) -> NDArray[np.float64]:
    """One value for each cell: of the extremes of its stretch the one further out."""
    if len(values) <= width:
        return np.where(np.isfinite(values), values, np.nan)
    starts = np.linspace(0, len(values), width, endpoint=False).astype(np.int64)
    is_known = np.isfinite(values)
    lows = np.minimum.reduceat(np.where(is_known, values, np.inf), starts)
    highs = np.maximum.reduceat(np.where(is_known, values, -np.inf), starts)
    cells = np.where(highs - middle >= middle - lows, highs, lows)
    return np.where(np.isfinite(cells), cells, np.nan)
