"""A page of a gallery as half blocks. Pure, for threads."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from app.charts.half_blocks import draw_pixels
from app.charts.look import ImageCache, Look
from app.charts.palette import ChartTheme
from app.charts.picture import Area, Ink, Picture, Sheet, Size, fit_text, message_picture
from app.charts.plot import Plot
from app.traces.gallery import Gallery, Layout, Tile, lay_out

NO_FILE = "the file was not uploaded"


class GalleryPage(Struct, frozen=True, eq=False):
    """What of a gallery is drawn, and how."""

    gallery: Gallery
    tiles: tuple[Tile, ...]
    """All of them; only those in sight are drawn."""
    cache: ImageCache
    look: Look = field(default_factory=Look)
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    """Bytes by digest."""
    has_focus: bool = False

    def layout(self, size: Size) -> Layout:
        """Places of the tiles."""
        return lay_out(len(self.tiles), size, self.gallery.row_length())

    def visible(self, size: Size) -> list[tuple[int, Tile]]:
        """Tiles in sight, with their numbers."""
        places = self.layout(size).visible(len(self.tiles), self.gallery.cursor)
        return [(at, self.tiles[at]) for at in places]

    def missing(self, size: Size) -> list[str]:
        """Digests of what is in sight and was not read yet."""
        wanted = dict.fromkeys(tile.digest for _, tile in self.visible(size) if tile.digest)
        return [each for each in wanted if each not in self.blobs]


def draw_page(page: GalleryPage, size: Size, theme: ChartTheme) -> Plot:
    """The tiles in sight, with words under each."""
    sheet = Sheet(size)
    layout = page.layout(size)
    for place, (at, tile) in enumerate(page.visible(size)):
        area = layout.area(place)
        is_here = at == page.gallery.cursor and len(page.tiles) > 1
        has_caption = bool(tile.caption) and area.height > 3
        if has_caption:
            ink = Ink(theme.color(0), is_bold=page.has_focus) if is_here else Ink(theme.muted)
            mark = "▸ " if is_here else ""
            text = fit_text(mark + tile.caption, area.width)
            sheet.write(area.x, area.bottom - 1, text, ink)
        room = Size(area.width, area.height - has_caption)
        sheet.paste(_draw_tile(page, tile, room, theme), area.x, area.y)
    return Plot(sheet.finish(), Area(0, 0, 0, 0))


def _draw_tile(page: GalleryPage, tile: Tile, room: Size, theme: ChartTheme) -> Picture:
    ink = Ink(theme.muted)
    if tile.index < 0:
        return message_picture("-", room, ink)
    data = page.blobs.get(tile.digest)
    if data is None:
        return message_picture("reading …" if tile.digest else NO_FILE, room, ink)
    image = page.cache.get(tile.digest, data, page.look)
    if image is None:
        return message_picture("not an image that can be shown", room, ink)
    if room.width < 1 or room.height < 1:
        return Sheet(room).finish()
    return draw_pixels(image, room)
