"""Pages as Markdown, charts as blocks of text. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.boards.contents import EmptyContent, PanelLook, TableContent
from app.boards.drawing import draw_content
from app.boards.pages import ShownPanel
from app.charts.palette import LIGHT
from app.formatting import one_line
from app.traces.tables import table_text


def markdown_page(title: str, parts: Sequence[ShownPanel | str], look: PanelLook) -> str:
    """A page of text that reads well as it is."""
    shown = [
        part.strip("\n") if isinstance(part, str) else _panel(part, look) for part in parts
    ]
    head = f"# {one_line(title)}"
    if shown and shown[0].lstrip().startswith("# "):
        return "\n\n".join(shown) + "\n"
    return "\n\n".join([head, *shown]) + "\n"


def _panel(part: ShownPanel, look: PanelLook) -> str:
    caption = f"**{one_line(part.panel.caption)}**"
    match part.content:
        case EmptyContent(why=why):
            return f"{caption}: {why}"
        case TableContent(columns=columns, rows=rows):
            head = [column.title for column in columns]
            body = [[cell.text.strip() for cell in cells] for _, cells in rows]
            return f"{caption}\n\n{table_text(head, body, 'md')}".rstrip()
        case content:
            text = draw_content(content, part.size, LIGHT, look).text().rstrip()
            return f"{caption}\n\n```text\n{text}\n```"
