"""The query bar: typing, suggestions, history, the place of an error, the count of results.

It knows nothing of the data. It asks for suggestions and for results by messages and is given
them; the old result stays until the new query is understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from app.commands import Scope, bindings
from app.plain_words import is_plain
from app.sources import Completion
from app.widgets.cells import theme_color
from store.errors import QueryError, StoreError

TYPING_PAUSE_S = 0.2
MAX_SUGGESTIONS = 12


class QueryHighlighter(Highlighter):
    """Colours the parts of a query, and underlines where it is wrong."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self.styles = styles
        self.error_span: tuple[int, int] | None = None

    def highlight(self, text: Text) -> None:
        """Colour names, texts, numbers and operators."""
        if is_plain(text.plain):
            return
        text.highlight_regex(r"\b(run|metric|images|texts)\b[\w.]*", self.styles["primary"])
        text.highlight_regex(r"\b\d+(\.\d*)?(e[+-]?\d+)?\b", self.styles["accent"])
        text.highlight_regex(
            r"\b(and|or|not|in|is|if|else|for)\b", self.styles["secondary"] + Style(bold=True)
        )
        text.highlight_regex(r"\"[^\"]*\"?|'[^']*'?", self.styles["success"])
        if self.error_span is not None:
            start, stop = self.error_span
            stop = max(start + 1, stop)
            text.stylize(self.styles["error"] + Style(underline=True, bold=True), start, stop)


class QueryInput(Input):
    """The line itself; keys of the bar come before those of a plain input."""

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

    def action_build(self) -> None:
        """Put a query together."""
        self.post_message(self.Asked("build"))

    def action_leave(self) -> None:
        """Leave the bar."""
        self.post_message(self.Asked("leave"))


class QueryBar(Vertical):
    """One line, with more below it when there is something to say."""

    DEFAULT_CSS = """
    QueryBar { height: auto; background: $surface; }
    QueryBar Horizontal { height: 1; }
    QueryBar #prompt { color: $primary; padding: 0 1; text-style: bold; }
    QueryBar Input { border: none; height: 1; padding: 0; width: 1fr; background: $surface; }
    QueryBar Input:focus { border: none; background: $panel; }
    QueryBar #count { color: $text-muted; padding: 0 1; width: auto; }
    QueryBar #problem { color: $error; padding: 0 3; height: auto; display: none; }
    QueryBar OptionList {
        display: none; overlay: screen; constrain: inside inside; width: 72; max-width: 90%;
        height: auto; max-height: 14; background: $panel; border: round $border;
    }
    """

    @dataclass
    class Changed(Message):
        """The text was changed and typing paused."""

        text: str

    @dataclass
    class Submitted(Message):
        """The text is wanted."""

        text: str

    @dataclass
    class Left(Message):
        """The bar was left; the query before is in force."""

        text: str

    @dataclass
    class SuggestionsNeeded(Message):
        """What could stand at the cursor?"""

        text: str
        position: int

    @dataclass
    class SaveAsked(Message):
        """The query is to be kept under a name."""

        text: str

    @dataclass
    class BuildAsked(Message):
        """A query is to be put together from parts."""

        text: str

    def __init__(self, *, placeholder: str, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._placeholder = placeholder
        self._history: Sequence[str] = ()
        self._history_at = 0
        self._applied = ""
        self._suggestions: Sequence[Completion] = ()
        self._pause: Timer | None = None
        self._is_setting = False

    def compose(self) -> ComposeResult:
        """Prompt, line and count; below them the problem and the suggestions."""
        with Horizontal():
            yield Label("/", id="prompt")
            highlighter = QueryHighlighter(self._text_styles())
            yield QueryInput(
                placeholder=self._placeholder, highlighter=highlighter, select_on_focus=False
            )
            yield Label("", id="count")
        yield Static("", id="problem", markup=False)
        options = OptionList()
        options.can_focus = False
        yield options

    def _text_styles(self) -> dict[str, Style]:
        names = ("primary", "secondary", "accent", "success", "error")
        variables = self.app.theme_variables
        return {name: Style(color=theme_color(variables, name).rich_color) for name in names}

    def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, self._recolor)

    def _recolor(self, _: object) -> None:
        self._highlighter.styles = self._text_styles()
        self.input.refresh()

    @property
    def input(self) -> QueryInput:
        """The line."""
        return self.query_one(QueryInput)

    @property
    def _highlighter(self) -> QueryHighlighter:
        highlighter = self.input.highlighter
        assert isinstance(highlighter, QueryHighlighter)
        return highlighter

    @property
    def text(self) -> str:
        """The text in the line."""
        return self.input.value

    # Given by the screen

    def set_text(self, text: str) -> None:
        """Put a query into the line, as one that is in force."""
        self._applied = text
        self._write(text)
        self.show_problem(None)

    def set_history(self, queries: Sequence[str]) -> None:
        """Queries that were used before, newest last."""
        self._history = queries
        self._history_at = len(queries)

    def show_count(self, text: str) -> None:
        """What was found."""
        self.query_one("#count", Label).update(text)

    def show_problem(self, error: StoreError | None) -> None:
        """Underline where the query is wrong and say why."""
        problem = self.query_one("#problem", Static)
        problem.display = error is not None
        self._highlighter.error_span = None
        if isinstance(error, QueryError):
            if error.offset and not is_plain(self.text):
                self._highlighter.error_span = (error.offset - 1, error.end_offset - 1)
            problem.update(error.why[:1].upper() + error.why[1:])
        elif error is not None:
            problem.update(str(error))
        self.input.refresh()

    def show_suggestions(self, suggestions: Sequence[Completion]) -> None:
        """Offer what could stand at the cursor."""
        self._suggestions = suggestions[:MAX_SUGGESTIONS] if self.input.has_focus else ()
        options = self.query_one(OptionList)
        options.clear_options()
        options.display = bool(self._suggestions)
        for each in self._suggestions:
            text = Content(f"{each.text:<34} ")
            detail = f"{each.kind:<8} {each.detail}"
            options.add_option(Option(Content.assemble(text, (detail, "$foreground 60%"))))
        if self._suggestions:
            options.highlighted = 0

    # Typing

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._highlighter.error_span = None
        if self._is_setting:
            return
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(TYPING_PAUSE_S, self._paused)
        if message.value.strip():
            self._ask_for_suggestions()
        else:
            self.show_suggestions(())

    def _paused(self) -> None:
        self._pause = None
        self.post_message(self.Changed(self.text))

    def _ask_for_suggestions(self) -> None:
        self.post_message(self.SuggestionsNeeded(self.text, self.input.cursor_position))

    def _write(self, text: str) -> None:
        # A change made here is no typing: neither a search nor suggestions follow from it.
        self._is_setting = True
        with self.prevent(Input.Changed):
            self.input.value = text
            self.input.cursor_position = len(text)
        self._is_setting = False

    @on(Input.Submitted)
    def _submit(self, message: Input.Submitted) -> None:
        message.stop()
        if self._pause is not None:
            self._pause.stop()
        self.show_suggestions(())
        self._applied = self.text
        self.post_message(self.Submitted(self.text))

    @on(QueryInput.Asked)
    def _act(self, message: QueryInput.Asked) -> None:
        message.stop()
        acts = {
            "complete": self._ask_for_suggestions,
            "accept": self._accept,
            "previous": lambda: self._move(-1),
            "next": lambda: self._move(1),
            "save": lambda: self.post_message(self.SaveAsked(self.text)),
            "build": lambda: self.post_message(self.BuildAsked(self.text)),
            "leave": self._leave,
        }
        acts[message.name]()

    def _accept(self) -> None:
        options = self.query_one(OptionList)
        if not self._suggestions or options.highlighted is None:
            self.screen.focus_next()
            return
        chosen = self._suggestions[options.highlighted]
        at = self.input.cursor_position
        value = self.text
        self.input.value = value[: chosen.start] + chosen.text + value[at:]
        self.input.cursor_position = chosen.start + len(chosen.text)
        self.show_suggestions(())

    def _move(self, step: int) -> None:
        options = self.query_one(OptionList)
        if self._suggestions:
            if step < 0:
                options.action_cursor_up()
            else:
                options.action_cursor_down()
            return
        at = self._history_at + step
        if 0 <= at < len(self._history):
            self._history_at = at
            self.input.value = self._history[at]
        elif at >= len(self._history):
            self._history_at = len(self._history)
            self.post_message(self.Left(self.text))

    def _leave(self) -> None:
        if self._suggestions:
            self.show_suggestions(())
            return
        self._write(self._applied)
        self.show_problem(None)
        self.post_message(self.Left(self._applied))

    @on(OptionList.OptionSelected)
    def _suggestion_clicked(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self._accept()

    def on_descendant_blur(self) -> None:
        """Suggestions belong to the focus."""
        self.show_suggestions(())
