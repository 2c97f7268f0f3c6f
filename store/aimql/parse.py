"""From the text of a query to its tree; refuses everything that no query may hold.

Python's own parser reads the text, so a query is exactly one Python expression; nothing of
it is ever compiled or run by Python. Errors carry the place in the text as it was typed.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings
from functools import lru_cache

from msgspec import Struct

from store.aimql import tree
from store.aimql.convert import Refusal, convert
from store.aimql.limits import MAX_TEXT_CHARS
from store.errors import QueryError

_SELECT = re.compile(r"\s*select\b", re.IGNORECASE)
_IF = re.compile(r"\bif\b", re.IGNORECASE)
_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)
_NUMBER_LIKE = re.compile(r"[\w.]+")

_REMEMBERED_CHARS = 2_000
"""Trees of longer queries are too large to be kept."""

# Changing the filters of warnings is not safe in two threads at once.
_warnings_lock = threading.Lock()


class Query(Struct, frozen=True):
    """A query that was understood."""

    text: str
    """As it was typed."""
    root: tree.Node
    """The expression, with "not archived" in front unless it speaks about archiving."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing but the default predicate is asked."""
        return self.root == NOT_ARCHIVED


NOT_ARCHIVED = tree.Unary("not", tree.Attribute(tree.Name("run"), "is_archived"))


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: If it is no expression or holds what no query may hold; with the place.
    """
    return _parsed(text) if len(text) <= _REMEMBERED_CHARS else _parse(text)


@lru_cache(maxsize=128)
def _parsed(text: str) -> Query:
    return _parse(text)


def _parse(text: str) -> Query:
    if len(text) > MAX_TEXT_CHARS:
        raise QueryError(
            f"the query has {len(text):,} characters, at most {MAX_TEXT_CHARS:,} are allowed",
            statement=text[:200],
        )
    start = _start_of_expression(text)
    body = text[start:].strip()
    if all(line.lstrip().startswith("#") for line in body.splitlines()):
        # Nothing, or nothing but comments.
        return Query(text, NOT_ARCHIVED)
    start = text.index(body, start)
    expression = _read(_Place(text, start, body))
    if _speaks_about_archiving(expression):
        return Query(text, expression)
    return Query(text, tree.Logic("and", (NOT_ARCHIVED, expression)))


def _start_of_expression(text: str) -> int:
    """Where the expression begins: behind the `if` of `select ... if ...`."""
    if not _SELECT.match(text):
        return 0
    condition = _IF.search(text)
    if condition:
        return condition.end()
    where = _WHERE.search(text)
    if where:
        place = _Place(text, 0, text)
        raise place.error(
            "conditions follow 'if', not 'where'",
            *place.position(where.start()),
            end=place.position(where.end()),
        )
    return len(text)


class _Place(Struct, frozen=True):
    """Where the expression lies in the text, to report errors in the typed text."""

    text: str
    start: int
    body: str

    @property
    def source(self) -> str:
        """The expression in parentheses: line breaks inside are fine, a comment too."""
        return f"({self.body}\n)"

    def position(self, index: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character of the typed text."""
        before = self.text[:index]
        return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1

    def typed(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the typed text of a line and column in the source."""
        lines = self.body.split("\n")
        if line > len(lines):
            line, column = len(lines), len(lines[-1]) + (2 if len(lines) == 1 else 1)
        index = self.start + sum(len(each) + 1 for each in lines[: line - 1])
        index += max(0, column - (2 if line == 1 else 1))
        return self.position(min(index, self.start + len(self.body)))

    def error(
        self, why: str, line: int, offset: int, end: tuple[int, int] | None = None
    ) -> QueryError:
        """An error at a place of the typed text."""
        end_offset = end[1] if end and end[0] == line else offset
        return QueryError(
            why, statement=self.text, line=line, offset=offset, end_offset=end_offset
        )

    def error_at(self, why: str, node: ast.AST) -> QueryError:
        """An error at a node; its columns count bytes of UTF-8."""
        first = self.typed(*self._characters(node, "lineno", "col_offset"))
        last = self.typed(*self._characters(node, "end_lineno", "end_col_offset"))
        return self.error(why, *first, end=last)

    def _characters(self, node: ast.AST, line_name: str, column_name: str) -> tuple[int, int]:
        line = getattr(node, line_name, None) or 1
        in_bytes = getattr(node, column_name, None) or 0
        lines = self.source.split("\n")
        before = lines[min(line, len(lines)) - 1].encode("utf-8", "replace")[:in_bytes]
        return line, len(before.decode("utf-8", "ignore")) + 1


def _read(place: _Place) -> tree.Node:
    try:
        parsed = _python_tree(place.source)
        _check_parentheses(parsed)
    except SyntaxError as error:
        if (number := _broken_number(place.source, error)) is not None:
            first, last = (place.typed(error.lineno or 1, at + 1) for at in number.span())
            why = f"this is no number: {number.group()}"
            raise place.error(why, *first, end=last) from None
        line, offset = place.typed(error.lineno or 1, error.offset or 1)
        end = None
        if error.end_lineno and error.end_offset and error.end_offset > 0:
            end = place.typed(error.end_lineno, error.end_offset)
        raise place.error(_reason(error), line, offset, end) from None
    except (RecursionError, MemoryError):
        raise place.error("the expression is nested too deeply", 1, 1) from None
    except ValueError as error:
        raise place.error(str(error), 1, 1) from None
    try:
        return convert(parsed.body)
    except Refusal as refusal:
        raise place.error_at(refusal.why, refusal.node) from None


def _python_tree(source: str) -> ast.Expression:
    if "\\" not in source:
        return ast.parse(source, mode="eval")
    with _warnings_lock, warnings.catch_warnings():
        # An odd escape like "\d" is only a warning, and not one for the server's log.
        warnings.simplefilter("ignore")
        return ast.parse(source, mode="eval")


def _check_parentheses(parsed: ast.Expression) -> None:
    """Refuse `a) or (b`, which reads well only inside the parentheses we add."""
    body = parsed.body
    if body.col_offset == 0 and not isinstance(body, ast.Tuple | ast.GeneratorExp):
        raise SyntaxError("unmatched ')'")


def _broken_number(source: str, error: SyntaxError) -> re.Match[str] | None:
    """What was typed as a number and is none, such as `0.02q4`; None if that is not it."""
    if "literal" not in error.msg or "string" in error.msg:
        return None
    line = source.split("\n")[(error.lineno or 1) - 1]
    at = (error.offset or 1) - 1
    words = (word for word in _NUMBER_LIKE.finditer(line) if word.start() <= at <= word.end())
    return next(words, None)


def _reason(error: SyntaxError) -> str:
    """Python's words, without advice that makes no sense for a query."""
    message = error.msg.split(". Perhaps you forgot a comma")[0]
    return message.replace("'(' was never closed", "a parenthesis is missing")


def _speaks_about_archiving(node: tree.Node) -> bool:
    """Whether the archived flag of the run is looked at anywhere."""
    return any(
        isinstance(each, tree.Attribute)
        and each.name in ("archived", "is_archived")
        and _is_the_run(each.value)
        for each in tree.walk(node)
    )


def _is_the_run(node: tree.Node) -> bool:
    if isinstance(node, tree.Attribute):
        return node.name == "run" and isinstance(node.value, tree.Name)
    return node == tree.Name("run")
