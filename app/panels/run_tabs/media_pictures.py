"""The images of the Media tab: tiles, looking closer, flipping, other runs as columns."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace
from textual import on

from app.charts.look import ImageCache, Look
from app.outside.graphics import ImageProtocol, image_protocol, protocol_hint
from app.panels.run_tabs.media_base import MediaBase
from app.sources import Source
from app.traces.gallery import Column, Gallery, Layout
from app.traces.gallery_picture import GalleryPage
from app.widgets.gallery_view import GalleryView
from app.widgets.grid import GridView
from store.models import SequenceKind, SequenceRef

MAX_RUNS = 6
"""Columns of runs at most."""
MIN_COLUMN = 22
"""Cells of a column at least."""
PICTURE_ACTIONS = frozenset(
    ("gallery", "flip", "runs", "link", "zoom", "fit", "pan", "contrast", "open", "beside")
)


class PicturesTab(MediaBase):
    """Shows images in a gallery."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.look_at = Look()
        self._cache = ImageCache()

    @property
    def view(self) -> GalleryView:
        """The tiles."""
        return self.query_one(GalleryView)

    @property
    def protocol(self) -> ImageProtocol:
        """How images can be shown."""
        config = getattr(self.app, "config", None)
        return image_protocol(getattr(config, "image_protocol", "blocks"))

    def show_images(self) -> None:
        """Show the tiles in sight, reading those that are not there."""
        page = GalleryPage(
            self.gallery,
            tuple(self.gallery.tiles()),
            self._cache,
            self.look_at,
            dict(self.blobs),
            self.view.has_focus,
        )
        self.view.show_page(page, self.protocol)
        if missing := page.missing(self.view.room):
            self.read_blobs(missing)
        self._show_words(self.protocol)

    @on(GalleryView.Shown)
    def _shown(self, message: GalleryView.Shown) -> None:
        if self.kind is SequenceKind.IMAGES:
            self._show_words(message.protocol)

    def _show_words(self, protocol: ImageProtocol) -> None:
        gallery = self.gallery
        words = [*self.look_at.words()]
        if gallery.flipped is not None:
            words.append(f"picture {'AB'[gallery.flipped]} of two")
        if len(gallery.columns) > 1 and not gallery.is_linked:
            words.append("steps not linked")
        hint = protocol_hint(getattr(getattr(self.app, "config", None), "image_protocol", ""))
        words.append(f"{protocol.words} ({hint})" if hint else protocol.words)
        self.query_one("#viewer-pane").border_subtitle = " · ".join(words)

    @on(GalleryView.Sized)
    def _sized(self) -> None:
        if self.kind is SequenceKind.IMAGES:
            self.show()

    # Movements

    @on(GalleryView.Moved)
    def _moved(self, message: GalleryView.Moved) -> None:
        gallery = self.gallery
        if gallery.shows_all and not gallery.is_solo:
            layout = self._layout(gallery)
            self.go(gallery.moved(message.across, message.down, layout))
        elif message.across:
            self.go(gallery.scrubbed(message.across))
        else:
            self.go(gallery.moved(message.down, 0, self._layout(gallery)))

    def _layout(self, gallery: Gallery) -> Layout:
        page = GalleryPage(gallery, tuple(gallery.tiles()), self._cache)
        return page.layout(self.view.room)

    @on(GalleryView.Chosen)
    def _chosen_tile(self, message: GalleryView.Chosen) -> None:
        gallery = replace(self.gallery, cursor=message.place)
        self.go(gallery.opened() if message.is_double else gallery)

    @on(GalleryView.Wheeled)
    def _wheeled(self, message: GalleryView.Wheeled) -> None:
        gallery = self.gallery
        if gallery.shows_all and not gallery.is_solo:
            self.go(gallery.moved(0, message.direction, self._layout(gallery)))
        else:
            self.action_zoom(-message.direction)

    @on(GalleryView.Dragged)
    def _dragged(self, message: GalleryView.Dragged) -> None:
        self._look(self.look_at.panned(message.across, message.down))

    def _look(self, look: Look) -> None:
        if look != self.look_at:
            self.look_at = look
            self.show()

    # Keys

    @on(GridView.RowSelected, "#media-list")
    def action_open(self) -> None:
        """Go into the gallery; there, let the tile under the cursor fill it."""
        if self.view.has_focus:
            self.go(self.gallery.opened())
        else:
            self.view.focus()
            self.go(self.gallery.near())

    def step_back(self) -> bool:
        """Leave the large picture, all steps, then the gallery."""
        if self.kind is SequenceKind.IMAGES and (closed := self.gallery.closed()) is not None:
            self.go(closed)
            return True
        if self.view.has_focus:
            self.media_list.focus()
            return True
        return False

    def action_scrub(self, count: int) -> None:
        """Some steps further."""
        self.go(self.gallery.scrubbed(count))

    def action_gallery(self) -> None:
        """All steps as tiles, or one."""
        shows_all = not self.gallery.shows_all
        gallery = replace(self.gallery, shows_all=shows_all, is_solo=False, flipped=None)
        self.view.focus()
        self.go(gallery.near())

    def action_beside(self) -> None:
        """Keep this step beside those one goes to, or let it go."""
        self.go(self.gallery.kept_here())
        kept = self.gallery.kept is not None
        self.app.notify("This step stays beside the others" if kept else "One step", timeout=2)

    def action_flip(self) -> None:
        """The other picture in the place of this one, and back."""
        self.go(self.gallery.turned())

    def action_link(self) -> None:
        """Move all runs to the same step, or only the one under the cursor."""
        gallery = replace(self.gallery, is_linked=not self.gallery.is_linked)
        self.go(gallery.scrubbed(0))

    def action_zoom(self, count: int) -> None:
        """Nearer or further away."""
        self._look(self.look_at.zoomed(count))

    def action_fit(self) -> None:
        """Everything, as it is."""
        self._look(Look())

    def action_pan(self, across: int, down: int) -> None:
        """Look at another part."""
        self._look(self.look_at.panned(across * 0.2, down * 0.2))

    def action_contrast(self) -> None:
        """The next tone."""
        self._look(self.look_at.next_tone())

    # Other runs

    def neighbours(self) -> tuple[str, ...]:
        """Hashes of the list from which the run was opened."""
        return tuple(getattr(self.screen, "neighbours", ()))

    def action_runs(self) -> None:
        """The next runs of the list as columns beside this one, or this one alone."""
        ref, gallery = self.ref, self.gallery
        if ref is None or not gallery.columns:
            return
        if len(gallery.columns) > 1:
            self.go(gallery.with_columns(gallery.columns[:1]))
            return
        hashes = self.neighbours()
        here = gallery.columns[0].run_hash
        at = hashes.index(here) if here in hashes else -1
        count = max(1, min(MAX_RUNS - 1, self.view.room.width // MIN_COLUMN - 1))
        others = (hashes[at + 1 :] + hashes[: max(0, at)])[:count] if at >= 0 else ()
        if not others:
            self.app.notify("There is no other run in the list.", timeout=2)
            return
        work = partial(self._read_columns, ref, others)
        self.load("columns", work, self._show_columns)

    def _read_columns(self, ref: SequenceRef, hashes: tuple[str, ...]) -> list[Column]:
        records = self.source.get_records(hashes, params=False, metrics=False)
        return [
            self.read_column(ref, each.run.hash, each.run.name or each.run.hash[:8])
            for each in records
        ]

    def _show_columns(self, columns: list[Column]) -> None:
        found = [column for column in columns if column.steps]
        if not found:
            self.app.notify("The next runs of the list logged nothing of this name.", timeout=3)
        elif self.gallery.columns:
            first = self.gallery.columns[0]
            step = first.steps[first.index].step if first.steps else 0
            others = [column.at_step(step) for column in found]
            self.go(self.gallery.with_columns([first, *others]))
