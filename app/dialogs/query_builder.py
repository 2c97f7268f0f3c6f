"""Write a query without knowing the language: choose what, how it compares, and with what.

Three lines, each with a list of what can stand there; the query is shown as it grows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from msgspec.structs import replace
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Button, Input, OptionList, Static

from app.dialogs.condition_choices import (
    Choice,
    comparison_choices,
    field_choices,
    line,
    value_choices,
)
from app.loading import Loads
from app.querying.conditions import (
    ANYTHING,
    COMPARISONS,
    WITHOUT_VALUE,
    Condition,
    Conditions,
    comparisons_of,
    taken_apart,
    typed_value,
)
from app.querying.fields import Field
from app.querying.language import Language
from app.widgets.query_field import QueryField
from store.errors import StoreError
from store.models import Vocabulary

COUNT_PAUSE_S = 0.15
FIELDS = ("what", "how", "value")


class QueryBuilder(ModalScreen[str | None], Loads):
    """Conditions are added one after the other; the answer is the query."""

    DEFAULT_CSS = """
    QueryBuilder Horizontal { height: auto; }
    QueryBuilder #conditions { height: auto; max-height: 4; border: none; padding: 0; }
    QueryBuilder #conditions.-none { display: none; }
    QueryBuilder #row { margin-top: 1; }
    QueryBuilder #what { width: 4fr; }
    QueryBuilder #how { width: 3fr; margin: 0 1; }
    QueryBuilder #value { width: 4fr; }
    QueryBuilder #choices { height: 7; border: none; padding: 0 1; background: $panel; }
    QueryBuilder #hint { color: $text-muted; height: 1; padding: 0 1; }
    QueryBuilder #hint.-bad { color: $error; }
    QueryBuilder #query { color: $success; padding: 0 1; height: auto; max-height: 2; }
    QueryBuilder #found { color: $text-muted; padding: 0 1; height: 1; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"screen--selection"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("ctrl+s", "use", show=False, priority=True),
        Binding("ctrl+o", "switch_word", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("tab", "next", show=False, priority=True),
        Binding("delete,ctrl+d", "drop", show=False, priority=True),
    ]

    what = getters.query_one("#what", Input)
    how = getters.query_one("#how", Input)
    value = getters.query_one("#value", Input)
    choices = getters.query_one("#choices", OptionList)
    conditions = getters.query_one("#conditions", OptionList)

    def __init__(
        self,
        query: str = "",
        *,
        of_metrics: bool = False,
        count: Callable[[str], str] = lambda _: "",
    ) -> None:
        super().__init__()
        row = taken_apart(query)
        self._row = row if row is not None else Conditions((Condition(query.strip()),))
        self._count = count
        self.language = Language(of_metrics=of_metrics)
        self._field: Field | None = None
        self._comparison = ""
        self._edited: int | None = None
        """Place of the condition that is being changed; None for a new one."""
        self._offered: list[Choice] = []
        self._is_chosen = False
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """The conditions so far, three lines with a list, the query, and buttons."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Build a query"
            frame.border_subtitle = "enter next · del removes · ^s uses it · esc cancels"
            yield OptionList(id="conditions", markup=False)
            with Horizontal(id="row"):
                yield Input(placeholder="1 what", id="what", classes="-compact")
                yield Input(placeholder="2 how", id="how", classes="-compact")
                yield Input(placeholder="3 value", id="value", classes="-compact")
            yield OptionList(id="choices", markup=False)
            yield Static("", id="hint", markup=False)
            yield Static("", id="query", markup=False)
            yield Static("", id="found", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("all must hold", id="word", compact=True)
                yield Button("Add", id="add", compact=True)
                yield Button("Use", id="use", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Show the query that is there, and ask what can be asked."""
        self.choices.can_focus = False
        self._show_row()
        self.what.focus()
        self.post_message(QueryField.VocabularyNeeded(self))

    def know(self, known: Vocabulary) -> None:
        """Take what can be asked."""
        self.language = Language(known, of_metrics=self.language.of_metrics)
        self._show_row()
        self._offer()

    # The list below the lines

    def on_descendant_focus(self) -> None:
        """The list is about the line with the focus."""
        self._offer()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        if message.input.has_focus:
            self._offer()

    def _offer(self) -> None:
        focused = self.focused
        name = focused.id if focused is not None else ""
        if name == "what":
            found = field_choices(self.language, self.what.value)
        elif name == "how" and self._field is not None:
            found = comparison_choices(self._field, self.how.value)
        elif name == "value" and self._field is not None:
            found = value_choices(self._field, self._comparison, self.value.value)
        else:
            found = []
        self._offered, self._is_chosen = found, False
        self.choices.clear_options()
        self.choices.add_options([line(each) for each in found])
        self.choices.highlighted = 0 if found and name != "value" else None
        self._say(self._hint(name or ""))

    def _hint(self, name: str) -> str:
        if name == "what":
            return "What should the query look at? Type a part of its name, ↑↓ choose."
        if name in ("how", "value") and self._field is None:
            return "Choose first what the query should look at."
        if name == "how":
            return "How should it compare?"
        if name == "value" and self._field is not None:
            about = self._field.about
            return f"With which value? {about}" if about else "With which value?"
        if name == "conditions":
            return "enter changes it · del removes it"
        return ""

    def _say(self, sentence: str, *, is_bad: bool = False) -> None:
        hint = self.query_one("#hint", Static)
        hint.set_class(is_bad, "-bad")
        hint.update(sentence)

    def action_move(self, step: int) -> None:
        """Go through the list of the line, or through the conditions."""
        target = self.conditions if self.focused is self.conditions else self.choices
        if step > 0:
            target.action_cursor_down()
        else:
            target.action_cursor_up()
        self._is_chosen = target is self.choices

    @on(OptionList.OptionSelected, "#choices")
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self._is_chosen = True
        self.action_next()

    def _chosen(self) -> Choice | None:
        at = self.choices.highlighted
        return self._offered[at] if at is not None and self._offered else None

    # From line to line

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        if message.input is self.what and not self.what.value.strip() and self._row.items:
            self.action_use()
        elif message.input is self.value and not self._is_chosen:
            self._add()
        else:
            self.action_next()

    def action_next(self) -> None:
        """Take what is lit, and go to the next line."""
        chosen = self._chosen()
        name = self.focused.id if self.focused is not None else ""
        if name == "what":
            if chosen is None or chosen.field is None:
                self._say("Nothing is called so.", is_bad=True)
                return
            self._take_field(chosen.field)
            self.how.focus()
        elif name == "how":
            if chosen is not None:
                self._take_comparison(chosen.text)
            if self._comparison in WITHOUT_VALUE:
                self._add()
            else:
                self.value.focus()
        elif name == "value" and chosen is not None and self._is_chosen:
            self._take_value(chosen.text)
        else:
            self.focus_next()

    def _take_field(self, field: Field) -> None:
        is_other = self._field is None or field.expression != self._field.expression
        self._field = field
        self._write(self.what, field.title)
        if is_other or self._comparison not in comparisons_of(field):
            self._take_comparison(comparisons_of(field)[0])
            self._write(self.how, "")

    def _take_comparison(self, comparison: str) -> None:
        self._comparison = comparison
        self._write(self.how, COMPARISONS[comparison])

    def _take_value(self, text: str) -> None:
        if self._comparison == "in":
            # Several can be chosen, one after the other.
            before, _, _ = self.value.value.rpartition(",")
            text = f"{before.strip()}, {text}, " if before.strip() else f"{text}, "
            self._write(self.value, text)
            self._offer()
        else:
            self._write(self.value, text)
            self._add()

    def _write(self, field: Input, text: str) -> None:
        with self.prevent(Input.Changed):
            field.value = text
            field.cursor_position = len(text)

    # Conditions

    @on(Button.Pressed, "#add")
    def _add_pressed(self) -> None:
        self._add()

    def _add(self) -> bool:
        if self._field is None:
            self._say("Choose first what the query should look at.", is_bad=True)
            self.what.focus()
            return False
        try:
            value = typed_value(self.value.value, self._field, self._comparison)
        except ValueError as error:
            self.value.focus()
            self._offer()
            self._say(str(error), is_bad=True)
            return False
        condition = Condition(self._field.expression, self._comparison, value)
        items = list(self._row.items)
        if self._edited is None:
            items.append(condition)
        else:
            items[self._edited] = condition
        self._row = replace(self._row, items=tuple(items))
        self._clear()
        self.what.focus()
        return True

    def _clear(self) -> None:
        self._field, self._comparison, self._edited = None, "", None
        for field in (self.what, self.how, self.value):
            self._write(field, "")
        self._show_row()
        self._offer()

    @on(OptionList.OptionSelected, "#conditions")
    def _edit(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        condition = self._row.items[message.option_index]
        field = self.language.field(condition.expression)
        if condition.comparison == "mentions":
            field = ANYTHING
        if field is None or not condition.comparison:
            self._say("This part can only be changed in the query bar.", is_bad=True)
            return
        self._field, self._edited = field, message.option_index
        self._write(self.what, field.title)
        self._take_comparison(condition.comparison)
        self._write(self.value, condition.value.strip("[]"))
        (self.how if condition.comparison in WITHOUT_VALUE else self.value).focus()

    def action_drop(self) -> None:
        """Take the condition away that is lit, or the last one from an empty line."""
        focused = self.focused
        if isinstance(focused, Input) and focused.value:
            focused.action_delete_right()
            return
        at = self.conditions.highlighted if focused is self.conditions else None
        items = list(self._row.items)
        if items:
            del items[-1 if at is None else at]
            self._row = replace(self._row, items=tuple(items))
            self._clear()
            if not items:
                self.what.focus()

    @on(Button.Pressed, "#word")
    def action_switch_word(self) -> None:
        """All conditions must hold, or any of them."""
        self._row = replace(self._row, word="or" if self._row.word == "and" else "and")
        self._show_row()

    def _show_row(self) -> None:
        lit = self.conditions.highlighted
        self.conditions.clear_options()
        self.conditions.add_options(
            [
                f"{self._row.word if place else 'runs whose':>10}  {each.words(self.language)}"
                for place, each in enumerate(self._row.items)
            ]
        )
        self.conditions.set_class(not self._row.items, "-none")
        if self._row.items:
            self.conditions.highlighted = min(lit or 0, len(self._row.items) - 1)
        word = "all must hold" if self._row.word == "and" else "any may hold"
        self.query_one("#word", Button).label = f"{word} (^o)"
        self.query_one("#query", Static).update(self._row.text)
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(COUNT_PAUSE_S, self._count_found)

    def _count_found(self) -> None:
        self._pause = None
        self.load("count", partial(self._count, self._row.text), self._show_found, self._bad)

    def _show_found(self, text: str) -> None:
        self.query_one("#found", Static).update(text)

    def _bad(self, error: StoreError) -> None:
        self._show_found(str(error))

    @on(Button.Pressed, "#use")
    def action_use(self) -> None:
        """Answer with the query, with what stands in the lines if it is whole."""
        if self._field is not None and not self._add():
            return
        self.dismiss(self._row.text)
