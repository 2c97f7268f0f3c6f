"""Themes of one's own: TOML files in the folder `themes` beside the settings file.

The name of the file is the name of the theme. `primary` is needed; every other colour and
`dark` follow from it or from the built-in theme unless given. A table `variables` may set
any of Textual's theme variables.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from app.settings.config import ConfigError

_COLORS = frozenset(
    (
        *("primary", "secondary", "accent", "success", "warning", "error"),
        *("foreground", "background", "surface", "panel", "boost"),
    )
)
_OTHERS = frozenset(each.name for each in fields(Theme)) - _COLORS - {"name"}


def read_themes(folder: Path) -> tuple[list[Theme], list[str]]:
    """The themes in a folder, and a sentence for each that cannot be used."""
    themes: list[Theme] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            themes.append(read_theme(path))
        except ConfigError as error:
            problems.append(f"{error}; the theme is left out.")
    return themes, problems


def read_theme(path: Path) -> Theme:
    """The theme in a file.

    Raises:
        ConfigError: If it is no TOML, or has an unknown or wrong member.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"not valid TOML: {error}") from error
    for name, value in values.items():
        _check(name, value, path)
    if "primary" not in values:
        raise ConfigError(str(path), "primary is missing")
    return Theme(name=path.stem, **values)


def _check(name: str, value: Any, path: Path) -> None:
    if name in _COLORS:
        try:
            Color.parse(value if isinstance(value, str) else "")
        except ColorParseError:
            raise ConfigError(str(path), f"{name} must be a colour, not {value!r}") from None
        return
    if name not in _OTHERS:
        raise ConfigError(str(path), f"a theme has no {name!r}")
    wanted = {"variables": Mapping, "dark": bool, "ansi": bool}.get(name, float)
    if not isinstance(value, wanted):
        raise ConfigError(str(path), f"{name} is of the wrong kind: {value!r}")
    if isinstance(value, Mapping) and not all(isinstance(each, str) for each in value.values()):
        raise ConfigError(str(path), "all variables must be texts")
