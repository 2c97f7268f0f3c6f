"""A line of text whose parts can be clicked."""

from __future__ import annotations

from msgspec import Struct
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget


class HotText(Struct, frozen=True):
    """A part of the line, with the action that a click on it runs."""

    content: Content
    action: str = ""


class HotLine(Widget):
    """One line; a subclass gives its parts."""

    DEFAULT_CSS = """
    HotLine { height: 1; background: $panel; }
    """

    def parts(self, width: int) -> list[HotText]:  # noqa: ARG002
        """The parts of a line of this width, from left to right."""
        raise AssertionError("a subclass gives the parts")

    def render(self) -> RenderResult:
        """All parts after each other."""
        return Content("").join(part.content for part in self.parts(self.size.width))

    async def on_click(self, event: events.Click) -> None:
        """Run the action of the part under the pointer."""
        at = 0
        for part in self.parts(self.size.width):
            at += part.content.cell_length
            if event.x < at:
                if part.action:
                    event.stop()
                    await self.app.run_action(part.action)
                return
