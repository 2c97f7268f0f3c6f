"""How the dashboard looks: its theme, plain characters, and the settings one can change.

Mixed into the application.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from app.charts.plain import to_plain_text
from app.loading import Loads
from app.screens.base import DashboardScreen
from app.settings.config import AUTO_THEME, Config, with_values, write_settings

DARK_THEME, LIGHT_THEME = "runfolio", "runfolio-light"


class PlainCharacters(LineFilter):
    """Puts plain characters in place of drawn ones; letters of names stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments in ASCII, but for letters."""
        return [
            segment
            if segment.control or segment.text.isascii()
            else Segment(to_plain_text(segment.text), segment.style)
            for segment in segments
        ]


class Appearance(Loads, App[None]):
    """The part of the application that knows colours and characters."""

    config: Config
    is_dark_terminal = True
    """What the terminal said about its background, for the theme `auto`."""
    _keeps_theme = False
    _plain_characters = PlainCharacters()

    def start_appearance(self) -> None:
        """Use the settings."""
        self.theme = self._theme_named(self.config.theme)
        self.animation_level = "full" if self.config.animations else "none"

    def keep_theme_changes(self) -> None:
        """From now on a theme that is chosen is kept."""
        self._keeps_theme = True

    def _theme_named(self, name: str) -> str:
        if name in self.available_themes:
            return name
        is_dark = name != AUTO_THEME or self.is_dark_terminal
        return DARK_THEME if is_dark else LIGHT_THEME

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Those of Textual, then plain characters if they are wanted."""
        filters = list(super().get_line_filters())
        return [*filters, self._plain_characters] if self.config.ascii_only else filters

    def action_toggle_theme(self) -> None:
        """Switch between light and dark."""
        self.theme = LIGHT_THEME if self.current_theme.dark else DARK_THEME

    def apply_settings(self, changes: Mapping[str, Any] | None) -> None:
        """Use changed settings now and keep them."""
        if not changes:
            return
        self.config = with_values(self.config, changes, "settings")
        self.start_appearance()
        self.settings_applied()
        self.load("settings", partial(write_settings, changes), self._settings_written)
        for screen in self.screen_stack:
            if isinstance(screen, DashboardScreen):
                screen.settings_changed()
            for widget in screen.walk_children():
                widget.refresh()
        # Charts follow the theme; colours and characters are drawn anew as after a change of it.
        self.mutate_reactive(App.theme)

    def settings_applied(self) -> None:
        """Called when other settings are in force."""

    def _settings_written(self, path: Path) -> None:
        self.notify(f"Kept in {path}", timeout=3, markup=False)

    def watch_theme(self, theme: str) -> None:
        """Keep the theme that was chosen."""
        if self._keeps_theme and theme != self._theme_named(self.config.theme):
            self.config = replace(self.config, theme=theme)
            self.load("settings", partial(write_settings, {"theme": theme}), lambda _: None)
