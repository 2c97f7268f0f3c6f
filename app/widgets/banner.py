"""The line under the header while the source does not answer: why, and when it is tried again."""

from __future__ import annotations

import time

from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static

from app.formatting import shorten

TICK_S = 0.5


class Banner(Static):
    """Not there while all is well."""

    DEFAULT_CSS = """
    Banner {
        height: 1; width: 1fr; padding: 0 1;
        background: $error; color: $background; text-style: bold; display: none;
    }
    Banner.-shown { display: block; }
    """

    outage: reactive[tuple[str, float]] = reactive(("", 0.0))
    """Why the source does not answer, and when it is tried again on `time.monotonic`;
    empty when it answers."""
    _timer: Timer | None = None

    def watch_outage(self) -> None:
        """Show it, and count down."""
        is_shown = bool(self.outage[0])
        self.set_class(is_shown, "-shown")
        if self._timer is None and is_shown:
            self._timer = self.set_interval(TICK_S, self._write)
        elif self._timer is not None and not is_shown:
            self._timer.stop()
            self._timer = None
        self._write()

    def on_resize(self) -> None:
        """Fit the line."""
        self._write()

    def _write(self) -> None:
        why, retry_at = self.outage
        left_s = retry_at - time.monotonic()
        when = "trying again" if left_s <= 0 else f"again in {left_s:.0f}s, ctrl+r tries now"
        room = max(10, self.size.width - len(when) - 8)
        self.update(Content(f"○ {shorten(why, room)} · {when}" if why else ""))
