"""Colours: the two themes of the dashboard and the palette of its charts.

The palette is told apart without colour too: every trace colour comes with a marker and a
dash pattern. A colour value appears in this module and nowhere else.
"""

from __future__ import annotations

from msgspec import Struct
from textual.theme import Theme

DARK = Theme(
    name="runfolio",
    primary="#6cb6ff",
    secondary="#8b9dc3",
    accent="#f0b45a",
    success="#63c98b",
    warning="#e9b44c",
    error="#f2777a",
    foreground="#d5dae3",
    background="#12151c",
    surface="#171b24",
    panel="#1f2530",
    boost="#2a3140",
    dark=True,
    variables={
        "block-cursor-background": "#2d4f78",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#232b39",
        "block-cursor-blurred-foreground": "#d5dae3",
        "border": "#333c4c",
        "border-blurred": "#262d3a",
        "footer-key-foreground": "#6cb6ff",
        "input-selection-background": "#6cb6ff 35%",
        "scrollbar": "#323b4b",
        "scrollbar-hover": "#46526a",
        "scrollbar-active": "#6cb6ff",
        "scrollbar-background": "#171b24",
        "scrollbar-corner-color": "#171b24",
        "scrollbar-background-hover": "#171b24",
        "scrollbar-background-active": "#171b24",
    },
)
"""The theme one starts with."""

LIGHT = Theme(
    name="runfolio-light",
    primary="#1a63b8",
    secondary="#5a6b8c",
    accent="#a86400",
    success="#1d7f47",
    warning="#96650a",
    error="#c0303a",
    foreground="#222833",
    background="#fbfbf9",
    surface="#f4f4f0",
    panel="#e9e9e3",
    boost="#dfdfd8",
    dark=False,
    variables={
        "block-cursor-background": "#bcd7f5",
        "block-cursor-foreground": "#10161f",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e0e6ee",
        "block-cursor-blurred-foreground": "#222833",
        "border": "#c9c9bf",
        "border-blurred": "#deded6",
        "footer-key-foreground": "#1a63b8",
        "input-selection-background": "#1a63b8 25%",
        "scrollbar": "#c6c6bb",
        "scrollbar-hover": "#aaaaa0",
        "scrollbar-active": "#1a63b8",
        "scrollbar-background": "#f4f4f0",
        "scrollbar-corner-color": "#f4f4f0",
        "scrollbar-background-hover": "#f4f4f0",
        "scrollbar-background-active": "#f4f4f0",
    },
)
"""The same for bright rooms."""

THEMES = (DARK, LIGHT)


class TraceStyle(Struct, frozen=True):
    """How one trace of a chart looks."""

    color: str
    marker: str
    """One character, for scatters and legends."""
    dash: tuple[int, int]
    """Dots drawn and dots left out; (1, 0) is a full line."""


_DARK_COLORS = (
    "#6cb6ff",
    "#f0a35a",
    "#63c98b",
    "#e58ac6",
    "#e6d06a",
    "#9d8cf0",
    "#5fd0cf",
    "#f2777a",
    "#b5c26a",
    "#c3a58a",
)
_LIGHT_COLORS = (
    "#1a63b8",
    "#c05f00",
    "#1d7f47",
    "#a8327e",
    "#8a6f00",
    "#5b48c2",
    "#00797a",
    "#c0303a",
    "#5c6b00",
    "#7a5433",
)
_MARKERS = ("●", "■", "▲", "◆", "▼", "○", "□", "△", "◇", "▽")
_DASHES = ((1, 0), (6, 2), (3, 2), (1, 2), (8, 3), (4, 1), (2, 1), (5, 4), (1, 1), (7, 5))

HEAT_STEPS = (0.0, 0.3, 0.5, 0.75, 1.0)
"""Shares of the accent colour in a heat map, from nothing to most."""

TAG_COLORS = _DARK_COLORS
"""Colours that a new tag chooses from."""


def trace_styles(*, is_dark: bool) -> tuple[TraceStyle, ...]:
    """The chart palette, to be used round and round."""
    colors = _DARK_COLORS if is_dark else _LIGHT_COLORS
    return tuple(
        TraceStyle(color, marker, dash)
        for color, marker, dash in zip(colors, _MARKERS, _DASHES, strict=True)
    )


def trace_style(index: int, *, is_dark: bool) -> TraceStyle:
    """The style of the trace at a position of a legend."""
    styles = trace_styles(is_dark=is_dark)
    return styles[index % len(styles)]


def tag_color(name: str, color: str | None, *, is_dark: bool) -> str:
    """The colour of a tag: its own if it has a usable one, else one fixed by its name."""
    if color and len(color) == 7 and color.startswith("#"):
        return color
    colors = _DARK_COLORS if is_dark else _LIGHT_COLORS
    return colors[sum(name.encode()) % len(colors)]
