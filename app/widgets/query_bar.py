"""The query bar of a screen: a line with history, the count of results, queries to keep.

The old result stays until the new query can be asked; while it is being typed the bar says
quietly what is missing, and loudly only what is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Label

from app.querying.checking import State, Verdict
from app.widgets.query_field import QueryField


class QueryBar(QueryField):
    """One line, with more below it when there is something to say."""

    DEFAULT_CSS = """
    QueryBar { background: $surface; }
    QueryBar Horizontal { height: 1; }
    QueryBar #prompt { color: $primary; padding: 0 1; text-style: bold; }
    QueryBar Input { background: $surface; }
    QueryBar Input:focus { background: $panel; }
    QueryBar #count { color: $text-muted; padding: 0 1; width: auto; max-width: 60%; }
    QueryBar .problem { padding: 0 3; }
    """

    @dataclass
    class SaveAsked(Message):
        """The query is to be kept under a name."""

        text: str

    @dataclass
    class SavedAsked(Message):
        """The queries that were kept are to be shown."""

    @dataclass
    class BuildAsked(Message):
        """A query is to be put together from parts."""

        text: str

    @dataclass
    class CopyAsked(Message):
        """The query is to be copied for use elsewhere."""

        text: str
        of_metrics: bool

    def __init__(
        self,
        *,
        placeholder: str,
        of_metrics: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(placeholder=placeholder, of_metrics=of_metrics, id=id)
        self._history: Sequence[str] = ()
        self._history_at = 0
        self._count = ""

    def make_input(self) -> Horizontal:
        """The line between the prompt and the count."""
        return Horizontal(
            Label("/", id="prompt"), super().make_input(), Label("", id="count", markup=False)
        )

    # Given by the screen

    def set_history(self, queries: Sequence[str]) -> None:
        """Queries that were used before, newest last."""
        self._history = queries
        self._history_at = len(queries)

    def show_count(self, text: str) -> None:
        """What was found."""
        self._count = text
        self.show_verdict(self.verdict if self.input.has_focus else Verdict())

    def show_verdict(self, verdict: Verdict) -> None:
        """Say in place of the count what is missing."""
        is_quiet = verdict.state is State.UNFINISHED and not self.is_insisted
        quiet = verdict.why if is_quiet else ""
        self.query_one("#count", Label).update(quiet or self._count)

    # Keys

    def act(self, name: str) -> None:
        """Do what a key asks for."""
        if name == "save":
            self.post_message(self.SaveAsked(self.text))
        elif name == "saved":
            self.post_message(self.SavedAsked())
        elif name == "build":
            self.post_message(self.BuildAsked(self.text))
        elif name == "copy_as":
            self.post_message(self.CopyAsked(self.text, self.language.of_metrics))
        else:
            super().act(name)

    def move_in_history(self, step: int) -> None:
        """Put a query of before into the line; below the newest one is the table."""
        at = self._history_at + step
        if 0 <= at < len(self._history):
            self._history_at = at
            self.write(self._history[at])
            self.post_message(self.Changed(self.text))
        elif at >= len(self._history):
            self._history_at = len(self._history)
            self.post_message(self.Left(self.text))
