"""The line in which a query is typed: colours, and keys that come before those of an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from app.commands import Scope, bindings
from app.querying.plain_words import is_plain
from app.querying.tokens import VALUES, Kind, tokens
from app.widgets.cells import theme_color

# Told apart without colours too.
_LOOKS = {
    Kind.PATH: ("primary", Style()),
    Kind.KEYWORD: ("secondary", Style(bold=True)),
    Kind.OPERATOR: ("secondary", Style(bold=True)),
    Kind.TEXT: ("success", Style(italic=True)),
    Kind.NUMBER: ("accent", Style()),
}


class QueryHighlighter(Highlighter):
    """Colours the parts of a query, and underlines where it is wrong."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self.styles = styles
        self.error_span: tuple[int, int] | None = None

    def highlight(self, text: Text) -> None:
        """Colour names, texts, numbers and operators."""
        if not is_plain(text.plain):
            for token in tokens(text.plain):
                kind = Kind.NUMBER if token.text in VALUES else token.kind
                if kind in _LOOKS:
                    color, look = _LOOKS[kind]
                    text.stylize(self.styles[color] + look, token.start, token.stop)
        if self.error_span is not None:
            start, stop = self.error_span
            look = self.styles["error"] + Style(underline=True, bold=True)
            text.stylize(look, start, max(start + 1, stop))


class QueryInput(Input):
    """The line itself."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.QUERY)

    @dataclass
    class Asked(Message):
        """A key of the bar was pressed."""

        name: str
        """Name of the command."""

    def action_complete(self) -> None:
        """Ask for suggestions."""
        self.post_message(self.Asked("complete"))

    def action_accept(self) -> None:
        """Take the suggestion."""
        self.post_message(self.Asked("accept"))

    def action_previous(self) -> None:
        """The suggestion above, or the query before."""
        self.post_message(self.Asked("previous"))

    def action_next(self) -> None:
        """The suggestion below, or the query after."""
        self.post_message(self.Asked("next"))

    def action_save(self) -> None:
        """Keep this query."""
        self.post_message(self.Asked("save"))

    def action_saved(self) -> None:
        """Show the queries that were kept."""
        self.post_message(self.Asked("saved"))

    def action_build(self) -> None:
        """Put a query together."""
        self.post_message(self.Asked("build"))

    def action_copy_as(self) -> None:
        """Copy the query for use elsewhere."""
        self.post_message(self.Asked("copy_as"))

    def action_leave(self) -> None:
        """Leave the bar."""
        self.post_message(self.Asked("leave"))

    def text_styles(self) -> dict[str, Style]:
        """The colours of the theme."""
        variables = self.app.theme_variables
        names = ("primary", "secondary", "accent", "success", "error")
        return {name: Style(color=theme_color(variables, name).rich_color) for name in names}
