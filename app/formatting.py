"""Values as short text with units. Pure; never raises on NaN, infinities or odd input."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from store.models import Context

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86400

MISSING = "-"
"""Shown where there is no value."""


def number(value: float, digits: int = 4) -> str:
    """A number with some significant digits: `0.1234`, `3e-05`, `1.25M`, `nan`, `∞`."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    size = abs(value)
    if float(value).is_integer() and size < 1e6:
        return str(int(value))
    if size >= 1e6 or size < 1e-4:
        mantissa, exponent = f"{value:.{max(0, digits - 2)}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{mantissa}e{int(exponent)}"
    decimals = max(0, digits - 1 - math.floor(math.log10(size)))
    return f"{value:.{min(decimals, digits + 3)}f}"


def short_number(value: float, digits: int = 6) -> str:
    """A number without zeros at its end: `0.3`, `3e-5`."""
    text = number(value, digits)
    if "." in text and "e" not in text:
        text = text.rstrip("0").rstrip(".")
    return text


def count(value: int) -> str:
    """A count with thousands set apart: `10,230`."""
    return f"{value:,}"


def short_count(value: float) -> str:
    """A count in few characters: `950`, `12.3k`, `4.5M`, `2.1G`."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.1f}".rstrip("0").rstrip(".") + unit
    return f"{value:.0f}"


def plural(amount: int, noun: str, nouns: str = "") -> str:
    """A count with its noun: `1 run`, `12 runs`."""
    return f"{count(amount)} {noun if amount == 1 else nouns or noun + 's'}"


def size(size_bytes: float) -> str:
    """A size in bytes, in units of 1,000: `4.2 MB`."""
    for limit, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size_bytes >= limit:
            return f"{size_bytes / limit:.1f} {unit}"
    return f"{size_bytes:.0f} B"


def duration(seconds: float) -> str:
    """A length of time in at most two units: `48s`, `3m 20s`, `2h 05m`, `4d 3h`."""
    if math.isnan(seconds) or math.isinf(seconds):
        return MISSING
    whole = max(0, int(seconds))
    if whole < MINUTE_S:
        return f"{whole}s"
    if whole < HOUR_S:
        return f"{whole // 60}m {whole % 60:02d}s"
    if whole < DAY_S:
        return f"{whole // HOUR_S}h {whole % HOUR_S // 60:02d}m"
    return f"{whole // DAY_S}d {whole % DAY_S // HOUR_S}h"


def ago(time_s: float, now_s: float) -> str:
    """How long ago, in one unit: `now`, `12s`, `5m`, `3h`, `2d`, `7w`, `3y`."""
    if math.isnan(time_s) or time_s <= 0:
        return MISSING
    passed = max(0, int(now_s - time_s))
    for limit, unit in (
        (365 * DAY_S, "y"),
        (14 * DAY_S, "w"),
        (DAY_S, "d"),
        (HOUR_S, "h"),
        (MINUTE_S, "m"),
    ):
        if passed >= limit:
            return f"{passed // (7 * DAY_S if unit == 'w' else limit)}{unit}"
    return f"{passed}s" if passed >= 5 else "now"


def local_time(time_s: float) -> datetime:
    """A time in the zone of this machine."""
    return datetime.fromtimestamp(time_s, tz=UTC).astimezone()


def timestamp(time_s: float, *, with_seconds: bool = False) -> str:
    """A local date and time: `2026-11-21 20:31`."""
    if math.isnan(time_s) or time_s <= 0:
        return MISSING
    return local_time(time_s).strftime(
        "%Y-%m-%d %H:%M:%S" if with_seconds else "%Y-%m-%d %H:%M"
    )


def clock_time(time_s: float) -> str:
    """A local time of day: `20:31`."""
    return local_time(time_s).strftime("%H:%M")


def param(value: Any, digits: int = 4) -> str:
    """The value of a param in one line."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return short_number(value, digits)
    if isinstance(value, str):
        return one_line(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def metric_title(name: str, context: Context) -> str:
    """A metric for people: the name, and the values of its context."""
    return f"{name} {context.words}".rstrip()


def one_line(text: str) -> str:
    """Text without line breaks and control characters."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def note_line(text: str) -> str:
    """A note in Markdown as one line of plain words: without marks for headings and bold."""
    words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    words = re.sub(r"(?m)^\s*(#{1,6}\s+|>\s+|[-*+]\s+)", "", words)
    return one_line(re.sub(r"\*\*|__|`", "", words))


def file_stem(name: str) -> str:
    """A name for a file, without its suffix, that every system takes."""
    kept = "".join(char if char.isalnum() or char in "-_" else " " for char in name)
    return "-".join(kept.split()).lower()[:60] or "export"


def shorten(text: str, width: int) -> str:
    """The beginning of a text, with an ellipsis if something is missing."""
    if len(text) <= width:
        return text
    return text[: max(0, width - 1)] + "…" if width > 0 else ""


def shorten_middle(text: str, width: int) -> str:
    """Both ends of a text: the end is often what tells names apart."""
    if len(text) <= width:
        return text
    if width < 6:
        return shorten(text, width)
    tail = width * 3 // 5
    return f"{text[: width - tail - 1]}…{text[-tail:]}"


def flatten(tree: Any, prefix: str = "") -> dict[str, Any]:
    """A tree of params as leaves by dotted path; lists and empty objects are leaves."""
    if not isinstance(tree, dict) or (not tree and prefix):
        return {prefix: tree}
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        path = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, dict) and value:
            leaves.update(flatten(value, path))
        else:
            leaves[path] = value
    return leaves
