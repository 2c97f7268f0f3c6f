"""What can be chosen in the builder of queries: fields, comparisons and values."""

from __future__ import annotations

from msgspec import Struct
from textual.content import Content
from textual.widgets.option_list import Option

from app.formatting import plural, shorten
from app.querying.conditions import ANYTHING, COMPARISONS, WITHOUT_VALUE, comparisons_of
from app.querying.fields import Field, Holds, literal
from app.querying.language import Language
from store.models import ValueCount

MAX_CHOICES = 200
TEXT_COLUMNS = 36
_TIMES = {
    "datetime.now() - timedelta(hours=1)": "an hour ago",
    "datetime.now() - timedelta(days=1)": "a day ago",
    "datetime.now() - timedelta(days=7)": "a week ago",
}


class Choice(Struct, frozen=True):
    """One thing that can be chosen."""

    text: str
    """What it stands for."""
    title: str
    detail: str = ""
    field: Field | None = None


def line(choice: Choice) -> Option:
    """A choice as a line of a list."""
    title = shorten(choice.title, TEXT_COLUMNS - 1)
    return Option(
        Content.assemble(f"{title:<{TEXT_COLUMNS}}", (choice.detail, "$foreground 60%"))
    )


def field_choices(language: Language, typed: str) -> list[Choice]:
    """Fields whose names hold what was typed, those that begin with it first."""
    wanted = typed.strip().lower()
    found: tuple[list[Choice], ...] = ([], [])
    for each in (*language.fields[:11], ANYTHING, *language.fields[11:]):
        title = each.title.lower()
        if wanted not in title and wanted not in each.expression.lower():
            continue
        if not wanted and not each.is_common:
            continue
        last = title.rpartition(".")[2]
        rank = 0 if title.startswith(wanted) or last.startswith(wanted) else 1
        detail = f"{each.kind:<7}{each.about}"
        found[rank].append(Choice(each.expression, each.title, detail, each))
    return [each for part in found for each in part][:MAX_CHOICES]


def comparison_choices(field: Field, typed: str) -> list[Choice]:
    """What can be said about a field; all of it once one was chosen."""
    wanted = typed.strip().lower()
    everything = [Choice(each, COMPARISONS[each]) for each in comparisons_of(field)]
    if wanted in COMPARISONS.values():
        chosen = [each for each in everything if each.title == wanted]
        return chosen + [each for each in everything if each.title != wanted]
    return [each for each in everything if wanted in each.title or wanted == each.text]


def value_choices(field: Field, comparison: str, typed: str) -> list[Choice]:
    """Values that hold what was typed, with how many runs have them."""
    if comparison in WITHOUT_VALUE or comparison == "mentions":
        return []
    if field.holds is Holds.TIME:
        return [Choice(text, title) for text, title in _TIMES.items()]
    wanted = typed.rpartition(",")[2] if comparison == "in" else typed
    wanted = wanted.strip().strip("\"'").lower()
    return [
        Choice(
            _plain(each), _plain(each), plural(each.run_count, "run") if each.run_count else ""
        )
        for each in field.values
        if wanted in _plain(each).lower()
    ][:MAX_CHOICES]


def _plain(value: ValueCount) -> str:
    return value.value if isinstance(value.value, str) else literal(value.value)
