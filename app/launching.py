"""Start the dashboard over a source, and let go of everything when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.config import Config
    from app.sources import Source
    from store import Store


def run_dashboard(store: Store) -> None:
    """The dashboard over a store that somebody else opened, serves, and closes."""
    from app.config import read_config
    from app.sources.local import LocalSource

    show_dashboard(LocalSource(store), read_config())


def show_dashboard(source: Source, config: Config) -> int:
    """The dashboard over a source, until a person leaves it; the exit status."""
    from app.application import RunfolioApplication
    from app.state import StateFile, state_path

    state_file = StateFile(state_path(source.address))
    application = RunfolioApplication(source, config, state_file=state_file)
    try:
        application.run()
    finally:
        application.serving.close()
    return application.return_code or 0
