"""What the Media tab is made of: the list of sequences, the steps of one, and its viewers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from app.formatting import metric_title, plural
from app.panels.run_tabs.base import RunTab
from app.sources import Source, TraceRef
from app.traces.gallery import Column, Gallery
from app.widgets.cells import plain
from app.widgets.gallery_view import GalleryView
from app.widgets.grid import GridColumn, GridView
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
SHORT_KINDS = {SequenceKind.AUDIOS: "sounds", SequenceKind.DISTRIBUTIONS: "histograms"}
DENSITY = 200
"""Steps to read of a sequence at most."""
MAX_BLOBS = 200


class MediaList(SimpleGrid):
    """The sequences; left and right go through the steps of the one under the cursor."""

    @dataclass
    class StepMoved(Message):
        """Another step is wanted."""

        count: int

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


class MediaBase(RunTab):
    """A list of sequences beside a viewer; subclasses show what is under the cursor."""

    DEFAULT_CSS = """
    MediaBase #media { height: 1fr; }
    MediaBase #media-pane { width: 38; }
    MediaBase #viewer-pane { width: 1fr; }
    MediaBase #media-text, MediaBase #media-images, MediaBase #media-picture { display: none; }
    MediaBase.-texts #media-text { display: block; height: 1fr; }
    MediaBase.-images #media-images { display: block; }
    MediaBase.-drawn #media-picture { display: block; }
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="media-tab")
        self._refs: list[SequenceRef] = []
        self._shown_ref: SequenceRef | None = None
        self.gallery = Gallery()
        """The steps that were read, and where one is among them."""
        self.blobs: dict[str, bytes] = {}
        """Files by digest."""

    def compose(self) -> ComposeResult:
        """List, step bar, viewers."""
        with Horizontal(id="media"):
            with Vertical(id="media-pane", classes="pane") as pane:
                pane.border_title = "media"
                yield MediaList(id="media-list")
            with Vertical(id="viewer-pane", classes="pane"):
                yield StepBar(id="media-steps")
                yield PlotView(id="media-picture")
                yield GalleryView(id="media-images")
                with VerticalScroll(id="media-text"):
                    yield Static(id="media-words", markup=False)

    def on_mount(self) -> None:
        """Columns of the list."""
        self.media_list.set_columns(
            [GridColumn("name", "name", 22), GridColumn("kind", "kind", 11)]
        )

    @property
    def media_list(self) -> MediaList:
        """The sequences."""
        return self.query_one(MediaList)

    @property
    def kind(self) -> SequenceKind | None:
        """Of what is shown."""
        return self._shown_ref.kind if self._shown_ref is not None else None

    @property
    def ref(self) -> SequenceRef | None:
        """The sequence that is shown."""
        return self._shown_ref

    def start(self) -> MediaList:
        """The list."""
        return self.media_list

    # Reading

    def read(self, record: RunRecord) -> None:
        """Find the sequences of the run."""
        find = partial(self.source.find_sequences, record.run.hash, KINDS)
        self.load("sequences", find, partial(self._show_list, record.run.hash))

    def _show_list(self, run_hash: str, refs: list[SequenceRef]) -> None:
        self._refs = sorted(refs, key=lambda ref: (KINDS.index(ref.kind), ref.name))
        rows = []
        for ref in self._refs:
            kind = SHORT_KINDS.get(ref.kind, str(ref.kind))
            cells = (plain(metric_title(ref.name, ref.context)), plain(kind, "muted"))
            rows.append(GridRow(f"{ref.kind}/{ref.name}/{ref.context.text}", cells))
        self.media_list.show_rows(rows)
        pane = self.query_one("#media-pane")
        pane.border_subtitle = plural(len(refs), "sequence")
        if not refs:
            self._shown_ref, self.gallery = None, Gallery()
            self.query_one("#viewer-pane").border_title = "This run logged no media."
            self.show()
        elif self.gallery.columns and self.gallery.columns[0].run_hash != run_hash:
            self._read_steps()

    @on(GridView.RowHighlighted, "#media-list")
    def _highlighted(self) -> None:
        self._read_steps()

    def _read_steps(self) -> None:
        row = self.media_list.cursor_row
        if row < len(self._refs) and self.record is not None:
            ref, run = self._refs[row], self.record.run
            work = partial(self.read_column, ref, run.hash, run.name or run.hash[:8])
            self.load("steps", work, partial(self._show_steps, ref))

    def read_column(self, ref: SequenceRef, run_hash: str, title: str) -> Column:
        """The steps of a run, at the last one; for threads."""
        trace = TraceRef(run_hash, ref.name, ref.context)
        steps = tuple(self.source.object_steps(trace, ref.kind, density=DENSITY))
        return Column(run_hash, title, steps, max(0, len(steps) - 1))

    def _show_steps(self, ref: SequenceRef, column: Column) -> None:
        self._shown_ref = ref
        self.gallery = Gallery((column,))
        self.query_one("#viewer-pane").border_title = metric_title(ref.name, ref.context)
        self.show()
        self.refresh_bindings()

    def read_blobs(self, digests: list[str]) -> None:
        """Read files, then show again."""
        work = partial(_read_all, self.source, digests)
        self.load("blobs", work, self._add_blobs)

    def _add_blobs(self, blobs: dict[str, bytes]) -> None:
        if len(self.blobs) > MAX_BLOBS:
            self.blobs.clear()
        self.blobs.update(blobs)
        self.show()

    # Steps

    def steps(self) -> tuple[ObjectStep, ...]:
        """The steps of the run, or of the run under the cursor."""
        columns = self.gallery.columns
        return columns[self.gallery.here].steps if columns else ()

    def go(self, gallery: Gallery | None) -> None:
        """Be somewhere else in the gallery."""
        if gallery is not None and gallery is not self.gallery:
            self.gallery = gallery
            self.show()

    @on(MediaList.StepMoved)
    def _move(self, message: MediaList.StepMoved) -> None:
        self.go(self.gallery.scrubbed(message.count))

    @on(StepBar.Chosen)
    def _chosen(self, message: StepBar.Chosen) -> None:
        self.go(self.gallery.at_index(message.index))

    def show(self) -> None:
        """Show what is under the cursor."""


def _read_all(source: Source, digests: list[str]) -> dict[str, bytes]:
    return {digest: source.read_blob(digest) for digest in digests}
