"""What could be typed next in a query, from a vocabulary in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from app.formatting import count, plural
from app.querying.fields import (
    METRIC_NUMBERS,
    TRUTHS,
    Field,
    Holds,
    context_text,
    literal,
    metric_expression,
    quoted,
)
from app.querying.language import Language, spelling
from app.querying.spot import Expected, Spot, spot_at

MAX_OFFERS = 120
MIN_VALUE_CHARS = 2
"""Values are looked through for words of so many characters and more."""


class Completion(Struct, frozen=True):
    """One thing that could be typed next in a query."""

    text: str
    """What replaces the characters from `start` to the cursor."""
    start: int
    kind: str = ""
    """`field`, `param`, `metric`, `value`, `word`..."""
    detail: str = ""
    """Type, coverage, count: whatever helps to choose."""
    also: str = ""
    """A name by which it is found as well."""


class Offers(Struct, frozen=True):
    """What could be typed next, and what it is about."""

    items: tuple[Completion, ...] = ()
    title: str = ""
    """About the field that is compared: its type, coverage and span."""
    is_asked_only: bool = False
    """Whether to show it only to those who ask, because nothing is missing here."""
    typed: str = ""
    """What was typed of it so far."""

    @property
    def common(self) -> str:
        """What all that begin with what was typed have in common; empty if it is no more."""
        typed = self.typed.lower()
        if not typed:
            return ""
        texts = [each.text for each in self.items]
        begun = [text for text in texts if text.lower().lstrip("\"'").startswith(typed)]
        prefix = _common_start(begun) if len(begun) > 1 else ""
        return prefix if len(prefix.lstrip("\"'")) > len(typed) else ""


def _common_start(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    same = next((n for n, letter in enumerate(first) if letter != last[n : n + 1]), len(first))
    return first[:same]


def offers(language: Language, text: str, position: int) -> Offers:
    """What could stand at a position of a query: best matches first."""
    spot = spot_at(text, position)
    about = language.field(spot.subject) if spot.subject else None
    title = _title(about) if about else ""
    found: Iterable[Completion] = ()
    match spot.expected:
        case Expected.NAME:
            found = _names(language, spot)
        case Expected.PART:
            found = _parts(language, spot)
        case Expected.KEY:
            found = _keys(language, spot)
        case Expected.OPERATOR:
            found = _operators(about, spot)
        case Expected.VALUE:
            found = _values(about, spot)
        case Expected.CONNECTIVE:
            words = (("and", "both must hold"), ("or", "one of them must hold"))
            found = [Completion(f"{w} ", spot.start, "word", d) for w, d in words]
        case _:
            pass
    items = tuple(_matching(found, spot.typed))
    is_asked_only = not spot.typed and (
        spot.expected is Expected.CONNECTIVE or not text.strip()
    )
    return Offers(items, title, is_asked_only, spot.typed)


def _title(about: Field) -> str:
    hidden = about.value_count - len(about.values)
    more = f"{count(about.value_count)} values" if hidden > 0 else ""
    return "  ".join(part for part in (about.title, "", about.about, more) if part)


def _matching(found: Iterable[Completion], typed: str) -> list[Completion]:
    """Those that begin with what was typed, then those that contain it."""
    wanted = typed.lower()
    ranked: tuple[list[Completion], ...] = ([], [], [])
    for each in found:
        name = each.text.lower().strip("\"' ")
        if each.text == typed:
            continue
        also = each.also.lower()
        if name.startswith(wanted):
            ranked[0].append(each)
        elif also.startswith(wanted) or also.rpartition(".")[2].startswith(wanted):
            ranked[1].append(each)
        elif wanted in name or wanted in also:
            ranked[2].append(each)
    return [each for part in ranked for each in part][:MAX_OFFERS]


def _runs(run_count: int) -> str:
    return plural(run_count, "run") if run_count else ""


# Fields


def _names(language: Language, spot: Spot) -> Iterator[Completion]:
    tags = (
        Completion(
            f"{quoted(str(each.value))} in run.tags",
            spot.start,
            "tag",
            _runs(each.run_count),
            also=f"run.tags {each.value}",
        )
        for each in language.known.tags
    )
    if spot.quote:
        yield from tags
        return
    for each in language.fields:
        is_wanted = each.is_common or bool(spot.typed)
        if spot.operator == "in":
            is_wanted = each.holds in (Holds.LABELS, Holds.TEXT)
        if is_wanted:
            yield Completion(
                f"{each.expression} ",
                spot.start,
                each.kind,
                f"{each.type:<8} {each.coverage}".strip(),
                also=each.title,
            )
    if spot.typed and spot.operator != "in":
        yield from tags
        yield from _values_like(language, spot)
        yield Completion("not ", spot.start, "word", "what follows must not hold")


def _values_like(language: Language, spot: Spot) -> Iterator[Completion]:
    """Whole conditions for values that begin with what was typed."""
    wanted = spot.typed.lower()
    if len(wanted) < MIN_VALUE_CHARS or wanted.startswith(("run.", "metric.")):
        return
    for each in language.fields:
        if each.holds is Holds.TEXT and each.expression != "run.name":
            for value in each.values:
                if isinstance(value.value, str) and value.value.lower().startswith(wanted):
                    text = f"{each.expression} == {quoted(value.value)}"
                    detail = _runs(value.run_count)
                    yield Completion(text, spot.start, "value", detail, also=value.value)


def _parts(language: Language, spot: Spot) -> Iterator[Completion]:
    if spelling(spot.subject)[:2] == ("run", "metrics"):
        for name, what in METRIC_NUMBERS.items():
            yield Completion(f"{name} ", spot.start, "value", what)
        return
    for key, each in _below(language, spot):
        yield Completion(f"{key} ", spot.start, each.kind, each.about)


def _keys(language: Language, spot: Spot) -> Iterator[Completion]:
    if spelling(spot.subject) == ("run", "metrics"):
        for metric in language.known.metrics:
            coverage = f"{metric.run_count}/{language.known.run_count}"
            several = [None, *metric.contexts] if len(metric.contexts) > 1 else [None]
            for context in several:
                text = metric_expression(metric.name, "last", context)
                where = context_text(context) if context else _contexts(metric.contexts)
                detail = f"{coverage if metric.run_count else ''}  {where}".strip()
                inside = text.removeprefix("run.metrics[")
                yield Completion(f"{inside} ", spot.start, "metric", detail)
        return
    for key, each in _below(language, spot):
        yield Completion(f"{quoted(key)}]", spot.start, each.kind, each.about)


def _contexts(contexts: Iterable[object]) -> str:
    texts = (context_text(each) for each in contexts if each)  # type: ignore[arg-type]
    return " · ".join(dict.fromkeys(texts))


def _below(language: Language, spot: Spot) -> Iterator[tuple[str, Field]]:
    """The keys that come next after the subject, each once."""
    above = spelling(spot.subject)
    seen = set()
    for words, each in language.spellings.items():
        if words[: len(above)] == above and len(words) > len(above):
            key = words[len(above)]
            if key not in seen and each.kind == "param":
                seen.add(key)
                yield key, each


# Comparisons

OPERATORS = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
    "in": "is one of",
}
"""Comparisons, and what they are called."""
_ORDERED = ("<", "<=", ">", ">=", "==", "!=", "in")
_EQUAL = ("==", "!=", "in")
_OPERATORS_OF = {
    Holds.NUMBER: _ORDERED,
    Holds.DURATION: _ORDERED[:4],
    Holds.TIME: _ORDERED[:4],
    Holds.TEXT: _EQUAL,
    Holds.TRUTH: ("==", "!="),
    Holds.LABELS: (),
    Holds.OTHER: ("==", "!=", *_ORDERED[:4]),
}


def operators_of(holds: Holds) -> tuple[str, ...]:
    """The comparisons that make sense, the usual first."""
    return _OPERATORS_OF[holds]


def _operators(about: Field | None, spot: Spot) -> Iterator[Completion]:
    if spot.operator == "not":
        yield Completion("in ", spot.start, "word", "is none of")
        return
    if spot.subject[:1] in ('"', "'"):
        yield Completion("in ", spot.start, "word", "is in what follows")
        return
    for each in operators_of(about.holds if about else Holds.OTHER):
        yield Completion(f"{each} ", spot.start, "word", OPERATORS[each])
    if about is None or about.kind != "field":
        yield Completion("is not None", spot.start, "word", "there is one")
        yield Completion("is None", spot.start, "word", "there is none")
    yield Completion("and ", spot.start, "word", "both must hold")
    yield Completion("or ", spot.start, "word", "one of them must hold")


_TIMES = {
    "datetime.now() - timedelta(hours=1)": "an hour ago",
    "datetime.now() - timedelta(days=1)": "a day ago",
    "datetime.now() - timedelta(days=7)": "a week ago",
    "datetime.now() - timedelta(days=30)": "a month ago",
}
_SPANS = {"60": "a minute", "3600": "an hour", "86400": "a day"}


def _values(about: Field | None, spot: Spot) -> Iterator[Completion]:
    if spot.operator in ("=", "!"):
        return
    if spot.operator in ("is", "is not"):
        for text in ("None", "not None", "True", "False"):
            if spot.operator == "is" or text != "not None":
                yield Completion(text, spot.start, "word")
        return
    if about is None:
        return
    presets = {Holds.TIME: _TIMES, Holds.DURATION: _SPANS}.get(about.holds, {})
    for text, what in presets.items():
        yield Completion(text, spot.start, "value", what)
    is_list = spot.operator in ("in", "not in") and not spot.is_listed
    known = TRUTHS if about.holds is Holds.TRUTH and not about.values else about.values
    ordered = (
        sorted(known, key=lambda each: _size(each.value)) if _are_numbers(about) else known
    )
    for each in ordered:
        text = literal(each.value)
        shown = f"[{text}]" if is_list else text
        yield Completion(shown, spot.start, "value", _runs(each.run_count))


def _are_numbers(about: Field) -> bool:
    return about.holds is Holds.NUMBER and all(
        isinstance(each.value, int | float) for each in about.values
    )


def _size(value: float) -> float:
    return value if value == value else float("inf")  # noqa: PLR0124
