"""Whether the terminal can show images as pixels, and by which protocol.

The terminal is asked by textual-image, which comes with the extra `images`. It can only be
asked while nothing else reads the keyboard, so this happens before the dashboard starts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from importlib.util import find_spec


class ImageProtocol(StrEnum):
    """How images are shown."""

    KITTY = "kitty"
    SIXEL = "sixel"
    BLOCKS = "blocks"

    @property
    def words(self) -> str:
        """The protocol in words."""
        return {"kitty": "kitty graphics", "sixel": "sixel"}.get(self.value, "half blocks")


def choose_protocol(
    setting: str,
    environment: Mapping[str, str],
    detect: Callable[[], ImageProtocol | None],
    *,
    is_installed: bool,
) -> ImageProtocol:
    """The protocol to use; half blocks wherever graphics cannot work.

    Args:
        setting: `auto`, or the protocol that a person chose.
        environment: Variables of the process.
        detect: Asks the terminal; None if it cannot be asked.
        is_installed: Whether textual-image is there.
    """
    if setting == ImageProtocol.BLOCKS or not is_installed or _is_multiplexed(environment):
        return ImageProtocol.BLOCKS
    # Importing textual-image asks the terminal, so it is done here for any protocol.
    if (found := detect()) is None:
        return ImageProtocol.BLOCKS
    return found if setting == "auto" else ImageProtocol(setting)


@cache
def image_protocol(setting: str) -> ImageProtocol:
    """The protocol for this process; the terminal is asked at the first call only."""
    is_installed = find_spec("textual_image") is not None
    return choose_protocol(setting, os.environ, _ask_terminal, is_installed=is_installed)


def protocol_hint(setting: str, environment: Mapping[str, str] = os.environ) -> str:
    """Why there are only half blocks although pixels were wanted; empty if it is no matter."""
    if setting == ImageProtocol.BLOCKS:
        return ""
    if _is_multiplexed(environment):
        return "tmux and screen let no pixels through"
    if find_spec("textual_image") is None:
        return "pixels need the extra images"
    return ""


def _is_multiplexed(environment: Mapping[str, str]) -> bool:
    """Whether tmux or screen stands between: they swallow graphics or leave remains of them."""
    term = environment.get("TERM", "")
    return "TMUX" in environment or "STY" in environment or term.startswith(("tmux", "screen"))


def _ask_terminal() -> ImageProtocol | None:
    if sys.__stdout__ is None or sys.__stdin__ is None:
        return None
    if sys.__stdout__.isatty() and not sys.__stdin__.isatty():
        return None
    # Loads Pillow and asks the terminal: only when images may be shown as pixels.
    try:
        from textual_image.renderable import Image as Renderable, TGPImage
        from textual_image.widget import Image, SixelImage
    except (OSError, ArithmeticError, ValueError):
        # A terminal that gives no size, or nonsense in answer, cannot be drawn on.
        return None
    if Image is SixelImage:
        return ImageProtocol.SIXEL
    return ImageProtocol.KITTY if Renderable is TGPImage else ImageProtocol.BLOCKS
