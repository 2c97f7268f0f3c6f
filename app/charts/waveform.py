"""Sound as a picture: loudness over time. WAV files only, which the standard library reads."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import numpy as np

from app.charts.canvas import Canvas
from app.charts.palette import DARK, ChartTheme
from app.charts.picture import Area, Ink, Picture, Sheet, Size, message_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TYPES = {1: np.uint8, 2: np.int16, 4: np.int32}


def draw_waveform(data: bytes, size: Size, theme: ChartTheme = DARK) -> Picture:
    """The extremes of the first channel over time, with the length in words."""
    try:
        samples, rate = read_wav(data)
    except (wave.Error, EOFError, ValueError) as error:
        return message_picture(f"no waveform: {error}", size, Ink(theme.muted))
    sheet = Sheet(size)
    length_s = len(samples) / rate if rate else 0.0
    sheet.write(0, 0, f"{length_s:.2f} s · {rate:,} Hz", Ink(theme.muted))
    area = Area(0, 1, size.width, max(0, size.height - 1))
    if not len(samples) or not area.height:
        return sheet.finish()
    canvas = Canvas(Size(area.width, area.height))
    starts = np.linspace(0, len(samples), canvas.dots_across, endpoint=False).astype(np.int64)
    middle = (canvas.dots_down - 1) / 2
    tops = middle - np.maximum.reduceat(samples, starts) * middle
    bottoms = middle - np.minimum.reduceat(samples, starts) * middle
    canvas.fill_columns(np.round(tops).astype(np.int64), np.round(bottoms).astype(np.int64), 0)
    canvas.paint(sheet, area, [Ink(theme.color(0))])
    return sheet.finish()


def read_wav(data: bytes) -> tuple[NDArray[np.float64], int]:
    """Samples of the first channel from -1 to 1, and the samples a second.

    Raises:
        wave.Error: If this is not a WAV file.
        ValueError: If the samples are of a size that is not 8, 16 or 32 bits.
    """
    with wave.open(io.BytesIO(data)) as sound:
        width, channels = sound.getsampwidth(), sound.getnchannels()
        if width not in _TYPES:
            raise ValueError(f"samples of {8 * width} bits")
        raw = np.frombuffer(sound.readframes(sound.getnframes()), dtype=_TYPES[width])
        rate = sound.getframerate()
    first = (
        raw[: len(raw) // channels * channels].reshape(-1, channels)[:, 0].astype(np.float64)
    )
    if width == 1:
        return (first - 128) / 128, rate
    return first / float(2 ** (8 * width - 1)), rate
