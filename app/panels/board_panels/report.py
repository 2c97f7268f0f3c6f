"""`ReportReader`: a report as one reads it, texts rendered and panels live."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Markdown

from app.boards.board import Panel
from app.boards.contents import PanelLook
from app.boards.report_document import ReportDocument, panel_lines
from app.commands import Scope, bindings
from app.links import linked
from app.panels.board_panels.panel import BoardPanel, PanelReader, panel_around


class ReportReader(VerticalScroll, inherit_bindings=False):
    """The parts of a report, one below the other."""

    DEFAULT_CSS = """
    ReportReader { width: 1fr; height: 1fr; padding: 0 1; }
    ReportReader > Markdown { margin: 0 0 1 0; padding: 0; background: transparent; }
    ReportReader > BoardPanel { margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.REPORT)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.document = ReportDocument()
        self._reader: PanelReader | None = None
        self._look: Callable[[], PanelLook] = PanelLook

    def read_with(self, reader: PanelReader, look: Callable[[], PanelLook]) -> None:
        """How panels read what they show."""
        self._reader, self._look = reader, look

    def show_code(self, code: str) -> None:
        """Show a report; parts that stay keep what they show."""
        document = ReportDocument.parse(code)
        if document == self.document:
            return
        old, self.document = self.document, document
        if _shape(old) == _shape(document):
            for widget, part in zip(self._parts(), document.parts, strict=True):
                _show(widget, part)
            return
        self.remove_children()
        self.mount(*(self._make(part) for part in document.parts))

    def _parts(self) -> list[Widget]:
        return [each for each in self.children if isinstance(each, Markdown | BoardPanel)]

    def _make(self, part: Panel | str) -> Widget:
        if isinstance(part, str):
            return Markdown(linked(part), open_links=False)
        assert self._reader is not None
        made = BoardPanel(part, self._reader, self._look)
        made.styles.height = panel_lines(part)
        return made

    def refresh_panels(self) -> None:
        """The source changed."""
        for panel in self.query(BoardPanel):
            panel.refresh_soon()

    def read_panels(self) -> None:
        """Read everything now."""
        for panel in self.query(BoardPanel):
            panel.read()

    @property
    def current(self) -> BoardPanel | None:
        """The panel with the focus."""
        found = panel_around(self.screen.focused)
        return found if found is not None and self in found.ancestors else None

    def action_enter_panel(self) -> None:
        """Open what the panel with the focus shows."""
        if self.current is not None:
            self.post_message(BoardPanel.Opened(self.current, self.current.cursor_run))

    def action_inspect(self) -> None:
        """Go into the charts of the panel with the focus, or of the first one."""
        if self.current is None:
            self._go(1)
        if self.current is not None:
            self.current.inspect()

    def leave(self) -> bool:
        """Come out of the charts of a panel; whether one was inside."""
        return self.current is not None and self.current.leave()

    def action_next_panel(self) -> None:
        """Go to the next panel."""
        self._go(1)

    def action_previous_panel(self) -> None:
        """Go to the panel before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        panels = list(self.query(BoardPanel))
        if panels:
            at = panels.index(self.current) + step if self.current is not None else 0
            panels[min(max(0, at), len(panels) - 1)].focus()

    def action_scroll_up(self) -> None:
        """One row up in the table with the focus, or one line."""
        if self.current is None or not self.current.move_cursor(0, -1):
            self.scroll_up(animate=False)

    def action_scroll_down(self) -> None:
        """One row down in the table with the focus, or one line."""
        if self.current is None or not self.current.move_cursor(0, 1):
            self.scroll_down(animate=False)

    def action_scroll_home(self) -> None:
        """To the start."""
        self.scroll_home(animate=False)

    def action_scroll_end(self) -> None:
        """To the end."""
        self.scroll_end(animate=False)


def _shape(document: ReportDocument) -> list[str]:
    return ["" if isinstance(part, str) else part.kind.value for part in document.parts]


def _show(widget: Widget, part: Panel | str) -> None:
    if isinstance(widget, Markdown) and isinstance(part, str):
        if widget.source != linked(part):
            widget.update(linked(part))
    elif isinstance(widget, BoardPanel) and isinstance(part, Panel):
        widget.styles.height = panel_lines(part)
        widget.show_panel(part)
