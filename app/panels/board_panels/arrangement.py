"""`BoardLayout`: lays panels where a board has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.geometry import Offset, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from app.panels.board_panels.panel import BoardPanel

if TYPE_CHECKING:
    from app.panels.board_panels.grid import BoardGrid


class BoardLayout(Layout):
    """Puts panels where the board says."""

    name = "board"

    def arrange(
        self,
        parent: Widget,
        children: list[Widget],
        size: Size,
        greedy: bool = True,  # noqa: ARG002 -- Textual's signature
    ) -> ArrangeResult:
        """A place for each panel."""
        found = cast("BoardGrid", parent).areas_in(size)
        return [
            WidgetPlacement(found[child.panel.id], Offset(), Spacing(), child)
            for child in children
            if isinstance(child, BoardPanel) and child.panel.id in found
        ]
