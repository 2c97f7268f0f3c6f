"""The top line: where the data comes from, how it is, the screens, the time."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from app.formatting import clock_time, shorten


@dataclass(frozen=True, slots=True)
class Standing:
    """What the top line tells about the source."""

    address: str = ""
    problem: str = ""
    """Why the source does not answer; empty when all is well."""
    running_count: int = 0
    is_read_only: bool = False
    now_s: float = 0.0


class Header(Widget):
    """One line; every part can be clicked."""

    DEFAULT_CSS = """
    Header { dock: top; height: 1; background: $panel; color: $foreground; }
    """

    standing: reactive[Standing] = reactive(Standing())
    """Given by the application."""
    places: reactive[tuple[tuple[str, str, str], ...]] = reactive(())
    """Name, key and title of the screens."""
    current: reactive[str] = reactive("")
    """Name of the screen that is shown."""
    crumb: reactive[str] = reactive("")
    """What is open on top of the screen."""

    def render(self) -> RenderResult:
        """The line, with the screens at the right and shortened to what fits."""
        width = self.size.width
        right = self._right(is_short=False)
        left = self._left(width - right.cell_length - 2)
        if left.cell_length + right.cell_length + 2 > width:
            right = self._right(is_short=True)
            left = self._left(width - right.cell_length - 2)
        gap = max(1, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def _left(self, room: int) -> Content:
        state, style = self._state()
        state_room = len(state) + 4
        address = shorten(self.standing.address, max(8, min(40, room - state_room - 12)))
        parts = [
            Content.styled(" runfolio ", "bold $primary"),
            Content.from_markup("[@click=app.connection]$address[/]", address=f" {address} "),
        ]
        if sum(part.cell_length for part in parts) + state_room <= room:
            parts.append(Content.styled(f" {state}", style))
        return Content("").join(parts)

    def _state(self) -> tuple[str, str]:
        if self.standing.problem:
            return "○ offline, trying again", "$error"
        running = self.standing.running_count
        suffix = ", read only" if self.standing.is_read_only else ""
        if running:
            return f"● live {running} running{suffix}", "$success"
        return f"● ready{suffix}", "$text-muted"

    def _right(self, *, is_short: bool) -> Content:
        parts: list[Content] = []
        for name, key, title in self.places:
            is_here = name == self.current
            text = f" {key} {title} " if is_here or not is_short else f" {key} "
            look = "bold $background on $primary" if is_here else "$text-muted"
            markup = f"[@click=app.go('{name}')][{look}]$text[/][/]"
            parts.append(Content.from_markup(markup, text=text))
            if is_here and self.crumb:
                crumb = shorten(self.crumb, 14 if is_short else 32)
                parts.append(Content.styled(f" › {crumb} ", "$accent"))
        if self.standing.now_s:
            parts.append(Content.styled(f"  {clock_time(self.standing.now_s)} ", "$text-muted"))
        return Content("").join(parts)
