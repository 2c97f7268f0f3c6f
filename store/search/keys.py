"""Conditions on name and context of a sequence.

There are few distinct pairs of name and context however many sequences there are, so these
conditions are asked in Python once for each pair; SQL then only compares texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from store.aimql import tree
from store.aimql.evaluate import Evaluator
from store.aimql.sql import FALSE, TRUE, Sql
from store.aimql.views import Clock, RunView, SequenceView
from store.database import json_rows
from store.models import Context, Run, RunRecord, SequenceKind, SequenceRef

if TYPE_CHECKING:
    from store.core import StoreCore


def is_about_keys(node: tree.Node, sequence_name: str) -> bool:
    """Whether nothing but name and context of the sequence is looked at."""
    variable = tree.Name(sequence_name)
    keys = (tree.Attribute(variable, "name"), tree.Attribute(variable, "context"))
    everywhere = list(tree.walk(node))
    if tree.Name("run") in everywhere:
        return False
    uses = sum(each == variable for each in everywhere)
    return 0 < uses == sum(each in keys for each in everywhere)


class KeyFilter:
    """Which pairs of name and context satisfy some conditions."""

    def __init__(self, parts: Iterable[tree.Node], kind: SequenceKind, clock: Clock) -> None:
        conditions = tuple(parts)
        self.is_open = not conditions
        """Whether every pair passes."""
        self._kind = kind
        self._evaluator = Evaluator(tree.conjunction(conditions), clock, kind.value)
        # The conditions never look at the run; evaluating wants one all the same.
        self._run = RunView(RunRecord(Run(0, "", "")), clock)
        self._known: dict[tuple[str, str], bool] = {}

    def passes(self, name: str, context: Context) -> bool:
        """Whether sequences of this name and context may match."""
        key = (name, context.text)
        known = self._known.get(key)
        if known is None:
            sequence = SequenceRef(0, 0, self._kind, name, context)
            known = self._evaluator.matches(self._run, SequenceView(self._run, sequence))
            self._known[key] = known
        return known

    def condition(self, core: StoreCore) -> Sql:
        """The same for the table of sequences `s`."""
        if self.is_open:
            return TRUE
        pairs = core.database.rows(
            "SELECT DISTINCT name, context FROM sequences WHERE kind = ? ORDER BY name, context",
            [self._kind.value],
        )
        allowed = [pair for pair in pairs if self.passes(pair[0], Context(pair[1]))]
        if not allowed:
            return FALSE
        relation, text = json_rows({"name": "VARCHAR", "context": "VARCHAR"}, allowed)
        return Sql(f"(s.name, s.context) IN (SELECT (name, context) FROM {relation})", (text,))
