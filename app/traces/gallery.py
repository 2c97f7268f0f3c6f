"""Images of one or several runs over steps as tiles, and where one is among them.

One run: its steps side by side, or one step at a time. Several runs: a column for each, a row
for each step. Only tiles in sight are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from app.charts.picture import Area, Size
from store.models import ObjectStep

MIN_TILE = Size(20, 11)
"""Cells of a tile when there are more tiles than fit."""


class Column(Struct, frozen=True, eq=False):
    """The steps of one run."""

    run_hash: str
    title: str
    steps: tuple[ObjectStep, ...]
    index: int
    """The step that is shown while one is shown at a time."""

    def moved(self, count: int) -> Column:
        """Some steps further, or at the end."""
        return replace(self, index=min(max(0, self.index + count), max(0, len(self.steps) - 1)))

    def at_step(self, step: int) -> Column:
        """At the step, or at the nearest one."""
        if not self.steps:
            return self
        nearest = min(range(len(self.steps)), key=lambda at: abs(self.steps[at].step - step))
        return replace(self, index=nearest)


class Tile(Struct, frozen=True, eq=False):
    """One image in its place, or an empty place."""

    column: int
    index: int
    """Which step of the column; -1 if the run has none here."""
    caption: str
    item: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Of its bytes; empty if there are none."""
        return str(self.item.get("digest") or "")


class Layout(Struct, frozen=True):
    """Places of tiles on a page."""

    columns: int
    rows: int
    """Rows in sight."""
    tile: Size

    def first_row(self, cursor: int) -> int:
        """The first row in sight, so that the cursor is."""
        return max(0, cursor // self.columns - self.rows + 1)

    def visible(self, count: int, cursor: int) -> range:
        """Tiles in sight."""
        start = self.first_row(cursor) * self.columns
        return range(start, min(count, start + self.rows * self.columns))

    def area(self, place: int) -> Area:
        """Where the tile is that is this far from the first one in sight."""
        row, column = divmod(place, self.columns)
        return Area(
            column * self.tile.width,
            row * self.tile.height,
            self.tile.width - (self.columns > 1),
            self.tile.height,
        )

    def at(self, x: int, y: int) -> int:
        """The place of a cell."""
        column = min(x // max(1, self.tile.width), self.columns - 1)
        return y // max(1, self.tile.height) * self.columns + column


def lay_out(count: int, size: Size, columns: int = 0) -> Layout:
    """Tiles as large as possible; if they get too small, fewer that can be scrolled."""
    count = max(1, count)
    if not columns:
        columns = max(range(1, count + 1), key=lambda each: _edge(each, count, size))
        if size.width // columns < MIN_TILE.width or (
            size.height // -(-count // columns) < min(MIN_TILE.height, size.height)
        ):
            columns = max(1, min(count, size.width // MIN_TILE.width))
    rows = -(-count // columns)
    width = max(1, size.width // columns)
    # Cells are about twice as high as wide, images are mostly square; a line is for words.
    least = min(size.height, max(MIN_TILE.height, min(width // 2 + 1, size.height)))
    height = size.height // rows if size.height // rows >= MIN_TILE.height else least
    return Layout(columns, max(1, size.height // max(1, height)), Size(width, max(1, height)))


def _edge(columns: int, count: int, size: Size) -> float:
    rows = -(-count // columns)
    return min(size.width / columns, (size.height / rows - 1) * 2)


class Gallery(Struct, frozen=True, eq=False):
    """What is shown, as a value; every movement gives another one."""

    columns: tuple[Column, ...] = ()
    cursor: int = 0
    """Among the tiles."""
    shows_all: bool = False
    """All steps, or one at a time."""
    is_linked: bool = True
    """Whether all columns move together."""
    kept: int | None = None
    """Step that stays beside the others."""
    flipped: int | None = None
    """Which of two pictures is shown alone in the place of both: 0 or 1."""
    is_solo: bool = False
    """One tile fills the pane."""

    @property
    def here(self) -> int:
        """The column under the cursor."""
        if len(self.columns) < 2:
            return 0
        if self.is_solo or self.flipped is not None:
            return self.cursor % len(self.columns)
        tiles = self.tiles()
        return tiles[min(self.cursor, len(tiles) - 1)].column if tiles else 0

    @property
    def step(self) -> ObjectStep | None:
        """The step of the column under the cursor."""
        column = self.columns[self.here] if self.columns else None
        return column.steps[column.index] if column is not None and column.steps else None

    def tiles(self) -> list[Tile]:
        """All tiles, row by row."""
        if self.flipped is not None:
            return self._pair()[self.flipped]
        if self.shows_all and not self.is_solo:
            return self._all_tiles()
        shown = range(len(self.columns))
        tiles = []
        if self.kept is not None and not self.is_solo:
            for at in shown:
                index = self.columns[at].at_step(self.kept).index
                tiles += self._tiles_of(at, index, is_named=True)
        for at in [self.here] if self.is_solo else shown:
            index = self.columns[at].index
            if self.kept is None or self.columns[at].steps[index].step != self.kept:
                tiles += self._tiles_of(at, index, is_named=self.kept is not None)
        return tiles

    def row_length(self) -> int:
        """Tiles in a row, if that follows from what is shown; else 0."""
        is_table = len(self.columns) > 1 and self.flipped is None and not self.is_solo
        has_one = all(len(step.items) < 2 for each in self.columns for step in each.steps)
        return len(self.columns) if is_table and (has_one or self.shows_all) else 0

    def _all_tiles(self) -> list[Tile]:
        if len(self.columns) == 1:
            steps = self.columns[0].steps
            return [t for at in range(len(steps)) for t in self._tiles_of(0, at, is_named=True)]
        tiles = []
        for step in sorted({step.step for column in self.columns for step in column.steps}):
            for at, column in enumerate(self.columns):
                index = next(
                    (n for n, each in enumerate(column.steps) if each.step == step), -1
                )
                found = self._tiles_of(at, index, is_named=True) if index >= 0 else []
                tiles.append(found[0] if found else Tile(at, -1, f"no step {step:,}"))
        return tiles

    def _pair(self) -> tuple[list[Tile], list[Tile]]:
        column = self.columns[self.here]
        now = self._tiles_of(self.here, column.index, is_named=True)
        if self.kept is not None:
            return self._tiles_of(
                self.here, column.at_step(self.kept).index, is_named=True
            ), now
        if len(self.columns) > 1:
            other = (self.here + 1) % len(self.columns)
            return self._tiles_of(other, self.columns[other].index, is_named=True), now
        return self._tiles_of(self.here, max(0, column.index - 1), is_named=True), now

    def _tiles_of(self, at: int, index: int, *, is_named: bool) -> list[Tile]:
        column = self.columns[at]
        if not 0 <= index < len(column.steps):
            return []
        step = column.steps[index]
        head = f"step {step.step:,}" if is_named else ""
        title = column.title if len(self.columns) > 1 else ""
        tiles = []
        for item in step.items:
            words = (title, head, str(item.get("caption") or ""))
            tiles.append(Tile(at, index, " · ".join(filter(None, words)), item))
        return tiles

    # Movements

    def scrubbed(self, count: int) -> Gallery:
        """Some steps further: all columns if they are linked, else the one under the cursor."""
        if not self.columns:
            return self
        here = self.columns[self.here].moved(count)
        if not here.steps:
            return self
        step = here.steps[here.index].step
        columns = [
            here if at == self.here else each.at_step(step) if self.is_linked else each
            for at, each in enumerate(self.columns)
        ]
        return replace(self, columns=tuple(columns))

    def at_index(self, index: int) -> Gallery:
        """At a step of the column under the cursor."""
        return self.scrubbed(index - self.columns[self.here].index) if self.columns else self

    def moved(self, across: int, down: int, layout: Layout) -> Gallery:
        """The cursor some tiles further."""
        count = len(self.tiles())
        cursor = self.cursor + across + down * layout.columns
        return replace(self, cursor=cursor) if 0 <= cursor < count else self

    def opened(self) -> Gallery:
        """The tile under the cursor alone."""
        tiles = self.tiles()
        if self.is_solo or not 0 <= self.cursor < len(tiles) or tiles[self.cursor].index < 0:
            return self
        tile = tiles[self.cursor]
        column = self.columns[tile.column]
        columns = list(self.columns)
        columns[tile.column] = column.moved(tile.index - column.index)
        return replace(
            self, columns=tuple(columns), is_solo=True, flipped=None, cursor=tile.column
        )

    def closed(self) -> Gallery | None:
        """One layer less: flipping, the large picture, all steps; None if there is none."""
        if self.flipped is not None:
            return replace(self, flipped=None).near()
        if self.is_solo:
            return replace(self, is_solo=False).near()
        if self.shows_all:
            return replace(self, shows_all=False).near()
        return None

    def near(self) -> Gallery:
        """The cursor on the tile of the step that was shown last."""
        if not self.columns:
            return self
        at = min(self.here, len(self.columns) - 1)
        wanted = (at, self.columns[at].index)
        for at, tile in enumerate(self.tiles()):
            if (tile.column, tile.index) == wanted:
                return replace(self, cursor=at)
        return replace(self, cursor=0)

    def turned(self) -> Gallery:
        """One of two pictures alone, in turns: kept and shown, or two runs, or two steps."""
        if self.flipped is not None:
            return replace(self, flipped=1 - self.flipped)
        return replace(self, cursor=self.here, flipped=0)

    def kept_here(self) -> Gallery:
        """This step stays beside the others, or is let go."""
        step = self.step
        kept = step.step if self.kept is None and step is not None else None
        return replace(self, kept=kept, shows_all=False, is_solo=False, flipped=None)

    def with_columns(self, columns: Sequence[Column]) -> Gallery:
        """Other runs; the first one is at its step still."""
        return Gallery(
            tuple(columns), shows_all=self.shows_all, is_linked=self.is_linked
        ).near()
