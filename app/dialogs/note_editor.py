"""Write a note in Markdown."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, TextArea


class NoteEditor(ModalScreen[str | None]):
    """Several lines; the answer is their text."""

    DEFAULT_CSS = """
    NoteEditor TextArea { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("ctrl+s,ctrl+j", "keep", show=False, priority=True),
        Binding("ctrl+e", "edit_outside", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """An editor over two buttons."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = self._title
            frame.border_subtitle = "^s keeps it · ^e opens $EDITOR · esc cancels"
            yield TextArea(self._text, language=None, soft_wrap=True)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="no", compact=True)
                yield Button("Keep", id="yes", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Write on at the end."""
        # There is no field when the program is left just as this opens.
        for area in self.query(TextArea):
            area.move_cursor(area.document.end)
            area.focus()

    def action_keep(self) -> None:
        """Answer with the text; nothing but blanks is no note."""
        text = self.query_one(TextArea).text.strip()
        if text:
            self.dismiss(text)
        else:
            self.notify("There is nothing to keep yet.", timeout=2)

    def action_edit_outside(self) -> None:
        """Edit in the editor of the person's choice."""
        from app.outside.editor import edit_in_terminal

        area = self.query_one(TextArea)
        text = edit_in_terminal(self.app, area.text)
        if text is None:
            self.notify("The editor could not be run. Is $EDITOR set?", severity="warning")
        else:
            area.text = text

    @on(Button.Pressed)
    def _answer(self, message: Button.Pressed) -> None:
        if message.button.id == "yes":
            self.action_keep()
        else:
            self.dismiss(None)
