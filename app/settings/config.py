"""Settings: a TOML file, then `RUNFOLIO_…` environment variables on top.

The file is `runfolio/config.toml` in the user's configuration folder, or the one that
`RUNFOLIO_CONFIG` names. A wrong setting is an error with its name, never ignored.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import fields, replace

AUTO_THEME = "auto"
"""Stands for the dark or the bright theme, by the background of the terminal."""


class ConfigError(Exception):
    """A setting cannot be understood."""

    def __init__(self, where: str, why: str) -> None:
        self.where = where
        self.why = why
        super().__init__(f"{where}: {why}")


class Config(Struct, frozen=True):
    """How the dashboard looks and behaves."""

    theme: str = "auto"
    """Name of a theme: runfolio, runfolio-light, any of Textual's own or of yours; auto is one
    of the first two, by the background of the terminal."""
    start_screen: str = ""
    """Screen to start with; empty for the one that was open last."""
    refresh_interval_s: float = 0.5
    """Shortest time between two updates of what is on screen."""
    read_only: bool = False
    """Change nothing in the data, from the next start on; for looking at other people's runs."""
    number_digits: int = 4
    """Significant digits of metric values."""
    stale_after_s: float = 600.0
    """A running run that logged nothing for so long is shown as stale."""
    ascii_only: bool = False
    """Draw with plain characters only."""
    safe_colors: bool = False
    """Draw curves in colours that colour-blind eyes tell apart."""
    image_protocol: str = "auto"
    """How images are shown: auto, kitty, sixel or blocks; pixels need the extra images."""
    viewer: str = ""
    """Program that opens images and files; empty for the one of the desktop."""
    player: str = ""
    """Program that plays sounds; empty for the first one found of those that are common."""
    animations: bool = False
    """Let scrolling and panels glide."""
    alert_bell: bool = False
    """Ring the terminal's bell on an alert."""
    alert_desktop: bool = False
    """Ask the terminal for a desktop notification on an alert."""
    alert_webhook: str = ""
    """Post alerts as JSON to this address; empty for none."""
    alert_command: str = ""
    """Run this command for each alert, with the alert as JSON on its input; empty for none."""
    alert_rules: Mapping[str, str] = field(default_factory=dict)
    """Alert rules by names of yours, as in `"broken" = "loss is nan"`; `:alert` adds others."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by command id, as in `"runs.archive" = "ctrl+a"`."""
    metric_directions: Mapping[str, str] = field(default_factory=dict)
    """Which value of a metric is best, `min` or `max`, by its name."""


CHOICES = {
    "metric_directions": ("min", "max"),
    "image_protocol": ("auto", "kitty", "sixel", "blocks"),
}
"""The values that a setting may have, where they can be counted."""


def config_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the settings file is, or would be."""
    if named := environment.get("RUNFOLIO_CONFIG"):
        return Path(named).expanduser()
    base = environment.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "runfolio" / "config.toml"


def read_config(environment: Mapping[str, str] = os.environ) -> Config:
    """The settings in force.

    Raises:
        ConfigError: If the file is no TOML, or a setting is unknown or has a wrong value.
    """
    path = config_path(environment)
    values: dict[str, Any] = {}
    if path.is_file():
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(str(path), f"not valid TOML: {error}") from error
    config = with_values(Config(), values, str(path))
    named = {each.name: f"RUNFOLIO_{each.name.upper()}" for each in fields(Config)}
    given = {name: environment[key] for name, key in named.items() if key in environment}
    return with_values(config, given, "environment")


def write_setting(name: str, value: Any, environment: Mapping[str, str] = os.environ) -> Path:
    """Keep one plain setting in the file, leaving the rest of it as it is.

    Raises:
        ConfigError: If the value is wrong for this setting.
    """
    with_values(Config(), {name: value}, name)
    path = config_path(environment)
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    line = f"{name} = {_as_toml(value)}"
    tables = [at for at, text in enumerate(lines) if text.lstrip().startswith("[")]
    top = tables[0] if tables else len(lines)
    for at in range(top):
        if lines[at].split("=")[0].strip() == name:
            lines[at] = line
            break
    else:
        lines.insert(top, line)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def write_settings(changes: Mapping[str, Any]) -> Path:
    """Keep several plain settings; the path of the file."""
    for name, value in changes.items():
        write_setting(name, value)
    return config_path()


def as_toml(config: Config) -> str:
    """All settings as the text of a file."""
    plain, tables = [], []
    for each in fields(Config):
        value = getattr(config, each.name)
        if isinstance(value, Mapping):
            tables.append(f"\n[{each.name}]")
            tables.extend(f"{_as_toml(key)} = {_as_toml(text)}" for key, text in value.items())
        else:
            plain.append(f"{each.name} = {_as_toml(value)}")
    return "\n".join([*plain, *tables])


def _as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)


def with_values(config: Config, values: Mapping[str, Any], where: str) -> Config:
    """Settings with some of them replaced; a mapping replaces the whole table.

    Raises:
        ConfigError: If a setting is unknown or has a wrong value; `where` is named in it.
    """
    known = {each.name for each in fields(Config)}
    for name, value in values.items():
        if name not in known:
            raise ConfigError(where, f"there is no setting {name!r}")
        config = replace(config, **{name: _checked(name, value, where)})
    return config


def _checked(name: str, value: Any, where: str) -> Any:
    default = getattr(Config(), name)
    if isinstance(default, Mapping):
        return _checked_table(name, value, where)
    if isinstance(default, bool):
        if isinstance(value, str) and value.lower() in ("1", "true", "yes", "on"):
            return True
        if isinstance(value, str) and value.lower() in ("0", "false", "no", "off", ""):
            return False
        if isinstance(value, bool):
            return value
        raise ConfigError(where, f"{name} must be true or false, not {value!r}")
    if isinstance(default, int | float):
        return _checked_number(name, value, default, where)
    if not isinstance(value, str):
        raise ConfigError(where, f"{name} must be a text, not {value!r}")
    if (allowed := CHOICES.get(name)) and value not in allowed:
        raise ConfigError(where, f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _checked_number(name: str, value: Any, default: float, where: str) -> float:
    try:
        number = type(default)(value)
    except (TypeError, ValueError):
        raise ConfigError(where, f"{name} must be a number, not {value!r}") from None
    if number <= 0:
        raise ConfigError(where, f"{name} must be greater than 0, not {value!r}")
    return number


def _checked_table(name: str, value: Any, where: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ConfigError(where, f"{name} must be a table of names and texts")
    for key, text in value.items():
        allowed = CHOICES.get(name)
        if not isinstance(text, str) or (allowed and text not in allowed):
            wanted = " or ".join(allowed) if allowed else "a text"
            raise ConfigError(where, f"{name}.{key} must be {wanted}, not {text!r}")
    return dict(value)
