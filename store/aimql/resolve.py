"""Which field of the database a path in a query leads to."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from store.aimql import tree
from store.aimql.access import is_method
from store.aimql.columns import Field, NumberColumn, TextColumn, is_plain_text
from store.aimql.fields import MetricField, ParamField
from store.aimql.views import RUN_ATTRIBUTES
from store.models import Context
from store.queries.params import escaped_key

_ARCHIVED = NumberColumn("r.is_archived::INTEGER")
_ACTIVE = NumberColumn("(r.status = 'running')::INTEGER")
TRUTH_COLUMNS = (_ARCHIVED, _ACTIVE)
"""The fields whose values are True and False."""

_COLUMNS: dict[str, Field] = {
    "hash": TextColumn("r.hash"),
    "name": TextColumn("r.name"),
    "description": TextColumn("r.description"),
    "experiment": TextColumn("e.name", is_nullable=True, stands_for_null="default"),
    "status": TextColumn("r.status"),
    "active": _ACTIVE,
    "archived": _ARCHIVED,
    "is_archived": _ARCHIVED,
    "created_at": NumberColumn("r.created_at"),
    "creation_time": NumberColumn("r.created_at"),
    "finalized_at": NumberColumn("r.finished_at", is_nullable=True),
    "end_time": NumberColumn("r.finished_at", is_nullable=True),
}
_TAG_NAME = TextColumn("t.name")
_NUMBERS_OF_METRICS = frozenset(
    {"count", "first", "first_step", "last", "last_step"}
    | {"min", "min_step", "max", "max_step", "mean"}
)
_DOUBLES = frozenset({"first", "last", "min", "max", "mean"})


class Scope(Struct, frozen=True):
    """What names mean in the search at hand."""

    now: float
    """Seconds since the epoch; the end of runs that have none."""
    sequence_name: str = ""
    """The sequence variable; empty in a run search."""
    tag_name: str = ""
    """A variable that stands for each tag of the run in turn; empty for none."""

    def is_tags(self, node: tree.Node) -> bool:
        """Whether the node is the tags of the run."""
        return node == tree.Attribute(tree.Name("run"), "tags")


def resolve(node: tree.Node, scope: Scope) -> Field | None:
    """The field that the node stands for, or None."""
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Attribute):
        if node.function.name == "lower" and not node.arguments and not node.keywords:
            text = resolve(node.function.value, scope)
            return text.lower() if isinstance(text, TextColumn | ParamField) else None
        return None
    if isinstance(node, tree.Name):
        return _TAG_NAME if node.name == scope.tag_name else None
    path = _path(node)
    if path is None:
        return None
    variable, steps = path
    if variable == scope.tag_name:
        return None
    if variable == "run":
        return _run_field(steps, scope)
    if variable == scope.sequence_name and variable == "metric":
        return _sequence_field(steps)
    return None


_Step = tuple[bool, Any]
"""Whether it is an attribute, and the name or key."""


def _path(node: tree.Node) -> tuple[str, list[_Step]] | None:
    steps: list[_Step] = []
    while not isinstance(node, tree.Name):
        if isinstance(node, tree.Attribute):
            steps.append((True, node.name))
            node = node.value
        elif isinstance(node, tree.Item) and isinstance(node.key, tree.Constant):
            steps.append((False, node.key.value))
            node = node.value
        else:
            return None
    return node.name, steps[::-1]


def _run_field(steps: list[_Step], scope: Scope) -> Field | None:
    if not steps:
        return None
    is_attribute, first = steps[0]
    if not is_attribute or first not in RUN_ATTRIBUTES:
        return _param_field(steps)
    if first == "metrics":
        return _metric_field(steps[1:])
    if len(steps) > 1:
        return None
    if first == "duration":
        text = "greatest(0.0, coalesce(r.finished_at, ?) - r.created_at)"
        return NumberColumn(text, (scope.now,), is_duration=True)
    return _COLUMNS.get(first)


def _param_field(steps: list[_Step]) -> Field | None:
    keys: list[str] = []
    for place, (is_attribute, key) in enumerate(steps):
        if is_attribute and place and is_method(key):
            return None
        parts = key if isinstance(key, tuple) and not is_attribute and not place else (key,)
        if not parts or not all(is_plain_text(part) for part in parts):
            return None
        keys.extend(parts)
    return ParamField(".".join(escaped_key(key) for key in keys))


def _metric_field(steps: list[_Step]) -> Field | None:
    if not steps or len(steps) > 2:
        return None
    key = steps[0][1]
    context = None
    if isinstance(key, tuple):
        if len(key) != 2 or not _is_plain(key[1]):
            return None
        context = Context.of(key[1]).text
        key = key[0]
    if not is_plain_text(key):
        return None
    if len(steps) == 1:
        return MetricField(key, context)
    is_attribute, column = steps[1]
    if not is_attribute or column not in _NUMBERS_OF_METRICS:
        return None
    return MetricField(key, context, column)


def _is_plain(context: Any) -> bool:
    """Whether equal contexts of this content have equal texts: 1 equals 1.0 and True."""
    return isinstance(context, dict) and all(
        is_plain_text(part) for pair in context.items() for part in pair
    )


def _sequence_field(steps: list[_Step]) -> Field | None:
    if len(steps) != 1 or not steps[0][0]:
        return None
    column = steps[0][1]
    if column in ("name", "dtype"):
        return TextColumn(f"s.{column}")
    if column in _NUMBERS_OF_METRICS:
        if column in _DOUBLES:
            text = f"coalesce(s.{column}, 'nan'::DOUBLE)"
            return NumberColumn(text, may_be_nan=True, is_sealed_only=True)
        return NumberColumn(f"s.{column}", is_sealed_only=True)
    return None
