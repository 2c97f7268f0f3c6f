"""Dashboards: the list, boards, editing with keys and mouse, undo, presenting, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.panels.board_panels.panel import BoardPanel
from tests.app.dashboard import Driven, driven

if TYPE_CHECKING:
    from store import Store


async def starter(driving: Driven) -> None:
    await driving.press("m")
    await driving.until(lambda: driving.screen.query(BoardPanel), "panels")


async def test_an_empty_store_offers_a_first_dashboard(demo_store: Store) -> None:
    async with driven(demo_store, screen="dashboards", size=(200, 50)) as driving:
        assert "m makes one" in driving.text()
        await starter(driving)
        print(driving.text())
        for panel in driving.screen.query(BoardPanel):
            assert panel.content is not None, panel.panel
            assert not panel.has_class("-failed"), panel.panel
