"""Settings of a panel of a board: one line for each, made from the table of kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Select, Static, Switch, TextArea

from app.boards.board import Panel
from app.boards.kinds import KINDS, PanelKind, Setting, Suggest
from app.widgets.query_field import QueryField


class ListSuggester(Suggester):
    """Completes the last part of a list with commas."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(case_sensitive=True)
        self._names = tuple(names)

    async def get_suggestion(self, value: str) -> str | None:
        """The line with its last part completed."""
        head, comma, last = value.rpartition(",")
        start = last.lstrip()
        if not start:
            return None
        lead = head + comma + last[: len(last) - len(start)]
        for name in self._names:
            if name.lower().startswith(start.lower()) and len(name) > len(start):
                return lead + start + name[len(start) :]
        return None


class PanelSettings(ModalScreen[Panel | None]):
    """A form; the answer is the panel with what was set."""

    DEFAULT_CSS = """
    PanelSettings > Vertical { width: 84; }
    PanelSettings VerticalScroll { height: auto; max-height: 26; }
    PanelSettings .setting { height: auto; margin-bottom: 1; }
    PanelSettings QueryField { width: 1fr; }
    PanelSettings .setting Label { width: 22; color: $text-muted; }
    PanelSettings .setting Input { width: 1fr; }
    PanelSettings .setting Input.-compact { margin: 0; }
    PanelSettings .setting Select { width: 1fr; height: 1; }
    PanelSettings .setting Switch { border: none; height: 1; padding: 0; }
    PanelSettings TextArea { height: 8; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("ctrl+s", "keep", show=False, priority=True),
    ]

    def __init__(
        self,
        panel: Panel,
        *,
        verb: str = "Keep",
        names: Mapping[Suggest, Sequence[str]] | None = None,
    ) -> None:
        super().__init__()
        self._panel = panel
        self._verb = verb
        self._names = names or {}

    def compose(self) -> ComposeResult:
        """Title, query, and the settings of the kind."""
        info = KINDS[self._panel.kind]
        with Vertical(classes="dialog") as frame:
            frame.border_title = f"{info.title}: {info.help}"
            frame.border_subtitle = "tab next · ^s keeps · esc cancels"
            with VerticalScroll(can_focus=False):
                yield self._line("title", self._text("title", self._panel.title, "by itself"))
                if self._panel.kind is not PanelKind.NOTE:
                    yield self._line("query", self._query_field())
                for setting in info.settings:
                    yield self._line(setting.title, self._field(setting))
            yield Static("", classes="problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="no", compact=True)
                yield Button(self._verb, id="yes", variant="primary", compact=True)

    def _query_field(self) -> QueryField:
        hint = KINDS[self._panel.kind].query_hint
        return QueryField(
            self._panel.query, placeholder=hint, of_metrics="metric" in hint, id="set-query"
        )

    def _line(self, title: str, field: Widget) -> Widget:
        if isinstance(field, TextArea):
            return field
        return Horizontal(Label(title), field, classes="setting")

    def _text(self, name: str, value: str, hint: str, names: Sequence[str] = ()) -> Input:
        suggester = ListSuggester(names) if names else None
        return Input(
            value, placeholder=hint, id=f"set-{name}", classes="-compact", compact=True,
            suggester=suggester,
        )  # fmt: skip

    def _field(self, setting: Setting) -> Widget:
        value: Any = self._panel.setting(setting.name)
        name = f"set-{setting.name}"
        if setting.choices:
            choices = [(each, each) for each in setting.choices]
            return Select(choices, value=value, allow_blank=False, id=name, compact=True)
        if isinstance(setting.default, bool):
            return Switch(value, id=name, animate=False)
        if self._panel.kind is PanelKind.NOTE:
            return TextArea(value, id=name, compact=True)
        return self._text(
            setting.name, str(value), setting.help, self._names.get(setting.suggest, ())
        )

    @on(Button.Pressed)
    def _answer(self, message: Button.Pressed) -> None:
        if message.button.id == "yes":
            self.action_keep()
        else:
            self.dismiss(None)

    @on(QueryField.Left)
    def _left(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    @on(QueryField.Submitted)
    def action_keep(self) -> None:
        """Answer with the panel, unless a number is none."""
        query = self.query_one("#set-query", QueryField) if self.query("#set-query") else None
        if query is not None and not query.can_be_asked():
            query.input.focus()
            return
        settings = dict(self._panel.settings)
        for setting in KINDS[self._panel.kind].settings:
            value = self._value(setting)
            if setting.read(value) == setting.default and str(value) != str(setting.default):
                problem = f"{setting.title}: “{value}” is not a number from 0 on."
                self.query_one(".problem", Static).update(problem)
                return
            settings[setting.name] = setting.read(value)
        self.dismiss(
            replace(
                self._panel,
                title=self.query_one("#set-title", Input).value.strip(),
                query=query.text.strip() if query is not None else "",
                settings=settings,
            )
        )

    def _value(self, setting: Setting) -> Any:
        field = self.query_one(f"#set-{setting.name}")
        if isinstance(field, TextArea):
            return field.text
        assert isinstance(field, Input | Select | Switch)
        return field.value
