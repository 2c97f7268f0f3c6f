"""`BoardGrid`: the panels of a board side by side; moved, resized and focused with keys and mouse.

It shows a `Board` and says what was changed; whoever holds it keeps the board. Movement of the
mouse is shown at once and told when the button is let go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct
from textual import events, on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.geometry import Offset, Region, Size
from textual.layout import Layout
from textual.message import Message

from app.boards.board import Board, Panel, copied
from app.boards.contents import Content, PanelLook
from app.boards.kinds import PanelKind
from app.boards.layout import (
    areas,
    column_at,
    moved,
    neighbour,
    packed,
    placed,
    reading_order,
    resized,
)
from app.commands import Scope, bindings
from app.panels.board_panels.arrangement import BoardLayout
from app.panels.board_panels.panel import BoardPanel, PanelReader, panel_around
from app.widgets.why_not import why_not

EDIT_ACTIONS = frozenset({"duplicate", "remove", "move", "resize"})
"""Possible while the board is changed."""
CORNER = Offset(3, 2)
"""Cells at the bottom right of a panel by which it is resized."""


class BoardGrid(VerticalScroll, inherit_bindings=False):
    """All panels of a board."""

    DEFAULT_CSS = """
    BoardGrid { width: 1fr; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.BOARD)

    @dataclass
    class Edited(Message):
        """The board was changed here."""

        old: Board
        board: Board
        title: str
        """What was done, as in "Moved a panel"."""

    @dataclass
    class ConfigureAsked(Message):
        """Settings of a panel shall be changed."""

        panel: Panel

    @dataclass
    class CopyAsked(Message):
        """What a panel shows shall be copied as text."""

        content: Content | None

    class AddAsked(Message):
        """A panel shall be added."""

    class EditingChanged(Message):
        """Editing began or ended."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self.board = Board()
        self.is_editing = False
        self.full_size = ""
        """Id of the panel that fills everything, if one does."""
        self._reader: PanelReader | None = None
        self._look: Callable[[], PanelLook] = PanelLook
        self._drag: _Drag | None = None
        self._awaited_focus: str | None = None
        """Panel that gets the focus once it is there and the grid is on the screen."""
        self._board_layout = BoardLayout()

    @property
    def layout(self) -> Layout:
        """Where the panels go; Textual's styles know only its own layouts."""
        return self._board_layout

    # The board

    def read_with(self, reader: PanelReader, look: Callable[[], PanelLook]) -> None:
        """How panels read what they show."""
        self._reader, self._look = reader, look

    def show_board(self, board: Board, focused: str = "") -> None:
        """Show a board; panels that stay keep what they show."""
        # A board that is read again must not take the focus from a panel that is to get it.
        current = self.current.panel.id if self.current is not None else ""
        here = focused or self._awaited_focus or current
        board, shown = packed(board), len(self.query(BoardPanel))
        if here and not focused and board == self.board and shown == len(board.panels):
            return
        self.board = board
        known = {each.panel.id: each for each in self.query(BoardPanel)}
        for panel_id, widget in known.items():
            panel = self.board.panel(panel_id)
            if panel is None or panel.kind is not widget.panel.kind:
                widget.remove()
            else:
                widget.show_panel(panel)
        new = [
            self._make(panel)
            for panel in reading_order(self.board)
            if panel.id not in known or known[panel.id].panel.kind is not panel.kind
        ]
        if new:
            self.mount(*new)
        self._order_widgets()
        self.can_focus = not self.board.panels
        self._arrange_again()
        if self.board.panel(self.full_size) is None:
            self.full_size = ""
        self._awaited_focus = here
        self.call_after_refresh(self._restore_focus)

    def _make(self, panel: Panel) -> BoardPanel:
        assert self._reader is not None
        made = BoardPanel(panel, self._reader, self._look)
        made.is_editing = self.is_editing
        made.set_class(self.is_editing, "-editing")
        return made

    def _order_widgets(self) -> None:
        """`tab` goes through panels as one reads them."""
        order = {each.id: at for at, each in enumerate(reading_order(self.board))}
        self.sort_children(
            key=lambda each: order.get(each.panel.id, 0) if isinstance(each, BoardPanel) else 0
        )

    def _restore_focus(self) -> None:
        # A grid that was just asked for may have no place on the screen yet.
        if self._awaited_focus is None or not self.is_on_screen:
            return
        panel_id, self._awaited_focus = self._awaited_focus, None
        focused = self.screen.focused
        if focused not in (None, self) and not (panel_id and self in focused.ancestors):
            return
        order = reading_order(self.board)
        wanted = self.widget_of(panel_id) or (self.widget_of(order[0].id) if order else None)
        self.screen.set_focus(wanted or self)

    def on_show(self) -> None:
        """The grid came on the screen after its board was there."""
        self._restore_focus()

    def areas_in(self, size: Size) -> dict[str, Region]:
        """Where panels lie on the screen."""
        if self.full_size:
            return {self.full_size: Region(0, 0, size.width, self.size.height)}
        found = areas(self.board, size.width, self.scrollable_content_region.height)
        return {panel_id: Region(*area) for panel_id, area in found.items()}

    def _arrange_again(self) -> None:
        # A widget keeps its arrangement until one of its children asks for another.
        for widget in (*self.children[:1], self):
            widget.refresh(layout=True)

    def widget_of(self, panel_id: str) -> BoardPanel | None:
        """The widget of a panel."""
        return next((e for e in self.query(BoardPanel) if e.panel.id == panel_id), None)

    @property
    def current(self) -> BoardPanel | None:
        """The panel with the focus."""
        focused = self.screen.focused if self.is_attached else None
        return panel_around(focused)

    def refresh_panels(self) -> None:
        """The source changed."""
        for panel in self.query(BoardPanel):
            panel.refresh_soon()

    def read_panels(self) -> None:
        """Read everything now."""
        for panel in self.query(BoardPanel):
            panel.read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Panels are moved and removed only while editing; only charts are gone into."""
        if action in EDIT_ACTIONS:
            return self.is_editing
        if action == "inspect":
            return self.current is not None and self.current.panel.kind is PanelKind.CHART
        return True

    # Moving the focus

    def action_go(self, across: int, down: int) -> None:
        """To the row or the panel in a direction."""
        current = self.current
        if current is None:
            self._awaited_focus = ""
            self._restore_focus()
        elif self.full_size or self.is_editing or not current.move_cursor(across, down):
            self._focus(neighbour(self.board, current.panel.id, across, down))

    def _focus(self, panel_id: str) -> None:
        widget = self.widget_of(panel_id)
        if widget is None:
            return
        if self.full_size and self.full_size != panel_id:
            self.full_size = panel_id
            self._arrange_again()
        widget.focus()

    def action_enter_panel(self) -> None:
        """Open what the panel shows; while editing its settings."""
        if self.is_editing:
            self.action_configure()
        elif self.current is not None:
            self.post_message(BoardPanel.Opened(self.current, self.current.cursor_run))

    def action_full_size(self) -> None:
        """Fill the screen with the panel, or be small again."""
        current = self.current
        self.full_size = "" if self.full_size or current is None else current.panel.id
        self._arrange_again()

    def action_inspect(self) -> None:
        """Go into the charts of the panel, with a crosshair."""
        if self.current is not None:
            self.current.inspect()

    def step_back(self) -> bool:
        """Leave a chart, full size or editing; whether there was one to leave."""
        if self.current is not None and self.current.leave():
            return True
        if self.full_size:
            self.action_full_size()
            return True
        if self.is_editing:
            self.action_edit()
            return True
        return False

    # Editing

    @on(BoardPanel.Opened)
    def _opened(self, message: BoardPanel.Opened) -> None:
        """A double click changes the panel while editing."""
        if self.is_editing:
            message.stop()
            self.post_message(self.ConfigureAsked(message.panel.panel))

    def action_edit(self) -> None:
        """Begin or end to change the board."""
        reason = why_not(self, "edit")
        if reason and not self.is_editing:
            self.app.notify(f"Boards cannot be changed here: {reason}.", timeout=3)
            return
        if self.current is not None:
            self.current.leave()
        self.is_editing = not self.is_editing
        for each in self.query(BoardPanel):
            each.set_editing(is_editing=self.is_editing)
        self.post_message(self.EditingChanged())

    def action_add(self) -> None:
        """Add a panel."""
        self.post_message(self.AddAsked())

    def action_configure(self) -> None:
        """Change the settings of the panel."""
        if self.current is not None:
            self.post_message(self.ConfigureAsked(self.current.panel))

    def action_duplicate(self) -> None:
        """The same panel again, below."""
        if self.current is not None:
            made = copied(self.board, self.current.panel)
            board = packed(self.board.with_panel(made))
            self._change(board, f"Copied {self.current.panel.caption}", made.id)

    def action_remove(self) -> None:
        """Take the panel off the board."""
        if self.current is None:
            return
        panel = self.current.panel
        order = [each.id for each in reading_order(self.board)]
        at = order.index(panel.id)
        rest = order[:at] + order[at + 1 :]
        next_id = rest[min(at, len(rest) - 1)] if rest else ""
        board = packed(self.board.without(panel.id))
        self._change(board, f"Removed {panel.caption}", next_id)

    def action_move(self, across: int, down: int) -> None:
        """Move the panel past its neighbour."""
        if self.current is not None:
            panel = self.current.panel
            self._change(moved(self.board, panel.id, across, down), f"Moved {panel.caption}")

    def action_resize(self, wider: int, higher: int) -> None:
        """Make the panel larger or smaller."""
        if self.current is not None:
            panel = self.current.panel
            board = resized(self.board, panel.id, wider, higher)
            self._change(board, f"Resized {panel.caption}")

    def action_copy(self) -> None:
        """Copy what the panel shows."""
        if self.current is not None:
            self.post_message(self.CopyAsked(self.current.content))

    def _change(self, board: Board, title: str, focused: str = "") -> None:
        if board == self.board:
            return
        old = self.board
        self.show_board(board, focused)
        self.post_message(self.Edited(old, self.board, title))

    # The mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of a panel by its frame while editing."""
        at = event.screen_offset
        widget = next(
            (each for each in self.query(BoardPanel) if each.region.contains_point(at)), None
        )
        if not self.is_editing or widget is None:
            return
        corner = widget.region.bottom_right
        is_corner = corner.x - at.x <= CORNER.x and corner.y - at.y <= CORNER.y
        self._drag = _Drag(widget.panel.id, self.board, at, is_corner)
        self.capture_mouse()
        event.stop()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show where the panel would come to lie."""
        drag = self._drag
        panel = drag.board.panel(drag.panel_id) if drag is not None else None
        if drag is None or panel is None:
            return
        delta = event.screen_offset - drag.start
        across = column_at(delta.x, self.scrollable_content_region.width)
        down = round(delta.y / self._row_cells())
        if drag.is_corner:
            board = resized(drag.board, panel.id, across, down)
        else:
            board = placed(drag.board, panel.id, panel.place.x + across, panel.place.y + down)
        if board != self.board:
            self.show_board(board, panel.id)

    def on_mouse_up(self) -> None:
        """Let go."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        self.release_mouse()
        if self.board != drag.board:
            panel = self.board.panel(drag.panel_id)
            verb = "Resized" if drag.is_corner else "Moved"
            name = panel.caption if panel is not None else "a panel"
            self.post_message(self.Edited(drag.board, self.board, f"{verb} {name}"))

    def _row_cells(self) -> int:
        height = max((area.bottom for area in self.areas_in(self.size).values()), default=1)
        return max(1, height // max(1, self.board.height))


class _Drag(Struct, frozen=True):
    """A panel in the hand."""

    panel_id: str
    board: Board
    """As it was before."""
    start: Offset
    is_corner: bool
