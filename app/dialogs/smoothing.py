"""A slider for the strength of smoothing; the charts follow while it moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widget import Widget

STEP, FAR = 1, 10
MOST = 99
"""The right end in hundredths: an average over about a hundred points."""


class Slider(Widget):
    """A bar of hundredths that answers to the mouse."""

    DEFAULT_CSS = """
    Slider { height: 1; width: 1fr; }
    """
    hundredths = reactive(0)

    def render(self) -> Text:
        """The bar, its knob, and the number."""
        width = max(4, self.size.width - 6)
        knob = round(self.hundredths / MOST * (width - 1))
        return Text.assemble(
            ("━" * knob, "bold"),
            ("●", "bold"),
            ("─" * (width - 1 - knob), "dim"),
            f"  {self.hundredths / 100:.2f}",
        )

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Jump to the pointer and follow it."""
        self.capture_mouse()
        self._go_to(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the pointer while a button is down."""
        if self.app.mouse_captured is self:
            self._go_to(event.x)

    def on_mouse_up(self) -> None:
        """Stay where it is."""
        self.release_mouse()

    def _go_to(self, x: int) -> None:
        width = max(4, self.size.width - 6)
        self.hundredths = min(MOST, max(0, round(x / (width - 1) * MOST)))


class SmoothingDialog(ModalScreen[float | None]):
    """The answer is the strength; None leaves what was there before."""

    DEFAULT_CSS = """
    SmoothingDialog Slider { color: $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", show=False),
        Binding("enter", "keep", show=False),
        Binding("left,h", f"move(-{STEP})", show=False),
        Binding("right,l", f"move({STEP})", show=False),
        Binding("shift+left,H,pagedown", f"move(-{FAR})", show=False),
        Binding("shift+right,L,pageup", f"move({FAR})", show=False),
        Binding("home,0", f"move(-{MOST})", show=False),
        Binding("end", f"move({MOST})", show=False),
    ]

    def __init__(self, strength: float, changed: Callable[[float], None]) -> None:
        super().__init__()
        self._before = strength
        self._changed = changed
        """Called with every strength that is passed."""

    def compose(self) -> ComposeResult:
        """The slider."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Smoothing"
            frame.border_subtitle = "← → 0.01 · shift 0.1 · enter keeps · esc as before"
            slider = Slider()
            slider.set_reactive(Slider.hundredths, round(self._before * 100))
            yield slider

    @property
    def slider(self) -> Slider:
        """The bar."""
        return self.query_one(Slider)

    def on_mount(self) -> None:
        """Tell every change."""
        self.watch(self.slider, "hundredths", self._moved, init=False)

    def action_move(self, count: int) -> None:
        """Some hundredths on."""
        self.slider.hundredths = min(MOST, max(0, self.slider.hundredths + count))

    def action_keep(self) -> None:
        """Keep what is shown."""
        self.dismiss(self.slider.hundredths / 100)

    def action_cancel(self) -> None:
        """Put back what was there."""
        self.dismiss(None)

    def _moved(self, hundredths: int) -> None:
        self._changed(hundredths / 100)
