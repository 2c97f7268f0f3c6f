"""`StepBar`: where in a sequence of steps one is; clicking goes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

MARGIN = 24
"""Cells for the words at the right."""


class StepBar(Widget):
    """A line with a knob, and the step in words."""

    DEFAULT_CSS = """
    StepBar { height: 1; width: 1fr; padding: 0 1; }
    """

    @dataclass
    class Chosen(Message):
        """A place was clicked."""

        index: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._steps: tuple[int, ...] = ()
        self._index = 0

    def show(self, steps: Sequence[int], index: int) -> None:
        """Show other steps, or another place."""
        self._steps, self._index = tuple(steps), index
        self.refresh()

    def render(self) -> Content:
        """The line."""
        if not self._steps:
            return Content("")
        length = self._length()
        at = round(self._index / max(1, len(self._steps) - 1) * (length - 1))
        words = f"  step {self._steps[self._index]:,} · {self._index + 1} of {len(self._steps)}"
        return Content.assemble(
            Content.styled("━" * at, "$primary"),
            Content.styled("●", "$accent"),
            Content.styled("─" * (length - 1 - at), "$foreground 30%"),
            words,
        )

    def on_click(self, event: events.Click) -> None:
        """Tell which place was clicked."""
        length = self._length()
        if self._steps and event.x - 1 < length:
            share = max(0, event.x - 1) / max(1, length - 1)
            self.post_message(self.Chosen(round(share * (len(self._steps) - 1))))

    def _length(self) -> int:
        return max(4, self.size.width - MARGIN)
