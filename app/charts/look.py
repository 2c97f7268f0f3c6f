"""How an image is looked at: a part of it, brightness spread, one channel. For threads.

Decoded and cut images are kept by what they were made from, so that going back and forth
between steps decodes nothing twice.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from app.charts.half_blocks import MAX_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

ZOOM_FACTOR = 1.5
MAX_ZOOM = 12
PAN_SHARE = 0.2
"""How much of the visible part a key moves it by."""
MAX_EDGE = 1600
"""Pixels of the longer edge that are kept at most."""
MAX_KEPT = 64


class Tone(StrEnum):
    """What is done to the brightness."""

    PLAIN = ""
    SPREAD = "brightness spread"
    RED = "red only"
    GREEN = "green only"
    BLUE = "blue only"
    GREY = "grey"


class Look(Struct, frozen=True):
    """The visible part and the tone; the same for all images side by side."""

    zoom: int = 0
    """Steps of enlarging; 0 shows everything."""
    x: float = 0.5
    """Middle of the visible part, as a share of the width."""
    y: float = 0.5
    tone: Tone = Tone.PLAIN

    @property
    def share(self) -> float:
        """How much of each edge is visible."""
        return float(ZOOM_FACTOR**-self.zoom)

    def zoomed(self, count: int) -> Look:
        """Nearer or further away."""
        return replace(self, zoom=min(MAX_ZOOM, max(0, self.zoom + count))).held()

    def panned(self, across: float, down: float) -> Look:
        """Moved by shares of the visible part."""
        x, y = self.x + across * self.share, self.y + down * self.share
        return replace(self, x=x, y=y).held()

    def held(self) -> Look:
        """The same, not looking over the edges."""
        half = self.share / 2
        x, y = (min(1 - half, max(half, each)) for each in (self.x, self.y))
        return replace(self, x=x, y=y)

    def next_tone(self) -> Look:
        """The tone that comes next."""
        tones = list(Tone)
        return replace(self, tone=tones[(tones.index(self.tone) + 1) % len(tones)])

    def words(self) -> list[str]:
        """What differs from looking plainly at everything."""
        words = [f"zoom {ZOOM_FACTOR**self.zoom:.1f}"] if self.zoom else []
        return [*words, self.tone.value] if self.tone else words

    def apply(self, image: Image) -> Image:
        """The visible part of an image, in its tone."""
        if self.zoom:
            half = self.share / 2
            width, height = image.size
            box = (
                *(round((self.x - half) * width), round((self.y - half) * height)),
                *(round((self.x + half) * width), round((self.y + half) * height)),
            )
            image = image.crop(
                (box[0], box[1], max(box[2], box[0] + 1), max(box[3], box[1] + 1))
            )
        return _toned(image, self.tone)


def _toned(image: Image, tone: Tone) -> Image:
    from PIL import ImageOps

    if tone is Tone.PLAIN:
        return image
    colors = image.convert("RGB")
    if tone is Tone.SPREAD:
        return ImageOps.autocontrast(colors)
    if tone is Tone.GREY:
        return ImageOps.grayscale(colors).convert("RGB")
    band = ("RED", "GREEN", "BLUE").index(tone.name)
    return colors.getchannel(band).convert("RGB")


def decode_image(data: bytes) -> Image | None:
    """An image ready to be shown, no larger than a screen; None if that is impossible."""
    # Pillow is only loaded when there is an image to show.
    from PIL import Image as Images, UnidentifiedImageError

    try:
        with Images.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                return None
            image = opened.convert(
                "RGBA" if opened.mode in {"P", "LA", "PA", "RGBA"} else "RGB"
            )
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None
    image.thumbnail((MAX_EDGE, MAX_EDGE))
    return image


class ImageCache:
    """Decoded images by digest and look, the oldest forgotten. Safe to share between threads."""

    def __init__(self, limit: int = MAX_KEPT) -> None:
        self._limit = limit
        self._kept: OrderedDict[tuple[str, Look], Image | None] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str, data: bytes, look: Look) -> Image | None:
        """The image as it is looked at; None if it is none."""
        key = (digest, look)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if look == Look():
            image = decode_image(data)
        else:
            whole = self.get(digest, data, Look())
            image = look.apply(whole) if whole is not None else None
        with self._lock:
            self._kept[key] = image
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        return image
