"""What people type after `:`, understood. Pure.

`:runs lr > 0.1`, `:exp resnet`, `:theme nord`, `:note looks good`, `:view best`, `:q`, or any
command by its name or id.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.commands import COMMANDS, PLACES, command_by_id

WORDS = {
    "runs": "open the runs, with a query if one follows",
    "exp": "open the runs of an experiment",
    "metrics": "open the metric explorer, with a query if one follows",
    "compare": "compare the marked runs",
    "note": "write a note on the run under the cursor",
    "alert": "watch runs by a rule such as: loss is nan",
    "alerts": "show the alerts and their rules",
    "theme": "change the colours",
    "view": "use a saved query",
    "home": "go to Home",
    "notes": "go to Notes",
    "dashboards": "go to Dashboards",
    "dashboard": "write or read a dashboard: save FILE, open FILE (.toml, .json, .html, .md)",
    "reports": "go to Reports",
    "server": "go to Server",
    "experiments": "go to Experiments",
    "quit": "leave the program",
}
"""First words, and what they do."""

_ALIASES = {"q": "quit", "r": "runs", "e": "exp", "m": "metrics", "experiment": "exp"}


class Typed(Struct, frozen=True):
    """A first word and what follows it."""

    word: str
    rest: str = ""


def parse(line: str) -> Typed | None:
    """The command in a line; None if nothing of this name exists."""
    word, _, rest = line.strip().lstrip(":").partition(" ")
    word = _ALIASES.get(word, word)
    if word in WORDS or any(place.name == word for place in PLACES):
        return Typed(word, rest.strip())
    command = command_by_id(word)
    return Typed(command.id, rest.strip()) if command is not None else None


def suggestions(line: str, *, values: Sequence[str] = ()) -> list[str]:
    """Whole lines that begin with this one, the short words first."""
    typed = line.lstrip(":")
    word, blank, rest = typed.partition(" ")
    if blank:
        return [f"{word} {value}" for value in values if value.startswith(rest)]
    names = [*WORDS, *(command.id for command in COMMANDS)]
    return [name for name in names if name.startswith(word)]
