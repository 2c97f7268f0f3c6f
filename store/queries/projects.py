"""The workspace as a whole: activity, every param and sequence name, pinned sequences."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from store.models import (
    Activity,
    Context,
    ParamsOverview,
    SequenceKey,
    SequenceKind,
    Vocabulary,
)
from store.queries.activity import find_activity
from store.queries.noun import TenantQueries
from store.queries.params import leaf_value, unflatten
from store.queries.settings import SettingQueries
from store.queries.vocabulary import read_vocabulary

if TYPE_CHECKING:
    from store.core import StoreCore

LISTED_KINDS = tuple(kind for kind in SequenceKind if kind is not SequenceKind.CUSTOM)
"""The kinds of sequences that are shown to anybody."""

PINNED = "pinned_sequences"

# The newest run decides what a key holds.
_LEAVES = """
SELECT p.key, p.num, p.txt, p.type
FROM params p
JOIN (SELECT key, max(run_id) AS newest FROM params WHERE {scope} GROUP BY key) m
  ON p.key = m.key AND p.run_id = m.newest
ORDER BY p.run_id, p.key
"""

_OF_TENANT = "run_id IN (SELECT id FROM runs WHERE tenant = ?)"

_SEQUENCES = """
SELECT DISTINCT kind, name, context FROM sequences WHERE {scope} ORDER BY kind, name, context
"""


class ProjectQueries(TenantQueries):
    """The workspace of one tenant as a whole."""

    def __init__(self, core: StoreCore, tenant: str, settings: SettingQueries) -> None:
        super().__init__(core, tenant)
        self._settings = settings
        self._lock = threading.Lock()
        self._params: tuple[int, dict[str, Any]] | None = None

    def activity(self) -> Activity:
        """How busy the workspace is; grows with the number of runs."""
        return find_activity(self._database, self._tenant)

    def params(
        self, kinds: Iterable[SequenceKind] | None = None, *, with_params: bool = True
    ) -> ParamsOverview:
        """Every param with an example, and every sequence name with its contexts.

        Archived runs count. Grows with the number of params; repeated calls are free until
        a param changes.

        Args:
            kinds: The kinds of sequences that are wanted; None for all.
            with_params: Whether params are wanted.
        """
        wanted = LISTED_KINDS if kinds is None else tuple(kinds)
        return ParamsOverview(
            params=self._example_params() if with_params else {},
            sequences=self._sequences(wanted),
        )

    def vocabulary(self) -> Vocabulary:
        """Everything that queries can name, with values and how many runs have them."""
        return read_vocabulary(self._core, self._tenant)

    def pinned(self) -> list[SequenceKey]:
        """Sequences that are shown first, in the order in which they were pinned."""
        return [
            SequenceKey(name, Context.of(context))
            for name, context in self._settings.get(PINNED, [])
        ]

    def pin(self, keys: Iterable[SequenceKey]) -> None:
        """Replace the list of pinned sequences."""
        self._settings.set(PINNED, [[key.name, key.context.as_dict()] for key in keys])

    def _scope(self) -> tuple[str, list[str]]:
        if self._core.registry.tenants() == [self._tenant]:
            return "true", []
        return _OF_TENANT, [self._tenant]

    def _example_params(self) -> dict[str, Any]:
        with self._lock:
            # Read before the rows: what changes meanwhile is read again next time.
            version = self._core.params_version
            if self._params is None or self._params[0] != version:
                self._params = (version, self._read_params())
            return self._params[1]

    def _read_params(self) -> dict[str, Any]:
        scope, params = self._scope()
        rows = self._database.rows(_LEAVES.format(scope=scope), params)
        return unflatten({key: leaf_value(*leaf) for key, *leaf in rows})

    def _sequences(
        self, kinds: tuple[SequenceKind, ...]
    ) -> dict[SequenceKind, dict[str, list[dict[str, Any]]]]:
        scope, params = self._scope()
        found = {
            (SequenceKind(kind), name, context)
            for kind, name, context in self._database.rows(
                _SEQUENCES.format(scope=scope), params
            )
        }
        for run_id in self._core.points.hot_run_ids():
            key = self._core.registry.key_of(run_id)
            if key is not None and key[0] == self._tenant:
                found |= {
                    (ref.kind, ref.name, ref.context.text)
                    for ref in self._core.points.registry.find(run_id)
                }
        names: dict[SequenceKind, defaultdict[str, list[dict[str, Any]]]] = {
            kind: defaultdict(list) for kind in kinds
        }
        for kind, name, context in sorted(found):
            if kind in names:
                names[kind][name].append(Context(context).as_dict())
        return {kind: dict(contexts) for kind, contexts in names.items()}
