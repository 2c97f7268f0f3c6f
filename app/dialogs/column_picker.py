"""Choose, pin and order the columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
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
from app.formatting import count, shorten, shorten_middle

MAX_LISTED = 300
"""More are found by typing."""
MIN_WIDTH, MAX_WIDTH = 4, 80


class ColumnOffer(Struct, frozen=True):
    """A column that could be shown."""

    id: str
    title: str
    kind: str = ""
    """`run`, `param` or `metric`."""
    coverage: float | None = None
    """Share of the runs that have it."""
    detail: str = ""
    """Its range, or its most frequent values."""
    width: int = 10


class ColumnAnswer(Struct, frozen=True):
    """The columns to show, in order."""

    shown: tuple[str, ...]
    """Empty asks for the automatic choice."""
    pinned: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()
    """Columns that were given a width, with that."""


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
        Binding("ctrl+right", "widen(2)", show=False, priority=True),
        Binding("ctrl+left", "widen(-2)", show=False, priority=True),
        Binding("ctrl+r", "automatic", show=False, priority=True),
    ]

    def __init__(
        self, offers: Sequence[ColumnOffer], shown: Sequence[str], pinned: Sequence[str]
    ) -> None:
        super().__init__()
        self._offers = {each.id: each for each in offers}
        self._shown = [each for each in shown if each in self._offers]
        self._pinned = set(pinned)
        self._widths: dict[str, int] = {}

    def compose(self) -> ComposeResult:
        """A field that narrows the list, over the list."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Columns"
            frame.border_subtitle = (
                "tab show · ⇧↑↓ move · ^←→ width · ^l pin · ^r automatic · enter"
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
        pinned = tuple(each for each in self._shown if each in self._pinned)
        self.dismiss(ColumnAnswer(tuple(self._shown), pinned, tuple(self._widths.items())))

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

    def action_widen(self, step: int) -> None:
        """Make the column under the cursor wider or narrower."""
        chosen = self._highlighted()
        if chosen is not None and chosen in self._shown:
            width = self._widths.get(chosen, self._offers[chosen].width)
            self._widths[chosen] = min(MAX_WIDTH, max(MIN_WIDTH, width + step))
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
        room = max(24, options.size.width or 70)
        options.add_options(
            [Option(self._line(self._offers[i], room), id=i) for i in ids[:MAX_LISTED]]
        )
        if len(ids) > MAX_LISTED:
            more = f"     … {count(len(ids) - MAX_LISTED)} more: type to find them"
            options.add_option(Option(Content.styled(more, "$foreground 60%"), disabled=True))
        if ids:
            found = ids.index(chosen) if chosen in ids[:MAX_LISTED] else at or 0
            options.highlighted = min(found, min(len(ids), MAX_LISTED) - 1)

    def _line(self, offer: ColumnOffer, room: int) -> Content:
        mark = "✔" if offer.id in self._shown else " "
        pin = "◂" if offer.id in self._pinned else " "
        wide = self._widths.get(offer.id)
        coverage = "" if offer.coverage is None else f"{offer.coverage:.0%}"
        title_room = min(34, room * 2 // 5)
        facts = f"{offer.kind:<6} {coverage:>4}  "
        detail = f"{wide} wide  " if wide is not None else ""
        rest = room - 4 - title_room - 1 - len(facts) - len(detail)
        return Content.assemble(
            Content.styled(f" {mark}{pin} ", "$success"),
            f"{shorten_middle(offer.title, title_room):<{title_room}} ",
            Content.styled(facts, "$foreground 60%"),
            Content.styled(detail, "$accent"),
            shorten(offer.detail, max(0, rest)),
        )
