"""Start the dashboard over a source, and let go of everything when it ends."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.serving import Serving
    from app.settings.config import Config
    from app.sources import Source


def check_terminal(*others: str) -> None:
    """The dashboard reads keys from a terminal and draws on one.

    Args:
        others: Commands that need none.

    Raises:
        click.ClickException: If it would wait for keys that cannot come.
    """
    # Textual draws on standard error; a driver of its own may draw elsewhere.
    is_drawn = sys.stdin.isatty() and sys.stderr.isatty()
    if not is_drawn and "TEXTUAL_DRIVER" not in os.environ:
        raise click.ClickException(
            f"The dashboard needs a terminal. Without one there is {' and '.join(others)}."
        )


def open_dashboard(address: str, config: Config, *, token: str = "") -> int:
    """The dashboard over whatever is at an address; the exit status.

    The source is opened on a thread while the dashboard is imported: each takes as long as the
    other, and half of both is waiting for the disk.

    Raises:
        StoreError: If the address cannot be used.
    """
    # Nothing of what starting makes is garbage; looking for it takes a tenth of the start.
    gc.disable()
    from concurrent.futures import ThreadPoolExecutor
    from importlib import import_module

    from app.sources.opening import open_source

    with ThreadPoolExecutor(1) as thread:
        opening = thread.submit(open_source, address, create=True, token=token)
        import_module("app.application")

        source = opening.result()
    try:
        return show_dashboard(source, config)
    finally:
        source.close()


def show_dashboard(source: Source, config: Config, *, serving: Serving | None = None) -> int:
    """The dashboard over a source, until a person leaves it; the exit status.

    Servers that are given are left to whoever started them.
    """
    from app.application import RunfolioApplication
    from app.outside.graphics import image_protocol
    from app.outside.terminal import has_dark_background
    from app.settings.config import AUTO_THEME, config_path
    from app.settings.state import StateFile, state_path
    from app.settings.user_themes import read_themes
    from store.collector import calm_collector

    # The terminal answers only as long as nothing else reads the keyboard.
    image_protocol(config.image_protocol)
    state_file = StateFile(state_path(source.address))
    application = RunfolioApplication(source, config, state_file=state_file, serving=serving)
    if config.theme == AUTO_THEME:
        application.is_dark_terminal = has_dark_background()
    themes, application.start_problems = read_themes(config_path().parent / "themes")
    for theme in themes:
        application.register_theme(theme)
    calm_collector(20_000, 20, 100)
    try:
        application.run()
    finally:
        if serving is None:
            application.serving.close()
    return application.return_code or 0
