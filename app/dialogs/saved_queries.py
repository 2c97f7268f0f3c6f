"""The queries that were kept under a name: use, rename, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from app.dialogs.text_input import TextDialog
from app.formatting import shorten

NAME_COLUMNS = 24


class SavedQueries(ModalScreen[str | None]):
    """Choose a query; the answer is the query, None if none was chosen."""

    DEFAULT_CSS = """
    SavedQueries > .dialog { width: 84; max-width: 95%; }
    SavedQueries OptionList { height: auto; max-height: 14; }
    SavedQueries #empty { display: none; }
    SavedQueries.-empty #empty { display: block; }
    SavedQueries.-empty OptionList { display: none; }
    SavedQueries #whole { color: $text-muted; height: auto; max-height: 4; padding: 1 1 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c,ctrl+l", "dismiss(None)", show=False),
        Binding("r", "rename", show=False),
        Binding("d,delete,backspace", "delete", show=False),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
    ]

    def __init__(
        self, saved: Mapping[str, str], *, keep: Callable[[Mapping[str, str]], None]
    ) -> None:
        super().__init__()
        self._saved = dict(sorted(saved.items()))
        self._keep = keep
        """Called with what is left whenever something changes."""

    def compose(self) -> ComposeResult:
        """The list over the whole query."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Saved queries"
            frame.border_subtitle = "enter uses it · r rename · d delete · esc closes"
            yield OptionList(markup=False)
            yield Static(
                "None yet. ctrl+s in the query bar keeps the query that stands there.",
                id="empty",
            )
            yield Static("", id="whole", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        self._show(0)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _lit_name(self) -> str | None:
        at = self._list.highlighted
        return None if at is None or not self._saved else list(self._saved)[at]

    def _show(self, at: int) -> None:
        self.set_class(not self._saved, "-empty")
        self._list.clear_options()
        self._list.add_options(
            [
                Option(
                    Content.assemble(
                        f"{shorten(name, NAME_COLUMNS - 2):<{NAME_COLUMNS}}",
                        (shorten(query, 54), "$foreground 60%"),
                    )
                )
                for name, query in self._saved.items()
            ]
        )
        if self._saved:
            self._list.highlighted = min(at, len(self._saved) - 1)
            self._list.focus()
        else:
            self.query_one("#whole", Static).update("")

    @on(OptionList.OptionHighlighted)
    def _lit(self) -> None:
        name = self._lit_name
        self.query_one("#whole", Static).update(self._saved[name] if name is not None else "")

    @on(OptionList.OptionSelected)
    def _chosen(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(list(self._saved.values())[message.option_index])

    def action_move(self, step: int) -> None:
        """The query below or above."""
        if step > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def action_delete(self) -> None:
        """Forget the query."""
        name = self._lit_name
        if name is not None:
            at = self._list.highlighted or 0
            del self._saved[name]
            self._keep(self._saved)
            self._show(at)

    def action_rename(self) -> None:
        """Give the query another name."""
        old = self._lit_name
        if old is None:
            return

        def renamed(new: str | None) -> None:
            if new and new != old:
                query = self._saved.pop(old)
                self._saved = dict(sorted({**self._saved, new: query}.items()))
                self._keep(self._saved)
                self._show(list(self._saved).index(new))

        self.app.push_screen(TextDialog("Name of this query", value=old), renamed)
