"""Colours of charts: told apart on dark and light ground, and by colour-blind eyes.

The interface makes a `ChartTheme` from its own theme; tests and exports use `DARK`, `LIGHT`.
Colour is never the only sign: traces also differ by stroke and marker.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

SERIES_DARK = (
    "#5fb3ff", "#ffb454", "#7ee081", "#ff7a93", "#c79bff", "#4fd6be",
    "#f2e05c", "#ff9f6b", "#8fa8ff", "#e48fd4", "#a3d06d", "#66c7e8",
)  # fmt: skip
SERIES_LIGHT = (
    "#1f6fc2", "#c25e00", "#2c8a35", "#c2254b", "#7a44c4", "#007a6b",
    "#8a7400", "#b3471b", "#4150b8", "#a3318f", "#557a12", "#0b7796",
)  # fmt: skip
SERIES_SAFE = (
    "#56b4e9", "#e69f00", "#009e73", "#f0e442", "#d55e00", "#cc79a7", "#0072b2", "#999999",
)  # fmt: skip
"""The set of Okabe and Ito, distinct for all common kinds of colour blindness."""
SERIES_SAFE_LIGHT = (
    "#0072b2", "#d55e00", "#00805d", "#b3568a", "#9a6a00", "#2a86bd", "#3f3f3f", "#7a6f00",
)  # fmt: skip
"""The same hues, dark enough for a light ground."""

_SEQUENTIAL = (
    (68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142), (33, 144, 141),
    (39, 173, 129), (92, 200, 99), (170, 220, 50), (253, 231, 37),
)  # fmt: skip


class ChartTheme(Struct, frozen=True):
    """Every colour a chart uses; `#rrggbb`, or None for the terminal's own."""

    text: str | None = "#e4e7ec"
    """Titles, values, what is read first."""
    muted: str | None = "#8b93a3"
    """Labels of ticks and axes."""
    frame: str | None = "#4a5160"
    """Frame around the plot area."""
    grid: str | None = "#2b303b"
    """Lines across the plot area."""
    accent: str | None = "#ffb454"
    """Crosshair and what is selected."""
    good: str | None = "#7ee081"
    bad: str | None = "#ff7a93"
    background: str | None = None
    series: tuple[str, ...] = SERIES_DARK
    has_color: bool = True
    """Whether colours are seen at all; without them traces differ by stroke and marker."""

    def color(self, number: int) -> str:
        """The colour of the trace with this number; they repeat when used up."""
        return self.series[number % len(self.series)]


DARK = ChartTheme()
LIGHT = ChartTheme(
    text="#20242b", muted="#5d6673", frame="#a7afbc", grid="#e1e5ea", accent="#b35c00",
    good="#2c8a35", bad="#c2254b", series=SERIES_LIGHT,
)  # fmt: skip


def sequential(share: float) -> str:
    """A colour for a share of 0 to 1: dark violet over green to yellow."""
    share = min(1.0, max(0.0, share if np.isfinite(share) else 0.0))
    place = share * (len(_SEQUENTIAL) - 1)
    left = min(int(place), len(_SEQUENTIAL) - 2)
    part = place - left
    pairs = zip(_SEQUENTIAL[left], _SEQUENTIAL[left + 1], strict=True)
    return hex_color(*(round(low + (high - low) * part) for low, high in pairs))


def faded(color: str, share: float, ground: str | None = None) -> str:
    """The colour mixed with the ground; `share` 0 is the colour, 1 the ground."""
    pairs = zip(rgb(color), rgb(ground or "#15181e"), strict=True)
    return hex_color(*(round(top + (bottom - top) * share) for top, bottom in pairs))


def rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def hex_color(red: int, green: int, blue: int) -> str:
    """`#rrggbb` of three numbers from 0 to 255."""
    return f"#{red:02x}{green:02x}{blue:02x}"
