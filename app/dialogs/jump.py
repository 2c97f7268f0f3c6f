"""Jump mode: a letter on every part of the screen; pressing it goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Label

LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class JumpOverlay(ModalScreen[Widget | None]):
    """Choose one of some widgets by its letter."""

    DEFAULT_CSS = """
    JumpOverlay { background: $background 40%; align: left top; layers: marks; }
    JumpOverlay Label {
        layer: marks; width: 5; height: 1; position: absolute;
        background: $accent; color: $background; text-style: bold; text-align: center;
    }
    JumpOverlay #jump-hint { width: auto; background: $panel; color: $foreground; padding: 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c,ctrl+o", "dismiss(None)", show=False)
    ]

    def __init__(self, targets: Sequence[Widget]) -> None:
        super().__init__()
        self._targets = dict(zip(LETTERS, targets, strict=False))

    def compose(self) -> ComposeResult:
        """A mark at the top left of each target."""
        for letter, target in self._targets.items():
            mark = Label(letter, classes="mark")
            mark.absolute_offset = target.region.offset
            mark.styles.offset = target.region.offset
            yield mark

    def on_key(self, event: events.Key) -> None:
        """A letter chooses its target; other keys do nothing."""
        target = self._targets.get(event.character or "")
        if target is not None:
            event.stop()
            self.dismiss(target)
