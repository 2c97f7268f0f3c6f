"""`ImageTiles`: images side by side as pixels, drawn by textual-image."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import Static

from app.charts.half_blocks import MAX_PIXELS
from app.graphics import ImageProtocol

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_TILES = 12
"""More images are left to half blocks: each tile is sent to the terminal as a whole."""
MAX_EDGE = 1600
"""Pixels of the longer edge that are sent at most."""


@dataclass(frozen=True, slots=True)
class ImageTile:
    """One decoded image."""

    caption: str
    image: Image


def decode_image(data: bytes) -> Image | None:
    """An image ready to be shown, no larger than a screen; None if that is impossible."""
    # Pillow is only loaded when there is an image to show.
    from PIL import Image as Images, UnidentifiedImageError

    try:
        with Images.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                return None
            image = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None
    image.thumbnail((MAX_EDGE, MAX_EDGE))
    return image


class ImageTiles(Container):
    """A grid of images with captions."""

    DEFAULT_CSS = """
    ImageTiles { layout: grid; grid-gutter: 0 1; width: 1fr; height: 1fr; }
    ImageTiles .tile { width: 1fr; height: 1fr; align: center middle; }
    ImageTiles .frame { width: 1fr; height: 1fr; align: center middle; overflow: hidden; }
    ImageTiles .picture { width: auto; height: auto; max-width: 250; }
    ImageTiles .caption { width: 1fr; height: 1; color: $text-muted; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._tiles: tuple[ImageTile, ...] = ()
        self._protocol = ImageProtocol.BLOCKS

    def show_tiles(self, tiles: Sequence[ImageTile], protocol: ImageProtocol) -> None:
        """Show other images."""
        self._tiles, self._protocol = tuple(tiles), protocol
        columns = _columns(len(tiles), self.size.width, self.size.height)
        self.styles.grid_size_columns = columns
        self.refresh(recompose=True)

    def compose(self) -> ComposeResult:
        """A picture and a line for each image."""
        for tile in self._tiles:
            with Vertical(classes="tile"):
                with Vertical(classes="frame"):
                    yield _picture(tile.image, self._protocol)
                yield Static(tile.caption, classes="caption", markup=False)


def _columns(count: int, width: int, height: int) -> int:
    """Columns that leave the most room to each of some squares."""

    def edge(columns: int) -> float:
        rows = -(-count // columns)
        # Cells are about twice as high as wide.
        return min(width / columns, height * 2 / rows)

    return max(range(1, count + 1), key=edge, default=1)


def _picture(image: Image, protocol: ImageProtocol) -> Widget:
    # Loaded before the dashboard started if the terminal can show pixels at all.
    from textual_image.widget import SixelImage, TGPImage

    make = SixelImage if protocol is ImageProtocol.SIXEL else TGPImage
    widget: Widget = make(image, classes="picture")
    return widget
