"""Media of compared runs at the same step: side by side, in turn, or pixel by pixel."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.commands import Scope, bindings
from app.formatting import metric_title, plural
from app.panels.compare_tabs.base import CompareTab, Table, run_name
from app.panels.run_tabs.media_base import DENSITY, KINDS, MAX_BLOBS, SHORT_KINDS, MediaList
from app.panels.styles import changed_text
from app.sources import Source, TraceRef
from app.traces.media import texts_of
from app.traces.media_diff import (
    MediaComparison,
    MediaPane,
    all_steps,
    differs_at,
    draw_pixel_difference,
    draw_side_by_side,
    words_of,
)
from app.traces.text_diff import text_difference
from app.widgets.cells import plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.plot_view import PlotView
from app.widgets.simple_grid import GridRow, SimpleGrid
from app.widgets.step_bar import StepBar
from store.models import Context, ObjectStep, RunRecord, SequenceKind

MAX_RUNS = 6
MediaKey = tuple[SequenceKind, str, Context]


class ComparedMedia(CompareTab):
    """A list of sequences beside what the runs logged to the one under the cursor."""

    DEFAULT_CSS = """
    ComparedMedia #compared-list { width: 35; }
    ComparedMedia #compared-text { display: none; height: 1fr; }
    ComparedMedia.-text #compared-text { display: block; }
    ComparedMedia.-text #compared-picture { display: none; }
    """

    SCOPES = (Scope.PICTURES, Scope.TABLE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PICTURES)

    def __init__(self, source: Source) -> None:
        super().__init__(source, id="media-tab")
        self._keys: list[MediaKey] = []
        self._owners: dict[MediaKey, set[str]] = {}
        """Hashes of the runs that logged a sequence."""
        self._shown_key: MediaKey | None = None
        self._panes: tuple[MediaPane, ...] = ()
        """The baseline first."""
        self._steps: list[int] = []
        self._index = 0
        self._blobs: dict[str, bytes] = {}
        self._flipped: int | None = None
        """Index of the only pane that is shown; None shows all."""
        self._is_subtracted = False

    def compose(self) -> ComposeResult:
        """List, step bar, viewer."""
        with Horizontal():
            with Vertical(id="compared-list", classes="pane") as pane:
                pane.border_title = "media"
                yield MediaList(id="compared-media")
            with Vertical(id="compared-viewer", classes="pane"):
                yield StepBar(id="compared-steps")
                yield PlotView(id="compared-picture")
                with VerticalScroll(id="compared-text", can_focus=False):
                    yield Static(id="compared-words", markup=False)

    def on_mount(self) -> None:
        """Columns of the list."""
        columns = [GridColumn("name", "name", 19), GridColumn("kind", "kind", 10)]
        self.start().set_columns(columns)

    def start(self) -> SimpleGrid:
        """The list."""
        return self.query_one(MediaList)

    # Reading

    def _runs(self) -> list[RunRecord]:
        base = self.compared.base
        others = [each for each in self.compared.records if each is not base]
        return [base, *others][:MAX_RUNS]

    def show(self) -> None:
        """Find the sequences of the runs."""
        self._shown_key = None
        self.load("sequences", partial(self._find, self._runs()), self._show_list)

    def _find(self, runs: list[RunRecord]) -> dict[MediaKey, set[str]]:
        found: dict[MediaKey, set[str]] = {}
        for record in runs:
            for ref in self.source.find_sequences(record.run.hash, KINDS):
                found.setdefault((ref.kind, ref.name, ref.context), set()).add(record.run.hash)
        return found

    def _show_list(self, found: dict[MediaKey, set[str]]) -> None:
        self._owners = found
        keys = sorted(found, key=lambda key: (KINDS.index(key[0]), key[1], key[2].text))
        self._keys = keys
        rows = []
        for kind, name, context in keys:
            short = SHORT_KINDS.get(kind, str(kind))
            cells = (plain(metric_title(name, context)), plain(short, "muted"))
            rows.append(GridRow(f"{kind}/{name}/{context.text}", cells))
        self.start().show_rows(rows)
        self.query_one("#compared-list").border_subtitle = plural(len(keys), "sequence")
        viewer = self.query_one("#compared-viewer")
        viewer.border_title = "" if keys else "These runs logged no media."
        if keys:
            self._read_sequence(self.start().cursor_row)

    @on(GridView.RowHighlighted, "#compared-media")
    def _highlighted(self, message: GridView.RowHighlighted) -> None:
        self._read_sequence(message.row)

    def _read_sequence(self, row: int) -> None:
        if 0 <= row < len(self._keys) and self._keys[row] != self._shown_key:
            key = self._shown_key = self._keys[row]
            work = partial(self._read_panes, self._runs(), key)
            self.load("steps", work, partial(self._show_panes, key))

    def _read_panes(self, runs: list[RunRecord], key: MediaKey) -> tuple[MediaPane, ...]:
        kind, name, context = key
        panes = []
        for record in runs:
            steps: list[ObjectStep] = []
            if record.run.hash in self._owners.get(key, ()):
                trace = TraceRef(record.run.hash, name, context)
                steps = self.source.object_steps(trace, kind, density=DENSITY)
            panes.append(MediaPane(run_name(record), tuple(steps)))
        return tuple(panes)

    def _show_panes(self, key: MediaKey, panes: tuple[MediaPane, ...]) -> None:
        here = self._steps[self._index] if self._steps else None
        self._panes, self._steps = panes, all_steps(panes)
        last = max(0, len(self._steps) - 1)
        self._index = self._steps.index(here) if here in self._steps else last
        self._flipped = (
            min(self._flipped, len(panes) - 1) if self._flipped is not None else None
        )
        self.query_one("#compared-viewer").border_title = metric_title(key[1], key[2])
        self._show_step()

    # Showing

    @property
    def comparison(self) -> MediaComparison | None:
        """What is shown; None if there is nothing."""
        if self._shown_key is None or not self._steps:
            return None
        panes = self._panes if self._flipped is None else (self._panes[self._flipped],)
        kind, name, _ = self._shown_key
        return MediaComparison(kind, name, panes, self._steps[self._index], dict(self._blobs))

    def _show_step(self) -> None:
        self.query_one(StepBar).show(self._steps, self._index)
        comparison = self.comparison
        if comparison is None:
            self.query_one(PlotView).show_drawing(None)
            return
        self.set_class(comparison.kind is SequenceKind.TEXTS, "-text")
        self.query_one("#compared-viewer").border_subtitle = self._words(comparison)
        if comparison.kind is SequenceKind.TEXTS:
            self._show_texts(comparison)
            return
        self._draw(comparison)
        missing = [each for each in comparison.digests() if each not in self._blobs]
        if missing:
            self.load("blobs", partial(self._read_blobs, missing), self._add_blobs)

    def _words(self, comparison: MediaComparison) -> str:
        same = "" if differs_at(self._panes, comparison.step) else "all the same · "
        if self._flipped is not None:
            return f"{same}{comparison.panes[0].caption} · x shows the other · esc all"
        modes = "d pixels" if self._is_subtracted else "x in turn · d difference"
        return (
            f"{same}{modes}" if comparison.kind is SequenceKind.IMAGES else same + "x in turn"
        )

    def _show_texts(self, comparison: MediaComparison) -> None:
        words = self.query_one("#compared-words", Static)
        texts = [
            (pane.caption, texts_of(step) if (step := pane.item_step(comparison.step)) else "")
            for pane in comparison.panes
        ]
        if len(texts) == 1:
            words.update(texts[0][1])
            return
        work = partial(_differences, texts)
        self.load("changes", work, lambda found: words.update(Content("\n\n").join(found)))

    def _draw(self, comparison: MediaComparison) -> None:
        is_image = comparison.kind is SequenceKind.IMAGES
        subtracts = self._is_subtracted and is_image and len(comparison.panes) > 1
        draw = draw_pixel_difference if subtracts else draw_side_by_side
        self.query_one(PlotView).show_drawing(partial(draw, comparison))

    def _read_blobs(self, digests: list[str]) -> dict[str, bytes]:
        return {digest: self.source.read_blob(digest) for digest in digests}

    def _add_blobs(self, blobs: dict[str, bytes]) -> None:
        if len(self._blobs) > MAX_BLOBS:
            self._blobs.clear()
        self._blobs.update(blobs)
        if (comparison := self.comparison) is not None:
            self._draw(comparison)

    # Acts

    @on(MediaList.StepMoved)
    def _move(self, message: MediaList.StepMoved) -> None:
        self._go(self._index + message.count)

    @on(StepBar.Chosen)
    def _chosen(self, message: StepBar.Chosen) -> None:
        self._go(message.index)

    def _go(self, index: int) -> None:
        self._index = min(max(0, index), max(0, len(self._steps) - 1))
        self._show_step()

    def action_flip(self) -> None:
        """Show only one run, then the next in the same place."""
        if len(self._panes) > 1:
            self._flipped = (
                0 if self._flipped is None else (self._flipped + 1) % len(self._panes)
            )
            self._show_step()

    def action_subtract(self) -> None:
        """Show how far the pixels are from those of the baseline, or the images again."""
        self._is_subtracted, self._flipped = not self._is_subtracted, None
        self._show_step()

    def action_next_difference(self) -> None:
        """The next step at which the runs logged different things."""
        self._go_to_difference(range(self._index + 1, len(self._steps)))

    def action_previous_difference(self) -> None:
        """The step before at which the runs logged different things."""
        self._go_to_difference(range(self._index - 1, -1, -1))

    def _go_to_difference(self, places: range) -> None:
        found = (at for at in places if differs_at(self._panes, self._steps[at]))
        at = next(found, None)
        if at is None:
            self.app.notify("No further difference in this direction.", timeout=2)
        else:
            self._go(at)

    def table(self) -> Table | None:
        """What the runs logged to the sequence at each step, in words."""
        rows = [
            [str(step), *(words_of(pane.item_step(step)) for pane in self._panes)]
            for step in self._steps
        ]
        return ["step", *(pane.caption for pane in self._panes)], rows

    def step_back(self) -> bool:
        """Show all runs again."""
        if self._flipped is None and not self._is_subtracted:
            return False
        self._flipped, self._is_subtracted = None, False
        self._show_step()
        return True


def _differences(texts: list[tuple[str, str]]) -> list[Content]:
    """Each text against the first one."""
    (base, before), *others = texts
    return [
        changed_text(text_difference(before, after), f"{base} → {name}")
        for name, after in others
    ]
