"""Choose the fields that colour, stroke and chart stand for; the charts follow at once.

Rows are fields, columns are what they decide. Several fields in one column make a group for
each combination of their values, in the order in which they were chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from app.traces.fields import GroupField

NAME_WIDTH, ROLE_WIDTH = 30, 12
HEAD_ROWS = 1


class Grouping(Struct, frozen=True):
    """Fields by what they decide; None leaves it to the program."""

    color: tuple[str, ...] | None
    stroke: tuple[str, ...] | None
    facet: tuple[str, ...] | None


ROLES = (("color", "colour"), ("stroke", "stroke"), ("facet", "chart"))
"""Attribute of `Grouping`, and the word for it."""


class _Rows(Static):
    """The table; clicks tell row and column."""


class GroupPicker(ModalScreen[bool]):
    """The answer says whether to keep what was chosen."""

    DEFAULT_CSS = """
    GroupPicker VerticalScroll { height: auto; max-height: 24; }
    GroupPicker _Rows { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(False)", show=False),
        Binding("enter", "dismiss(True)", show=False),
        Binding("up,k", "move(-1, 0)", show=False, priority=True),
        Binding("down,j", "move(1, 0)", show=False, priority=True),
        Binding("left,h", "move(0, -1)", show=False),
        Binding("right,l,tab", "move(0, 1)", show=False, priority=True),
        Binding("space,x", "choose", show=False),
        Binding("backspace,delete", "reset", show=False),
    ]

    def __init__(
        self,
        fields: Sequence[GroupField],
        grouping: Grouping,
        automatic: Grouping,
        changed: Callable[[Grouping], None],
    ) -> None:
        super().__init__()
        self._fields = tuple(fields)
        self.grouping = grouping
        self._automatic = automatic
        """What is meant where a column is left to the program; colour is always chosen."""
        self._changed = changed
        self.row, self.column = 0, 0

    def compose(self) -> ComposeResult:
        """The table and what its keys do."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Group by"
            frame.border_subtitle = "space sets · ⌫ automatic · enter keeps · esc as before"
            with VerticalScroll(can_focus=False):
                yield _Rows(id="rows")

    def on_mount(self) -> None:
        """Draw the table."""
        self._draw()

    def action_move(self, down: int, across: int) -> None:
        """Another row or column."""
        self.row = (self.row + down) % len(self._fields)
        self.column = (self.column + across) % len(ROLES)
        self._draw()
        scroll = self.query_one(VerticalScroll)
        if not 0 <= self.row + HEAD_ROWS - scroll.scroll_y < scroll.size.height:
            scroll.scroll_to(y=max(0, self.row - 2), animate=False)

    def action_choose(self) -> None:
        """Add the field of the row to the column, or take it out."""
        name = self._fields[self.row].name
        fields = self._fields_of(self.column)
        kept = tuple(each for each in fields if each != name)
        self._set(kept if name in fields else (*fields, name))

    def action_reset(self) -> None:
        """Leave the column to the program."""
        self._set(("run",) if self.column == 0 else None)

    def on_click(self, event: events.Click) -> None:
        """Toggle what was clicked."""
        if event.widget is None or event.widget.id != "rows":
            return
        offset = event.get_content_offset(event.widget)
        if offset is None:
            return
        row, column = offset.y - HEAD_ROWS, (offset.x - NAME_WIDTH) // ROLE_WIDTH
        if 0 <= row < len(self._fields) and 0 <= column < len(ROLES):
            self.row, self.column = row, column
            self.action_choose()

    def _set(self, fields: tuple[str, ...] | None) -> None:
        attribute = ROLES[self.column][0]
        self.grouping = replace(self.grouping, **{attribute: fields})
        self._draw()
        self._changed(self.grouping)

    def _fields_of(self, column: int) -> tuple[str, ...]:
        attribute = ROLES[column][0]
        chosen: tuple[str, ...] | None = getattr(self.grouping, attribute)
        fields: tuple[str, ...] | None = getattr(self._automatic, attribute)
        return chosen if chosen is not None else fields or ()

    def _draw(self) -> None:
        text = Text(" " * NAME_WIDTH)
        for attribute, word in ROLES:
            is_automatic = getattr(self.grouping, attribute) is None
            text.append(f"{word}{' auto' if is_automatic else ''}".ljust(ROLE_WIDTH), "bold")
        text.append("values", "dim")
        for row, field in enumerate(self._fields):
            is_here = row == self.row
            text.append("\n")
            text.append(field.name[: NAME_WIDTH - 2].ljust(NAME_WIDTH), "bold" * is_here)
            for column in range(len(ROLES)):
                fields = self._fields_of(column)
                place = str(fields.index(field.name) + 1) if field.name in fields else " "
                style = "reverse" if is_here and column == self.column else ""
                text.append(f"[{place}]", style)
                text.append(" " * (ROLE_WIDTH - 3))
            text.append(f"{field.value_count:>6,}", "dim")
        self.query_one(_Rows).update(text)
