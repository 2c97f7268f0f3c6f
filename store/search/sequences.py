"""Searching for sequences: pairs of a run and one of its metrics, images, texts..."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from store.aimql import parse, tree
from store.aimql.evaluate import Evaluator
from store.aimql.plan import Plan, make_plan
from store.aimql.resolve import Scope
from store.aimql.simplify import simplify
from store.aimql.sql import TRUE, Sql, all_of, any_of
from store.aimql.views import Clock, RunView, SequenceView
from store.database import INTEGERS, json_list
from store.models import MetricSummary, RunRecord, SequenceKind, SequenceRef
from store.points.cold import stored_summaries_of
from store.queries.run_rows import records_by_id
from store.search.keys import KeyFilter, is_about_keys
from store.search.matching import find_run_ids, needs_of
from store.search.noted import with_notes
from store.search.ordering import make_ordering
from store.search.pages import PAGE_RUNS

if TYPE_CHECKING:
    from store.core import StoreCore

_PAGE_SEQUENCES = 4_000
_CHUNK_RUNS = 200

Sequence = MetricSummary | SequenceRef


class SequenceMatches:
    """The sequences that a search found, by run; read while it is walked through.

    Iterating gives the position of the run, from 1, the run with its params, and its
    sequences by name and context: summaries of metrics, references of all other kinds.
    """

    def __init__(
        self, core: StoreCore, kind: SequenceKind, run_ids: list[int], pairs: _Pairs
    ) -> None:
        self._core = core
        self._kind = kind
        self._pairs = pairs
        matching = pairs.run_ids()
        self._run_ids = [run_id for run_id in run_ids if run_id in matching]
        self.total = len(self._run_ids)
        """Runs with at least one sequence that matches."""

    def __iter__(self) -> Iterator[tuple[int, RunRecord, list[Sequence]]]:
        position = 0
        for page in self._pages():
            places = {run_id: position + place for place, run_id in enumerate(page, start=1)}
            found = _sequences_of(self._core, self._kind, page, self._pairs)
            for record in records_by_id(self._core, page, metrics=False):
                if record.run.id in found:
                    yield places[record.run.id], record, found[record.run.id]
            position += len(page)

    def _pages(self) -> Iterator[list[int]]:
        """Runs a few at a time, fewer where each has many sequences."""
        page: list[int] = []
        count = 0
        for run_id in self._run_ids:
            page.append(run_id)
            count += len(self._pairs.of(run_id))
            if len(page) == PAGE_RUNS or count >= _PAGE_SEQUENCES:
                yield page
                page, count = [], 0
        if page:
            yield page


class _Pairs:
    """Runs and sequences that belong together; compact however many they are."""

    def __init__(self, run_ids: NDArray[np.int32], sequence_ids: NDArray[np.int32]) -> None:
        order = np.argsort(run_ids, kind="stable")
        self._runs = run_ids[order]
        self._sequences = sequence_ids[order]

    def of(self, run_id: int) -> list[int]:
        """The sequences of a run."""
        start, stop = np.searchsorted(self._runs, [run_id, run_id + 1])
        found: list[int] = self._sequences[start:stop].tolist()
        return found

    def without(self, sequence_ids: Collection[int]) -> _Pairs:
        """The pairs but for these sequences."""
        if not sequence_ids:
            return self
        kept = ~np.isin(self._sequences, np.fromiter(sequence_ids, np.int32))
        return _Pairs(self._runs[kept], self._sequences[kept])

    def run_ids(self) -> set[int]:
        """The runs that have any."""
        return set(np.unique(self._runs).tolist())


class _Question(Struct):
    """A query divided by what its parts look at."""

    kind: SequenceKind
    clock: Clock
    keys: KeyFilter
    """Parts about name and context only."""
    plan: Plan
    """Parts about anything else of the sequence, divided between SQL and Python."""
    parts: tuple[tree.Node, ...]
    """The same parts as they are."""
    runs: Sql
    """Holds for the runs that match the rest."""


def search_sequences(
    core: StoreCore, tenant: str, kind: SequenceKind, query: str, timezone_offset_min: int
) -> SequenceMatches:
    """Find the sequences of a tenant that match.

    Raises:
        QueryError: If the query cannot be understood, or needs too much work.
        QueryStoppedError: If it takes too long.
    """
    clock = Clock(core.clock.now(), timezone_offset_min)
    root = with_notes(core, tenant, simplify(parse(query).root, clock, kind.value))
    parts = tree.conjuncts(root)
    if any(isinstance(node, tree.Bind) for node in tree.walk(root)):
        # A name bound in one part may be used in another: they stay together.
        parts = (root,)
    run_parts, key_parts, pair_parts = [], [], []
    for part in parts:
        if tree.Name(kind.value) not in tree.walk(part):
            run_parts.append(part)
        elif is_about_keys(part, kind.value):
            key_parts.append(part)
        else:
            pair_parts.append(part)
    run_ids = find_run_ids(core, tenant, run_parts, clock, make_ordering(core, (), clock.now))
    plan = make_plan(pair_parts, Scope(clock.now, kind.value))
    run_plan = make_plan(run_parts, Scope(clock.now))
    core.searches.planned(f"{kind.value}_search", plan, run_plan)
    question = _Question(
        kind=kind,
        clock=clock,
        keys=KeyFilter(key_parts, kind, clock),
        plan=plan,
        parts=tuple(pair_parts),
        runs=_of_these_runs(tenant, run_plan, run_ids),
    )
    return SequenceMatches(core, kind, run_ids, _find_pairs(core, question, run_ids))


def _of_these_runs(tenant: str, plan: Plan, run_ids: list[int]) -> Sql:
    """The condition that a sequence belongs to one of these runs, which the plan found."""
    if plan.remainder or plan.sealed != TRUE:
        return Sql(f"s.run_id IN {INTEGERS}", (json_list(run_ids),))
    # Asked again rather than listed: there may be very many.
    return all_of([Sql("r.tenant = ?", (tenant,)), plan.everywhere])


def _find_pairs(core: StoreCore, question: _Question, run_ids: list[int]) -> _Pairs:
    if not run_ids:
        return _Pairs(np.zeros(0, np.int32), np.zeros(0, np.int32))
    hot: dict[int, MetricSummary] = {}
    if question.kind is SequenceKind.METRIC:
        # Before the statement: what is sealed in between is then known twice, not never.
        unsealed = core.points.hot_run_ids().intersection(run_ids)
        hot = core.points.hot_summaries(sorted(unsealed)) if unsealed else {}
    runs, sequences = _stored_pairs(core, question, hot)
    candidates = [
        each for each in hot.values() if question.keys.passes(each.name, each.context)
    ]
    runs = np.concatenate([runs, [each.run_id for each in candidates]]).astype(np.int32)
    ids = [each.sequence_id for each in candidates]
    sequences = np.concatenate([sequences, ids]).astype(np.int32)
    pairs = _Pairs(runs, sequences)
    if question.plan.remainder:
        return _checked(core, question, pairs, sorted(set(runs.tolist())))
    if question.parts and hot:
        # SQL was not asked about these.
        return _checked(core, question, pairs, sorted({each.run_id for each in hot.values()}))
    return pairs


def _stored_pairs(
    core: StoreCore, question: _Question, hot: Collection[int]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Pairs that SQL finds, but for the sequences that are hot."""
    plan = question.plan
    sealed = plan.sealed
    if sealed != TRUE and hot:
        unsealed_runs = sorted(core.points.hot_run_ids())
        sealed = any_of([sealed, Sql(f"r.id IN {INTEGERS}", (json_list(unsealed_runs),))])
    where = all_of(
        [
            Sql("s.kind = ? AND s.count > 0", (question.kind.value,)),
            question.runs,
            Sql(f"s.id NOT IN {INTEGERS}", (json_list(hot),)) if hot else TRUE,
            question.keys.condition(core),
            plan.everywhere,
            sealed,
        ]
    )
    found = core.database.columns(
        "SELECT s.run_id, s.id FROM sequences s JOIN runs r ON r.id = s.run_id "
        f"LEFT JOIN experiments e ON e.id = r.experiment_id WHERE {where.text} ORDER BY s.id",
        where.params,
    )
    return found["run_id"].astype(np.int32), found["id"].astype(np.int32)


def _checked(
    core: StoreCore,
    question: _Question,
    pairs: _Pairs,
    doubtful: list[int],
) -> _Pairs:
    """The pairs without those of doubtful runs that fail when asked in Python."""
    condition = tree.conjunction(question.parts)
    evaluator = Evaluator(condition, question.clock, question.kind.value)
    needs_params, needs_metrics = needs_of(condition)
    dropped: set[int] = set()
    for start in range(0, len(doubtful), _CHUNK_RUNS):
        chunk = doubtful[start : start + _CHUNK_RUNS]
        found = _sequences_of(core, question.kind, chunk, pairs)
        for record in records_by_id(core, chunk, params=needs_params, metrics=needs_metrics):
            run = RunView(record, question.clock)
            core.searches.scan("sequence", len(found.get(record.run.id, ())))
            for sequence in found.get(record.run.id, ()):
                if not evaluator.matches(run, SequenceView(run, sequence)):
                    dropped.add(_id_of(sequence))
    return pairs.without(dropped)


def _id_of(sequence: Sequence) -> int:
    return sequence.sequence_id if isinstance(sequence, MetricSummary) else sequence.id


def _sequences_of(
    core: StoreCore, kind: SequenceKind, run_ids: list[int], pairs: _Pairs
) -> dict[int, list[Sequence]]:
    """The sequences in the pairs of these runs, by run, each run's by name and context."""
    wanted = {sequence_id for run_id in run_ids for sequence_id in pairs.of(run_id)}
    found: list[Sequence] = []
    if kind is SequenceKind.METRIC:
        hot = core.points.hot_summaries(run_ids)
        stored = stored_summaries_of(core.database, sorted(wanted - hot.keys()))
        found = [*stored, *(hot[each] for each in wanted & hot.keys())]
    else:
        found = [*core.points.registry.refs(wanted).values()]
    by_run: dict[int, list[Sequence]] = {}
    for sequence in sorted(found, key=lambda each: (each.name, each.context)):
        by_run.setdefault(sequence.run_id, []).append(sequence)
    return by_run
