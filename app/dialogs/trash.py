"""What lies in the trash: bring runs back, or delete them for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from app.formatting import ago, count, one_line, plural, shorten_middle
from app.widgets.cells import Cell, plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid
from store.models import TrashedRun

NAME_WIDTH = 34


class TrashAnswer(Struct, frozen=True):
    """What to do with runs in the trash."""

    runs: tuple[TrashedRun, ...]
    restores: bool
    """Bring them back; else delete them for good."""


class TrashDialog(ModalScreen[TrashAnswer | None]):
    """Deleted runs, what was deleted last first; marked ones or the one under the cursor."""

    DEFAULT_CSS = """
    TrashDialog SimpleGrid { background: $surface; height: 1fr; }
    TrashDialog .hint { height: auto; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,B,ctrl+c", "dismiss(None)", show=False),
        Binding("enter,r", "restore", show=False),
        Binding("delete,backspace", "delete", show=False),
        Binding("space", "mark", show=False),
        Binding("asterisk,ctrl+a", "mark_all", show=False),
        Binding("u", "mark_none", show=False),
    ]

    grid = getters.query_one(SimpleGrid)

    def __init__(self, runs: Sequence[TrashedRun], *, now_s: float) -> None:
        super().__init__()
        self._runs = {each.record.run.hash: each for each in runs}
        self._now_s = now_s
        self._marked: set[str] = set()

    def compose(self) -> ComposeResult:
        """The list over what it comes to."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Trash"
            frame.border_subtitle = (
                "enter brings back · del deletes for good · space mark · * all · esc"
            )
            yield SimpleGrid()
            yield Static(classes="hint")

    def on_mount(self) -> None:
        """Fill the list."""
        self.grid.set_columns(
            [
                GridColumn("name", "run", NAME_WIDTH + 2),
                GridColumn("experiment", "experiment", 16),
                GridColumn("points", "points", 11, is_right=True),
                GridColumn("deleted", "deleted", 8, is_right=True),
            ]
        )
        self._show()
        self.grid.focus()

    def _show(self) -> None:
        self.grid.show_rows([self._row(each) for each in self._runs.values()])
        chosen = list(self._chosen()) if self._marked else list(self._runs.values())
        word = "marked: " if self._marked else ""
        text = f"{word}{contents_of(chosen)}" if chosen else "The trash is empty."
        self.query_one(Static).update(text)

    def _row(self, trashed: TrashedRun) -> GridRow:
        run = trashed.record.run
        mark = ("▌", "accent") if run.hash in self._marked else (" ", "")
        name = shorten_middle(one_line(run.name), NAME_WIDTH)
        points = sum(each.count for each in trashed.record.metrics)
        return GridRow(
            run.hash,
            (
                Cell((mark, (" ", ""), (name, ""))),
                plain(one_line(run.experiment or ""), "muted"),
                plain(count(points), is_right=True),
                plain(ago(trashed.deleted_at, self._now_s), "muted", is_right=True),
            ),
        )

    def _chosen(self) -> tuple[TrashedRun, ...]:
        keys = self._marked or {self.grid.cursor_key or ""}
        return tuple(each for key, each in self._runs.items() if key in keys)

    @on(GridView.RowSelected)
    def _selected(self) -> None:
        self.action_restore()

    def action_mark(self) -> None:
        """Mark or unmark the run, and go on."""
        if self.grid.cursor_key is not None:
            self._marked ^= {self.grid.cursor_key}
            self._show()
            self.grid.action_cursor_down()

    def action_mark_all(self) -> None:
        """Mark everything."""
        self._marked = set(self._runs)
        self._show()

    def action_mark_none(self) -> None:
        """Take all marks away."""
        self._marked = set()
        self._show()

    def action_restore(self) -> None:
        """Bring runs back."""
        self._answer(restores=True)

    def action_delete(self) -> None:
        """Delete runs for good; the caller asks once more."""
        self._answer(restores=False)

    def _answer(self, *, restores: bool) -> None:
        chosen = self._chosen()
        if chosen:
            self.dismiss(TrashAnswer(chosen, restores))


def contents_of(runs: Sequence[TrashedRun]) -> str:
    """What runs hold: `2 runs with 12 metrics and 4,220 points`."""
    metrics = sum(len(each.record.metrics) for each in runs)
    points = sum(metric.count for each in runs for metric in each.record.metrics)
    return (
        f"{plural(len(runs), 'run')} with {plural(metrics, 'metric')} "
        f"and {plural(points, 'point')}"
    )
