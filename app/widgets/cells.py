"""Cells of tables: pieces of text with a tone, and how tones look in a theme.

A cell knows no colours, so it can be made and kept in any thread; `Tones` turns tones into
styles when a line is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len, set_cell_size
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color, ColorParseError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCKS = "▁▂▃▄▅▆▇█"
ASCII_BLOCKS = "_.-=+*%#"


class Cell(Struct, frozen=True):
    """Pieces of text, each with a tone, standing left or right in a column.

    Tones are `""`, `muted`, `primary`, `accent`, `success`, `warning`, `error`, `strong`,
    `spark`, `best`, or `chip:#rrggbb`.
    """

    pieces: tuple[tuple[str, str], ...] = ()
    is_right: bool = False

    @property
    def text(self) -> str:
        """The text alone."""
        return "".join(text for text, _ in self.pieces)


EMPTY = Cell()


def plain(text: str, tone: str = "", *, is_right: bool = False) -> Cell:
    """A cell of one piece."""
    return Cell(((text, tone),), is_right) if text else EMPTY


_DEFAULTS = {"background": "#101010", "foreground": "#c8c8c8"}


def theme_color(variables: Mapping[str, str], name: str) -> Color:
    """A colour of a theme; a sensible one where the theme leaves it to the terminal."""
    text = variables.get(name, "").split(" ")[0]
    try:
        return Color.parse(text)
    except ColorParseError:
        return Color.parse(_DEFAULTS.get(name, "#808080"))


class Tones:
    """Styles of a theme by tone."""

    def __init__(self, variables: Mapping[str, str], *, is_dark: bool) -> None:
        self._variables = variables
        self._background = theme_color(variables, "background")
        self._chip_share = 0.28 if is_dark else 0.22
        self._styles: dict[str, Style] = {
            "": Style.null(),
            "muted": self._named("foreground", share=0.55),
            "strong": Style(bold=True),
            "best": self._named("success", bold=True),
            "spark": self._named("primary", share=0.6),
            **{
                name: self._named(name)
                for name in ("primary", "secondary", "accent", "success", "warning", "error")
            },
        }
        self.cursor = Style(
            color=self._rich("block-cursor-foreground"),
            bgcolor=self._rich("block-cursor-background"),
        )
        self.cursor_blurred = Style(bgcolor=self._rich("block-cursor-blurred-background"))
        ground = theme_color(variables, "block-cursor-background")
        text = theme_color(variables, "block-cursor-foreground")
        self.cursor_cell = Style(bold=True, bgcolor=ground.blend(text, 0.2).rich_color)
        self.header = self._named("foreground", share=0.7) + Style(
            bold=True, bgcolor=self._rich("panel")
        )
        self.header_cursor = Style(color=self._rich("primary"), bgcolor=self._rich("panel"))
        self.base = Style(color=self._rich("foreground"), bgcolor=self._rich("background"))
        self._painted: dict[str, Style] = {"": self.base}

    def style(self, tone: str) -> Style:
        """The style of a tone; an unknown one is plain."""
        style = self._styles.get(tone)
        if style is None and tone.startswith("chip:"):
            color = Color.parse(tone[5:])
            ground = self._background.blend(color, self._chip_share)
            style = Style(color=color.rich_color, bgcolor=ground.rich_color)
            self._styles[tone] = style
        return style or Style.null()

    def painted(self, tone: str) -> Style:
        """The style of a tone on the usual ground, so that nothing is left to be laid under."""
        style = self._painted.get(tone)
        if style is None:
            style = self._painted[tone] = self.base + self.style(tone)
        return style

    def _rich(self, name: str) -> RichColor:
        return theme_color(self._variables, name).rich_color

    def _named(self, name: str, *, share: float = 1.0, bold: bool | None = None) -> Style:
        color = theme_color(self._variables, name)
        if share < 1.0:
            color = self._background.blend(color, share)
        return Style(color=color.rich_color, bold=bold)


BLANK = None
"""Stands for the tone of a filling."""


def fitted(cell: Cell, width: int) -> list[tuple[str, str | None]]:
    """A cell as pieces of exactly this width, cut with an ellipsis if it is too long."""
    drawn: list[tuple[str, str | None]] = []
    room = width
    for text, tone in cell.pieces:
        length = _length(text)
        if length > room:
            if room > 0:
                drawn.append((_cut(text, room), tone))
            room = 0
            break
        drawn.append((text, tone))
        room -= length
    if room:
        pad = (" " * room, BLANK)
        drawn = [pad, *drawn] if cell.is_right else [*drawn, pad]
    return drawn


def line_segments(
    cells: Iterable[tuple[Cell, int]], gap: str, tones: Tones, *, is_painted: bool = False
) -> list[Segment]:
    """Cells with their widths side by side; pieces that look the same are one segment.

    Args:
        cells: The cells with their widths.
        gap: What stands behind each of them.
        tones: How they look.
        is_painted: Whether they stand on the usual ground already.
    """
    style_of = tones.painted if is_painted else tones.style
    ground = style_of("")
    behind = (gap, BLANK)
    drawn: list[Segment] = []
    texts: list[str] = []
    current = ground
    for cell, width in cells:
        for text, tone in (*fitted(cell, width), behind):
            if tone is BLANK:
                # Blanks look the same in any colour of text, but not on a chip.
                style = current if current.bgcolor == ground.bgcolor else ground
            else:
                style = style_of(tone)
            if style is not current:
                if texts:
                    drawn.append(Segment("".join(texts), current))
                    texts = []
                current = style
            texts.append(text)
    if texts:
        drawn.append(Segment("".join(texts), current))
    return drawn


@lru_cache(maxsize=8192)
def _length(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def _cut(text: str, width: int) -> str:
    if width == 1:
        return "…"
    if text.isascii():
        return text[: width - 1] + "…"
    return set_cell_size(text, width - 1) + "…"


def sparkline(
    values: Sequence[float] | NDArray[np.float64], width: int, blocks: str = BLOCKS
) -> str:
    """Values as a row of blocks; gaps where a value is not finite."""
    count = len(values)
    if count == 0:
        return " " * width
    picked = [float(values[min(count - 1, at * count // width)]) for at in range(width)]
    if count > 1:
        picked[-1] = float(values[-1])
    finite = [value for value in picked if value - value == 0]
    if not finite:
        return "·" * width
    low, high = min(finite), max(finite)
    scale = (len(blocks) - 1) / (high - low) if high > low else 0.0
    flat = blocks[0] if high == low else ""
    return "".join(
        "·" if value - value != 0 else flat or blocks[round((value - low) * scale)]
        for value in picked
    )
