"""Raster of dots: eight to a cell in Braille, four in quadrant blocks, one in ASCII.

`Canvas` collects dots of many traces in numpy and becomes characters once. A cell has one
colour: what was drawn last wins, so what matters most is drawn last; dots of all stay lit.

Dots count from the top left. Drawing outside the canvas is allowed and leaves nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from app.charts.picture import Area, Ink, Sheet, Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Glyphs(StrEnum):
    """What the terminal's font can show."""

    BRAILLE = "braille"
    BLOCKS = "blocks"
    ASCII = "ascii"


class Stroke(StrEnum):
    """How a trace is drawn; tells traces apart where colour cannot."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"
    DASH_DOT = "dash-dot"


class _Grid(Struct, frozen=True):
    across: int
    down: int
    table: NDArray[np.uint32]
    """Character for each set of dots in a cell."""


def _braille() -> _Grid:
    # Bit k of our cell is the dot in row k // 2, column k % 2; Unicode counts them by column.
    order = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)
    codes = [
        0x2800 + sum(order[bit] for bit in range(8) if cell >> bit & 1) for cell in range(256)
    ]
    return _Grid(2, 4, np.array(codes, dtype=np.uint32))


_GRIDS = {
    Glyphs.BRAILLE: _braille(),
    Glyphs.BLOCKS: _Grid(2, 2, np.array([ord(c) for c in " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"], dtype=np.uint32)),
    Glyphs.ASCII: _Grid(1, 2, np.array([ord(c) for c in " '.|"], dtype=np.uint32)),
}
_PATTERNS: dict[Stroke, tuple[int, ...]] = {
    Stroke.DASHED: (1, 1, 1, 1, 0, 0),
    Stroke.DOTTED: (1, 0, 0),
    Stroke.DASH_DOT: (1, 1, 1, 1, 0, 0, 1, 0, 0),
}


class Canvas:
    """Dots in the making; `size` is in cells."""

    def __init__(self, size: Size, glyphs: Glyphs = Glyphs.BRAILLE) -> None:
        self._grid = _GRIDS[glyphs]
        self.size = size
        self.dots_across = size.width * self._grid.across
        self.dots_down = size.height * self._grid.down
        shape = (size.height, size.width)
        self._cells = np.zeros(shape, dtype=np.uint8)
        self._owners = np.full(shape, -1, dtype=np.int16)
        self._rows = np.arange(self.dots_down, dtype=np.int64)[:, None]
        bits = 1 << np.arange(self._grid.across * self._grid.down)
        self._weights = bits.reshape(self._grid.down, self._grid.across).astype(np.uint8)

    def fill_columns(
        self,
        tops: NDArray[np.int64],
        bottoms: NDArray[np.int64],
        owner: int,
        stroke: Stroke = Stroke.SOLID,
    ) -> None:
        """Light each column of dots from `tops` to `bottoms`, both included.

        One entry for each column of dots; a column whose top is below its bottom stays dark.
        """
        first, last = np.maximum(tops, 0), np.minimum(bottoms, self.dots_down - 1)
        counts = np.maximum(last - first + 1, 0)
        if stroke is not Stroke.SOLID:
            counts = np.where(_is_drawn(stroke, self.dots_across), counts, 0)
        columns = np.repeat(np.arange(self.dots_across), counts)
        # The place of each dot in its column: a count that begins anew with every column.
        places = np.arange(len(columns)) - np.repeat(np.cumsum(counts) - counts, counts)
        self._light_at(columns, first[columns] + places, owner)

    def fill_band(
        self, tops: NDArray[np.int64], bottoms: NDArray[np.int64], owner: int
    ) -> None:
        """Light every fourth dot between `tops` and `bottoms`, as a shade."""
        dots = (self._rows >= tops) & (self._rows <= bottoms)
        columns = np.arange(self.dots_across)
        is_shade = (
            (self._rows + columns) % 4 == 0 if self._grid.across > 1 else columns % 2 == 0
        )
        self.light(dots & is_shade, owner)

    def light_cross(self, column: int, row: int, owner: int) -> None:
        """Light a small cross, for a point that stands alone."""
        steps = np.array([(0, 0), (0, -1), (0, 1), (-1, 0), (1, 0)])
        self.light_points(steps[:, 0] + column, steps[:, 1] + row, owner)

    def light_points(
        self, columns: NDArray[np.int64], rows: NDArray[np.int64], owner: int
    ) -> None:
        """Light single dots."""
        inside = (
            (columns >= 0)
            & (columns < self.dots_across)
            & (rows >= 0)
            & (rows < self.dots_down)
        )
        self._light_at(columns[inside], rows[inside], owner)

    def _light_at(
        self, columns: NDArray[np.int64], rows: NDArray[np.int64], owner: int
    ) -> None:
        """Light dots that all lie on the canvas."""
        down, across = self._grid.down, self._grid.across
        cells = rows // down * self.size.width + columns // across
        bits = self._weights[rows % down, columns % across]
        np.bitwise_or.at(self._cells.reshape(-1), cells, bits)
        self._owners.reshape(-1)[cells] = owner

    def light(self, dots: NDArray[np.bool_], owner: int) -> None:
        """Light every dot of a mask, shape (dots down, dots across)."""
        height, width = self.size.height, self.size.width
        down, across = self._grid.down, self._grid.across
        cells = np.zeros((height, width), dtype=np.uint8)
        for row in range(down):
            for column in range(across):
                part = dots[row::down, column::across]
                cells |= part.view(np.uint8) * self._weights[row, column]
        self._cells |= cells
        self._owners[cells > 0] = owner

    def lit_cells(self) -> NDArray[np.bool_]:
        """Which cells have a dot."""
        return self._cells > 0

    def paint(self, sheet: Sheet, area: Area, inks: Sequence[Ink]) -> None:
        """Put every lit cell on a sheet, in the ink of its owner."""
        lit = self._cells > 0
        if not lit.any():
            return
        numbers = np.array([sheet.ink(ink) for ink in inks], dtype=np.uint16)
        chars = sheet.chars[area.y : area.bottom, area.x : area.right]
        colors = sheet.inks[area.y : area.bottom, area.x : area.right]
        chars[lit] = self._grid.table[self._cells[lit]]
        colors[lit] = numbers[self._owners[lit]]


def _is_drawn(stroke: Stroke, columns: int) -> NDArray[np.bool_]:
    pattern = np.array(_PATTERNS[stroke], dtype=bool)
    return np.resize(pattern, columns)
