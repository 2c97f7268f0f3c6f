"""Large numbers, three lines high. Pure."""

from __future__ import annotations

_TOP = "┏━┓╺┓ ╺━┓╺━┓╻ ╻┏━╸┏━╸╺━┓┏━┓┏━┓"
_MIDDLE = "┃ ┃ ┃ ┏━┛╺━┫┗━┫┗━┓┣━┓  ┃┣━┫┗━┫"
_BOTTOM = "┗━┛╺┻╸┗━╸╺━┛  ╹╺━┛┗━┛  ╹┗━┛╺━┛"
_OTHERS = {
    ".": ("   ", "   ", " . "),
    ",": ("   ", "   ", " , "),
    "-": ("   ", "╺━╸", "   "),
    "+": ("   ", "╺╋╸", "   "),
    "e": ("   ", "┏━╸", "┗━╸"),
}
HEIGHT = 3


def large(text: str) -> tuple[str, str, str] | None:
    """Three lines that show a number; None if it holds anything that has no large shape."""
    lines = ["", "", ""]
    for char in text:
        shape = _shape(char)
        if shape is None:
            return None
        for row, part in enumerate(shape):
            lines[row] += part.strip() if char in ".," and row == 2 else _slim(char, part)
    return lines[0], lines[1], lines[2]


def _shape(char: str) -> tuple[str, str, str] | None:
    if char.isascii() and char.isdigit():
        at = int(char) * 3
        return _TOP[at : at + 3], _MIDDLE[at : at + 3], _BOTTOM[at : at + 3]
    return _OTHERS.get(char)


def _slim(char: str, part: str) -> str:
    return part[:1] if char in ".," else part
