"""Ask for one line of text: a name, an address, a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static


class TextDialog(ModalScreen[str | None]):
    """One line; the answer is stripped of blanks at both ends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False)
    ]

    def __init__(
        self,
        title: str,
        *,
        value: str = "",
        placeholder: str = "",
        hint: str = "",
        suggestions: Sequence[str] = (),
        is_required: bool = True,
        problem_with: Callable[[str], str] = lambda _: "",
    ) -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._placeholder = placeholder
        self._hint = hint
        self._suggestions = suggestions
        self._is_required = is_required
        self._problem_with = problem_with
        """Gives a sentence if a text cannot be accepted."""

    def compose(self) -> ComposeResult:
        """The line, a hint under it, and what is wrong if something is."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = self._title
            frame.border_subtitle = "enter keeps it · esc cancels"
            suggester = SuggestFromList(self._suggestions, case_sensitive=False)
            yield Input(self._value, placeholder=self._placeholder, suggester=suggester)
            if self._hint:
                yield Static(self._hint, classes="hint", markup=False)
            yield Static("", classes="problem", markup=False)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        text = message.value.strip()
        problem = self._problem_with(text) if text else ""
        if not text and self._is_required:
            problem = "Type something, or leave with esc."
        if problem:
            self.query_one(".problem", Static).update(problem)
            return
        self.dismiss(text)
