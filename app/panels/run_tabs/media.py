"""Media of a run: images, figures, texts, sounds and distributions, step by step."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from app.formatting import plural
from app.graphics import ImageProtocol, image_protocol
from app.panels.run_tabs.base import RunTab
from app.sources import Source, TraceRef
from app.traces.media import MediaContent, draw_media, texts_of, tiles_of, wanted_digests
from app.traces.text_diff import Change, TextPart, text_difference
from app.widgets.cells import plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.image_tiles import MAX_TILES, ImageTile, ImageTiles, decode_image
from app.widgets.plot_view import PlotView
from app.widgets.simple_grid import GridRow, SimpleGrid
from app.widgets.step_bar import StepBar
from store.models import ObjectStep, RunRecord, SequenceKind, SequenceRef

KINDS = (
    SequenceKind.IMAGES,
    SequenceKind.FIGURES,
    SequenceKind.TEXTS,
    SequenceKind.AUDIOS,
    SequenceKind.DISTRIBUTIONS,
)
DENSITY = 200
"""Steps to read of a sequence at most."""
MAX_BLOBS = 200


class MediaList(SimpleGrid):
    """The sequences; left and right go through the steps of the one under the cursor."""

    class StepMoved(Message):
        """Another step is wanted."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def action_cursor_left(self) -> None:
        """The step before."""
        self.post_message(self.StepMoved(-1))

    def action_cursor_right(self) -> None:
        """The next step."""
        self.post_message(self.StepMoved(1))

    def action_first_column(self) -> None:
        """The first step."""
        self.post_message(self.StepMoved(-1_000_000))

    def action_last_column(self) -> None:
        """The last step."""
        self.post_message(self.StepMoved(1_000_000))


class MediaTab(RunTab):
    """A list of sequences beside what they hold."""

    DEFAULT_CSS = """
    MediaTab #media { height: 1fr; }
    MediaTab #media-pane { width: 36; }
    MediaTab #viewer-pane { width: 1fr; }
    MediaTab #media-text { display: none; height: 1fr; }
    MediaTab #media-images { display: none; }
    MediaTab.-text #media-text { display: block; }
    MediaTab.-pixels #media-images { display: block; }
    MediaTab.-text #media-picture, MediaTab.-pixels #media-picture { display: none; }
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="media-tab")
        self._refs: list[SequenceRef] = []
        self._steps: tuple[ObjectStep, ...] = ()
        self._blobs: dict[str, bytes] = {}
        self._index = 0
        self._kept: int | None = None
        """Index of the step that stays beside the others."""
        self._has_changes = False
        """Whether texts are shown against those of the step before."""

    def compose(self) -> ComposeResult:
        """List, step bar, viewer."""
        with Horizontal(id="media"):
            with Vertical(id="media-pane", classes="pane") as pane:
                pane.border_title = "media"
                yield MediaList(id="media-list")
            with Vertical(id="viewer-pane", classes="pane"):
                yield StepBar(id="media-steps")
                yield PlotView(id="media-picture")
                yield ImageTiles(id="media-images")
                with VerticalScroll(id="media-text"):
                    yield Static(id="media-words", markup=False)

    def on_mount(self) -> None:
        """Columns of the list."""
        self.media_list.set_columns(
            [GridColumn("name", "name", 20), GridColumn("kind", "kind", 12)]
        )

    @property
    def media_list(self) -> MediaList:
        """The sequences."""
        return self.query_one(MediaList)

    def start(self) -> MediaList:
        """The list."""
        return self.media_list

    # Reading

    def read(self, record: RunRecord) -> None:
        """Find the sequences of the run."""
        find = partial(self.source.find_sequences, record.run.hash, KINDS)
        self.load("sequences", find, self._show_list)

    def _show_list(self, refs: list[SequenceRef]) -> None:
        self._refs = sorted(refs, key=lambda ref: (KINDS.index(ref.kind), ref.name))
        rows = []
        for ref in self._refs:
            name = f"{ref.name} {ref.context}".strip()
            cells = (plain(name), plain(str(ref.kind), "muted"))
            rows.append(GridRow(f"{ref.kind}/{ref.name}/{ref.context.text}", cells))
        self.media_list.show_rows(rows)
        pane = self.query_one("#media-pane")
        pane.border_subtitle = plural(len(refs), "sequence")
        if not refs:
            self.query_one("#viewer-pane").border_title = "This run logged no media."

    @on(GridView.RowHighlighted, "#media-list")
    def _highlighted(self, message: GridView.RowHighlighted) -> None:
        if 0 <= message.row < len(self._refs) and self.record is not None:
            ref = self._refs[message.row]
            trace = TraceRef(self.record.run.hash, ref.name, ref.context)
            work = partial(self.source.object_steps, trace, ref.kind, density=DENSITY)
            self.load("steps", work, partial(self._show_steps, ref))

    def _show_steps(self, ref: SequenceRef, steps: list[ObjectStep]) -> None:
        self._steps = tuple(steps)
        self._index, self._kept = max(0, len(steps) - 1), None
        self.query_one("#viewer-pane").border_title = f"{ref.name} {ref.context}".strip()
        self._show_step()

    @on(MediaList.StepMoved)
    def _move(self, message: MediaList.StepMoved) -> None:
        self._index = min(max(0, self._index + message.count), max(0, len(self._steps) - 1))
        self._show_step()

    @on(StepBar.Chosen)
    def _chosen(self, message: StepBar.Chosen) -> None:
        self._index = message.index
        self._show_step()

    # Showing

    def _ref(self) -> SequenceRef | None:
        row = self.media_list.cursor_row
        return self._refs[row] if row < len(self._refs) else None

    def _show_step(self) -> None:
        ref = self._ref()
        self.query_one(StepBar).show([step.step for step in self._steps], self._index)
        if ref is None or not self._steps:
            self.query_one(PlotView).show_drawing(None)
            return
        is_text = ref.kind is SequenceKind.TEXTS
        self.set_class(is_text, "-text")
        if ref.kind is not SequenceKind.IMAGES:
            self._show_pixels(None)
        shown = [self._steps[at] for at in self._shown()]
        if is_text:
            self._show_texts(shown)
            return
        missing = [each for each in wanted_digests(shown) if each not in self._blobs]
        self._draw(ref)
        if missing:
            self.load("blobs", partial(self._read_blobs, missing), self._add_blobs)

    def _show_texts(self, shown: list[ObjectStep]) -> None:
        words = self.query_one("#media-words", Static)
        pane = self.query_one("#viewer-pane")
        pane.border_subtitle = ""
        other = self._kept if len(shown) > 1 and self._kept is not None else self._index - 1
        if not self._has_changes or other < 0:
            words.update("\n\n────────\n\n".join(texts_of(step) for step in shown))
            return
        before, after = self._steps[other], self._steps[self._index]
        pane.border_subtitle = f"changes since step {before.step:,}"
        work = partial(text_difference, texts_of(before), texts_of(after))
        self.load("changes", work, lambda parts: words.update(_changed_text(parts)))

    def _shown(self) -> list[int]:
        if self._kept is None or self._kept == self._index:
            return [self._index]
        return [self._kept, self._index]

    def _draw(self, ref: SequenceRef) -> None:
        shown = tuple(self._shown())
        content = MediaContent(ref.kind, ref.name, self._steps, shown, dict(self._blobs))
        self.query_one(PlotView).show_drawing(partial(draw_media, content))

        if ref.kind is SequenceKind.IMAGES:
            self.load("pixels", partial(self._decode, content), self._show_pixels)

    @property
    def _protocol(self) -> ImageProtocol:
        config = getattr(self.app, "config", None)
        return image_protocol(getattr(config, "image_protocol", "blocks"))

    def _decode(self, content: MediaContent) -> list[ImageTile] | None:
        """The images to show as pixels; None if half blocks have to do."""
        found = tiles_of(content)
        if self._protocol is ImageProtocol.BLOCKS or not 0 < len(found) <= MAX_TILES:
            return None
        images = [decode_image(tile.data) if tile.data else None for tile in found]
        tiles = [
            ImageTile(tile.caption, image)
            for tile, image in zip(found, images, strict=True)
            if image is not None
        ]
        return tiles if len(tiles) == len(found) else None

    def _show_pixels(self, tiles: list[ImageTile] | None) -> None:
        ref = self._ref()
        is_image = ref is not None and ref.kind is SequenceKind.IMAGES
        protocol = self._protocol if tiles and is_image else ImageProtocol.BLOCKS
        has_pixels = protocol is not ImageProtocol.BLOCKS
        self.set_class(has_pixels, "-pixels")
        self.query_one("#viewer-pane").border_subtitle = protocol.words if is_image else ""
        self.query_one(ImageTiles).show_tiles((tiles or []) if has_pixels else [], protocol)

    def _read_blobs(self, digests: list[str]) -> dict[str, bytes]:
        return {digest: self.source.read_blob(digest) for digest in digests}

    def _add_blobs(self, blobs: dict[str, bytes]) -> None:
        if len(self._blobs) > MAX_BLOBS:
            self._blobs.clear()
        self._blobs.update(blobs)
        ref = self._ref()
        if ref is not None:
            self._draw(ref)

    def action_changes(self) -> None:
        """Show texts against those of the step before (or the one that is kept), or plainly."""
        self._has_changes = not self._has_changes
        self._show_step()

    def action_side_by_side(self) -> None:
        """Keep this step beside those one goes to, or let it go."""
        self._kept = None if self._kept is not None else self._index
        kept = self._kept is not None
        self.app.notify("This step stays beside the others" if kept else "One step", timeout=2)
        self._show_step()


def _changed_text(parts: list[TextPart]) -> Content:
    styles = {
        Change.SAME: "",
        Change.ADDED: "$text-success on $success-muted",
        Change.REMOVED: "strike $text-error on $error-muted",
    }
    return Content.assemble(*((part.text, styles[part.change]) for part in parts))
