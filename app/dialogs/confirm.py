"""Ask before something that cannot be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class ConfirmDialog(ModalScreen[bool]):
    """Yes or no; `escape` and `enter` at first mean no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n,ctrl+c", "dismiss(False)", show=False),
        Binding("y", "dismiss(True)", show=False),
        Binding("left,h", "app.focus_previous", show=False),
        Binding("right,l", "app.focus_next", show=False),
    ]

    def __init__(self, title: str, text: str, *, verb: str) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._verb = verb

    def compose(self) -> ComposeResult:
        """The question over two buttons."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = self._title
            frame.border_subtitle = "y yes · n no"
            yield Static(self._text, markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="no", compact=True)
                yield Button(self._verb, id="yes", variant="error", compact=True)

    @on(Button.Pressed)
    def _answer(self, message: Button.Pressed) -> None:
        self.dismiss(message.button.id == "yes")


class QuitDialog(ConfirmDialog):
    """Leave although others need this program; the key that asked for it confirms."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,ctrl+q", "dismiss(True)", show=False),
    ]

    def __init__(self, reasons: Sequence[str]) -> None:
        text = "\n".join([*reasons, "", "q once more leaves."])
        super().__init__("Leave?", text, verb="Leave")
