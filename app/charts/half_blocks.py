"""Images as half blocks: two pixels a cell, one above the other."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from app.charts.palette import hex_color
from app.charts.picture import Ink, Picture, Sheet, Size, message_picture

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 64_000_000
"""Larger images are not opened: they could fill the memory."""


def draw_image(data: bytes, size: Size, muted: str | None = None) -> Picture:
    """An encoded image as large as fits into the size, in its proportions, in the middle.

    What cannot be decoded becomes a sentence.
    """
    # Pillow is only loaded when there is an image to show.
    from PIL import Image, UnidentifiedImageError

    if size.width < 1 or size.height < 1:
        return Sheet(size).finish()
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                text = f"{opened.width} x {opened.height}: too large to show"
                return message_picture(text, size, Ink(muted))
            return draw_pixels(opened, size)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        return message_picture(f"not an image: {error}", size, Ink(muted))


def draw_pixels(image: Image, size: Size) -> Picture:
    """An image in memory as half blocks."""
    from PIL import Image as Images

    scale = min(size.width / image.width, size.height * 2 / image.height)
    width = max(1, min(size.width, round(image.width * scale)))
    height = max(2, min(size.height * 2, round(image.height * scale)) // 2 * 2)
    # Small images (digits, masks) keep their pixels sharp.
    how = Images.Resampling.NEAREST if scale > 1 else Images.Resampling.LANCZOS
    pixels = np.asarray(image.convert("RGB").resize((width, height), how))
    sheet = Sheet(size)
    left, top = (size.width - width) // 2, (size.height - height // 2) // 2
    for row in range(height // 2):
        upper, lower = pixels[row * 2].tolist(), pixels[row * 2 + 1].tolist()
        for column, (above, below) in enumerate(zip(upper, lower, strict=True)):
            ink = Ink(hex_color(*above), hex_color(*below))
            sheet.chars[top + row, left + column] = ord("▀")
            sheet.inks[top + row, left + column] = sheet.ink(ink)
    return sheet.finish()
