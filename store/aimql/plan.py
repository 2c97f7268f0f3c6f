"""Which parts of a query SQL can answer, and which are left for Python.

A query is a conjunction of parts. A part that SQL answers exactly is done with; one for
which SQL can only leave out most of the items that do not match is asked again in Python;
all others are asked in Python only. What fails in Python does not match, so inside `not`
and `or` only parts are translated that cannot fail.

Summaries of metrics in the database are those of sealed points. Conditions on them are
`is_sealed_only`: runs with newer points have to be asked in Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from store.aimql import tree
from store.aimql.columns import Field, NumberColumn, TextColumn, is_plain_text, one_of
from store.aimql.fields import LoweredParam, MetricField, ParamField
from store.aimql.mentions import METHOD, mention_condition
from store.aimql.parse import NOT_ARCHIVED
from store.aimql.resolve import TRUTH_COLUMNS, Scope, resolve
from store.aimql.sql import FALSE, TRUE, Sql, all_of, any_of
from store.queries.params import escaped_key

_MAX_PARTS = 200
_MAX_SELECTS = 24
"""Larger conditions than these are quicker asked in Python than planned by the database."""


class Condition(Struct, frozen=True):
    """What SQL says about a part of a query."""

    sql: Sql
    is_exact: bool = True
    """Whether the part holds exactly where the SQL does; otherwise it may hold there."""
    is_sealed_only: bool = False
    """Whether it is true of runs whose points are all sealed only."""


class Plan(Struct, frozen=True):
    """A conjunction divided between SQL and Python."""

    everywhere: Sql
    """Holds for every item that matches."""
    sealed: Sql
    """Holds for every item that matches and whose points are all sealed."""
    remainder: tuple[tree.Node, ...]
    """Parts to be asked in Python of every item that SQL leaves."""
    unsealed: tuple[tree.Node, ...]
    """Parts to be asked in Python besides, of items with points that are not sealed."""
    pushed: int = 0
    """How many parts SQL was asked."""


def make_plan(parts: Iterable[tree.Node], scope: Scope) -> Plan:
    """Divide the parts of a conjunction between SQL and Python."""
    everywhere: list[Sql] = []
    sealed: list[Sql] = []
    remainder: list[tree.Node] = []
    unsealed: list[tree.Node] = []
    room = _MAX_SELECTS
    parts = tuple(parts)
    binds = any(_binds(part) for part in parts)
    for part in parts:
        # What `:=` binds may be any name and may be used in any later part.
        condition = None if binds and part != NOT_ARCHIVED else condition_of(part, scope)
        size = condition.sql.text.count("SELECT") if condition else 0
        if condition is None or size > room or len(everywhere) >= _MAX_PARTS:
            remainder.append(part)
            continue
        room -= size
        (sealed if condition.is_sealed_only else everywhere).append(condition.sql)
        if not condition.is_exact:
            remainder.append(part)
        elif condition.is_sealed_only:
            unsealed.append(part)
    pushed = len(everywhere) + len(sealed)
    return Plan(all_of(everywhere), all_of(sealed), tuple(remainder), tuple(unsealed), pushed)


def _binds(part: tree.Node) -> bool:
    return any(isinstance(node, tree.Bind) for node in tree.walk(part))


def condition_of(node: tree.Node, scope: Scope) -> Condition | None:
    """The condition of a part, or None where SQL has no words for it."""
    if isinstance(node, tree.Constant):
        return Condition(TRUE if node.value else FALSE)
    if isinstance(node, tree.Logic):
        return _logic(node, scope)
    if isinstance(node, tree.Unary) and node.operator == "not":
        return _negated(condition_of(node.operand, scope))
    if isinstance(node, tree.Compare):
        return _chain(node, scope)
    if isinstance(node, tree.Call):
        return _call(node, scope)
    if scope.is_tags(node):
        return Condition(_HAS_TAGS)
    return _about(resolve(node, scope), lambda field: field.is_true())


def _about(field: Field | None, ask: Callable[[Any], Sql | None]) -> Condition | None:
    """The condition that asking a field gives."""
    sql = None if field is None else ask(field)
    if sql is None:
        return None
    is_sealed_only = isinstance(field, MetricField) or (
        isinstance(field, NumberColumn) and field.is_sealed_only
    )
    return Condition(sql, is_sealed_only=is_sealed_only)


def _negated(condition: Condition | None) -> Condition | None:
    if condition is None or not condition.is_exact:
        return None
    return replace(condition, sql=~condition.sql)


def _logic(node: tree.Logic, scope: Scope) -> Condition | None:
    if len(node.parts) > _MAX_PARTS:
        return None
    conditions = [condition_of(part, scope) for part in node.parts]
    known = [each for each in conditions if each is not None and each.is_exact]
    if len(known) != len(conditions):
        return None
    join = all_of if node.operator == "and" else any_of
    return Condition(
        join(each.sql for each in known),
        is_sealed_only=any(each.is_sealed_only for each in known),
    )


def _chain(node: tree.Compare, scope: Scope) -> Condition | None:
    lefts = (node.left, *node.operands)
    links = [
        _comparison(left, operator, right, scope)
        for left, operator, right in zip(lefts, node.operators, node.operands, strict=False)
    ]
    if len(links) == 1:
        return links[0]
    known = [link for link in links if link is not None and link.is_exact]
    if len(known) != len(links):
        return None
    return Condition(
        all_of(link.sql for link in known),
        is_sealed_only=any(link.is_sealed_only for link in known),
    )


_FLIPPED: dict[str, tree.CompareOperator] = {
    "==": "==",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
    "is": "is",
    "is not": "is not",
}


def _comparison(
    left: tree.Node, operator: tree.CompareOperator, right: tree.Node, scope: Scope
) -> Condition | None:
    if operator in ("!=", "not in", "is not"):
        positive: dict[str, tree.CompareOperator] = {"!=": "==", "not in": "in", "is not": "is"}
        return _negated(_comparison(left, positive[operator], right, scope))
    if isinstance(left, tree.Constant):
        if operator == "in":
            return _membership(left.value, right, scope)
        if isinstance(right, tree.Constant):
            return None
        return _comparison(right, _FLIPPED[operator], left, scope)
    if not isinstance(right, tree.Constant):
        return None
    field = resolve(left, scope)
    value = right.value
    match operator:
        case "in":
            if not isinstance(value, list | tuple):
                return None
            return _about(field, lambda known: one_of(known, value))
        case "is":
            return _about(field, lambda known: _identity(known, value))
        case "==":
            return _about(field, lambda known: known.equals(value))
        case _:
            return _about(field, lambda known: known.is_ordered(operator, value))


def _identity(field: Field, value: Any) -> Sql | None:
    if value is None:
        return field.is_none()
    if isinstance(value, bool) and isinstance(field, ParamField):
        return field.is_same_bool(value)
    if isinstance(value, bool) and field in TRUTH_COLUMNS:
        return field.equals(value)
    return None


def _membership(value: Any, container: tree.Node, scope: Scope) -> Condition | None:
    """`constant in container`."""
    if not is_plain_text(value):
        return None
    if scope.is_tags(container):
        return Condition(_has_tag(TextColumn("t.name").is_one_of([value])))
    if container == tree.Attribute(tree.Name("run"), "metrics"):
        return Condition(MetricField(value, None).is_true(), is_sealed_only=True)
    field = resolve(container, scope)
    if isinstance(field, TextColumn | LoweredParam):
        return _about(field, lambda text: text.contains(value))
    if isinstance(field, ParamField):
        key = f"{field.key}.{escaped_key(value)}"
        return Condition(field.may_contain(key), is_exact=False)
    return None


def _call(node: tree.Call, scope: Scope) -> Condition | None:
    if node.keywords or len(node.arguments) != 1:
        return None
    argument = node.arguments[0]
    if node.function == tree.Name("bool"):
        return condition_of(argument, scope)
    if node.function == tree.Name("any") and isinstance(argument, tree.Comprehension):
        return _any_tag(argument, scope)
    if not isinstance(node.function, tree.Attribute) or not isinstance(argument, tree.Constant):
        return None
    text, method = argument.value, node.function.name
    if not is_plain_text(text):
        return None
    if method == METHOD and node.function.value == tree.Name("run"):
        return Condition(mention_condition(text), is_exact=text.isascii())
    if method == "contains" and scope.is_tags(node.function.value):
        return Condition(_has_tag(TextColumn("t.name").is_one_of([text])))
    field = resolve(node.function.value, scope)
    if method == "startswith":
        return _about(field, lambda known: known.starts_with(text))
    if method == "endswith":
        return _about(field, lambda known: known.ends_with(text))
    return None


def _any_tag(node: tree.Comprehension, scope: Scope) -> Condition | None:
    """`any([t in ["a", "b"] for t in run.tags])`, `any("a" in t for t in run.tags)`..."""
    if len(node.loops) != 1 or node.kind not in ("list", "generator"):
        return None
    loop = node.loops[0]
    if loop.is_unpacked or loop.conditions or not scope.is_tags(loop.source):
        return None
    about_tag = replace(scope, tag_name=loop.targets[0])
    condition = condition_of(node.element, about_tag)
    if condition is None or not condition.is_exact:
        return None
    if _OF_THE_RUN.search(condition.sql.text):
        return None
    return Condition(_has_tag(condition.sql))


_OF_THE_RUN = re.compile(r"\b[re]\.")
_HAS_TAGS = Sql("r.id IN (SELECT run_id FROM run_tags)")


def _has_tag(condition: Sql) -> Sql:
    """Whether a tag `t` for which the condition holds hangs on the run."""
    text = (
        "r.id IN (SELECT l.run_id FROM run_tags l JOIN tags t ON t.id = l.tag_id "
        f"WHERE {condition.text})"
    )
    return Sql(text, condition.params)
