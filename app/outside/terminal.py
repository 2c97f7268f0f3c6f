"""What the terminal says about itself, asked before the dashboard takes it over.

The question for the background is followed by one that every terminal answers, so that no
answer is waited for that will not come, and none is left over to be taken for keys.
"""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Mapping

QUESTION = b"\x1b]11;?\x1b\\\x1b[c"
"""The colour of the background; then what kind of terminal it is."""
PATIENCE_S = 0.3
_BACKGROUND = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)")
_LAST_ANSWER = re.compile(rb"\x1b\[\?[\d;]*c")
_DARK_NUMBERS = frozenset({0, 1, 2, 3, 4, 5, 6, 8})
"""Of the 16 colours, those that are dark grounds."""


def has_dark_background(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is dark; so is one that does not tell."""
    answer = background_in(_ask(environment))
    if answer is None:
        answer = background_from_environment(environment)
    return True if answer is None else answer


def background_in(answer: bytes) -> bool | None:
    """Whether the background in an answer is dark; None if it tells no colour."""
    found = _BACKGROUND.search(answer)
    if found is None:
        return None
    red, green, blue = (int(each, 16) / (16 ** len(each) - 1) for each in found.groups())
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5)


def background_from_environment(environment: Mapping[str, str]) -> bool | None:
    """What the variable `COLORFGBG` of some terminals tells, as in `15;0`."""
    last = environment.get("COLORFGBG", "").rpartition(";")[2]
    return int(last) in _DARK_NUMBERS if last.isdigit() else None


def _ask(environment: Mapping[str, str]) -> bytes:
    """The answer of the terminal; nothing if it cannot be asked."""
    source, target = sys.__stdin__, sys.__stderr__
    if environment.get("TERM", "dumb") == "dumb" or source is None or target is None:
        return b""
    if not source.isatty() or not target.isatty():
        return b""
    try:
        import termios
        import tty
    except ImportError:
        return b""
    number = source.fileno()
    before = termios.tcgetattr(number)
    try:
        tty.setcbreak(number)
        os.write(target.fileno(), QUESTION)
        return _read_answer(number)
    except OSError:
        return b""
    finally:
        termios.tcsetattr(number, termios.TCSAFLUSH, before)


def _read_answer(number: int) -> bytes:
    answer, deadline = b"", time.monotonic() + PATIENCE_S
    while not _LAST_ANSWER.search(answer) and (left := deadline - time.monotonic()) > 0:
        if select.select([number], [], [], left)[0]:
            answer += os.read(number, 1024)
    return answer
