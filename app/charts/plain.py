"""Pictures in plain ASCII, for terminals and fonts that have nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from app.charts.picture import Picture

_PLAIN = {
    **dict.fromkeys("─┈┄╌━", "-"),
    **dict.fromkeys("│┤├┆┃", "|"),
    **dict.fromkeys("┌┐└┘┬┴┼", "+"),
    **dict.fromkeys("●◉◆■", "o"),
    **dict.fromkeys("▀▄█▌▐▘▝▖▗▚▞▛▜▙▟", "#"),
    "…": "~", "▾": "v", "→": ">", "·": ".", "Δ": "d", "≤": "<", "±": "+",
}  # fmt: skip
_LADDER = " .,:;-=+*#"
"""Dots of a Braille cell, from none to many, as characters that grow."""


def to_plain(picture: Picture) -> Picture:
    """The same picture with a plain character in every cell; letters of names are kept."""
    codes, places = np.unique(picture.chars, return_inverse=True)
    table = np.array([_plain_code(int(code)) for code in codes], dtype=np.uint32)
    return replace(picture, chars=table[places].reshape(picture.chars.shape))


def to_plain_text(text: str) -> str:
    """Text with plain characters in place of drawn ones."""
    return "".join(chr(_plain_code(ord(char))) for char in text)


@lru_cache(maxsize=2048)
def _plain_code(code: int) -> int:
    if code < 0x80:
        return code
    if 0x2800 <= code <= 0x28FF:
        return ord(_LADDER[(code - 0x2800).bit_count()])
    if 0x2581 <= code <= 0x2588:
        return ord(_LADDER[code - 0x2580 + 1])
    plain = _PLAIN.get(chr(code))
    return ord(plain) if plain else code
