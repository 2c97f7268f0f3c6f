"""Whether a query can be asked: whole, not finished yet, or wrong, and where. Pure."""

from __future__ import annotations

import difflib
from enum import Enum, auto

from msgspec import Struct

from app.querying.language import Language, spelling
from app.querying.plain_words import is_plain
from app.querying.tokens import COMPARISONS, Kind, Token, tokens
from store.aimql import parse
from store.aimql.functions import FUNCTION_NAMES
from store.errors import QueryError


class State(Enum):
    """How far a query is."""

    WHOLE = auto()
    UNFINISHED = auto()
    WRONG = auto()


class Verdict(Struct, frozen=True):
    """What is to be said about a query as it stands."""

    state: State = State.WHOLE
    why: str = ""
    """What is missing or wrong, or what will never be found; a sentence without full stop."""
    span: tuple[int, int] | None = None
    """Where, in characters from 0."""

    def is_at_end_of(self, text: str) -> bool:
        """Whether it is about what is being typed, and may pass by itself."""
        return self.span is not None and self.span[1] >= len(text)


_ENDINGS = ("", " 0", " x", "= 0", " in []", " x in []", ": 0")
"""What is tried behind a text to see whether it can become a query."""
_WORDS = ("and 0", "or 0", "in []", "not in []", "is None", "not 0", "if 0 else 0")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_INSTEAD = {
    "=": "“==” compares; a single “=” is not allowed",
    "=>": "write “>=”",
    "=<": "write “<=”",
    "<>": "write “!=”",
    "&&": "write “and”",
    "||": "write “or”",
    "AND": "write “and” in small letters",
    "OR": "write “or” in small letters",
    "NOT": "write “not” in small letters",
    "null": "write “None”",
    "true": "write “True”",
    "false": "write “False”",
    "!": "write “not”",
}
_ROOTS = {"run", "True", "False", "None"}


def check(text: str, language: Language | None = None) -> Verdict:
    """What is to be said about a text in the query bar."""
    if not text.strip() or is_plain(text):
        return Verdict()
    try:
        parse(text)
    except QueryError as error:
        if _may_become_a_query(text):
            return Verdict(State.UNFINISHED, _missing(text), _last(text))
        return _wrong(text, error)
    return _unknown(text, language) if language is not None else Verdict()


# Unfinished


def _may_become_a_query(text: str) -> bool:
    found = tokens(text)
    if not found:
        return False
    last = found[-1]
    if last.text in ("=>", "=<", "<>") or _has_wrong_word(found[:-1]):
        return False
    stems = [text + _closing_quote(last) + ("x" if last.text.endswith(".") else "")]
    if last.kind in (Kind.PATH, Kind.KEYWORD) and last.stop == len(text):
        # A word that is being typed may become `and`, `or`, `in`...
        words = (word for word in _WORDS if word.startswith(last.text))
        stems += [text[: last.start] + word for word in words]
    closing = "".join(_CLOSING[each] for each in reversed(_open_brackets(found)))
    return any(_is_query(stem + ending + closing) for stem in stems for ending in _ENDINGS)


def _has_wrong_word(found: list[Token]) -> bool:
    return any(one.text == "=" for one in found)


def _closing_quote(last: Token) -> str:
    return last.text[0] if last.is_open else ""


def _open_brackets(found: list[Token]) -> list[str]:
    stack: list[str] = []
    for token in found:
        if token.text in _CLOSING:
            stack.append(token.text)
        elif token.kind is Kind.BRACKET and stack:
            stack.pop()
    return stack


def _is_query(text: str) -> bool:
    try:
        parse(text)
    except QueryError:
        return False
    return True


def _missing(text: str) -> str:
    found = tokens(text)
    last = found[-1]
    if last.is_open:
        return f"a closing {last.text[0]} is missing"
    if last.text in COMPARISONS or last.text in ("=", "!", "+", "-", "*", "/"):
        return "a value is missing"
    if last.text == "not" and len(found) > 1 and found[-2].text == "is":
        return "a value is missing"
    if last.text == "not" and len(found) > 1 and found[-2].kind is Kind.PATH:
        return "“in” is missing"
    if last.text in ("and", "or", "not", "("):
        return "a condition is missing"
    if last.text.endswith("."):
        return "a name is missing"
    stack = _open_brackets(found)
    if stack and last.text not in (",", "["):
        return f"a closing {_CLOSING[stack[-1]]} is missing"
    return "a value is missing" if last.text in (",", "[") else ""


def _last(text: str) -> tuple[int, int]:
    last = tokens(text)[-1]
    return last.start, last.stop


# Wrong


def _wrong(text: str, error: QueryError) -> Verdict:
    found = tokens(text)
    for place, token in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        pair = token.text + after.text if after and after.start == token.stop else ""
        if pair in _INSTEAD and after is not None:
            return Verdict(State.WRONG, _INSTEAD[pair], (token.start, after.stop))
        if token.kind is not Kind.TEXT and token.text in _INSTEAD:
            return Verdict(State.WRONG, _INSTEAD[token.text], (token.start, token.stop))
    start, stop = _error_span(text, error)
    inside = next((each for each in found if each.start <= start < each.stop), None)
    why = error.why[:1].lower() + error.why[1:]
    if why == "invalid syntax":
        # Python blames the beginning of what it was reading; what stands behind is odd.
        inside = _odd_one(found) or inside
        why = f"“{inside.text}” cannot stand here" if inside else "this is no query"
    if inside is not None and not why.startswith("this is no number"):
        start, stop = inside.start, inside.stop
    return Verdict(State.WRONG, why, (start, stop))


def _error_span(text: str, error: QueryError) -> tuple[int, int]:
    start = max(0, min(error.offset - 1, len(text) - 1))
    return start, max(start + 1, error.end_offset - 1)


def _odd_one(found: list[Token]) -> Token | None:
    """The first part at which what is before it cannot become a query any more."""
    text = ""
    for token in found:
        text = text.ljust(token.start) + token.text
        if not _is_query(text) and not _may_become_a_query(text):
            return token
    return None


# Never found


def _unknown(text: str, language: Language) -> Verdict:
    """Names that lead nowhere: allowed, but such a query finds nothing."""
    found = tokens(text)
    bound = {
        found[place + 1].text
        for place, token in enumerate(found[:-1])
        if token.text in ("for", "lambda") or token.text == ","
    }
    for place, token in enumerate(found):
        if token.kind is not Kind.PATH or token.text.startswith("."):
            continue
        words = tuple(word for word in token.text.split(".") if word)
        root = words[0]
        is_argument = place + 1 < len(found) and found[place + 1].text in ("=", ":=")
        if root in bound or is_argument or root in FUNCTION_NAMES:
            continue
        span = (token.start, token.stop)
        if root == "metric" or (root in _SEQUENCES and len(words) > 1):
            continue
        if root not in _ROOTS:
            return Verdict(why=f"nothing is called {root}{_instead(root, language)}", span=span)
        is_param = root == "run" and language.is_known and language.known.params
        if is_param and not _is_known(words, language):
            name = ".".join(words[1:])
            hint = _instead(name, language)
            return Verdict(why=f"no run has {name}{hint}", span=span)
    return Verdict()


_SEQUENCES = {"images", "texts", "audios", "figures", "distributions"}
_MEMBERS = {"metrics", "get", "mentions", "creator", "creation_time", "end_time", "is_archived"}


def _is_known(words: tuple[str, ...], language: Language) -> bool:
    if len(words) < 2 or words[1] in _MEMBERS:
        return True
    heads = {each[: len(words)] for each in language.spellings}
    tops = {each for each in language.spellings if len(each) < len(words)}
    return words in heads or any(words[: len(each)] == each for each in tops)


def _instead(name: str, language: Language) -> str:
    """A field that may have been meant."""
    by_name: dict[str, str] = {}
    for each in language.fields:
        if each.kind != "metric":
            words = spelling(each.expression)
            by_name.setdefault(words[-1], each.expression)
            by_name.setdefault(".".join(words[1:]), each.expression)
    for metric in language.known.metrics:
        by_name.setdefault(metric.name, f'run.metrics["{metric.name}"].last')
    close = difflib.get_close_matches(name.rpartition(".")[2], by_name, 1, 0.75) or (
        difflib.get_close_matches(name, by_name, 1, 0.75)
    )
    return f"; is it {by_name[close[0]]}?" if close else ""
