"""`Picture`: what every chart draws into; a grid of characters with an ink for each cell.

A picture knows no terminal and no Textual. It is made on a `Sheet`, which can be written
on, and never changes afterwards, so a worker thread can hand it to the interface.

What holds: `chars` and `inks` have one shape (rows, columns). A wide character takes two
cells, the second of which holds 0. Ink 0 is always the plain one.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from numpy.typing import NDArray

ELLIPSIS = "…"
CONTINUED = 0
"""Code of the second cell of a wide character."""


class Size(NamedTuple):
    """Cells across and down."""

    width: int
    height: int


class Area(NamedTuple):
    """A rectangle of cells inside a picture."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column after the area."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row after the area."""
        return self.y + self.height

    def contains(self, x: int, y: int) -> bool:
        """Whether the cell lies inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom


class Ink(Struct, frozen=True):
    """How a cell looks. Colours are `#rrggbb`; None is the terminal's own."""

    color: str | None = None
    background: str | None = None
    is_bold: bool = False
    is_dim: bool = False
    is_underlined: bool = False

    def on(self, background: str | None) -> Ink:
        """The same ink on another background."""
        return replace(self, background=background)


PLAIN = Ink()


class Picture(Struct, frozen=True, eq=False):
    """A finished grid of characters."""

    chars: NDArray[np.uint32]
    """Code points, shape (rows, columns)."""
    inks: NDArray[np.uint16]
    """For each cell an index into `palette`."""
    palette: tuple[Ink, ...]

    @property
    def size(self) -> Size:
        """Cells across and down."""
        height, width = self.chars.shape
        return Size(int(width), int(height))

    def line(self, row: int) -> str:
        """The characters of a row, without ink."""
        return _decode(self.chars[row])

    def text(self) -> str:
        """All rows without ink, blanks at the end of a row removed."""
        return "\n".join(self.line(row).rstrip() for row in range(self.size.height))

    def spans(self, row: int) -> list[tuple[str, Ink]]:
        """The row as runs of characters that share an ink."""
        inks = self.inks[row]
        if not len(inks):
            return []
        starts = np.flatnonzero(np.diff(inks)) + 1
        edges = [0, *starts.tolist(), len(inks)]
        chars = self.chars[row]
        return [
            (_decode(chars[start:stop]), self.palette[int(inks[start])])
            for start, stop in pairwise(edges)
        ]


class Sheet:
    """A picture in the making."""

    def __init__(self, size: Size) -> None:
        shape = (max(0, size.height), max(0, size.width))
        self.chars = np.full(shape, ord(" "), dtype=np.uint32)
        self.inks = np.zeros(shape, dtype=np.uint16)
        self._palette: dict[Ink, int] = {PLAIN: 0}

    @property
    def size(self) -> Size:
        """Cells across and down."""
        height, width = self.chars.shape
        return Size(int(width), int(height))

    def ink(self, ink: Ink) -> int:
        """The number of an ink, new or known."""
        return self._palette.setdefault(ink, len(self._palette))

    def write(self, x: int, y: int, text: str, ink: Ink = PLAIN) -> None:
        """Put text on one row; what would fall outside the sheet is left out."""
        if not 0 <= y < self.chars.shape[0]:
            return
        number = self.ink(ink)
        width = self.chars.shape[1]
        for code, cells in _cells(text):
            if x >= 0 and x + cells <= width:
                self.chars[y, x] = code
                self.inks[y, x] = number
                if cells == 2:
                    self.chars[y, x + 1] = CONTINUED
                    self.inks[y, x + 1] = number
            x += cells

    def paste(self, picture: Picture, x: int = 0, y: int = 0) -> None:
        """Lay a picture on the sheet; it must lie inside."""
        width, height = picture.size
        numbers = np.array([self.ink(ink) for ink in picture.palette], dtype=np.uint16)
        self.chars[y : y + height, x : x + width] = picture.chars
        self.inks[y : y + height, x : x + width] = numbers[picture.inks]

    def recolor(self, area: Area, ink: Ink) -> None:
        """Give every cell of an area the same ink."""
        self.inks[area.y : area.bottom, area.x : area.right] = self.ink(ink)

    def finish(self) -> Picture:
        """The picture; the sheet must not be written on afterwards."""
        return Picture(self.chars, self.inks, tuple(self._palette))


def text_width(text: str) -> int:
    """Cells that a text takes."""
    return len(text) if text.isascii() else sum(cells for _, cells in _cells(text))


def fit_text(text: str, width: int) -> str:
    """The text cut to a width, with an ellipsis when something was cut."""
    text = " ".join(text.split()) if "\n" in text or "\t" in text else text
    if text_width(text) <= width:
        return text
    if width <= 0:
        return ""
    kept: list[str] = []
    room = width - 1
    for code, cells in _cells(text):
        if cells > room:
            break
        kept.append(chr(code))
        room -= cells
    return "".join(kept) + ELLIPSIS


def fit_both_ends(text: str, width: int) -> str:
    """The text cut in its middle: the end is often what tells names apart."""
    if text_width(text) <= width or width < 8:
        return fit_text(text, width)
    tail: list[str] = []
    room = width // 2
    for code, cells in reversed(list(_cells(text))):
        if cells > room:
            break
        tail.append(chr(code))
        room -= cells
    end = "".join(reversed(tail))
    return fit_text(text, width - text_width(end)) + end


def from_text(text: str, size: Size, ink: Ink = PLAIN) -> Picture:
    """A picture of plain lines, cut to the size."""
    sheet = Sheet(size)
    for row, line in enumerate(text.split("\n")[: size.height]):
        sheet.write(0, row, line, ink)
    return sheet.finish()


def message_picture(text: str, size: Size, ink: Ink = PLAIN) -> Picture:
    """A picture with one sentence in the middle."""
    sheet = Sheet(size)
    shown = fit_text(text, size.width)
    sheet.write((size.width - text_width(shown)) // 2, size.height // 2, shown, ink)
    return sheet.finish()


def _decode(codes: NDArray[np.uint32]) -> str:
    text = codes.astype("<u4").tobytes().decode("utf-32-le")
    return text.replace("\0", "") if "\0" in text else text


def _cells(text: str) -> list[tuple[int, int]]:
    """Code points with their cells; what takes no cell of its own is left out."""
    if text.isascii():
        return [(ord(char), 1) if char.isprintable() else (32, 1) for char in text]
    measured = [(ord(char), _char_width(char)) for char in unicodedata.normalize("NFC", text)]
    return [(code, cells) for code, cells in measured if cells]


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    category = unicodedata.category(char)
    if category in {"Mn", "Me", "Cf", "Cc", "Cs"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
