"""`GalleryView`: tiles of images as half blocks or as pixels, with keys, mouse and a cursor.

It is given a page and tells what movement is wanted; it keeps no state of the gallery.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from app.charts.picture import Size
from app.commands import Scope, bindings
from app.loading import Loads
from app.outside.graphics import ImageProtocol
from app.traces.gallery_picture import GalleryPage, draw_page
from app.widgets.image_tiles import ImageTile, ImageTiles
from app.widgets.plot_view import PlotView

MAX_PIXEL_TILES = 12
"""More images are left to half blocks: each is sent to the terminal as a whole."""


class GalleryView(Vertical, Loads, can_focus=True):
    """The page of a gallery that is in sight."""

    DEFAULT_CSS = """
    GalleryView { width: 1fr; height: 1fr; }
    GalleryView ImageTiles { display: none; }
    GalleryView.-pixels ImageTiles { display: block; }
    GalleryView.-pixels PlotView { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.TABLE)

    @dataclass
    class Moved(Message):
        """An arrow was pressed."""

        across: int
        down: int

    @dataclass
    class Chosen(Message):
        """A tile was clicked; twice opens it."""

        place: int
        is_double: bool

    @dataclass
    class Dragged(Message):
        """The picture was dragged, by shares of a tile."""

        across: float
        down: float

    @dataclass
    class Wheeled(Message):
        """The wheel was turned; up is -1."""

        direction: int

    @dataclass
    class Sized(Message):
        """There is another amount of room."""

    @dataclass
    class Shown(Message):
        """The pictures are on screen, by this protocol."""

        protocol: ImageProtocol

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._page: GalleryPage | None = None
        self._drag_from: tuple[int, int] | None = None

    def compose(self) -> ComposeResult:
        """Half blocks, and pixels in their place."""
        yield PlotView()
        yield ImageTiles()

    @property
    def room(self) -> Size:
        """Cells for tiles."""
        return Size(self.size.width, self.size.height)

    def show_page(self, page: GalleryPage | None, protocol: ImageProtocol) -> None:
        """Show another page."""
        self._page = page
        if page is None:
            self.query_one(PlotView).show_drawing(None)
            return
        # Half blocks come first, they are there at once; pixels take their place.
        self.query_one(PlotView).show_drawing(partial(draw_page, page))
        visible = page.visible(self.room)
        if protocol is ImageProtocol.BLOCKS or not 0 < len(visible) <= MAX_PIXEL_TILES:
            self._show_pixels(None, protocol)
        elif not page.missing(self.room):
            self.load("pixels", self._decode, partial(self._show_pixels, protocol=protocol))

    def _decode(self) -> list[ImageTile] | None:
        """The images in sight as pixels; None if half blocks have to do."""
        page = self._page
        if page is None:
            return None
        tiles = []
        for at, tile in page.visible(self.room):
            data = page.blobs.get(tile.digest)
            image = page.cache.get(tile.digest, data, page.look) if data else None
            if image is None:
                return None
            is_here = at == page.gallery.cursor and len(page.tiles) > 1
            tiles.append(ImageTile(tile.caption, image, is_here))
        return tiles

    def _show_pixels(self, tiles: list[ImageTile] | None, protocol: ImageProtocol) -> None:
        self.set_class(bool(tiles), "-pixels")
        page = self._page
        columns = page.layout(self.room).columns if page is not None else 1
        self.query_one(ImageTiles).show_tiles(tiles or [], protocol, columns)
        self.post_message(self.Shown(protocol if tiles else ImageProtocol.BLOCKS))

    def on_resize(self) -> None:
        """Other tiles may be in sight."""
        self.post_message(self.Sized())

    # Keys

    def action_cursor_left(self) -> None:
        """To the left."""
        self.post_message(self.Moved(-1, 0))

    def action_cursor_right(self) -> None:
        """To the right."""
        self.post_message(self.Moved(1, 0))

    def action_cursor_up(self) -> None:
        """Up."""
        self.post_message(self.Moved(0, -1))

    def action_cursor_down(self) -> None:
        """Down."""
        self.post_message(self.Moved(0, 1))

    def action_page_up(self) -> None:
        """One page up."""
        self.post_message(self.Moved(0, -self._rows()))

    def action_page_down(self) -> None:
        """One page down."""
        self.post_message(self.Moved(0, self._rows()))

    def _rows(self) -> int:
        return self._page.layout(self.room).rows if self._page is not None else 1

    # Mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A drag may begin."""
        self._drag_from = (event.screen_x, event.screen_y)
        self.focus()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the picture."""
        page = self._page
        if self._drag_from is None or not event.button or page is None:
            self._drag_from = None
            return
        tile = page.layout(self.room).tile
        across, down = event.screen_x - self._drag_from[0], event.screen_y - self._drag_from[1]
        if across or down:
            self._drag_from = (event.screen_x, event.screen_y)
            self.post_message(self.Dragged(-across / tile.width, -down / tile.height))

    def on_mouse_up(self) -> None:
        """The drag is over."""
        self._drag_from = None

    def on_click(self, event: events.Click) -> None:
        """Choose the tile."""
        page = self._page
        if page is None:
            return
        layout = page.layout(self.room)
        x, y = event.screen_x - self.region.x, event.screen_y - self.region.y
        place = layout.first_row(page.gallery.cursor) * layout.columns + layout.at(x, y)
        if 0 <= place < len(page.tiles):
            self.post_message(self.Chosen(place, event.chain == 2))

    def on_mouse_scroll_up(self) -> None:
        """Nearer, or up."""
        self.post_message(self.Wheeled(-1))

    def on_mouse_scroll_down(self) -> None:
        """Further away, or down."""
        self.post_message(self.Wheeled(1))
