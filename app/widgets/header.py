"""The top line: where the data comes from, how it is, the screens, the time."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct, field
from textual.content import Content
from textual.reactive import reactive

from app.formatting import clock_time, shorten
from app.widgets.alert_strip import OpenAlerts
from app.widgets.hot_line import HotLine, HotText

_SHORT = {
    "Experiments": "Exps",
    "Metrics": "Metr",
    "Compare": "Comp",
    "Notes": "Note",
    "Dashboards": "Dash",
    "Reports": "Reps",
    "Server": "Serv",
}
"""Titles of screens where there is no room for the whole ones."""


class Fit(Enum):
    """How much room the screens get, from much to little."""

    FULL = auto()
    SHORT = auto()
    TIGHT = auto()
    KEYS = auto()


_CRUMB_CELLS = {Fit.FULL: 32, Fit.SHORT: 20, Fit.TIGHT: 0, Fit.KEYS: 14}


class Standing(Struct, frozen=True):
    """What the top line tells about the source."""

    address: str = ""
    problem: str = ""
    """Why the source does not answer; empty when all is well."""
    retry_at: float = 0.0
    """When it is tried again, on `time.monotonic`."""
    running_count: int = 0
    is_read_only: bool = False
    alerts: OpenAlerts = field(default_factory=OpenAlerts)
    """Alerts that nobody has seen; they have a line of their own."""
    now_s: float = 0.0


class Header(HotLine):
    """One line; every part can be clicked."""

    DEFAULT_CSS = """
    Header { dock: top; color: $foreground; }
    """

    standing: reactive[Standing] = reactive(Standing())
    """Given by the application."""
    places: reactive[tuple[tuple[str, str, str], ...]] = reactive(())
    """Name, key and title of the screens."""
    current: reactive[str] = reactive("")
    """Name of the screen that is shown."""
    is_reading: reactive[bool] = reactive(False)
    """Whether the screen waits for an answer that takes longer than a moment."""
    crumb: reactive[str] = reactive("")
    """What is open on top of the screen."""

    def parts(self, width: int) -> list[HotText]:
        """The source at the left, the screens at the right, shortened to what fits."""
        state, _ = self._state_text()
        for fit, crumb, needed in (
            (Fit.FULL, self.crumb, len(state)),
            (Fit.SHORT, self.crumb, len(state)),
            (Fit.SHORT, "", 0),
            (Fit.TIGHT, "", 0),
            (Fit.KEYS, self.crumb, 0),
            (Fit.KEYS, "", 0),
        ):
            right = self._places(fit, crumb)
            room = width - _length(right)
            left = self._source(room, has_brand=fit is not Fit.TIGHT)
            if max(_length(left), needed and needed + 22) < room:
                break
        gap = Content(" " * max(1, width - _length(left) - _length(right)))
        return [*left, HotText(gap), *right]

    def _source(self, room: int, *, has_brand: bool) -> list[HotText]:
        """Name, address, state."""
        state, style = self._state_text()
        brand = HotText(Content.styled(" runfolio ", "bold $primary"), "app.go('home')")
        taken = len(state) + 15 if has_brand else 5
        address = _shorten_left(self.standing.address, max(8, min(40, room - taken)))
        where = HotText(Content.styled(f" {address} ", "$foreground"), "app.connection")
        parts = [brand, where] if has_brand else [where]
        if _length(parts) + len(state) + 2 <= room:
            parts.append(HotText(Content.styled(f" {state}", style), "app.connection"))
        elif _length(parts) + 3 <= room:
            parts.append(HotText(Content.styled(f" {state[0]}", style), "app.connection"))
        return parts

    def _state_text(self) -> tuple[str, str]:
        if self.standing.problem:
            return "○ offline, trying again", "$error"
        if self.is_reading:
            return "◌ reading, esc stops", "$accent"
        running = self.standing.running_count
        suffix = ", read only" if self.standing.is_read_only else ""
        if running:
            return f"● live {running} running{suffix}", "$success"
        return f"● ready{suffix}", "$foreground 60%"

    def _places(self, fit: Fit, crumb: str) -> list[HotText]:
        parts: list[HotText] = []
        for name, key, title in self.places:
            is_here = name == self.current
            look = "bold $background on $primary" if is_here else "$foreground 60%"
            text = _place_text(key, title, fit, is_here=is_here)
            parts.append(HotText(Content.styled(text, look), f"app.go('{name}')"))
            if is_here and crumb:
                shown = shorten(crumb, _CRUMB_CELLS[fit])
                parts.append(HotText(Content.styled(f" > {shown} ", "$accent")))
        if self.standing.now_s:
            time = f"  {clock_time(self.standing.now_s)} "
            parts.append(HotText(Content.styled(time, "$foreground 60%")))
        return parts


def _place_text(key: str, title: str, fit: Fit, *, is_here: bool) -> str:
    short = _SHORT.get(title, title)
    match fit:
        case Fit.FULL:
            return f" {key} {title} "
        case Fit.SHORT:
            return f" {key} {title if is_here else short} "
        case Fit.TIGHT:
            return f" {key} {short} " if is_here else f" {key}{short}"
        case Fit.KEYS:
            return f" {key} {title} " if is_here else f" {key} "


def _shorten_left(text: str, width: int) -> str:
    """The end of a text, which is what tells paths apart."""
    return text if len(text) <= width else "…" + text[1 - width :]


def _length(parts: list[HotText]) -> int:
    return sum(part.content.cell_length for part in parts)
