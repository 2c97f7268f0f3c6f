"""`WordBar`: the line over a list that finds rows by the words in them.

It looks like the query bar and is left the same way: `enter` and `down` go to the list,
escape too, and once more takes the words away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from app.formatting import plural


class WordBar(Horizontal):
    """One line for words, with the count of what they leave."""

    DEFAULT_CSS = """
    WordBar { height: 1; background: $surface; }
    WordBar .prompt { color: $primary; padding: 0 1; text-style: bold; }
    WordBar Input { width: 1fr; background: $surface; }
    WordBar Input:focus { background: $panel; }
    WordBar .count { color: $text-muted; padding: 0 1; width: auto; }
    WordBar .count.-none { color: $warning; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "leave", "to the list", show=False)
    ]

    field = getters.query_one(Input)

    @dataclass
    class Changed(Message):
        """Other rows are wanted."""

        text: str

    @dataclass
    class Left(Message):
        """On to the list."""

    def __init__(self, *, placeholder: str, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """A prompt, the words, the count."""
        yield Label("/", classes="prompt")
        yield Input(placeholder=self._placeholder, compact=True)
        yield Label("", classes="count", markup=False)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.field.value.strip()

    @property
    def is_in_use(self) -> bool:
        """Whether one is typing in it."""
        return self.field.has_focus

    def enter(self) -> None:
        """Put the cursor into it."""
        self.field.focus()

    def clear(self) -> None:
        """Take the words away without telling."""
        with self.prevent(Input.Changed):
            self.field.value = ""

    def fits(self, texts: Iterable[str]) -> bool:
        """Whether every word is in one of these texts, in whatever case."""
        looked_at = [text.casefold() for text in texts]
        return all(
            any(word in text for text in looked_at) for word in self.text.casefold().split()
        )

    def show_count(self, found: int, total: int, noun: str) -> None:
        """How many rows there are, and of how many."""
        label = self.query_one(".count", Label)
        label.update(
            f"{found:,} of {plural(total, noun)}" if self.text else plural(total, noun)
        )
        label.set_class(not found and bool(self.text), "-none")

    def step_back(self) -> bool:
        """Leave it, then empty it; whether there was anything to do."""
        if self.is_in_use:
            self.post_message(self.Left())
            return True
        if self.field.value:
            self.field.value = ""
            return True
        return False

    def action_leave(self) -> None:
        """On to the list."""
        self.post_message(self.Left())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_leave()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self.text))
