"""Choose, pin and order the columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from app.dialogs.command_menu import move_options


@dataclass(frozen=True, slots=True)
class ColumnOffer:
    """A column that could be shown."""

    id: str
    title: str
    detail: str = ""
    """Where it comes from, an example, how many runs have it."""


@dataclass(frozen=True, slots=True)
class ColumnAnswer:
    """The columns to show, in order."""

    shown: tuple[str, ...]
    """Empty asks for the automatic choice."""
    pinned: tuple[str, ...] = ()


class ColumnPicker(ModalScreen[ColumnAnswer | None]):
    """Shown columns first, in their order; then all others."""

    DEFAULT_CSS = """
    ColumnPicker OptionList { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("down", "move('cursor_down')", show=False),
        Binding("up", "move('cursor_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
        Binding("tab", "flip", show=False, priority=True),
        Binding("shift+up", "shift(-1)", show=False, priority=True),
        Binding("shift+down", "shift(1)", show=False, priority=True),
        Binding("ctrl+l", "pin", show=False, priority=True),
        Binding("ctrl+r", "automatic", show=False, priority=True),
    ]

    def __init__(
        self, offers: Sequence[ColumnOffer], shown: Sequence[str], pinned: Sequence[str]
    ) -> None:
        super().__init__()
        self._offers = {each.id: each for each in offers}
        self._shown = [each for each in shown if each in self._offers]
        self._pinned = set(pinned)

    def compose(self) -> ComposeResult:
        """A field that narrows the list, over the list."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Columns"
            frame.border_subtitle = (
                "tab shows or hides · shift+↑↓ moves · ^l pins · ^r automatic · enter keeps"
            )
            yield Input(placeholder="type to find a param or metric", classes="-compact")
            yield OptionList()

    def on_mount(self) -> None:
        """Show everything."""
        self.query_one(OptionList).can_focus = False
        self._show()

    @on(Input.Changed)
    def _narrow(self) -> None:
        self._show()

    @on(Input.Submitted)
    def _keep(self) -> None:
        self.dismiss(ColumnAnswer(tuple(self._shown), tuple(self._pinned & set(self._shown))))

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        self.action_flip()

    def action_automatic(self) -> None:
        """Let the table choose."""
        self.dismiss(ColumnAnswer(()))

    def action_move(self, movement: str) -> None:
        """Move in the list while typing stays possible."""
        move_options(self.query_one(OptionList), movement)

    def action_flip(self) -> None:
        """Show or hide the column under the cursor."""
        chosen = self._highlighted()
        if chosen is None:
            return
        at = self.query_one(OptionList).highlighted
        if chosen in self._shown:
            self._shown.remove(chosen)
        else:
            self._shown.append(chosen)
        self._show(at=at)

    def action_shift(self, step: int) -> None:
        """Move the column under the cursor in the order."""
        chosen = self._highlighted()
        if chosen is None or chosen not in self._shown:
            return
        at = self._shown.index(chosen)
        to = min(max(0, at + step), len(self._shown) - 1)
        self._shown.insert(to, self._shown.pop(at))
        self._show(chosen=chosen)

    def action_pin(self) -> None:
        """Keep the column in sight when scrolling, or not."""
        chosen = self._highlighted()
        if chosen is not None:
            self._pinned ^= {chosen}
            self._show(chosen=chosen)

    def _highlighted(self) -> str | None:
        options = self.query_one(OptionList)
        if options.highlighted is None:
            return None
        return options.get_option_at_index(options.highlighted).id

    def _show(self, *, at: int | None = None, chosen: str = "") -> None:
        text = self.query_one(Input).value.strip()
        others = [each for each in self._offers if each not in self._shown]
        ids = [*self._shown, *others]
        if text:
            matcher = Matcher(text)
            scores = {each: matcher.match(self._offers[each].title) for each in ids}
            ids = sorted((each for each in ids if scores[each] > 0), key=lambda i: -scores[i])
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._line(self._offers[each]), id=each) for each in ids])
        if ids:
            found = ids.index(chosen) if chosen in ids else at or 0
            options.highlighted = min(found, len(ids) - 1)

    def _line(self, offer: ColumnOffer) -> Content:
        mark = "✔" if offer.id in self._shown else " "
        pin = "◂" if offer.id in self._pinned else " "
        return Content.assemble(
            Content.styled(f" {mark}{pin} ", "$success"),
            f"{offer.title:<34} ",
            Content.styled(offer.detail, "$foreground 60%"),
        )
