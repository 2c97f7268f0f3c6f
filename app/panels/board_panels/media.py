"""`PanelMedia`: what a media panel shows, as pixels where the terminal can, else as half blocks."""

from __future__ import annotations

from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical

from app.boards.contents import MediaPanelContent
from app.charts.look import ImageCache, Look
from app.loading import Loads
from app.outside.graphics import ImageProtocol, image_protocol
from app.traces.media import wanted_digests
from app.widgets.image_tiles import ImageTile, ImageTiles
from app.widgets.plot_view import Drawing, PlotView
from store.models import SequenceKind

MAX_TILES = 12
"""More images are left to half blocks: each is sent to the terminal as a whole."""


class PanelMedia(Vertical, Loads):
    """A picture in half blocks, and images in its place once they are decoded."""

    DEFAULT_CSS = """
    PanelMedia ImageTiles { display: none; }
    PanelMedia.-pixels ImageTiles { display: block; }
    PanelMedia.-pixels PlotView { display: none; }
    """

    def __init__(self, *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._cache = ImageCache()

    def compose(self) -> ComposeResult:
        """Half blocks, and pixels."""
        yield PlotView()
        yield ImageTiles()

    def show(self, content: MediaPanelContent, drawing: Drawing) -> None:
        """Show other media."""
        self.query_one(PlotView).show_drawing(drawing)
        config = getattr(self.app, "config", None)
        protocol = image_protocol(getattr(config, "image_protocol", "blocks"))
        are_images = all(part.media.kind is SequenceKind.IMAGES for part in content.parts)
        if protocol is ImageProtocol.BLOCKS or not are_images:
            self._show_tiles(protocol, [])
        else:
            self.load(
                "pixels", partial(self._decode, content), partial(self._show_tiles, protocol)
            )

    def _decode(self, content: MediaPanelContent) -> list[ImageTile]:
        """All images; none if one of them cannot be shown, half blocks say why."""
        tiles: list[ImageTile] = []
        for part in content.parts:
            steps = [part.media.steps[at] for at in part.media.shown]
            for digest in wanted_digests(steps):
                data = part.media.blobs.get(digest)
                image = self._cache.get(digest, data, Look()) if data else None
                if image is None or len(tiles) == MAX_TILES:
                    return []
                tiles.append(ImageTile(f"{part.run_name} · {part.media.title}", image))
        return tiles

    def _show_tiles(self, protocol: ImageProtocol, tiles: list[ImageTile]) -> None:
        self.set_class(bool(tiles), "-pixels")
        self.query_one(ImageTiles).show_tiles(tiles, protocol, max(1, min(len(tiles), 4)))
