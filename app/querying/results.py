"""What a query found, in words. Pure."""

from __future__ import annotations

from app.formatting import count, plural


def found_text(found: int, total: int, took_s: float | None = None) -> str:
    """`50 → 17 runs in 4 ms`, or only the number where nothing was asked for.

    Args:
        found: Runs that match.
        total: Runs there are.
        took_s: How long it took; None where it does not matter.
    """
    text = (
        plural(found, "run") if found == total else f"{count(total)} → {plural(found, 'run')}"
    )
    return text if took_s is None else f"{text} in {took_text(took_s)}"


def took_text(took_s: float) -> str:
    """A short time: `4 ms`, `1.2 s`."""
    if took_s < 0.001:
        return "<1 ms"
    return f"{took_s * 1000:.0f} ms" if took_s < 1 else f"{took_s:.1f} s"
