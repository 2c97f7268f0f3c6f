"""Settings that can be changed while the dashboard runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from msgspec.structs import fields
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select, Static

from app.commands import PLACES
from app.settings.config import AUTO_THEME, CHOICES, Config, ConfigError, with_values

_OTHERS = "Keys and metric directions stand in the file that runfolio config names."

_FIELDS = {
    "theme": ("theme", "Colours. auto follows the background of the terminal."),
    "start_screen": ("start screen", "What is shown first."),
    "refresh_interval_s": (
        "refresh, seconds",
        "Shortest time between two updates of a screen.",
    ),
    "number_digits": ("digits of values", "Significant digits of metric values."),
    "stale_after_s": (
        "stale after, seconds",
        "A running run that logged nothing for so long is shown as stale.",
    ),
    "ascii_only": ("plain characters", "Draw with ASCII only, for fonts without others."),
    "safe_colors": ("safe colours", "Curves that colour-blind eyes tell apart."),
    "image_protocol": (
        "images",
        "How images are drawn. Counts from the next start; tmux and screen always get blocks.",
    ),
    "viewer": ("viewer", "Program that opens images and files; empty for that of the desktop."),
    "player": ("player", "Program that plays sounds; empty for the first one that is found."),
    "animations": ("animations", "Let scrolling and panels glide."),
    "alert_bell": ("alerts: bell", "Ring the bell of the terminal."),
    "alert_desktop": ("alerts: desktop", "Ask the terminal for a desktop notification."),
    "alert_webhook": ("alerts: address", "Post alerts as JSON to this address."),
}
"""Title and explanation of every setting that can be changed here."""


class SettingsDialog(ModalScreen[Mapping[str, Any] | None]):
    """One line for each plain setting; the answer is what was changed."""

    DEFAULT_CSS = """
    SettingsDialog VerticalScroll { height: auto; max-height: 14; }
    SettingsDialog .setting { height: 1; }
    SettingsDialog .setting:focus-within { background: $boost; }
    SettingsDialog .setting Label { width: 22; color: $text-muted; }
    SettingsDialog .setting:focus-within Label { color: $foreground; text-style: bold; }
    SettingsDialog .setting Select { width: 1fr; height: 1; }
    SettingsDialog #setting-help { height: 2; margin-top: 1; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("ctrl+s", "keep", show=False, priority=True),
    ]

    def __init__(self, config: Config, themes: Sequence[str]) -> None:
        super().__init__()
        self._config = config
        self._themes = themes

    def compose(self) -> ComposeResult:
        """A field for each setting."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Settings"
            frame.border_subtitle = "tab moves · ^s keeps · esc cancels"
            with VerticalScroll(can_focus=False):
                for name, (title, _) in _FIELDS.items():
                    with Horizontal(classes="setting"):
                        yield Label(title)
                        yield self._field(name)
            yield Static("", id="setting-help", markup=False)
            yield Static("", classes="problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="no", compact=True)
                yield Button("Keep", id="yes", variant="primary", compact=True)

    def _field(self, name: str) -> Select[Any] | Input:
        value = getattr(self._config, name)
        if choices := self._choices(name):
            return Select(choices, value=value, allow_blank=False, id=name, compact=True)
        return Input(str(value), id=name)

    def _choices(self, name: str) -> list[tuple[str, Any]]:
        if isinstance(getattr(self._config, name), bool):
            return [("yes", True), ("no", False)]
        if name == "theme":
            names = [AUTO_THEME, *self._themes]
            if self._config.theme not in names:
                names.append(self._config.theme)
            return [(each, each) for each in names]
        if name == "start_screen":
            return [("the one open last", ""), *((p.title, p.name) for p in PLACES)]
        return [(each, each) for each in CHOICES.get(name, ())]

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Explain the field at the cursor."""
        _, text = _FIELDS.get(event.widget.id or "", ("", _OTHERS))
        for place in self.query("#setting-help").results(Static):
            place.update(text)

    @on(Button.Pressed)
    def _answer(self, message: Button.Pressed) -> None:
        if message.button.id == "yes":
            self.action_keep()
        else:
            self.dismiss(None)

    def action_keep(self) -> None:
        """Answer with what was changed, unless something of it is wrong."""
        changes: dict[str, Any] = {}
        for each in fields(Config):
            if each.name not in _FIELDS:
                continue
            before = getattr(self._config, each.name)
            value = self.query_one(f"#{each.name}", Select | Input).value  # type: ignore[arg-type]
            if isinstance(before, int | float) and not isinstance(before, bool):
                value = value if str(value) != str(before) else before
            if value != before:
                changes[each.name] = value
        try:
            checked = with_values(self._config, changes, "settings")
        except ConfigError as error:
            self.query_one(".problem", Static).update(error.why)
            return
        self.dismiss({name: getattr(checked, name) for name in changes})
