"""A line for a query, with suggestions while typing and the place of an error below.

It knows nothing of the data: it asks for a vocabulary by a message, which the application
answers, and completes from it without asking anybody again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from app.querying.checking import State, Verdict, check
from app.querying.completing import offers
from app.querying.language import Language
from app.querying.plain_words import is_plain
from app.widgets.query_input import QueryHighlighter, QueryInput
from app.widgets.query_popup import QueryPopup
from store.errors import QueryError, StoreError
from store.models import Vocabulary

TYPING_PAUSE_S = 0.2
BEGINNINGS = ("run", "metric")
"""Words that a query begins with, and hardly ever all that is looked for."""


class Knows(Protocol):
    """Something that wants to know what can be asked."""

    @property
    def is_attached(self) -> bool:
        """Whether it is still there."""
        ...

    def know(self, known: Vocabulary) -> None:
        """Take what can be asked."""
        ...


class QueryField(Vertical):
    """A line; below it the problem, if there is one."""

    DEFAULT_CSS = """
    QueryField { height: auto; }
    QueryField Input, QueryField Input:focus { border: none; height: 1; padding: 0; width: 1fr; }
    QueryField .problem { color: $error; height: auto; display: none; }
    QueryField .problem.-quiet { color: $text-muted; }
    """

    @dataclass
    class Changed(Message):
        """The text was changed, typing paused, and the query can be asked."""

        text: str

    @dataclass
    class Submitted(Message):
        """The text is wanted, and can be asked."""

        text: str

    @dataclass
    class Left(Message):
        """The line was left; the query before is in force."""

        text: str

    @dataclass
    class VocabularyNeeded(Message):
        """Somebody is about to type: what can be asked?"""

        asker: Knows

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        of_metrics: bool = False,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._placeholder = placeholder
        self._applied = text
        self._pause: Timer | None = None
        self._is_typed = False
        self.is_insisted = False
        """Whether an unfinished query was wanted all the same."""
        self.language = Language(of_metrics=of_metrics)
        self.verdict = Verdict()

    def compose(self) -> ComposeResult:
        """The line, the problem and the suggestions."""
        yield self.make_input()
        yield Static("", classes="problem", markup=False)
        yield QueryPopup()

    def make_input(self) -> Widget:
        """The line, alone or with something beside it."""
        return QueryInput(
            self._applied,
            placeholder=self._placeholder,
            highlighter=QueryHighlighter({}),
            select_on_focus=False,
        )

    def on_mount(self) -> None:
        """Follow the theme."""
        self._recolor(None)
        self.app.theme_changed_signal.subscribe(self, self._recolor)

    def _recolor(self, _: object) -> None:
        self._highlighter.styles = self.input.text_styles()
        self.input.refresh()

    @property
    def input(self) -> QueryInput:
        """The line."""
        return self.query_one(QueryInput)

    @property
    def popup(self) -> QueryPopup:
        """The suggestions."""
        return self.query_one(QueryPopup)

    @property
    def _highlighter(self) -> QueryHighlighter:
        highlighter = self.input.highlighter
        assert isinstance(highlighter, QueryHighlighter)
        return highlighter

    @property
    def text(self) -> str:
        """The text in the line."""
        return self.input.value

    # Given from outside

    def know(self, known: Vocabulary) -> None:
        """Take what can be asked, and offer it if somebody is typing already."""
        if known is not self.language.known:
            self.language = Language(known, of_metrics=self.language.of_metrics)
            if self._is_typed and self.input.has_focus:
                self._offer()

    def set_text(self, text: str) -> None:
        """Put a query into the line, as one that is in force."""
        self._applied = text
        self.write(text)
        self.show_problem(None)

    def write(self, text: str) -> None:
        """Put a text into the line; nothing is asked and nothing suggested because of it."""
        self._stop_waiting()
        self._is_typed = self.is_insisted = False
        with self.prevent(Input.Changed):
            self.input.value = text
            # The beginning is in sight until somebody types.
            self.input.cursor_position = len(text) if self.input.has_focus else 0
        self.verdict = check(text, self.language)
        self._underline(None)
        self.show_verdict(Verdict())

    def show_problem(self, error: StoreError | None) -> None:
        """Underline where the query is wrong and say why; None takes that away."""
        span = None
        if isinstance(error, QueryError):
            if error.offset and not is_plain(self.text):
                span = (error.offset - 1, error.end_offset - 1)
            self._say(error.why[:1].upper() + error.why[1:], span)
        elif error is not None:
            self._say(str(error), None)
        else:
            # An answer to what was typed before says nothing about what stands there now.
            self._say_what_is_known()

    def _say(
        self, sentence: str, span: tuple[int, int] | None, *, is_quiet: bool = False
    ) -> None:
        problem = self.query_one(".problem", Static)
        problem.set_class(is_quiet, "-quiet")
        problem.display = bool(sentence)
        problem.update(sentence)
        self._underline(span)

    def _underline(self, span: tuple[int, int] | None) -> None:
        self._highlighter.error_span = span
        self.input.refresh()

    def can_be_asked(self) -> bool:
        """Whether the query is whole; if not, what is wrong is said loudly."""
        self.verdict = check(self.text, self.language)
        self.is_insisted = self.verdict.state is State.UNFINISHED
        if self.verdict.state is not State.WHOLE:
            self._say_verdict()
        self.show_verdict(self.verdict)
        return self.verdict.state is State.WHOLE

    def show_verdict(self, verdict: Verdict) -> None:
        """Say quietly how far the query is; nothing by itself, the bar has room for it."""

    # Typing

    def on_descendant_focus(self) -> None:
        """Ask for what can be typed, before it is typed."""
        self.input.cursor_position = len(self.text)
        self.post_message(self.VocabularyNeeded(self))

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._is_typed = True
        self.verdict = check(self.text, self.language)
        self.is_insisted = False
        self._say_what_is_known()
        self.show_verdict(self.verdict)
        self._stop_waiting()
        if self._is_worth_asking():
            self._pause = self.set_timer(TYPING_PAUSE_S, self._paused)
        self._offer()

    def _is_worth_asking(self) -> bool:
        """Whether the query may be asked although somebody is typing."""
        if self.text.strip() in BEGINNINGS:
            return False
        return self.verdict.state is State.WHOLE and not self.verdict.is_at_end_of(self.text)

    def _leads_nowhere(self) -> bool:
        """Whether the query can be asked, but names what there is not."""
        verdict = self.verdict
        is_whole = verdict.state is State.WHOLE and bool(verdict.why)
        return is_whole and not verdict.is_at_end_of(self.text)

    def _say_what_is_known(self) -> None:
        is_loud = self.verdict.state is State.WRONG or self.is_insisted
        if is_loud or self._leads_nowhere():
            self._say_verdict()
        else:
            self._say("", None)

    def _say_verdict(self) -> None:
        why = self.verdict.why or "this is no query yet"
        sentence = f"{why[:1].upper()}{why[1:]}{'' if why.endswith('?') else '.'}"
        if self.verdict.state is State.WHOLE:
            self._say(sentence, None, is_quiet=True)
        else:
            self._say(sentence, self.verdict.span)

    def _stop_waiting(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None

    def _paused(self) -> None:
        self._pause = None
        self.post_message(self.Changed(self.text))

    def _offer(self, *, is_asked: bool = False) -> None:
        if not self.input.has_focus:
            return
        found = offers(self.language, self.text, self.input.cursor_position)
        if not is_asked and (found.is_asked_only or is_whole_word(self.text)):
            self.popup.close()
        else:
            self.popup.show(found)

    @on(Input.Submitted)
    def _submit(self, message: Input.Submitted) -> None:
        message.stop()
        if self.popup.is_open and self.popup.is_chosen:
            self._accept()
            return
        self._stop_waiting()
        self.popup.close()
        if not self.can_be_asked():
            return
        self._applied = self.text
        self.post_message(self.Submitted(self.text))

    # Keys

    @on(QueryInput.Asked)
    def _asked(self, message: QueryInput.Asked) -> None:
        message.stop()
        self.act(message.name)

    def act(self, name: str) -> None:
        """Do what a key asks for."""
        if name == "complete":
            self._offer(is_asked=True)
        elif name == "accept":
            self._accept()
        elif name in ("previous", "next"):
            self._move(-1 if name == "previous" else 1)
        elif name == "leave":
            self._leave()

    def _accept(self) -> None:
        popup = self.popup
        chosen = popup.chosen
        if chosen is None:
            self.screen.focus_next()
            return
        common = "" if popup.is_chosen else popup.offers.common
        self._insert(chosen.start, common or chosen.text)

    def _insert(self, start: int, text: str) -> None:
        value, at = self.text, self.input.cursor_position
        rest = value[at:]
        for closing in ('"]', "']", '"', "'", "]"):
            # What closes the text already is not closed twice.
            if rest.startswith(closing) and closing in text:
                rest = rest[len(closing) :]
                break
        self.input.value = value[:start] + text + rest
        self.input.cursor_position = start + len(text)

    def _move(self, step: int) -> None:
        if self.popup.is_open:
            self.popup.move(step)
        else:
            self.move_in_history(step)

    def move_in_history(self, step: int) -> None:
        """Go to another query of before; nothing here."""

    def _leave(self) -> None:
        if self.popup.is_open:
            self.popup.close()
            return
        self.write(self._applied)
        self.show_problem(None)
        self.post_message(self.Left(self._applied))

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.popup.is_chosen = True
        self._accept()

    def on_descendant_blur(self) -> None:
        """Suggestions belong to the focus."""
        self.popup.close()
        self.input.cursor_position = 0


def is_whole_word(text: str) -> bool:
    """Whether plain words are being typed, for which nothing need be suggested."""
    return is_plain(text) and (" " in text.strip() or text.endswith(" "))
