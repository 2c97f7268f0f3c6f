"""`ImageTiles`: images side by side as pixels, drawn by textual-image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import Static

from app.outside.graphics import ImageProtocol

if TYPE_CHECKING:
    from PIL.Image import Image


class ImageTile(Struct, frozen=True):
    """One decoded image."""

    caption: str
    image: Image
    is_here: bool = False
    """Whether the cursor is on it."""


class ImageTiles(Container):
    """A grid of images with captions."""

    DEFAULT_CSS = """
    ImageTiles { layout: grid; grid-gutter: 0 1; width: 1fr; height: 1fr; }
    ImageTiles .tile { width: 1fr; height: 1fr; align: center middle; }
    ImageTiles .frame { width: 1fr; height: 1fr; align: center middle; overflow: hidden; }
    ImageTiles .picture { width: auto; height: auto; max-width: 250; }
    ImageTiles .caption { width: 1fr; height: 1; color: $text-muted; }
    ImageTiles .-here { color: $primary; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._tiles: tuple[ImageTile, ...] = ()
        self._protocol = ImageProtocol.BLOCKS

    def show_tiles(
        self, tiles: Sequence[ImageTile], protocol: ImageProtocol, columns: int
    ) -> None:
        """Show other images; the same ones with other words are not sent anew."""
        before = self._tiles
        is_same = self._protocol is protocol and [id(each.image) for each in before] == [
            id(each.image) for each in tiles
        ]
        self._tiles, self._protocol = tuple(tiles), protocol
        captions = list(self.query(".caption").results(Static))
        if is_same and len(captions) == len(tiles):
            for caption, tile in zip(captions, tiles, strict=True):
                caption.update(_words(tile))
                caption.set_class(tile.is_here, "-here")
            return
        self.styles.grid_size_columns = columns
        self.refresh(recompose=True)

    def compose(self) -> ComposeResult:
        """A picture and a line for each image."""
        for tile in self._tiles:
            with Vertical(classes="tile"):
                with Vertical(classes="frame"):
                    yield _picture(tile.image, self._protocol)
                classes = "caption -here" if tile.is_here else "caption"
                yield Static(_words(tile), classes=classes, markup=False)


def _words(tile: ImageTile) -> str:
    return f"▸ {tile.caption}" if tile.is_here else tile.caption


def _picture(image: Image, protocol: ImageProtocol) -> Widget:
    # Loaded before the dashboard started if the terminal can show pixels at all.
    from textual_image.widget import SixelImage, TGPImage

    make = SixelImage if protocol is ImageProtocol.SIXEL else TGPImage
    widget: Widget = make(image, classes="picture")
    return widget
