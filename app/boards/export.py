"""Boards and reports as files. Reads what they show: only for thread workers."""

from __future__ import annotations

from msgspec.structs import replace

from app.boards.board import Board
from app.boards.contents import PanelLook
from app.boards.files import FILE_FORMATS, board_file
from app.boards.html import html_page
from app.boards.layout import reading_order
from app.boards.markdown import markdown_page
from app.boards.pages import Part, read_parts
from app.boards.report_document import ReportDocument
from app.sources import Source
from store.models import Report, SavedDashboard

BOARD_FORMATS = {
    "toml": ("TOML", "the board itself, to share, compare and read in again"),
    "json": ("JSON", "the same, for programs"),
    "html": ("HTML", "a page with everything in it"),
    "md": ("Markdown", "charts as text"),
}
"""Suffix of the file, title and help."""
REPORT_FORMATS = {
    "html": ("HTML", "a page with everything in it"),
    "md": ("Markdown", "charts as text"),
    "source.md": ("Markdown source", "as it was written, panels as they are set"),
}


def board_text(
    source: Source, saved: SavedDashboard, board: Board, look: PanelLook, suffix: str
) -> str:
    """A dashboard as a file of this kind."""
    if suffix in FILE_FORMATS:
        return board_file(saved.name, saved.description, board, suffix)
    parts: list[Part] = [saved.description] if saved.description else []
    parts += reading_order(board)
    return _page(source, saved.name, parts, look, suffix)


def report_text(source: Source, report: Report, look: PanelLook, suffix: str) -> str:
    """A report as a file of this kind."""
    if suffix == "source.md":
        return report.code
    document = ReportDocument.parse(report.code)
    return _page(source, report.name, list(document.parts), look, suffix)


def _page(source: Source, title: str, parts: list[Part], look: PanelLook, suffix: str) -> str:
    look = replace(look, whole_names=True)
    shown = read_parts(source, parts, look)
    make = html_page if suffix == "html" else markdown_page
    return make(title, shown, look)
