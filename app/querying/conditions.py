"""Conditions as people choose them: a field, a comparison, a value; and queries made of them.

A query that is a row of such conditions, all joined by `and` or all by `or`, can be taken
apart again; any other query stays as it was written.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from msgspec import Struct

from app.querying.fields import Field, Holds, literal, quoted
from app.querying.language import Language
from app.querying.plain_words import as_query, is_plain
from store.errors import QueryError

COMPARISONS = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
    "in": "is one of",
    "contains": "contains",
    "not contains": "does not contain",
    "is not None": "is there",
    "is None": "is missing",
    "mentions": "mentions",
    "": "",
}
"""What a condition can say, and how it is called."""
WITHOUT_VALUE = frozenset({"is None", "is not None"})

_NUMBERS = ("<", "<=", ">", ">=", "==", "!=")
_OF = {
    Holds.NUMBER: (*_NUMBERS, "in"),
    Holds.DURATION: _NUMBERS[:4],
    Holds.TIME: _NUMBERS[:4],
    Holds.TEXT: ("==", "!=", "contains", "not contains", "in"),
    Holds.TRUTH: ("==", "!="),
    Holds.LABELS: ("contains", "not contains"),
    Holds.OTHER: ("==", "!=", *_NUMBERS[:4], "contains", "not contains"),
}


ANYTHING = Field("run", "any text of the run", "field", Holds.TEXT, "name, tags, params, notes")
"""Stands for everything that is written in a run."""


def comparisons_of(field: Field) -> tuple[str, ...]:
    """What can be said about a field, the usual first."""
    if field.expression == ANYTHING.expression:
        return ("mentions",)
    always = () if field.kind == "field" else ("is not None", "is None")
    return (*_OF[field.holds], *always)


class Condition(Struct, frozen=True):
    """One condition of a query."""

    expression: str
    """The field, or a whole query that is no row of conditions."""
    comparison: str = ""
    """One of `COMPARISONS`; empty for a whole query."""
    value: str = ""
    """As it is written in a query."""

    @property
    def text(self) -> str:
        """As it stands in a query."""
        if self.comparison in WITHOUT_VALUE or not self.comparison:
            return f"{self.expression} {self.comparison}".rstrip()
        if self.comparison == "mentions":
            return f"{self.expression}.mentions({self.value})"
        if self.comparison == "contains":
            return f"{self.value} in {self.expression}"
        if self.comparison == "not contains":
            return f"{self.value} not in {self.expression}"
        return f"{self.expression} {self.comparison} {self.value}"

    def words(self, language: Language) -> str:
        """As people say it."""
        if self.comparison == "mentions":
            return f"{ANYTHING.title}  mentions  {self.value}"
        field = language.field(self.expression)
        title = field.title if field else self.expression
        return f"{title}  {COMPARISONS[self.comparison]}  {self.value}".rstrip()


def typed_value(text: str, field: Field, comparison: str) -> str:
    """What somebody typed, as it is written in a query.

    Raises:
        ValueError: If the field cannot be compared with it; the message is for people.
    """
    text = text.strip()
    if comparison in WITHOUT_VALUE:
        return ""
    if not text:
        raise ValueError("A value is missing.")
    if comparison == "in":
        parts = [part.strip() for part in text.strip("[]").split(",") if part.strip()]
        return f"[{', '.join(_one(part, field) for part in parts)}]"
    if comparison in ("contains", "not contains", "mentions"):
        plain = _unquoted(text)
        return quoted(plain)
    return _one(text, field)


def _one(text: str, field: Field) -> str:
    if field.holds in (Holds.TEXT, Holds.LABELS):
        return quoted(_unquoted(text))
    if text.lower() in ("true", "false", "none"):
        return text.capitalize()
    if field.holds is Holds.TRUTH:
        raise ValueError("Only True or False can stand here.")
    if _is_number(text) or text.startswith(("datetime", "timedelta")):
        return text
    if field.holds is Holds.TIME:
        return _time(text)
    if field.holds in (Holds.NUMBER, Holds.DURATION):
        raise ValueError(f"“{text}” is no number.")
    return text if text[:1] in "\"'[(" else quoted(text)


def _time(text: str) -> str:
    parts = text.replace("-", " ").replace(":", " ").replace("T", " ").split()
    if len(parts) >= 3 and all(part.isdigit() for part in parts):
        return f"datetime({', '.join(str(int(part)) for part in parts)})"
    raise ValueError("Write a day as 2026-09-21, or choose from the list.")


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        try:
            return str(ast.literal_eval(text))
        except (SyntaxError, ValueError):
            return text[1:-1]
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text[-1:].isdigit() or text.endswith(".")


# Whole queries


class Conditions(Struct, frozen=True):
    """A row of conditions."""

    items: tuple[Condition, ...] = ()
    word: str = "and"
    """What joins them: `and` or `or`."""

    @property
    def text(self) -> str:
        """The query."""
        if len(self.items) == 1:
            return self.items[0].text
        texts = (each.text if each.comparison else f"({each.text})" for each in self.items)
        return f" {self.word} ".join(texts)


def taken_apart(text: str) -> Conditions | None:
    """The conditions of a query; None if it is more than a row of them."""
    query = as_query(text)
    if not query:
        return Conditions()
    try:
        root = ast.parse(query, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    word, parts = "and", [root]
    if isinstance(root, ast.BoolOp):
        word = "and" if isinstance(root.op, ast.And) else "or"
        parts = root.values
    found = [_condition(query, part) for part in parts]
    known = tuple(each for each in found if each is not None)
    return Conditions(known, word) if len(known) == len(found) else None


_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}


def _condition(query: str, node: ast.expr) -> Condition | None:
    def text(part: ast.expr) -> str:
        return ast.get_source_segment(query, part) or ""

    if isinstance(node, ast.Call) and text(node.func) == "run.mentions" and node.args:
        return Condition("run", "mentions", text(node.args[0]))
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return None
    left, right, sign = node.left, node.comparators[0], _SIGNS[type(node.ops[0])]
    if sign in ("in", "not in"):
        if isinstance(left, ast.Constant) and _is_field(right):
            return Condition(
                text(right), "contains" if sign == "in" else "not contains", text(left)
            )
        if sign == "in" and _is_field(left) and isinstance(right, ast.List):
            return Condition(text(left), "in", text(right))
        return None
    if not _is_field(left):
        return None
    if sign in ("is", "is not"):
        is_none = isinstance(right, ast.Constant) and right.value is None
        return Condition(text(left), f"{sign} None") if is_none else None
    return None if _is_field(right) else Condition(text(left), sign, text(right))


def _is_field(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("run", "metric")


def joined(text: str, condition: str) -> str:
    """A query and one more condition, which must hold as well."""
    query = as_query(text)
    if not query:
        return condition
    if is_plain(text):
        return f"{query} and {condition}"
    try:
        root = ast.parse(query, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise QueryError("the query cannot be read", statement=query) from error
    loose = isinstance(root, ast.IfExp | ast.Lambda | ast.NamedExpr) or (
        isinstance(root, ast.BoolOp) and isinstance(root.op, ast.Or)
    )
    return f"({query}) and {condition}" if loose else f"{query} and {condition}"


def has_condition(text: str, condition: str) -> bool:
    """Whether a query demands a condition already."""
    try:
        root = ast.parse(as_query(text) or "()", mode="eval").body
        wanted = ast.dump(ast.parse(condition, mode="eval").body)
    except (SyntaxError, ValueError):
        return False
    parts: Sequence[ast.expr] = [root]
    if isinstance(root, ast.BoolOp) and isinstance(root.op, ast.And):
        parts = [root, *root.values]
    return any(ast.dump(part) == wanted for part in parts)


def value_condition(expression: str, value: object, *, is_not: bool) -> str:
    """That a field has a value, or has not."""
    if value is None:
        return f"{expression} is not None" if is_not else f"{expression} is None"
    if isinstance(value, float) and value != value:  # noqa: PLR0124
        # NaN differs from itself; so does what is missing.
        if is_not:
            return f"({expression} is None or {expression} == {expression})"
        return f"({expression} is not None and {expression} != {expression})"
    return f"{expression} {'!=' if is_not else '=='} {literal(value)}"
