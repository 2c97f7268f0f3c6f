"""Characters of charts as shapes, for pictures that must not depend on a font.

Braille, block elements and the lines of frames are drawn; everything else stays text. A cell
is a unit square with its origin at the top left.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

_BRAILLE_DOTS = (
    (0.25, 0.125), (0.25, 0.375), (0.25, 0.625), (0.75, 0.125),
    (0.75, 0.375), (0.75, 0.625), (0.25, 0.875), (0.75, 0.875),
)  # fmt: skip
_QUADRANTS = {
    "▘": "a", "▝": "b", "▀": "ab", "▖": "c", "▌": "ac", "▞": "bc", "▛": "abc", "▗": "d",
    "▚": "ad", "▐": "bd", "▜": "abd", "▄": "cd", "▙": "acd", "▟": "bcd",
}  # fmt: skip
_QUADRANT_PLACES = {"a": (0.0, 0.0), "b": (0.5, 0.0), "c": (0.0, 0.5), "d": (0.5, 0.5)}
# Which arms a line character has: left, right, up, down.
_ARMS = {
    "─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "rud", "┤": "lud",
    "┬": "lrd", "┴": "lru", "┼": "lrud",
}  # fmt: skip
_ARM_ENDS = {"l": (0.0, 0.5), "r": (1.0, 0.5), "u": (0.5, 0.0), "d": (0.5, 1.0)}


class Shape(NamedTuple):
    """A part of a character: `dot` (x, y), `box` (x, y, width, height), `line` (two ends)."""

    kind: str
    numbers: tuple[float, ...]


@lru_cache(maxsize=512)
def shapes_of(char: str) -> tuple[Shape, ...] | None:
    """The shapes of a character; None if it is better written as text."""
    code = ord(char)
    if 0x2800 <= code <= 0x28FF:
        return tuple(
            Shape("dot", place) for bit, place in enumerate(_BRAILLE_DOTS) if code >> bit & 1
        )
    if 0x2581 <= code <= 0x2588:
        height = (code - 0x2580) / 8
        return (Shape("box", (0.0, 1 - height, 1.0, height)),)
    if 0x2589 <= code <= 0x258F:
        return (Shape("box", (0.0, 0.0, (0x2590 - code) / 8, 1.0)),)
    if char in _QUADRANTS:
        return tuple(
            Shape("box", (*_QUADRANT_PLACES[part], 0.5, 0.5)) for part in _QUADRANTS[char]
        )
    if char in _ARMS:
        return tuple(Shape("line", (0.5, 0.5, *_ARM_ENDS[arm])) for arm in _ARMS[char])
    if char in "┈┄╌":
        return tuple(Shape("line", (x, 0.5, x + 0.12, 0.5)) for x in (0.06, 0.31, 0.56, 0.81))
    return None
