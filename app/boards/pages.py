"""The parts of a page that is written to a file: texts, and panels with what they show."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.boards.board import Panel
from app.boards.contents import Content, EmptyContent, NoteContent, PanelLook
from app.boards.reading import read_panel
from app.charts.picture import Size
from app.sources import Source
from store.errors import StoreError

Part = Panel | str
"""A panel, or Markdown."""
LINE_CELLS = 5
"""Lines of text for each row of a board."""
PAGE_WIDTH = 100


class ShownPanel(Struct, frozen=True):
    """A panel and what was read of it."""

    panel: Panel
    content: Content

    @property
    def size(self) -> Size:
        """The size at which it is drawn on a page."""
        return Size(PAGE_WIDTH, max(8, min(40, self.panel.place.height * LINE_CELLS)))


def read_parts(
    source: Source, parts: Sequence[Part], look: PanelLook
) -> list[ShownPanel | str]:
    """Read every panel of a page; notes become text, errors are told in their place."""
    shown: list[ShownPanel | str] = []
    for part in parts:
        if isinstance(part, str):
            shown.append(part)
            continue
        try:
            content = read_panel(source, part, look)
        except StoreError as error:
            content = EmptyContent(str(error))
        shown.append(
            content.text if isinstance(content, NoteContent) else ShownPanel(part, content)
        )
    return shown
