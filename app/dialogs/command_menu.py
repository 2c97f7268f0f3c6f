"""A list of things to do, filtered by typing, each shown with its key and help.

The `?` menu, the palette and every other "choose one" question are this dialog.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
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


class Choice(Struct, frozen=True):
    """One thing that can be chosen."""

    id: str
    title: str
    help: str = ""
    key: str = ""
    """As people write it."""
    group: str = ""
    """Choices of one group stand together under its name."""


KEY_CELLS, TITLE_CELLS = 13, 22
MAX_WIDTH, FRAME_CELLS = 100, 8


def move_options(options: OptionList, movement: str) -> None:
    """Move the highlight of a list that does not have the focus."""
    match movement:
        case "cursor_down":
            options.action_cursor_down()
        case "cursor_up":
            options.action_cursor_up()
        case "page_down":
            options.action_page_down()  # type: ignore[no-untyped-call]
        case "page_up":
            options.action_page_up()  # type: ignore[no-untyped-call]


class CommandMenu(ModalScreen[str | None]):
    """Choose one; the answer is its id."""

    DEFAULT_CSS = """
    CommandMenu { align: center top; }
    CommandMenu OptionList { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("down,ctrl+n", "move('cursor_down')", show=False),
        Binding("up", "move('cursor_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], *, hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._choices = list(choices)
        self._shown_text: str | None = None

    def compose(self) -> ComposeResult:
        """A field to type in above the list."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = self._title
            frame.border_subtitle = self._hint or "enter runs it · esc closes"
            yield Input(placeholder="type to narrow down", id="narrow", classes="-compact")
            yield OptionList(id="choices")

    def on_mount(self) -> None:
        """Show everything."""
        self.query_one("#choices", OptionList).can_focus = False
        self._show("")

    def on_resize(self) -> None:
        """Break the lines anew."""
        for field in self.query("#narrow").results(Input):
            self._show(field.value)

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        self._show(message.value)

    @on(Input.Submitted)
    def _choose(self) -> None:
        options = self.query_one("#choices", OptionList)
        if options.highlighted is not None:
            self.dismiss(options.get_option_at_index(options.highlighted).id)

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(message.option_id)

    def action_move(self, movement: str) -> None:
        """Move in the list while the cursor stays in the field."""
        options = self.query_one("#choices", OptionList)
        move_options(options, movement)

    def _show(self, text: str) -> None:
        options = self.query_one("#choices", OptionList)
        here = options.highlighted if self._shown_text == text else None
        self._shown_text = text
        options.clear_options()
        matching = self._matching(text)
        options.add_options(matching or [Option("Nothing matches.", disabled=True)])
        if matching and here is not None:
            options.highlighted = here
        elif matching:
            options.action_first()

    def _matching(self, text: str) -> list[Option]:
        if not text.strip():
            return self._grouped()
        matcher = Matcher(text.strip())
        scored = [
            (
                max(matcher.match(each.title), 0.6 * matcher.match(each.id + " " + each.help)),
                each,
            )
            for each in self._choices
        ]
        scored.sort(key=lambda pair: -pair[0])
        return [
            Option(self._line(each, matcher.highlight(each.title)), id=each.id)
            for score, each in scored
            if score > 0
        ]

    def _grouped(self) -> list[Option]:
        options: list[Option] = []
        group = ""
        for each in self._choices:
            if each.group != group:
                group = each.group
                heading = Content.styled(group, "bold $primary")
                options.append(Option(heading, disabled=True))
            options.append(Option(self._line(each, Content(each.title)), id=each.id))
        return options

    def _line(self, choice: Choice, title: Content) -> Content:
        key = Content.styled(f"{choice.key:>{KEY_CELLS}}  ", "$accent")
        pad = " " * max(2, TITLE_CELLS - title.cell_length)
        indent = KEY_CELLS + 2 + max(TITLE_CELLS, title.cell_length + 2)
        lines = wrap(choice.help, max(20, self._width() - indent)) or [""]
        text = ("\n" + " " * indent).join(lines)
        return Content.assemble(key, title, pad, Content.styled(text, "$foreground 60%"))

    def _width(self) -> int:
        """Cells of a line: what the stylesheet gives the dialog, without its frame."""
        return min(MAX_WIDTH, self.app.size.width * 95 // 100) - FRAME_CELLS
