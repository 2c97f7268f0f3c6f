"""Rewriting a query before it is planned: what is constant is computed once.

`datetime.now() - timedelta(days=1)` becomes an instant, a list of texts a list, and
`metric.run` the run. What fails when computed stays as it is and fails for each item.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from store.aimql import tree
from store.aimql.evaluate import FAILURES, value_of
from store.aimql.functions import FUNCTION_NAMES, RANDOM_NAMES
from store.aimql.limits import LimitExceededError
from store.aimql.views import Clock

_VALUES = (str, bytes, int, float, complex, list, tuple, set, frozenset, dict, date, timedelta)
_LAZY = (tree.Comprehension, tree.Lambda, tree.Bind, tree.Slice, tree.Starred, tree.Name)
_DISPLAYS: dict[tree.DisplayKind, type] = {"list": list, "tuple": tuple, "set": set}


def simplify(root: tree.Node, clock: Clock, sequence_name: str = "") -> tree.Node:
    """The same query with its constant parts computed.

    Args:
        root: The expression.
        clock: When and where it is asked.
        sequence_name: The sequence variable. In a run search, where it is empty,
            `metric.name == "loss"` asks whether the run has such a metric.
    """
    if any(isinstance(node, tree.Bind) for node in tree.walk(root)):
        # The order in which parts are evaluated matters; nothing may be moved.
        return root
    return _Simplifier(clock, sequence_name).simplify(root)[0]


class _Simplifier:
    def __init__(self, clock: Clock, sequence_name: str) -> None:
        self._clock = clock
        self._sequence_name = sequence_name
        self._run_of_sequence = tree.Attribute(tree.Name(sequence_name), "run")

    def simplify(self, node: tree.Node) -> tuple[tree.Node, bool]:
        """The simpler node, and whether its value can be known in advance."""
        if isinstance(node, tree.Constant):
            return node, True
        if isinstance(node, tree.Name):
            return node, node.name in FUNCTION_NAMES and node.name not in RANDOM_NAMES
        changed: dict[str, Any] = {}
        is_known = not isinstance(node, _LAZY)
        # The slots of a node are its fields.
        names: tuple[str, ...] = type(node).__struct_fields__
        for name in names:
            changed[name], part_is_known = self._part(getattr(node, name))
            is_known = is_known and part_is_known
        simpler = self._rewritten(type(node)(**changed))
        if not is_known:
            return simpler, False
        return self._computed(simpler)

    def _part(self, value: Any) -> tuple[Any, bool]:
        if isinstance(value, tree.Node):
            return self.simplify(value)
        if isinstance(value, tree.Loop):
            source = self.simplify(value.source)[0]
            conditions = tuple(self.simplify(each)[0] for each in value.conditions)
            return replace(value, source=source, conditions=conditions), False
        if isinstance(value, tuple):
            pairs = [self._part(item) for item in value]
            return tuple(part for part, _ in pairs), all(known for _, known in pairs)
        return value, True

    def _computed(self, node: tree.Node) -> tuple[tree.Node, bool]:
        if isinstance(node, tree.Display) and all(
            isinstance(item, tree.Constant) for item in node.items
        ):
            # Written out, so it cannot be larger than the query itself.
            return _display(node), True
        try:
            value = value_of(node, self._clock)
        except (*FAILURES, LimitExceededError):
            return node, False
        if value is None or isinstance(value, _VALUES):
            return tree.Constant(value), True
        return node, True

    def _rewritten(self, node: tree.Node) -> tree.Node:
        if isinstance(node, tree.Attribute) and node == self._run_of_sequence:
            return tree.Name("run")
        if isinstance(node, tree.Compare) and not self._sequence_name:
            return _as_question_about_metrics(node)
        return node


def _display(node: tree.Display) -> tree.Node:
    values = [item.value for item in node.items if isinstance(item, tree.Constant)]
    try:
        return tree.Constant(_DISPLAYS[node.kind](values))
    except TypeError:
        return node


_METRIC_NAME = tree.Attribute(tree.Name("metric"), "name")
_RUN_METRICS = tree.Attribute(tree.Name("run"), "metrics")


def _as_question_about_metrics(node: tree.Compare) -> tree.Node:
    """`metric.name == "x"` in a search for runs: whether the run has such a metric."""
    if len(node.operators) != 1:
        return node
    operator, left, right = node.operators[0], node.left, node.operands[0]
    if operator == "==" and right == _METRIC_NAME:
        left, right = right, left
    if left != _METRIC_NAME or not isinstance(right, tree.Constant):
        return node
    names = right.value if operator == "in" else [right.value]
    if operator not in ("==", "in") or not isinstance(names, list | tuple | set):
        return node
    parts = tuple(tree.Compare(tree.Constant(name), ("in",), (_RUN_METRICS,)) for name in names)
    if not parts:
        return tree.Constant(False)
    return parts[0] if len(parts) == 1 else tree.Logic("or", parts)
