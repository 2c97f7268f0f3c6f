"""A media panel sends pixels to a terminal that shows them, and half blocks to others."""

from __future__ import annotations

from app.boards.board import Board
from app.boards.kinds import PanelKind
from app.panels.board_panels.panel import BoardPanel
from app.settings.config import Config
from app.widgets.image_tiles import ImageTiles
from app.widgets.plot_view import PlotView
from store import Store, Workspace
from tests.app.boarding import keep, opened, panel
from tests.app.dashboard import driven
from tests.app.test_graphics import log_images, output_of, outside_tmux, png, sixel_images

__all__ = ["outside_tmux"]
BOARD = Board((panel(1, PanelKind.MEDIA, 0, 0, objects="images"),))


async def test_images_of_a_panel_are_sixels_or_half_blocks(
    store: Store,
    workspace: Workspace,
    outside_tmux: None,
) -> None:
    log_images(workspace, png())
    keep(store, BOARD)
    for protocol, is_pixels in (("sixel", True), ("blocks", False)):
        config = Config(start_screen="dashboards", image_protocol=protocol)
        async with driven(store, config=config) as driving:
            await opened(driving)
            shown = driving.screen.query_one(BoardPanel)
            if is_pixels:
                await driving.until(lambda: sixel_images(output_of(driving)), "the sixels")
            else:
                await driving.until(lambda: "▀" in driving.text(), "half blocks")
            assert shown.query_one(ImageTiles).display is is_pixels
            assert shown.query_one(PlotView).display is not is_pixels
