"""Numbers and spans of time in the sentences of alerts."""

from __future__ import annotations

import math

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def number(value: float) -> str:
    """A number with four significant digits: `0.5000`, `12`, `3e-5`, `nan`."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "∞" if value > 0 else "-∞"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    if not 1e-4 <= abs(value) < 1e6:
        return exact(float(f"{value:.3g}"))
    return f"{value:.{max(0, 3 - math.floor(math.log10(abs(value))))}f}"


def exact(value: float) -> str:
    """A number as short as it can be without becoming another: `0.3`, `3e-05`, `500`."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def span(seconds: float) -> str:
    """A span of time that is read as the same again: `10m`, `90s`."""
    for unit in ("d", "h", "m"):
        if seconds >= SECONDS[unit] and seconds % SECONDS[unit] == 0:
            return f"{seconds / SECONDS[unit]:.0f}{unit}"
    return f"{exact(seconds)}s"


def duration(seconds: float) -> str:
    """A length of time in two units: `48s`, `3m 20s`, `2h 05m`, `4d 3h`."""
    whole = max(0, int(seconds)) if math.isfinite(seconds) else 0
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    if whole < 86400:
        return f"{whole // 3600}h {whole % 3600 // 60:02d}m"
    return f"{whole // 86400}d {whole % 86400 // 3600}h"
