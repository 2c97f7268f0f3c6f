"""Write a query without knowing the language: choose a name, a comparison, a value."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Select, Static

from app.formatting import flatten, param, shorten
from store.models import ParamsOverview, SequenceKind

_OPERATORS = [
    ("is", "=="),
    ("is not", "!="),
    ("is less than", "<"),
    ("is at most", "<="),
    ("is more than", ">"),
    ("is at least", ">="),
    ("contains", "in"),
]


def condition(name: str, operator: str, text: str) -> str:
    """One condition of a query; a value that is no number or truth is a text."""
    value = _literal(text)
    if operator == "in":
        return f"{json.dumps(text, ensure_ascii=False)} in {name}"
    return f"{name} {operator} {value}"


def _literal(text: str) -> str:
    if text in ("True", "False", "None"):
        return text
    if text.lower() in ("true", "false"):
        return text.capitalize()
    try:
        float(text)
    except ValueError:
        return json.dumps(text, ensure_ascii=False)
    return text


def names(overview: ParamsOverview) -> list[tuple[str, str]]:
    """What conditions can be about: title and expression."""
    found = [
        ("name", "run.name"),
        ("experiment", "run.experiment"),
        ("tags", "run.tags"),
        ("duration in seconds", "run.duration"),
        ("running", "run.active"),
        ("archived", "run.archived"),
        ("description", "run.description"),
    ]
    for metric in sorted(overview.sequences.get(SequenceKind.METRIC, {})):
        quoted = json.dumps(metric, ensure_ascii=False)
        found += [
            (f"{metric}: {which}", f"run.metrics[{quoted}].{which}")
            for which in ("last", "min", "max")
        ]
    for key, example in sorted(flatten(overview.params).items()):
        if key:
            found.append((f"{key}  ({shorten(param(example), 16)})", expression(key)))
    return found


def expression(key: str) -> str:
    """How a param is named in a query."""
    parts = key.split(".")
    if all(part.isidentifier() and not part.startswith("_") for part in parts):
        return f"run.{key}"
    return "run" + "".join(f"[{json.dumps(part, ensure_ascii=False)}]" for part in parts)


class QueryBuilder(ModalScreen[str | None]):
    """Conditions are added one after the other; the answer is the query."""

    DEFAULT_CSS = """
    QueryBuilder Horizontal { height: auto; }
    QueryBuilder #name { width: 3fr; }
    QueryBuilder #operator { width: 2fr; }
    QueryBuilder #value { width: 2fr; }
    QueryBuilder #query { color: $success; padding: 1 1 0 1; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("ctrl+s", "use", show=False, priority=True),
    ]

    def __init__(self, overview: ParamsOverview) -> None:
        super().__init__()
        self._names = names(overview)
        self._conditions: list[str] = []

    def compose(self) -> ComposeResult:
        """Three fields, the query so far, and buttons."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Build a query"
            frame.border_subtitle = "enter in the value adds · ^s uses the query · esc cancels"
            with Horizontal():
                yield Select[Any](self._names, id="name", allow_blank=False)
                yield Select[Any](_OPERATORS, id="operator", allow_blank=False)
                yield Input(placeholder="value", id="value")
            yield Static("nothing chosen yet", id="query", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Add", id="add", compact=True)
                yield Button("Take last away", id="drop", compact=True)
                yield Button("Use", id="use", variant="primary", compact=True)

    @on(Input.Submitted)
    @on(Button.Pressed, "#add")
    def _add(self) -> None:
        field = self.query_one("#value", Input)
        if not field.value.strip():
            field.focus()
            return
        name = str(self.query_one("#name", Select).value)
        operator = str(self.query_one("#operator", Select).value)
        self._conditions.append(condition(name, operator, field.value.strip()))
        field.value = ""
        self._show()

    @on(Button.Pressed, "#drop")
    def _drop(self) -> None:
        if self._conditions:
            self._conditions.pop()
        self._show()

    @on(Button.Pressed, "#use")
    def action_use(self) -> None:
        """Answer with the query."""
        if self.query_one("#value", Input).value.strip():
            self._add()
        self.dismiss(" and ".join(self._conditions))

    def _show(self) -> None:
        text = "\nand ".join(self._conditions) or "nothing chosen yet"
        self.query_one("#query", Static).update(text)
