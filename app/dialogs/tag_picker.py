"""Choose tags for runs: those they have, others that exist, or a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from app.formatting import plural


class TagAnswer(Struct, frozen=True):
    """Tags to hang on all the runs, and tags to take off all of them."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


class TagPicker(ModalScreen[TagAnswer | None]):
    """Tags with their state on the runs: on all, on some, on none."""

    DEFAULT_CSS = """
    TagPicker OptionList { height: auto; max-height: 16; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("tab", "flip", show=False, priority=True),
        Binding("ctrl+s", "keep", show=False, priority=True),
    ]

    def __init__(self, counts: Mapping[str, int], known: Sequence[str], run_count: int) -> None:
        super().__init__()
        self._run_count = run_count
        self._before = {name: counts.get(name, 0) for name in sorted({*known, *counts})}
        self._wanted: dict[str, bool] = {}

    def compose(self) -> ComposeResult:
        """A field to find or name a tag, over the list."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = f"Tags of {plural(self._run_count, 'run')}"
            frame.border_subtitle = "enter keeps · tab adds or takes away · esc cancels"
            yield Input(placeholder="name of a tag, also a new one", classes="-compact")
            yield OptionList()

    def on_mount(self) -> None:
        """Show all tags."""
        self.query_one(OptionList).can_focus = False
        self._show("")

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        self._show(message.value.strip())

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        if message.value.strip() or not self._wanted:
            self.action_flip()
        self.action_keep()

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        if message.option_id:
            self._flip(message.option_id)

    def action_flip(self) -> None:
        """Add or take away the tag under the cursor."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            chosen = options.get_option_at_index(options.highlighted).id
            if chosen:
                self._flip(chosen)

    def action_move(self, step: int) -> None:
        """Move in the list while typing stays possible."""
        options = self.query_one(OptionList)
        if step < 0:
            options.action_cursor_up()
        else:
            options.action_cursor_down()

    def action_keep(self) -> None:
        """Answer with what was changed."""
        added = tuple(name for name, wanted in self._wanted.items() if wanted)
        removed = tuple(
            name
            for name, wanted in self._wanted.items()
            if not wanted and self._before.get(name)
        )
        self.dismiss(TagAnswer(added, removed) if added or removed else None)

    def _flip(self, name: str) -> None:
        is_on = self._wanted.get(name, self._before.get(name, 0) == self._run_count)
        self._wanted[name] = not is_on
        self._before.setdefault(name, 0)
        self._show(self.query_one(Input).value.strip(), highlight=name)

    def _show(self, text: str, highlight: str = "") -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        names = [name for name in self._before if text.lower() in name.lower()]
        for name in names:
            options.add_option(Option(self._line(name), id=name))
        if text and text not in self._before:
            options.add_option(Option(Content(f"  + new tag “{text}”"), id=text))
        if options.option_count:
            options.highlighted = names.index(highlight) if highlight in names else 0

    def _line(self, name: str) -> Content:
        count = self._before.get(name, 0)
        wanted = self._wanted.get(name)
        if wanted is None:
            mark = "✔" if count == self._run_count else "~" if count else " "
        else:
            mark = "✔" if wanted else " "
        changed = " · changed" if wanted is not None else ""
        on_some = f"  on {count} of {self._run_count}" if 0 < count < self._run_count else ""
        return Content.assemble(
            Content.styled(f" {mark} ", "$success"),
            name,
            (on_some + changed, "$foreground 60%"),
        )
