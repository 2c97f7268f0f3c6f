"""The colours of charts, taken from the theme of the application."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace
from textual.app import App
from textual.theme import Theme

from app.charts.palette import (
    DARK,
    LIGHT,
    SERIES_SAFE,
    SERIES_SAFE_LIGHT,
    ChartTheme,
    faded,
)
from app.theme import trace_styles


def app_theme(app: App[object]) -> ChartTheme:
    """What charts look like in an application: its theme, its settings, its terminal."""
    config = getattr(app, "config", None)
    is_color_safe = bool(getattr(config, "safe_colors", False))
    theme = chart_theme(app.current_theme, is_color_safe=is_color_safe)
    return replace(theme, has_color=False) if app.no_color else theme


def chart_theme(theme: Theme, *, is_color_safe: bool = False) -> ChartTheme:
    """What charts look like under a theme.

    Args:
        theme: The theme of the application.
        is_color_safe: Use the colours that colour-blind eyes tell apart.
    """
    return _chart_theme(
        theme.dark,
        theme.foreground or "",
        theme.background or "",
        theme.accent or "",
        is_color_safe,
    )


@lru_cache(maxsize=16)
def _chart_theme(
    is_dark: bool, foreground: str, background: str, accent: str, is_color_safe: bool
) -> ChartTheme:
    base = DARK if is_dark else LIGHT
    text = foreground if foreground.startswith("#") else base.text
    ground = background if background.startswith("#") else ("#12151c" if is_dark else "#fbfbf9")
    series = tuple(style.color for style in trace_styles(is_dark=is_dark))
    if is_color_safe:
        series = SERIES_SAFE if is_dark else SERIES_SAFE_LIGHT
    assert text is not None
    return ChartTheme(
        text=text,
        muted=faded(text, 0.4, ground),
        frame=faded(text, 0.72, ground),
        grid=faded(text, 0.86, ground),
        accent=accent if accent.startswith("#") else base.accent,
        good=base.good,
        bad=base.bad,
        background=ground,
        series=series,
    )
