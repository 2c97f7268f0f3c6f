"""The line at the bottom that takes a typed command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Label, Static

from app.commands.line import WORDS, suggestions


class _CommandSuggester(Suggester):
    def __init__(self, themes: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._themes = list(themes)

    async def get_suggestion(self, value: str) -> str | None:
        found = suggestions(value, values=self._themes) if value else []
        return found[0] if found else None


class CommandLine(ModalScreen[str | None]):
    """Type a command; the answer is the line."""

    DEFAULT_CSS = """
    CommandLine { align: left bottom; background: $background 0%; }
    CommandLine > Vertical { height: auto; background: $panel; }
    CommandLine Horizontal { height: 1; }
    CommandLine Label { color: $accent; padding: 0 0 0 1; }
    CommandLine Input, CommandLine Input:focus { border: none; height: 1; padding: 0; background: $panel; width: 1fr; }
    CommandLine #known { color: $text-muted; height: auto; max-height: 6; padding: 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("tab", "accept", show=False, priority=True),
    ]

    def __init__(self, *, themes: Sequence[str] = (), text: str = "") -> None:
        super().__init__()
        self._themes = themes
        self._text = text

    def compose(self) -> ComposeResult:
        """What could be typed, above the line itself."""
        with Vertical():
            yield Static(id="known", markup=False)
            with Horizontal():
                yield Label(":")
                yield Input(self._text, suggester=_CommandSuggester(self._themes))

    def on_mount(self) -> None:
        """Put the cursor in the line."""
        self.query_one(Input).focus()
        self._show_known("")

    def action_accept(self) -> None:
        """Take the suggestion."""
        self.query_one(Input).action_cursor_right()

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        self._show_known(message.value)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        self.dismiss(message.value.strip() or None)

    def _show_known(self, line: str) -> None:
        word = line.partition(" ")[0]
        known = [f"{name}: {does}" for name, does in WORDS.items() if name.startswith(word)]
        self.query_one("#known", Static).update(" · ".join(known[:4]))
