"""Ask for a file and a format to write something to."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

FORMATS = ("csv", "json", "md", "tex")
_TITLES = {"csv": "CSV", "json": "JSON", "md": "Markdown", "tex": "LaTeX"}


class ExportAnswer(Struct, frozen=True):
    """Where to write, and how."""

    path: str
    file_format: str


class ExportDialog(ModalScreen[ExportAnswer | None]):
    """The ending of the file name decides on the format; `tab` goes through the formats."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("tab", "next_format", show=False, priority=True),
    ]

    def __init__(self, what: str, name: str) -> None:
        super().__init__()
        self._what = what
        self._file_name = name

    def compose(self) -> ComposeResult:
        """The file name, the formats, and what is wrong if something is."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = f"Export {self._what}"
            frame.border_subtitle = "enter writes · tab changes the format · esc cancels"
            yield Input(f"{self._file_name}.csv")
            yield Static("", id="formats", classes="hint")
            yield Static("", classes="problem", markup=False)

    def on_mount(self) -> None:
        """Show the formats."""
        self._show_format()

    def action_next_format(self) -> None:
        """Another ending for the file."""
        field = self.query_one(Input)
        path = Path(field.value or self._file_name)
        here = self._format(field.value)
        at = FORMATS.index(here) if here else -1
        field.value = str(path.with_suffix("." + FORMATS[(at + 1) % len(FORMATS)]))

    @on(Input.Changed)
    def _show_format(self) -> None:
        here = self._format(self.query_one(Input).value)
        words = [f"[b $success]{t}[/]" if f == here else t for f, t in _TITLES.items()]
        self.query_one("#formats", Static).update(" · ".join(words))

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        path = message.value.strip()
        file_format = self._format(path)
        folder = Path(path).expanduser().parent
        problem = ""
        if file_format is None:
            problem = "The name must end in " + ", ".join(f".{each}" for each in FORMATS) + "."
        elif not folder.is_dir():
            problem = f"There is no folder {folder}."
        if problem or file_format is None:
            self.query_one(".problem", Static).update(problem)
        else:
            self.dismiss(ExportAnswer(path, file_format))

    def _format(self, path: str) -> str | None:
        ending = Path(path).suffix.lstrip(".").lower()
        return ending if ending in FORMATS else None
