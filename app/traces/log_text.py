"""Terminal output and log records as rows to show. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.formatting import local_time
from store.models import LogLine, LogRecord

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*(?:\x07|\x1b\\)|\x1b.")
LEVELS = (0, 10, 20, 30, 40, 50)
LEVEL_NAMES = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}


class LogRow(Struct, frozen=True):
    """One row of a log."""

    number: int
    """Position in the log."""
    text: str
    """With colour codes."""
    level: int = 0
    """Of a record; 0 for terminal output."""
    time: float = 0.0


def visible_text(text: str) -> str:
    """Text as a terminal leaves it on its line: the last part after a carriage return."""
    parts = [part for part in text.rstrip("\r\n").split("\r") if part]
    return parts[-1] if parts else ""


def without_codes(text: str) -> str:
    """Text without colour codes and other escape sequences."""
    return _ESCAPES.sub("", text)


def line_rows(lines: Iterable[LogLine]) -> list[LogRow]:
    """Terminal output as rows."""
    return [LogRow(line.step, visible_text(line.text)) for line in lines]


def record_rows(records: Iterable[LogRecord]) -> list[LogRow]:
    """Log records as rows, oldest first."""
    rows = []
    for record in sorted(records, key=lambda record: record.number):
        head = (
            f"{local_time(record.time):%H:%M:%S} {LEVEL_NAMES.get(record.level, record.level)}"
        )
        extra = f"  {dict(record.args)}" if record.args else ""
        text = f"{head:<17} {record.message}{extra}"
        rows.append(LogRow(record.number, text, record.level, record.time))
    return rows


def filtered(rows: Sequence[LogRow], needle: str, level: int) -> list[LogRow]:
    """Rows with a text in them, of at least a level; terminal output has none and passes."""
    wanted = needle.lower()
    return [
        row
        for row in rows
        if (not row.level or row.level >= level)
        and (not wanted or wanted in without_codes(row.text).lower())
    ]


def matches(rows: Sequence[LogRow], needle: str) -> list[int]:
    """Places of the rows with a text in them; none for an empty text."""
    wanted = needle.lower()
    if not wanted:
        return []
    return [at for at, row in enumerate(rows) if wanted in without_codes(row.text).lower()]


def match_from(found: Sequence[int], row: int, direction: int) -> int | None:
    """The match after (or before) a row, round the end; 0 takes the row itself too."""
    if not found:
        return None
    if direction < 0:
        at = bisect_left(found, row) - 1
    else:
        at = (bisect_right if direction else bisect_left)(found, row)
    return found[at % len(found)]
