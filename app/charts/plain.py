"""Pictures in plain ASCII, for terminals and fonts that have nothing else."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from msgspec.structs import replace

from app.charts.picture import Picture

_PLAIN = {
    **dict.fromkeys("─┈┄╌—\u2013╴╶⎯", "-"),
    **dict.fromkeys("━╸╺═▔▬", "="),
    **dict.fromkeys("│┤├┆┃┇┊┋║╎╏╷╵╹╻▏▎▍▌▋▊▉▐▕", "|"),
    **dict.fromkeys("┌┐└┘┬┴┼╭╮╰╯┏┓┗┛┳┻╋┣┫╔╗╚╝┞┟┠┡┢┦┧┨┩┪╆╈", "+"),
    **dict.fromkeys("●◉◆■⬤", "o"), **dict.fromkeys("○◇□▪▫◌◎", "."),
    **dict.fromkeys("▀▄█▘▝▖▗▚▞▛▜▙▟░▒▓", "#"),
    **dict.fromkeys("▾▼▽↓⏷", "v"), **dict.fromkeys("▲△↑⇧", "^"),
    **dict.fromkeys("→▸▶►⏵", ">"), **dict.fromkeys("←◂◀◄⌫", "<"),
    **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("\u2018\u2019\u201a\u2032", "'"),
    **dict.fromkeys("✔✓☑", "v"), **dict.fromkeys("✖✗✘\u00d7☒", "x"),
    "…": "~", "·": ".", "•": "*", "★": "*", "Δ": "d", "≤": "<", "≥": ">", "±": "+",
    "∞": "I", "⏸": "=", "≈": "~", "\xa0": " ", "\u2212": "-",
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
    char = chr(code)
    if char in _PLAIN:
        return ord(_PLAIN[char])
    # Letters, digits and marks belong to names; wide characters need their two cells.
    is_drawn = unicodedata.category(char)[0] in "SPZ"
    is_wide = unicodedata.east_asian_width(char) in "WF"
    return ord("?") if is_drawn and not is_wide else code
