"""Settings that can be changed while the dashboard runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select, Static, Switch

from app.commands import PLACES
from app.config import Config, ConfigError, with_values

_TITLES = {
    "theme": "theme",
    "start_screen": "start screen",
    "refresh_interval_s": "refresh interval in seconds",
    "number_digits": "digits of metric values",
    "stale_after_s": "stale after seconds",
    "ascii_only": "plain characters only",
    "safe_colors": "colours for colour-blind eyes",
    "animations": "animations",
}


class SettingsDialog(ModalScreen[Mapping[str, Any] | None]):
    """One line for each plain setting; the answer is what was changed."""

    DEFAULT_CSS = """
    SettingsDialog VerticalScroll { height: auto; max-height: 24; }
    SettingsDialog .setting { height: 3; }
    SettingsDialog .setting Label { width: 32; padding: 1 0; color: $text-muted; }
    SettingsDialog .setting Input, SettingsDialog .setting Select { width: 1fr; }
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
            frame.border_subtitle = "tab next · ^s keeps · esc cancels"
            with VerticalScroll(can_focus=False):
                for name, title in _TITLES.items():
                    with Horizontal(classes="setting"):
                        yield Label(title)
                        yield self._field(name)
            yield Static("Keys and metric directions: see runfolio config", classes="hint")
            yield Static("", classes="problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="no", compact=True)
                yield Button("Keep", id="yes", variant="primary", compact=True)

    def _field(self, name: str) -> Select[str] | Switch | Input:
        value = getattr(self._config, name)
        if name == "theme":
            return Select(
                [(t, t) for t in self._themes], value=value, allow_blank=False, id=name
            )
        if name == "start_screen":
            places = [("the one open last", ""), *((p.title, p.name) for p in PLACES)]
            return Select(places, value=value, allow_blank=False, id=name)
        if isinstance(value, bool):
            return Switch(value, id=name, animate=False)
        return Input(str(value), id=name)

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
            if each.name not in _TITLES:
                continue
            before = getattr(self._config, each.name)
            value = self.query_one(f"#{each.name}", Select | Switch | Input).value  # type: ignore[arg-type]
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
