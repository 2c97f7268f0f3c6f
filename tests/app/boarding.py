"""A small dashboard of four panels, kept in a store and opened."""

from __future__ import annotations

from typing import Any

from app.boards.board import APP_TYPE, Board, Panel, Place, board_from_json
from app.boards.kinds import PanelKind
from app.panels.board_panels.grid import BoardGrid
from app.panels.board_panels.panel import BoardPanel
from store import Store
from tests.app.dashboard import Driven


def panel(number: int, kind: PanelKind, x: int, y: int, **settings: Any) -> Panel:
    return Panel(str(number), kind, settings=settings, place=Place(x, y, 6, 4))


BOARD = Board(
    (
        panel(1, PanelKind.CHART, 0, 0, metric="loss {subset=val}"),
        panel(2, PanelKind.LEADERBOARD, 6, 0, metric="acc {subset=val}", top=5),
        panel(3, PanelKind.NOTE, 0, 4, text="# Words\n\nof *weight*"),
        panel(4, PanelKind.COUNTER, 6, 4),
    )
)


def keep(store: Store, board: Board = BOARD, name: str = "study") -> str:
    """Save a board; gives the id of its app."""
    app = store.default.apps.create(APP_TYPE, board.as_json())
    store.default.dashboards.create(name, "what it says", app.id)
    return app.id


def kept(store: Store) -> Board:
    """The board as the store has it."""
    return board_from_json(store.default.apps.find()[0].state)


async def opened(driving: Driven) -> BoardGrid:
    """Open the first dashboard."""
    await driving.until(lambda: driving.screen.listed, "the list")
    await driving.press("enter")
    await driving.until(lambda: driving.screen.query(BoardPanel), "panels")
    await driving.until(
        lambda: all(each.content for each in driving.screen.query(BoardPanel)), "contents"
    )
    await driving.until(lambda: isinstance(driving.screen.focused, BoardPanel), "the focus")
    grid: BoardGrid = driving.screen.grid
    return grid


def focused(driving: Driven) -> str:
    current = driving.screen.focused
    assert isinstance(current, BoardPanel), current
    return current.panel.id


def captions(board: Board) -> list[str]:
    return [each.id for each in sorted(board.panels, key=lambda p: (p.place.y, p.place.x))]
