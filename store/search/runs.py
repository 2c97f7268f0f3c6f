"""Searching for runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from store.aimql import parse, tree
from store.aimql.simplify import simplify
from store.aimql.sql import TRUE
from store.aimql.views import Clock
from store.models import RunRecord
from store.queries.run_rows import records_by_id
from store.search.matching import find_run_ids, ordered_ids
from store.search.models import RunIndex, RunSearch
from store.search.noted import with_notes
from store.search.ordering import Ordering, make_ordering
from store.search.pages import page_bounds

if TYPE_CHECKING:
    from store.core import StoreCore


class RunMatches:
    """The runs that a search found; their contents are read while it is walked through.

    Iterating gives pairs of a position in the whole order, from 1, and the run; some
    hundred runs are in memory at a time. A run that is deleted meanwhile is left out.
    """

    def __init__(self, core: StoreCore, search: RunSearch, ids: list[int], start: int) -> None:
        self._core = core
        self._search = search
        self.ids = ids
        """Numbers of all of them in order, whatever offset and limit."""
        self._start = start
        self._stop = min(len(ids), start + search.limit) if search.limit > 0 else len(ids)
        self.total = len(ids)
        """Runs that match, whatever offset and limit."""

    def __len__(self) -> int:
        """Runs after offset and limit."""
        return max(0, self._stop - self._start)

    def __iter__(self) -> Iterator[tuple[int, RunRecord]]:
        for start, stop in page_bounds(self._start, self._stop):
            page = self.ids[start:stop]
            positions = {run_id: start + place + 1 for place, run_id in enumerate(page)}
            for record in records_by_id(
                self._core,
                page,
                params=self._search.with_params,
                metrics=self._search.with_metrics,
            ):
                yield positions[record.run.id], record

    def hashes(self) -> list[str]:
        """The hashes after offset and limit, in order."""
        keys = self._core.registry.keys_of(self.ids[self._start : self._stop])
        return [run_hash for _, run_hash in keys]


def search_runs(core: StoreCore, tenant: str, search: RunSearch) -> RunMatches:
    """Find the runs of a tenant that match.

    Raises:
        QueryError: If the query cannot be understood, or needs too much work.
        InvalidDataError: If there is no such sort field.
        QueryStoppedError: If it takes too long.
    """
    clock = Clock(core.clock.now(), search.timezone_offset_min)
    root = with_notes(core, tenant, simplify(parse(search.query).root, clock))
    ordering = make_ordering(core, search.sort, clock.now)
    ids = find_run_ids(
        core, tenant, tree.conjuncts(root), clock, ordering, endpoint="run_search"
    )
    start = _start_after(core, tenant, ids, search.offset, ordering) if search.offset else 0
    return RunMatches(core, search, ids, start)


def index_runs(core: StoreCore, tenant: str, search: RunSearch) -> RunIndex:
    """The hashes of the runs that match, in order, without reading the runs.

    Raises:
        QueryError: As `search_runs`.
    """
    matches = search_runs(core, tenant, search)
    return RunIndex(matches.hashes(), matches.total)


def _start_after(
    core: StoreCore, tenant: str, ids: list[int], offset: str, ordering: Ordering
) -> int:
    """Where to go on behind a run; behind everything when there is no such run.

    A run that has ceased to match still has its place in the order.
    """
    known = core.registry.ids_of(tenant, [offset])
    if not known:
        return len(ids)
    if known[0] in ids:
        return ids.index(known[0]) + 1
    matching = set(ids)
    start = 0
    for run_id in ordered_ids(core, tenant, TRUE, ordering):
        if run_id == known[0]:
            return start
        start += run_id in matching
    return len(ids)
